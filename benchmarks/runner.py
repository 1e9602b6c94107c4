"""Measurements, each in a process of its own, those of one network in turns.

An engine that keeps what it compiles runs twice in a turn, first with an empty cache and then with
what that has left; if it compiles for a minute, from the second turn on once.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.engines import ENGINES, Engine, described
from benchmarks.job import Job
from benchmarks.networks import NETWORKS, Size, facts

ROOT = Path(__file__).resolve().parents[1]

Run = dict[str, Any]
"""One measurement as plain data; see `table` for what is in it."""


def measured(
    networks: Sequence[str],
    engines: Sequence[str],
    *,
    size: Size,
    repeats: int,
    timeout: float,
    tell: Callable[[str], None],
) -> Iterator[dict[str, Any]]:
    """Measure networks on the engines that have them; yield what is known after each network.

    Args:
        networks: Their keys.
        engines: Their keys; those that are not installed are left out.
        size: Of the networks.
        repeats: How many turns.
        timeout: Seconds after which a process is ended.
        tell: Called with a line about each measurement.
    """
    installed = [ENGINES[key] for key in engines if ENGINES[key].is_installed()]
    known: dict[str, dict[str, Any]] = {}
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="netspec-benchmarks-") as name:
        folder = Path(name)
        prepare(folder)
        for key in networks:
            known[key] = facts(NETWORKS[key], size)
            document = folder / f"{key}.json"
            NETWORKS[key].network(size).save(document)
            able = [each for each in installed if each.can_run(known[key])]
            for turn, engine in product(range(repeats), able):
                own = known[key]
                job = Job(engine.key, own["model"], str(document), own["seconds"], own["scale"])
                cache = folder / f"cache-{key}-{engine.key}"
                if turn == 0 or not engine.is_slow_to_compile:
                    shutil.rmtree(cache, ignore_errors=True)
                for run in runs_of(engine, job, cache, timeout):
                    runs.append({"network": key, "engine": engine.key, "turn": turn, **run})
                    tell(line(runs[-1]))
            yield {
                "size": size,
                "repeats": repeats,
                "networks": known,
                "engines": {each.key: described(each) for each in installed},
                "runs": runs,
            }


def prepare(folder: Path) -> None:
    """Let matplotlib, which Brian2 imports, make its list of fonts once for all processes."""
    command = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(command, env=environment(folder, folder), check=False, capture_output=True)


def environment(folder: Path, cache: Path) -> dict[str, str]:
    """Return the environment of a process that keeps what it compiles in a folder."""
    # An installed package has its bytecode, and a checkout keeps it unless it is told otherwise.
    dropped = {"CYTHON_CACHE_DIR", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    path = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH"))))
    return kept | {
        "PYTHONPATH": path,
        "XDG_CACHE_HOME": str(cache),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "PYNEST_QUIET": "1",
    }


def runs_of(engine: Engine, job: Job, cache: Path, timeout: float) -> Iterator[Run]:
    """Run a job, and once more if the cache was empty and need not be now."""
    variables = environment(cache.parent, cache)
    is_cached = engine.has_cache and cache.exists()
    run = in_a_process(job, variables, cache.parent, timeout)
    yield {"cached": is_cached, **run}
    if engine.has_cache and not is_cached and "failed" not in run:
        yield {"cached": True, **in_a_process(job, variables, cache.parent, timeout)}


def in_a_process(job: Job, variables: Mapping[str, str], folder: Path, timeout: float) -> Run:
    """Run a job in a new process and return what it measured, or why it failed."""
    command = [sys.executable, "-m", "benchmarks.worker", json.dumps(asdict(job))]
    start = perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            told, complained = process.communicate(timeout=timeout)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)  # with the compilers that it has started
            if isinstance(error, subprocess.TimeoutExpired):
                return {"failed": f"took more than {timeout:g} s"}
            raise
    seconds = perf_counter() - start
    if process.returncode:
        return {"failed": last_line(complained) or f"ended with status {process.returncode}"}
    return {"process": seconds, **json.loads(last_line(told))}


def last_line(text: str) -> str:
    """Return the last line of a text that is not empty."""
    return text.strip().rpartition("\n")[2]


def line(run: Run) -> str:
    """Return what is shown of a measurement as soon as it is there."""
    head = f"{run['network']:18} {run['engine']:24} {'cached' if run['cached'] else '':6}"
    if "failed" in run:
        return f"{head} failed: {run['failed']}"
    return f"{head} {run['process']:8.2f} s, simulate {run['phases']['simulate']:.3f} s"
