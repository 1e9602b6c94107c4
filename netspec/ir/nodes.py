"""The intermediate representation: what the compiler hands to backends.

A `Network` says everything that happens in a run except the bulk data: SI doubles, integer steps,
expression trees and an explicit schedule. Refractoriness, held variables and receptors are gone at
this level: they have become state, statements and conditions like any other, so a backend's whole
task is to print expressions, order loops and move arrays.

One step `k`, in the order that every backend keeps (see `docs/semantics.md`):

1. the `timeline` entries due at `k`, in order;
2. the `gathers`, in order, sum what the state is now;
3. recordings sample the state;
4. every population looks up its `tables`, makes its `draws` and runs its `stages`; then all state
   must be finite;
5. the conditions of `events` are tested and sources emit: what fired is now fixed; then the
   `immediate` statements of the events that fired;
6. what is due in `k` is delivered: the `ports`, in order, on every neuron;
7. the statements of the events that fired, in order.

Objects are sorted by name (code points), so the order of a document changes nothing. Names with a
leading underscore are made by the compiler and cannot collide with a user's.
"""

from __future__ import annotations

from dataclasses import dataclass

from netspec.expr.nodes import Expression, names
from netspec.ir.cell import (
    Cell as Cell,
    Distribution as Distribution,
    Draw as Draw,
    Equation as Equation,
    Event as Event,
    Kind as Kind,
    Parameter as Parameter,
    Port as Port,
    Stage as Stage,
    Statement as Statement,
    Table as Table,
    Variable as Variable,
    View as View,
)
from netspec.ir.derived import (
    Derived as Derived,
    OnGrid as OnGrid,
    Propagator as Propagator,
    StepCount as StepCount,
)
from netspec.ir.names import (
    ACCUMULATOR as ACCUMULATOR,
    COUNTDOWN as COUNTDOWN,
    HELD as HELD,
    N_EVENTS as N_EVENTS,
    PERIOD as PERIOD,
    SILENT as SILENT,
    SPIKE as SPIKE,
    TIME as TIME,
    TIME_STEP as TIME_STEP,
    WEIGHT as WEIGHT,
    event_object as event_object,
    name_in_source as name_in_source,
    source_name as source_name,
)
from netspec.ir.recordings import (
    CountRecording as CountRecording,
    Phase as Phase,
    SpikeRecording as SpikeRecording,
    StateRecording as StateRecording,
    WeightRecording as WeightRecording,
    Window as Window,
    sampled as sampled,
)
from netspec.units import Dimension


@dataclass(frozen=True, slots=True)
class Population:
    """`size` neurons of one cell."""

    name: str
    size: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class PoissonSource:
    """At most one event per neuron and step, drawn while running.

    Neuron `i` fires in step `k` when its 64-bit draw `u` is below its threshold; the stream's key
    is that of `inputs.NAME`, purpose `spikes`.
    """

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class ListedSource:
    """Emits events that are listed before step 0, wherever the list comes from."""

    name: str
    size: int


Source = PoissonSource | ListedSource


@dataclass(frozen=True, slots=True)
class Projection:
    """Edges from an event of `source` to a port of `target`.

    Attributes:
        event: Of the source; what is no population has only `spike`.
        connected: Whether events are delivered before any timeline entry says otherwise.
    """

    name: str
    source: str
    event: str
    target: str
    port: str
    connected: bool


@dataclass(frozen=True, slots=True)
class Gather:
    """A sum over edges or over a population, of values before the step; nothing is emitted.

    Over edges, each target adds up `value` over the edges that end at it, from +0.0 and in
    canonical order (source, edge number), and adds that to its `local`. Over a `pool`, there is
    one sum: sixteen lanes (the index within the pool modulo 16), each in order from +0.0, then
    lanes 0+8, 1+9, ..., 7+15 of those, then 0+4, ..., 3+7, then 0+2 and 1+3, then 0+1. Each target
    adds its weight times the sum to its `local`.

    Attributes:
        local: Of the target's cell; one of its `gathered`.
        weight_dimension: Of the weights of its edges.
        value: Reads the `weight` of the edge, names of the target, and `source(x)` for those of
            the source. Over a pool it reads the source alone.
        pool: The neurons of the source that are summed once, or `None` for a sum over edges.
        connected: Whether anything is added before a timeline entry says otherwise.
    """

    name: str
    source: str
    target: str
    local: str
    weight_dimension: Dimension
    value: Expression
    pool: View | None
    connected: bool

    def names_of(self, population: str) -> frozenset[str]:
        """Return the names of a population that the value reads."""
        found: set[str] = set()
        for name in names(self.value):
            of_source = name_in_source(name)
            if of_source is not None and population == self.source:
                found.add(of_source)
            if of_source is None and population == self.target:
                found.add(name)
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Connect:
    """Events that arrive from now on are delivered; gathers add from now on."""

    projection: str


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Events that arrive from now on are dropped; gathers add nothing."""

    projection: str


@dataclass(frozen=True, slots=True)
class SetParameter:
    """A parameter of a population takes new values (including the compiler's derived ones)."""

    population: str
    parameter: str
    view: View


@dataclass(frozen=True, slots=True)
class SetState:
    """A state variable takes new values, refractory or not."""

    population: str
    variable: str
    view: View


@dataclass(frozen=True, slots=True)
class SetRate:
    """A Poisson source takes new rates."""

    source: str
    view: View


@dataclass(frozen=True, slots=True)
class SetWeight:
    """A projection takes new weights; events in flight arrive with them."""

    projection: str


Action = Connect | Disconnect | SetParameter | SetState | SetRate | SetWeight


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An action at the start of a step."""

    step: int
    action: Action


@dataclass(frozen=True, slots=True)
class Emitter:
    """An event of a population or source; every population has `spike`, if only to never do it."""

    owner: str
    event: str
    size: int

    @property
    def name(self) -> str:
        """What results call it."""
        return event_object(self.owner, self.event)


@dataclass(frozen=True, slots=True)
class Network:
    """A whole experiment: what is simulated, for how many steps, and what is recorded.

    Attributes:
        dt: Duration of a step in seconds.
        timeline: Sorted by step; entries of one step in the author's order.
    """

    name: str
    seed: int
    dt: float
    steps: int
    populations: tuple[Population, ...]
    sources: tuple[Source, ...]
    projections: tuple[Projection, ...]
    timeline: tuple[TimelineEntry, ...]
    spike_recordings: tuple[SpikeRecording, ...]
    state_recordings: tuple[StateRecording, ...]
    gathers: tuple[Gather, ...] = ()
    count_recordings: tuple[CountRecording, ...] = ()
    phases: tuple[Phase, ...] = ()
    weight_recordings: tuple[WeightRecording, ...] = ()

    @property
    def links(self) -> tuple[Projection | Gather, ...]:
        """Everything that a timeline can connect: projections, then gathers."""
        return (*self.projections, *self.gathers)

    @property
    def sizes(self) -> dict[str, int]:
        """Neurons of each population and source, by name."""
        return {each.name: each.size for each in (*self.populations, *self.sources)}

    @property
    def emitters(self) -> tuple[Emitter, ...]:
        """Everything that spikes are kept of, sorted by name."""
        found = [Emitter(source.name, SPIKE, source.size) for source in self.sources]
        for population in self.populations:
            events = dict.fromkeys((SPIKE, *(event.name for event in population.cell.events)))
            found += [Emitter(population.name, event, population.size) for event in events]
        return tuple(sorted(found, key=lambda each: each.name))
