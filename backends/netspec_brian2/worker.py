"""Runs an emitted script in a process of its own; started by `build`, never imported.

    python worker.py FOLDER TARGET CACHE

`FOLDER` holds the program. Messages on standard output are lines of JSON, each with the key
`netspec`: the `total` of steps, the `fraction` done, `wall_times` at the end, or why the worker
`cannot_import` Brian2. The run ends after
the current step once `FOLDER/stop` exists. What was recorded is written to `FOLDER/record.npz`.
Standard input is a pipe to nowhere: it ends when the parent does, however it ends, and then so does
all that the worker has started.

This file does not import netspec: it runs beside a program that needs none.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

import numpy as np

REPORT_PERIOD = 0.05  # seconds

# What Brian2 calls inside the program that it compiles, which runs in `FOLDER/standalone`.
STANDALONE_REPORT = """
std::cout << "{\\"netspec\\": 1, \\"fraction\\": " << completed << "}" << std::endl;
if (std::ifstream("../stop").good()) Network::_globally_stopped = true;
"""


class Follower:
    """Tells the parent how far the run is, and stops it."""

    def __init__(self, stop_file: Path, stop: Callable[[], None]) -> None:
        self.stop_file = stop_file
        self.stop = stop
        self.started = 0.0

    def __call__(self, elapsed: Any, completed: float, start: Any, duration: Any) -> None:
        """Report; Brian2 calls this before the first step, now and then, and after the last."""
        if not self.started:
            self.started = perf_counter()
        say(fraction=float(completed))
        if self.stop_file.exists():
            self.stop()


def say(**message: Any) -> None:
    """Send one line to the parent."""
    sys.stdout.write(json.dumps({"netspec": 1, **message}) + "\n")
    sys.stdout.flush()


def die_with_parent() -> None:
    """Wait until nobody holds the other end of standard input, and end the whole process group."""
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)  # a compiler and a compiled program are in it too


def load_program(folder: Path) -> ModuleType:
    """Execute the script as a module, which builds the network but does not run it."""
    spec = importlib.util.spec_from_file_location("simulate", folder / "simulate.py")
    if spec is None or spec.loader is None:
        raise ImportError("the script cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules["simulate"] = module  # where classes of the script look for their module
    spec.loader.exec_module(module)
    return module


def save(result: dict[str, Any], path: Path) -> None:
    """Write a result as arrays, with a header in JSON for everything else."""
    header = {
        "steps": result["steps"],
        "tallies": result["tallies"],
        "objects": list(result["spikes"]),
        "n_states": len(result["states"]),
        "n_counts": len(result["counts"]),
        "state_digests": result["state_digests"],
        "non_finite": result["non_finite"],
    }
    arrays: dict[str, Any] = {"header": np.array(json.dumps(header))}
    for number, (steps, indices) in enumerate(result["spikes"].values()):
        arrays |= {f"steps_{number}": steps, f"indices_{number}": indices}
    arrays |= {f"state_{number}": values for number, values in enumerate(result["states"])}
    arrays |= {f"counts_{number}": values for number, values in enumerate(result["counts"])}
    np.savez(path, allow_pickle=False, **arrays)


def run(folder: Path, target: str, cache: str) -> None:
    """Run the program and leave its record in the folder."""
    began = perf_counter()
    try:
        import brian2  # type: ignore[import-untyped]
    except Exception as error:
        say(cannot_import=f"{type(error).__name__}: {error}")
        raise
    imported = perf_counter()
    program = load_program(folder)
    if cache:
        brian2.prefs.codegen.runtime.cython.cache_dir = cache
    say(total=program.STEPS)
    follower = Follower(folder / "stop", brian2.stop)
    is_standalone = target == "cpp_standalone"
    report: Any = STANDALONE_REPORT if is_standalone else follower
    result = program.simulate(report, REPORT_PERIOD * brian2.second)
    ended = perf_counter()
    if is_standalone:
        follower.started = ended - brian2.device.timers["run_binary"]
    save(result, folder / "record.npz")
    times = {
        "import": imported - began,
        "compile": follower.started - imported,
        "simulate": ended - follower.started,
    }
    say(wall_times=times)


def root_cause(error: BaseException) -> BaseException:
    """Return the error that all others of a chain were made from."""
    while error.__cause__ or error.__context__:
        following = error.__cause__ or error.__context__
        assert following is not None
        error = following
    return error


if __name__ == "__main__":
    threading.Thread(target=die_with_parent, daemon=True).start()
    try:
        run(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
    except Exception as failure:
        # Not raised: Brian2's own hook would write a report for its authors.
        sys.stderr.write(traceback.format_exc())
        sys.stderr.write("".join(traceback.format_exception_only(root_cause(failure))))
        sys.stderr.flush()
        os._exit(1)
