"""The contract between netspec and a backend.

A backend is a stateless object. `emit` is pure: it turns a realised network into a `Program`, text
and arrays, and imports no simulator. `build` makes the program runnable; `Simulation.run` runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from netspec.backend.capabilities import Capabilities
from netspec.backend.program import Program
from netspec.ir import nodes as ir
from netspec.realise.count import ExpectedEdges
from netspec.realise.kernels import Kernels
from netspec.realise.network import RealisedNetwork
from netspec.results.record import RunRecord


class BackendOptions(BaseModel):
    """Options of a backend, as in `brian2:target=cython`; unknown ones are refused.

    Those here are every backend's; a subclass adds its own.
    """

    commands: ClassVar[frozenset[str]] = frozenset()
    """Options whose value is a program to be run: no file may give them, only a user."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    state_digest: bool = Field(
        default=True, description="false saves the time that digests of all state take"
    )


OptionsT = TypeVar("OptionsT", bound=BackendOptions)


@dataclass(frozen=True, slots=True)
class RunControl:
    """How the caller follows a run and ends it early.

    Attributes:
        progress: Called now and then with the number of completed steps.
        should_stop: Asked now and then; once true, the run ends after the current step, or at once
            if it has not begun its first one, and returns what was recorded.
    """

    progress: Callable[[int], None] = lambda _steps: None
    should_stop: Callable[[], bool] = lambda: False


class Simulation(Protocol):
    """A program that is ready to run, once."""

    @property
    def wall_times(self) -> Mapping[str, float]:
        """Seconds per phase inside the backend, e.g. `compile` and `simulate`."""
        ...

    def run(self, control: RunControl) -> RunRecord:
        """Run all steps of the program."""
        ...


class Backend(Protocol[OptionsT]):
    """A code generator and runner for one simulator."""

    @property
    def name(self) -> str:
        """The name users write after `--backend`."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What the backend can express, and why not where it cannot."""
        ...

    @property
    def options(self) -> type[OptionsT]:
        """The model of its options."""
        ...

    def version(self) -> str | None:
        """Return the simulator's version without importing it, or `None` if it is missing."""
        ...

    def emit(self, network: RealisedNetwork, options: OptionsT) -> Program:
        """Return the program that simulates `network`; the same bytes for the same input."""
        ...

    def build(self, program: Program, options: OptionsT) -> Simulation:
        """Make a program runnable.

        Raises:
            BackendError: The simulator or a compiler is missing; the message names the command
                that installs it.
        """
        ...


@runtime_checkable
class OffersKernels(Protocol):
    """A backend that can make edges faster than NumPy does, with the same bits."""

    def kernels(self) -> Kernels | None:
        """Return what makes them, `None` if something for that is missing."""
        ...


@runtime_checkable
class TellsWhatIsMissing(Protocol):
    """A backend that knows what it misses here, better than a fixed command can say it."""

    def what_is_missing(self, options: Any) -> str | None:
        """Return what is missing and what to do about it, in one line; `None` if nothing is.

        Args:
            options: Of the backend.
        """
        ...


@runtime_checkable
class TellsLayouts(Protocol):
    """A backend that chooses how it stores edges."""

    def layouts(
        self,
        network: ir.Network,
        expected: Mapping[str, ExpectedEdges],
        realised: RealisedNetwork | None,
        options: Any,
    ) -> Iterable[tuple[str, str]]:
        """Yield what it chooses, in words, by projection; and what else is worth telling.

        Args:
            network: The IR.
            expected: Of each projection.
            realised: The network with its edges, if they have been made.
            options: Of the backend.
        """
        ...


AnyBackend = Backend[Any]
