"""Descriptions at a time: in order, as many as there may be, as far as memory goes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import combinations
from multiprocessing import active_children
from pathlib import Path

import pytest
from unit.golden.work import Stay, be_killed, fail_at_zero, meet, stay

from netspec.errors import BackendError
from netspec.golden.parallel import _PROCESS_BYTES, in_parallel

GIGABYTE = 10**9


def overlapping(stays: list[Stay]) -> set[frozenset[int]]:
    """Return which tasks, by number, were worked on at a time."""
    return {
        frozenset((one, other))
        for (one, a), (other, b) in combinations(enumerate(stays), 2)
        if a.began < b.ended and b.began < a.ended
    }


def test_results_come_in_order_and_from_other_processes() -> None:
    tasks = [(0.6, 0), (0.0, 0), (0.1, 0), (0.0, 0)]
    stays = list(in_parallel(stay, tasks, processes=2, max_memory=GIGABYTE))
    lengths = [each.ended - each.began for each in stays]
    assert [length > 0.5 for length in lengths] == [True, False, False, False]
    assert lengths[2] >= 0.1
    assert os.getpid() not in {each.process for each in stays}
    assert len({each.process for each in stays}) <= 2


def test_two_are_done_at_a_time(tmp_path: Path) -> None:
    tasks = [(str(tmp_path / name), 0) for name in ("one", "other")]
    assert all(in_parallel(meet, tasks, processes=2, max_memory=GIGABYTE))


def test_what_does_not_fit_beside_others_runs_alone() -> None:
    tasks = [(0.3, 0), (0.3, 0), (0.3, 400_000_000), (0.3, 0)]
    memory = 2 * _PROCESS_BYTES + 500_000_000
    stays = list(in_parallel(stay, tasks, processes=3, max_memory=memory))
    assert not {pair for pair in overlapping(stays) if 2 in pair}


def test_what_never_fits_is_run_all_the_same() -> None:
    stays = list(in_parallel(stay, [(0.0, 10**12)] * 2, processes=2, max_memory=1))
    assert not overlapping(stays)


@pytest.mark.parametrize(("processes", "count"), [(1, 2), (4, 1)])
def test_one_at_a_time_is_done_here(processes: int, count: int) -> None:
    tasks = [(0.0, 0)] * count
    found = list(in_parallel(stay, tasks, processes=processes, max_memory=GIGABYTE))
    assert {each.process for each in found} == {os.getpid()}


def test_a_failure_ends_the_others() -> None:
    began = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        list(
            in_parallel(fail_at_zero, [(0, 0), (60, 0), (60, 0)], processes=2, max_memory=GIGABYTE)
        )
    assert time.monotonic() - began < 30
    assert not active_children()


def test_a_caller_that_stops_listening_ends_the_others() -> None:
    results = in_parallel(fail_at_zero, [(0.1, 0), (60, 0)], processes=2, max_memory=GIGABYTE)
    began = time.monotonic()
    assert next(results) == 0.1
    results.close()
    assert time.monotonic() - began < 30
    assert not active_children()


def test_a_process_that_is_killed_is_told() -> None:
    with pytest.raises(BackendError, match="--jobs 1"):
        list(in_parallel(be_killed, [(0.0, 0)] * 2, processes=2, max_memory=GIGABYTE))
    assert not active_children()


SCRIPT = """
import os, sys, time
from netspec.golden.parallel import in_parallel
if __name__ == "__main__":
    before = dict(os.environ)
    list(in_parallel(time.sleep, [(0.0, 0)] * 3, processes=2, max_memory=10**9))
    assert dict(os.environ) == before
"""


def test_no_module_of_the_current_folder_is_imported(tmp_path: Path) -> None:
    """Neither by those that work nor by the process that `multiprocessing` has beside them."""
    (folder := tmp_path / "here").mkdir()
    for name in ("struct", "signal", "_weakrefset", "multiprocessing"):
        (folder / f"{name}.py").write_text(f"open('{folder}/imported', 'a').write('{name}')")
    (script := tmp_path / "script.py").write_text(SCRIPT)
    subprocess.run([sys.executable, script], cwd=folder, check=True, timeout=60)
    assert not (folder / "imported").exists()


LINGERING = """
from netspec.golden.parallel import in_parallel
from unit.golden.work import linger
if __name__ == "__main__":
    list(in_parallel(linger, [(600.0, 0), (600.0, 0), (0.0, 0)], processes=3, max_memory=10**9))
"""


def test_none_outlives_a_caller_that_is_killed(tmp_path: Path) -> None:
    """Neither at work nor waiting for more of it; standard output ends once all have ended."""
    (script := tmp_path / "script.py").write_text(LINGERING)
    path = os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(Path(__file__).parents[2])])
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as caller:
        assert caller.stdout is not None
        try:
            assert [caller.stdout.readline() for _ in range(3)] == [b"at work\n"] * 3
        finally:
            caller.kill()
        assert caller.communicate(timeout=60) == (b"", None)
