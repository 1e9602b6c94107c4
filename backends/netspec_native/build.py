"""Running an emitted program in this process, its C file compiled."""

from __future__ import annotations

import ctypes
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

from netspec.backend.program import Program
from netspec.backend.protocol import RunControl
from netspec.errors import BackendError
from netspec.results.record import NonFinite, RunRecord, SpikeRecord, SpikeTally
from netspec_native.cache import cache_key, cached
from netspec_native.compiler import require_compiler
from netspec_native.emit import SOURCE
from netspec_native.options import NativeOptions, flags


class NativeSimulation:
    """The `simulate` function of a program, and its library."""

    def __init__(self, program: Program, options: NativeOptions) -> None:
        start = perf_counter()
        # The text is netspec's own: emitted from trees and checked names, never a user's.
        namespace: dict[str, Any] = {"__name__": "netspec_program"}
        code = compile(program.files[program.entry], program.entry, "exec", dont_inherit=True)
        exec(code, namespace)  # noqa: S102
        self._simulate = namespace["simulate"]
        available = len(os.sched_getaffinity(0)) if namespace["PAYS_THREADS"] else 1
        self._threads = options.threads or available
        self._arrays = program.arrays
        self._library = _library(program.files[SOURCE], options)
        self._wall_times = {"compile": perf_counter() - start}

    @property
    def wall_times(self) -> Mapping[str, float]:
        """Seconds for `compile` and, after the run, `simulate`."""
        return MappingProxyType(self._wall_times)

    def run(self, control: RunControl) -> RunRecord:
        """Run all steps.

        Raises:
            BackendError: Something in this process has switched subnormal numbers off, or there is
                not enough memory.
        """

        def keep_going(completed: int) -> bool:
            control.progress(completed)
            return not control.should_stop()

        start = perf_counter()
        try:
            outcome = self._simulate(self._arrays, self._library, self._threads, keep_going)
        except (FloatingPointError, MemoryError, RuntimeError) as error:
            raise BackendError(str(error)) from None
        self._wall_times["simulate"] = perf_counter() - start
        non_finite = outcome["non_finite"]
        return RunRecord(
            steps=outcome["steps"],
            tallies={name: SpikeTally(*each) for name, each in outcome["tallies"].items()},
            spikes={name: SpikeRecord(*pair) for name, pair in outcome["spikes"].items()},
            states=tuple(outcome["states"]),
            counts=tuple(outcome["counts"]),
            state_digests=outcome["state_digests"],
            outcome=None if non_finite is None else NonFinite(*non_finite),
        )


def _library(source: str, options: NativeOptions) -> ctypes.CDLL:
    """Return the compiled library of a C file, from the cache if it is there."""
    compiler = require_compiler(options.compiler)
    told = flags(options)

    def make(target: Path) -> None:
        text = target.with_name(SOURCE)
        text.write_text(source)
        compiler.compile(text, target, told)

    key = cache_key(source, *compiler.command, compiler.version, *told)
    path = cached(key, make)
    if path is not None:
        return ctypes.CDLL(str(path))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "simulate.so"
        make(target)
        return ctypes.CDLL(str(target))
