"""What a user is told where a disk is full, a folder cannot be used or Ctrl-C comes in mid-run."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import namedtuple
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from netspec.backend.choice import parse_backend
from netspec.backend.program import Program
from netspec.backend.protocol import RunControl
from netspec.backend.registry import BackendChoiceError
from netspec.errors import BackendError
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.spec.network import Network
from netspec.testing import networks
from netspec.testing.documents import document, states
from netspec_brian2 import backend, build, compilers
from netspec_brian2.failure import failure_message
from netspec_brian2.options import Target

EXAMPLE = Path(__file__).parents[3] / "examples" / "lif_inhibition.json"
NO_ROOM = "backend 'brian2' cannot work in its temporary folder: {}; set TMPDIR to a place with"


def one_step() -> Program:
    return backend.emit(networks.realised("one_step"), backend.options())


def run(program: Program) -> None:
    backend.build(program, backend.options()).run(RunControl())


# --- options ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("threads=2", "options of backend 'brian2': several threads need target=cpp_standalone"),
        ("threads=0", "option 'threads' of backend 'brian2': expected at least 1, got '0'"),
        ("target=cpp_standalone,threads=5000", "expected at most 1024, got '5000'"),
        ("target=c", "expected 'numpy', 'cython' or 'cpp_standalone', got 'c'"),
    ],
)
def test_wrong_options_are_told_in_the_words_of_netspec(text: str, message: str) -> None:
    with pytest.raises(BackendChoiceError) as caught:
        parse_backend(f"brian2:{text}")
    assert message in str(caught.value)


# --- disks and folders --------------------------------------------------------------------------


def test_a_disk_without_room_for_the_program_is_one_line(tmp_path: Path) -> None:
    arguments = ["run", str(EXAMPLE), "--duration", "300 ms", "--backend", "brian2"]
    done = subprocess.run(
        [sys.executable, "-m", "netspec.cli.main", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)),
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: {NO_ROOM.format('File too large')} more room\n"
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_in_mid_run_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process cannot say so itself: its last words would be on that disk."""
    program = one_step()
    dies = "import sys\nsys.exit(1)\n" + program.files[program.entry]
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(build, "disk_usage", lambda _folder: usage(100, 100, 0))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(BackendError, match=NO_ROOM.format("No space left on device")):
        run(replace(program, files={program.entry: dies}))
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_folder_that_is_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    with pytest.raises(BackendError, match=NO_ROOM.format("Not a directory")):
        run(one_step())


def test_a_cache_that_cannot_be_made_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert compilers.cache_folder() is None


def test_a_damaged_cache_is_removed_and_nothing_else_is(tmp_path: Path) -> None:
    cache = tmp_path / "brian2-0123"
    cache.mkdir()
    (cache / "_cython_magic_1.so").write_bytes(b"\x7fELF")
    assert "cache" not in failure_message(1, "ValueError: no such cat", cache)
    assert cache.exists()
    said = failure_message(1, "Traceback\nImportError: _cython_magic_1.so: file too short", cache)
    assert "its cache of compiled extensions was damaged and is removed, run it again" in said
    assert list(tmp_path.iterdir()) == []


# --- the end of the parent ----------------------------------------------------------------------


def processes_in(folder: Path) -> set[int]:
    """Return the processes that have a path in the folder on their command line."""
    found = set()
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended
            if os.fsencode(folder) in each.read_bytes():
                found.add(int(each.parent.name))
    return found


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_ends_with_whoever_started_it(tmp_path: Path, number: signal.Signals) -> None:
    arguments = ["run", str(EXAMPLE), "--duration", "1000 s", "--backend", "brian2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "netspec.cli.main", *arguments],
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    wait_until(lambda: processes_in(tmp_path))
    process.send_signal(number)
    assert process.wait() == (-number if number == signal.SIGKILL else 128 + number)
    wait_until(lambda: not processes_in(tmp_path))
    # Nobody is left to clean up after SIGKILL.
    assert len(list(tmp_path.iterdir())) == (number == signal.SIGKILL)


# --- Ctrl-C -------------------------------------------------------------------------------------


def one_neuron() -> RealisedNetwork:
    """Return the cheapest network to compile, for hours."""
    counts = {"state": {"x": {"unit": "1", "initial": "0"}}, "derivatives": {"x": "1/second"}}
    return pipeline.realised(
        Network(
            **document(
                "one_neuron",
                "3600 s",
                cells={"counter": {"integrator": "euler", "model": {"equations": counts}}},
                populations={"one": {"size": 1, "cell": "counter"}},
                monitors=states(("one", ["x"], 1000)),
            )
        )
    )


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("target", ["cython", "cpp_standalone"])
def test_a_compiled_run_ends_after_the_step_in_which_it_is_told_to(target: Target) -> None:
    network, options = one_neuron(), backend.options(target=target)
    seen = list[int]()
    simulation = backend.build(backend.emit(network, options), options)
    record = simulation.run(RunControl(seen.append, lambda: max(seen, default=0) > 0))
    assert 0 < record.steps < network.ir.steps
    assert record.outcome is None
    assert len(record.states[0]) == -(-record.steps // 1000)
    assert record.state_digests.keys() == {"one"}
