"""Running an emitted program in this process, from its text and without files."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from types import MappingProxyType
from typing import Any

from netspec.backend.handed_back import record_handed_back
from netspec.backend.program import Program
from netspec.backend.protocol import RunControl
from netspec.errors import BackendError
from netspec.results.record import RunRecord


class NumpySimulation:
    """The `simulate` function of a program, compiled in a namespace of its own."""

    def __init__(self, program: Program) -> None:
        start = perf_counter()
        # The text is netspec's own: emitted from trees and checked names, never a user's.
        namespace: dict[str, Any] = {"__name__": "netspec_program"}
        code = compile(program.files[program.entry], program.entry, "exec", dont_inherit=True)
        exec(code, namespace)  # noqa: S102
        self._simulate = namespace["simulate"]
        self._arrays = program.arrays
        self._wall_times = {"compile": perf_counter() - start}

    @property
    def wall_times(self) -> Mapping[str, float]:
        """Seconds for `compile` and, after the run, `simulate`."""
        return MappingProxyType(self._wall_times)

    def run(self, control: RunControl) -> RunRecord:
        """Run all steps.

        Raises:
            BackendError: Something in this process has switched subnormal numbers off.
        """

        def keep_going(completed: int) -> bool:
            control.progress(completed)
            return not control.should_stop()

        start = perf_counter()
        try:
            returned = self._simulate(self._arrays, keep_going)
        except FloatingPointError as error:
            raise BackendError(str(error)) from None
        self._wall_times["simulate"] = perf_counter() - start
        return record_handed_back(returned)
