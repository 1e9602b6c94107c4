"""What a run keeps: spikes, counts, samples of state and of weights, and in which steps."""

from __future__ import annotations

from dataclasses import dataclass

from netspec.expr.nodes import Expression, Name
from netspec.ir.cell import Kind, Variable, View
from netspec.ir.names import event_object
from netspec.units import Dimension


@dataclass(frozen=True, slots=True)
class Window:
    """The steps `start … stop-1` of a run, as far as it goes."""

    start: int
    stop: int

    def until(self, steps: int) -> Window:
        """Return what of it lies in a run of so many steps."""
        return Window(min(self.start, steps), min(self.stop, steps))


def sampled(every: int, windows: tuple[Window, ...] | None, steps: int) -> tuple[range, ...]:
    """Return the steps divisible by `every` that lie in windows of a run of so many steps."""
    whole = (Window(0, steps),) if windows is None else windows
    return tuple(
        range(-(-each.start // every) * every, each.until(steps).stop, every) for each in whole
    )


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the run that has a name."""

    name: str
    window: Window


@dataclass(frozen=True, slots=True)
class SpikeRecording:
    """Events of these neurons are kept for the user (digests need no recording).

    Attributes:
        windows: When they are, ascending and apart from each other; `None` for the whole run.
    """

    source: str
    event: str
    views: tuple[View, ...]
    windows: tuple[Window, ...] | None = None

    @property
    def name(self) -> str:
        """What results call it."""
        return event_object(self.source, self.event)


@dataclass(frozen=True, slots=True)
class CountRecording:
    """How many events there are, known without keeping them.

    Attributes:
        label: What its author calls that which is counted.
        windows: That are counted, each on its own; they may overlap.
        every: Steps of the bins that each window is cut into, the last of which may be shorter;
            `None` for one bin.
        per_neuron: A number for each neuron of the view, else one for all of them.
    """

    label: str
    source: str
    event: str
    view: View
    windows: tuple[Window, ...]
    every: int | None = None
    per_neuron: bool = False

    @property
    def name(self) -> str:
        """What results call that which is counted."""
        return event_object(self.source, self.event)

    @property
    def bins(self) -> tuple[int, ...]:
        """Number of bins of each window."""
        lengths = [each.stop - each.start for each in self.windows]
        return tuple(1 if self.every is None else -(-each // self.every) for each in lengths)

    @property
    def shape(self) -> tuple[int, int]:
        """Of the numbers: bins of all windows, and neurons or 1."""
        return sum(self.bins), len(self.view) if self.per_neuron else 1


@dataclass(frozen=True, slots=True)
class StateRecording:
    """Something of these neurons is sampled in the steps divisible by `every`.

    Attributes:
        windows: When it is, ascending and apart from each other; `None` for the whole run.
        variable: What it is called.
        value: What is sampled: a state variable, or an expression over state, parameters and what
            was gathered.
        dimension: Of the value.
        kind: Of the value.
    """

    population: str
    variable: str
    value: Expression
    dimension: Dimension
    kind: Kind
    view: View
    every: int
    windows: tuple[Window, ...] | None = None

    @classmethod
    def of_state(
        cls,
        population: str,
        variable: Variable,
        view: View,
        every: int,
        windows: tuple[Window, ...] | None = None,
    ) -> StateRecording:
        """Return the recording of a state variable; of a shared one, there is one value."""
        seen = View(0, 1) if variable.shared else view
        own = Name(variable.name), variable.dimension, variable.kind
        return cls(population, variable.name, *own, seen, every, windows)

    def samples(self, steps: int) -> tuple[range, ...]:
        """Return the steps of the samples in a run of so many steps."""
        return sampled(self.every, self.windows, steps)

    def n_samples(self, steps: int) -> int:
        """Return the number of samples in a run of so many steps."""
        return sum(map(len, self.samples(steps)))


@dataclass(frozen=True, slots=True)
class WeightRecording:
    """Weights of edges, sampled at the record phase of the steps divisible by `every`.

    Weights change by the timeline alone, so they are known before the run and no backend records.

    Attributes:
        projection: A projection or gather.
        edges: Numbers in canonical order, as far as there are so many; `None` for all.
        windows: When they are; `None` for the whole run.
        added: Projections of the edges that the timeline adds to it; they are numbered after its
            own, in this order.
    """

    projection: str
    edges: View | None
    every: int
    windows: tuple[Window, ...] | None = None
    added: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """All projections whose edges it numbers, in order."""
        return self.projection, *self.added
