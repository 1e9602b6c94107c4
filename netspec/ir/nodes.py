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
from typing import Literal

from netspec.expr.nodes import Expression, Name, names
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
from netspec.units import Dimension

Kind = Literal["real", "integer", "truth"]
"""What a value is: a binary64, a signed 64-bit integer or a truth value."""


@dataclass(frozen=True, slots=True)
class View:
    """The neurons `start … stop-1` of a population or source."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class Variable:
    """A state variable or a local of one step.

    Attributes:
        shared: One value for the whole population, else one per neuron. What is assigned to it
            reads only what is shared too.
    """

    name: str
    dimension: Dimension
    kind: Kind = "real"
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers listed in advance: in step `k` the real `name` is row `k div hold`, or the last one.

    Attributes:
        per_neuron: A row has one number per neuron, else one for the population.
        hold: Steps for which a row holds.
    """

    name: str
    dimension: Dimension
    per_neuron: bool
    hold: int = 1


Distribution = Literal["uniform", "normal", "bernoulli", "poisson"]
"""What numbers are drawn while running: uniform on [0, 1); normal with mean 0 and standard
deviation 1; 1 with a probability and else 0; or how many events a Poisson process has."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A random number that is readable until the step ends.

    Its stream has the path `populations.NAME`, or that of the input that it belongs to, and this
    purpose; neuron `i` takes the draw at (k div hold, i) in step `k`, and what is shared that at
    (k div hold, 0).

    Attributes:
        name: Of the real local that holds it.
        purpose: Of the stream.
        shared: One number for the whole population.
        mean: Probability or mean number, where the distribution has one; reads parameters, `t`,
            tables and earlier draws.
        hold: Steps for which a number holds; 1 where there is a mean.
        origin: Path of the input that it belongs to; empty if it is the population's own.
    """

    name: str
    distribution: Distribution
    purpose: str
    shared: bool = False
    mean: Expression | None = None
    hold: int = 1
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that only the timeline changes.

    Attributes:
        per_neuron: One value per neuron, else one for the population.
        varies: Some timeline entry changes it, so it is not a constant of the program.
    """

    name: str
    dimension: Dimension
    kind: Kind = "real"
    per_neuron: bool = False
    varies: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """`target = value` for every neuron."""

    target: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Stage:
    """Assignments that happen together: all values are computed before any target changes."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something a neuron does when its condition holds; `spike` is one.

    Attributes:
        condition: Truth value, tested on the updated state of all neurons before anything below.
        immediate: Executed in sequence right after all conditions were tested, before delivery;
            a spike starts its refractory countdown here (`_refractory = _period`), which shuts
            the ports of held variables already in the step of the spike.
        statements: Executed in sequence at the end of the step where the condition held.
    """

    name: str
    condition: Expression
    immediate: tuple[Statement, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Port:
    """Where events arrive: statements run in sequence for every neuron in every step.

    They read `acc` and `n_events` of this port, also when nothing arrived (then both are 0).
    """

    name: str
    weight_dimension: Dimension
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Equation:
    """A line of the model as its author wrote it, for readers and for unit checks.

    Attributes:
        kind: `derivative` for d(name)/dt = value, `definition` for name = value.
        dimension: Of `name` itself, also for a derivative.
    """

    kind: Literal["derivative", "definition"]
    name: str
    dimension: Dimension
    value: Expression


@dataclass(frozen=True, slots=True)
class Cell:
    """A neuron model, lowered: the membrane and its receptors in one flat name space.

    Attributes:
        model: Name of the membrane model, for readers.
        state: Sorted by name; the compiler's own (leading underscore) last.
        locals: Assigned by a stage in every step and readable until the step ends.
        tables: Numbers of a step that were listed in advance.
        draws: Random numbers of a step, in order.
        gathered: Locals that gathers add to, from +0.0; readable until the step ends.
        parameters: Sorted by name, the compiler's own last.
        derived: How `realise` computes the compiler's own parameters.
        stages: The update, in order.
        events: `spike` first.
        ports: Sorted by name.
        equations: The model as written, for readers.
        integrator: How its derivatives became stages, for readers; empty if it has none.
    """

    model: str
    state: tuple[Variable, ...]
    locals: tuple[Variable, ...]
    draws: tuple[Draw, ...]
    parameters: tuple[Parameter, ...]
    derived: tuple[Derived, ...]
    stages: tuple[Stage, ...]
    events: tuple[Event, ...]
    ports: tuple[Port, ...]
    equations: tuple[Equation, ...]
    integrator: str = ""
    gathered: tuple[Variable, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def declared_state(self) -> tuple[Variable, ...]:
        """State that the author declared: what state digests and finiteness checks look at."""
        return tuple(variable for variable in self.state if not variable.name.startswith("_"))

    @property
    def has_countdown(self) -> bool:
        """Whether neurons can be held; the state digest takes 0 for each neuron if not."""
        return any(variable.name == COUNTDOWN for variable in self.state)


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
    """

    projection: str
    edges: View | None
    every: int
    windows: tuple[Window, ...] | None = None


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
    def emitters(self) -> tuple[Emitter, ...]:
        """Everything that spikes are kept of, sorted by name."""
        found = [Emitter(source.name, SPIKE, source.size) for source in self.sources]
        for population in self.populations:
            events = dict.fromkeys((SPIKE, *(event.name for event in population.cell.events)))
            found += [Emitter(population.name, event, population.size) for event in events]
        return tuple(sorted(found, key=lambda each: each.name))
