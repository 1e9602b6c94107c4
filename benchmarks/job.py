"""One measurement: what is asked of a worker, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter


@dataclass(frozen=True)
class Job:
    """A network for an engine to run once.

    Attributes:
        engine: Its key.
        model: What programs that were written by hand know the network as.
        document: Path of netspec's document of it.
        seconds: How long the model runs.
        scale: Number of neurons relative to that of the publication.
    """

    engine: str
    model: str
    document: str
    seconds: float
    scale: float


@dataclass(frozen=True)
class Outcome:
    """What a network did.

    Attributes:
        spikes: Their number by population, perhaps by source too.
        digest: Of all spikes, where the engine has one.
    """

    spikes: Mapping[str, int]
    digest: str | None = None


@dataclass
class Clock:
    """Seconds by phase."""

    phases: dict[str, float] = field(default_factory=dict)

    def add(self, phase: str, seconds: float) -> None:
        """Add seconds to a phase."""
        self.phases[phase] = self.phases.get(phase, 0.0) + seconds

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add the seconds that the block takes."""
        start = perf_counter()
        yield
        self.add(name, perf_counter() - start)
