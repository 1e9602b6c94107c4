"""Running an emitted program in this process, its C file compiled."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

from netspec.backend.handed_back import record_handed_back
from netspec.backend.protocol import RunControl
from netspec.backend.start import record_of_no_step
from netspec.errors import BackendError
from netspec.results.record import RunRecord
from netspec_native.cache import cache_key, cached_library
from netspec_native.compiler import Stopped, require_compiler
from netspec_native.emit import SOURCE
from netspec_native.options import NativeOptions, flags
from netspec_native.pieces import pieces
from netspec_native.program import NativeProgram

_PREFIX = b"netspec_"
"""How the functions of each library that is loaded begin, which every table of symbols shows."""


class NativeSimulation:
    """The `simulate` function of a program, and its C file, which a run compiles."""

    def __init__(self, program: NativeProgram, options: NativeOptions) -> None:
        require_compiler(options.compiler)
        # The text is netspec's own: emitted from trees and checked names, never a user's.
        namespace: dict[str, Any] = {"__name__": "netspec_program"}
        code = compile(program.files[program.entry], program.entry, "exec", dont_inherit=True)
        exec(code, namespace)  # noqa: S102
        self._simulate = namespace["simulate"]
        self._threads = options.n_threads(pays=namespace["PAYS_THREADS"])
        self._program = program
        self._options = options
        self._wall_times: dict[str, float] = {}

    @property
    def wall_times(self) -> Mapping[str, float]:
        """Seconds for `compile`, `pack` and `simulate`, after the run.

        Edges are packed: sorted into the order in which they are delivered.
        """
        return MappingProxyType(self._wall_times)

    def run(self, control: RunControl) -> RunRecord:
        """Run all steps.

        A wish to stop that comes while the compiler runs is granted at once.

        Raises:
            BackendError: The C file cannot be compiled, or its library not be loaded. Something in
                this process has switched subnormal numbers off. There is not enough memory.
        """

        def keep_going(completed: int) -> bool:
            if "pack" not in self._wall_times:
                self._wall_times["pack"] = perf_counter() - start
            control.progress(completed)
            return not control.should_stop()

        start = perf_counter()
        try:
            source = self._program.files[SOURCE]
            number = pieces(len(self._program.network.ir.populations))
            library = compiled_library(source, self._options, control.should_stop, n_pieces=number)
        except Stopped:
            digests = self._options.state_digest
            return record_of_no_step(self._program.network, state_digest=digests)
        finally:
            self._wall_times["compile"] = perf_counter() - start
        start = perf_counter()
        try:
            returned = self._simulate(self._program.arrays, library, self._threads, keep_going)
        except (FloatingPointError, MemoryError, RuntimeError) as error:
            raise BackendError(str(error)) from None
        self._wall_times["simulate"] = perf_counter() - start - self._wall_times["pack"]
        return record_handed_back(returned)


def compiled_library(
    source: str,
    options: NativeOptions,
    should_stop: Callable[[], bool] = lambda: False,
    *,
    n_pieces: int = 1,
) -> ctypes.CDLL:
    """Return the library of a C file, from the cache if it is there.

    Args:
        source: Its text.
        options: Say with what it is compiled, and how.
        should_stop: Asked now and then.
        n_pieces: How many compilers work on it at once.

    Raises:
        BackendError: There is no compiler, it fails, or the library is empty or cannot be loaded.
        Stopped: `should_stop` said so while the compiler ran.
    """
    compiler, told = require_compiler(options.compiler), flags(options)

    def make(target: Path) -> None:
        text = target.with_name(SOURCE)
        text.write_text(source, encoding="utf-8")
        compiler.compile(text, target, told, should_stop, pieces=n_pieces)
        if _PREFIX not in target.read_bytes():
            raise BackendError(f"the C compiler '{compiler}' made a library without the functions")

    key = cache_key(source, compiler.identity, *told, str(n_pieces))
    return cached_library(key, make)
