"""The resolved network: names have become objects, units SI, defaults explicit.

Numbers are still exact. The fingerprint is taken of this form, so everything here is part of the
meaning and nothing is spelling, except fields that are marked as out of it. Objects are sorted by
name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from netspec.expr.nodes import Expression
from netspec.ir.nodes import (
    CountRecording,
    Draw,
    Kind,
    Phase,
    SpikeRecording,
    Table,
    View,
    WeightRecording,
    Window,
)
from netspec.ir.recipe import (
    OUT_OF_FINGERPRINT,
    Drawn,
    Item,
    RangeRecipe,
    Rounding,
    Rule,
    Scalar,
    SpikeTable,
    TableRecipe,
    TrainsRecipe,
    Value,
)
from netspec.realise.rules import RULES, Ends
from netspec.spec.experiment import AddedEdges
from netspec.units import Dimension

Assigned = tuple[str, Expression]
"""A target and its value."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A parameter or state variable of a composed cell with its value.

    Attributes:
        value: Of a parameter, or of the state before step 0; `None` if it is still open (a
            parameter without default that populations must give).
        path: Place in the document for messages.
        kind: A double or an integer.
        shared: One value for the whole population.
        typical: A usual value of a parameter that must be given.
        instead: What a cell may give in place of a parameter, under the names of the cell.
        of_input: It belongs to an input that acts on the population.
    """

    name: str
    dimension: Dimension
    value: Value | None
    path: str = field(metadata=OUT_OF_FINGERPRINT)
    kind: Kind = "real"
    shared: bool = False
    typical: str | None = field(default=None, metadata=OUT_OF_FINGERPRINT)
    instead: tuple[str, ...] = field(default=(), metadata=OUT_OF_FINGERPRINT)
    of_input: bool = field(default=False, metadata=OUT_OF_FINGERPRINT)


@dataclass(frozen=True, slots=True)
class Definition:
    """An abbreviation: what stands in its place wherever it is read.

    Attributes:
        sampled: Its value at the beginning of a step holds for the whole step.
    """

    name: str
    dimension: Dimension
    value: Expression
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class DelayedAction:
    """What follows an event after a while.

    Attributes:
        after: In seconds; reads parameters.
        path: Place of `after`, for messages.
    """

    after: Value
    statements: tuple[Assigned, ...]
    path: str = field(metadata=OUT_OF_FINGERPRINT)


@dataclass(frozen=True, slots=True)
class EventRule:
    """When an event happens and what happens then."""

    name: str
    condition: Expression
    statements: tuple[Assigned, ...]
    later: tuple[DelayedAction, ...] = ()


@dataclass(frozen=True, slots=True)
class Refractoriness:
    """What follows a spike: a period in which neurons are held, or silence.

    Attributes:
        period: In seconds; `None` if there is only silence.
        silent: Condition at the start of a step; no spike is tested while it holds.
        holds: Variables that keep their value in the period.
        path: Place of the rule.
    """

    period: Expression | None
    silent: Expression | None
    holds: tuple[str, ...]
    path: str = field(metadata=OUT_OF_FINGERPRINT)


@dataclass(frozen=True, slots=True)
class ReceptorPort:
    """What arriving weights do.

    Attributes:
        weight_unit: As the receptor declares it, for readers.
    """

    name: str
    weight_unit: str = field(metadata=OUT_OF_FINGERPRINT)
    weight_dimension: Dimension
    target: str
    value: Expression


@dataclass(frozen=True, slots=True)
class ReceptorGather:
    """What a receptor sums over other neurons.

    Attributes:
        weight_unit: As the receptor declares it, for readers.
        target: What the cell calls the sum.
        dimension: Of the sum.
        value: In the cell's names and those of the source, as written: neither folded nor checked.
        over_population: One sum for all targets, in place of one over each target's edges.
        path: Place of the value, for messages.
    """

    name: str
    weight_unit: str = field(metadata=OUT_OF_FINGERPRINT)
    weight_dimension: Dimension
    target: str
    dimension: Dimension
    value: Expression
    over_population: bool
    path: str = field(metadata=OUT_OF_FINGERPRINT)


@dataclass(frozen=True, slots=True)
class GridWeight:
    """A weight that no edge has, and the parameter that holds it on its grid.

    Attributes:
        owner: The input that it belongs to.
        port: Where it arrives.
        weight: The parameter as it is given.
        on_grid: The parameter that the compiler makes of it.
        view: Neurons that it is for; others have 0.
        dimension: Of both.
        unit: As the receptor declares it, for readers.
    """

    owner: str
    port: str
    weight: str
    on_grid: str
    view: View
    dimension: Dimension
    unit: str = field(metadata=OUT_OF_FINGERPRINT)
    bits: int


@dataclass(frozen=True, slots=True)
class ComposedCell:
    """A membrane, its receptors and mechanisms in one name space, folded and checked.

    Attributes:
        path: Place in the document for messages.
        model: Name of the membrane, for readers.
        integrator: As written; `None` leaves the choice to netspec.
        parameters, state: Sorted by name.
        definitions: Inputs, currents and the author's abbreviations; each reads earlier ones only.
        derivatives: Sorted by name; they may read white noise.
        noise: Names of white noise that derivatives read, sorted.
        update: Stages in place of derivatives.
        increments: Added to variables after the last stage, in this order.
        draws: Random numbers that conditions and statements read.
        events: `spike` first, then by name.
        ports: Of receptors that take events, sorted by name.
        gathers: Of the others, sorted by name.
        defaults: Place and value of each parameter that the document leaves to the model.
        inputs: What can be added to from outside, with the names of what is added.
        tables: Numbers that are listed for each step.
        weights: Of what acts on ports from outside.
        distributions: Of draws that hold for several steps, where their parameters can be wrong.
        ranges: In which what is drawn by must lie.
    """

    path: str = field(metadata=OUT_OF_FINGERPRINT)
    model: str = field(metadata=OUT_OF_FINGERPRINT)
    integrator: str | None
    parameters: tuple[Symbol, ...]
    state: tuple[Symbol, ...]
    definitions: tuple[Definition, ...]
    derivatives: tuple[Assigned, ...]
    noise: tuple[str, ...]
    update: tuple[tuple[Assigned, ...], ...]
    increments: tuple[Assigned, ...]
    draws: tuple[Draw, ...]
    events: tuple[EventRule, ...]
    refractoriness: Refractoriness | None
    ports: tuple[ReceptorPort, ...]
    gathers: tuple[ReceptorGather, ...]
    defaults: tuple[tuple[str, str], ...] = field(metadata=OUT_OF_FINGERPRINT)
    inputs: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(), metadata=OUT_OF_FINGERPRINT)
    tables: tuple[tuple[Table, TableRecipe], ...] = ()
    weights: tuple[GridWeight, ...] = ()
    distributions: tuple[Drawn, ...] = field(default=(), metadata=OUT_OF_FINGERPRINT)
    ranges: tuple[RangeRecipe, ...] = field(default=(), metadata=OUT_OF_FINGERPRINT)

    @property
    def own_parameters(self) -> tuple[Symbol, ...]:
        """Those that documents can speak of: not what inputs add."""
        return tuple(each for each in self.parameters if not each.of_input)

    @property
    def receptors(self) -> dict[str, ReceptorPort | ReceptorGather]:
        """Where projections lead, by name."""
        known: tuple[ReceptorPort | ReceptorGather, ...] = (*self.ports, *self.gathers)
        return {each.name: each for each in known}


@dataclass(frozen=True, slots=True)
class ResolvedPopulation:
    """A population whose cell carries the values that hold for it.

    Attributes:
        positions: Coordinates, `pos_x` and so on; none without positions.
    """

    name: str
    size: int
    cell: ComposedCell
    positions: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedPoisson:
    """A Poisson source whose rates only the timeline changes.

    Attributes:
        is_settable: The author's timeline may set its rate.
    """

    name: str
    size: int
    rate: Value
    is_settable: bool = field(default=True, metadata=OUT_OF_FINGERPRINT)


@dataclass(frozen=True, slots=True)
class ResolvedSpikeTimes:
    """A source of listed spikes: for each neuron the steps, sorted."""

    name: str
    steps: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        """Number of neurons."""
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class ResolvedSpikeTable:
    """A source of spikes that a data file lists."""

    name: str
    size: int
    spikes: SpikeTable


@dataclass(frozen=True, slots=True)
class ResolvedTrains:
    """A source of trains that are made before step 0."""

    name: str
    size: int
    recipe: TrainsRecipe


@dataclass(frozen=True, slots=True)
class ResolvedGenerator:
    """A source of spikes that is computed like a population.

    Attributes:
        settable: Its parameters that the timeline may set, with their dimension.
    """

    name: str
    size: int
    cell: ComposedCell
    settable: tuple[tuple[str, Dimension], ...] = ()

    @property
    def population(self) -> ResolvedPopulation:
        """What it is computed like."""
        return ResolvedPopulation(self.name, self.size, self.cell)


@dataclass(frozen=True, slots=True)
class ResolvedEffect:
    """An input that acts on neurons and emits nothing.

    Attributes:
        settable: What the timeline may set: its name in the document, the parameter of the
            population that holds it, and its dimension.
    """

    name: str
    population: str
    view: View
    settable: tuple[tuple[str, str, Dimension], ...] = ()


ResolvedInput = (
    ResolvedPoisson | ResolvedSpikeTimes | ResolvedSpikeTable | ResolvedTrains | ResolvedGenerator
)
"""An input that emits spikes."""


@dataclass(frozen=True, slots=True)
class ResolvedGather:
    """What a projection sums.

    Attributes:
        target: What the target's cell calls the sum.
        value: Folded and checked; reads the weight, names of the target and of the source.
        over_population: One sum for all targets.
    """

    target: str
    value: Expression
    over_population: bool


@dataclass(frozen=True, slots=True)
class ResolvedProjection:
    """A projection.

    Attributes:
        weight_unit: As the receptor declares it, for readers.
        delay: In seconds; 0 if it gathers.
        min_delay: The least that can be drawn, in steps.
        gather: What is summed in place of events that arrive: over edges, or over the source.
        path: Its place in the document.
    """

    name: str
    source: str
    event: str
    source_view: View
    target: str
    target_view: View
    receptor: str
    rule: Rule
    weight: Value
    weight_unit: str = field(metadata=OUT_OF_FINGERPRINT)
    weight_dimension: Dimension
    delay: Value
    min_delay: int
    rounding: Rounding
    connected: bool
    weight_bits: int
    gather: ResolvedGather | None = None
    path: str = field(default="", metadata=OUT_OF_FINGERPRINT)

    @property
    def ends(self) -> Ends:
        """What the rule connects."""
        return Ends.between(self.source, self.source_view, self.target, self.target_view)

    @property
    def over_population(self) -> bool:
        """Whether one sum over the whole source serves all targets, without edges."""
        return self.gather is not None and self.gather.over_population

    @property
    def number_of_weights(self) -> int | None:
        """How many values a list of weights has, where that is certain."""
        return number_of_weights(self.rule, self.ends, over_population=self.over_population)


def number_of_weights(rule: Rule | None, ends: Ends, *, over_population: bool) -> int | None:
    """Return how many values a list of weights has: one per edge, or one per target of a pool."""
    if over_population:
        return ends.targets
    if rule is None or not all(isinstance(value, Scalar) for value in rule.values):
        return None
    return RULES[rule.name].count(rule, ends).exact


@dataclass(frozen=True, slots=True)
class ResolvedSamples:
    """A variable, parameter or definition that is recorded every so many steps.

    Attributes:
        windows: When it is; `None` for the whole run.
    """

    population: str
    variable: str
    view: View
    every: int
    windows: tuple[Window, ...] | None = None


@dataclass(frozen=True, slots=True)
class Switch:
    """Connect or disconnect a projection."""

    step: int
    projection: str
    connected: bool


@dataclass(frozen=True, slots=True)
class Assign:
    """Set a parameter, a state variable, a rate or a weight.

    Attributes:
        kind: What `variable` of `target` is.
        view: Neurons meant; for a weight, all edges (an empty view).
    """

    step: int
    kind: Literal["parameter", "state", "rate", "weight"]
    target: str
    variable: str
    view: View
    value: Value
    path: str = field(metadata=OUT_OF_FINGERPRINT)


@dataclass(frozen=True, slots=True)
class RecordingSwitch:
    """Begin or end to record; no part of the network, but of its monitors.

    Attributes:
        target: A population or input.
    """

    step: int
    target: str
    is_on: bool
    path: str


@dataclass(frozen=True, slots=True)
class Addition:
    """Add edges to a projection; it becomes a projection and a switch."""

    step: int
    projection: str
    edges: AddedEdges
    path: str


ResolvedEntry = Switch | Assign


@dataclass(frozen=True, slots=True)
class CoursePart:
    """What a time course becomes in a cell.

    Attributes:
        value: At the beginning of a step; over parameters, `t`, tables and draws.
        changes: Of its parameters, while the network runs.
        distributions: Of its draws.
        is_plain: It is a parameter that nothing changes.
    """

    value: Expression
    parameters: tuple[Symbol, ...]
    changes: tuple[Assign, ...]
    tables: tuple[tuple[Table, TableRecipe], ...]
    draws: tuple[Draw, ...]
    distributions: tuple[Drawn, ...]
    is_plain: bool


@dataclass(frozen=True, slots=True)
class ResolvedNetwork:
    """The whole description, resolved.

    Attributes:
        dt: Seconds.
        steps: Length of the run.
        counts: What monitors count.
        weights: What is sampled of the weights of edges.
        phases: Parts of the run that have names, in the order of the document.
        defaults: Place and value of each default that was taken, for `check`.
        period: Metres after which space begins again, for each dimension.
    """

    name: str = field(metadata=OUT_OF_FINGERPRINT)
    seed: int
    dt: Fraction
    steps: int
    populations: tuple[ResolvedPopulation, ...]
    inputs: tuple[ResolvedInput, ...]
    projections: tuple[ResolvedProjection, ...]
    timeline: tuple[ResolvedEntry, ...]
    spike_recordings: tuple[SpikeRecording, ...] = field(metadata=OUT_OF_FINGERPRINT)
    samples: tuple[ResolvedSamples, ...] = field(metadata=OUT_OF_FINGERPRINT)
    counts: tuple[CountRecording, ...] = field(metadata=OUT_OF_FINGERPRINT)
    phases: tuple[Phase, ...] = field(metadata=OUT_OF_FINGERPRINT)
    weights: tuple[WeightRecording, ...] = field(metadata=OUT_OF_FINGERPRINT)
    defaults: tuple[tuple[str, str], ...] = field(metadata=OUT_OF_FINGERPRINT)
    period: tuple[Fraction | None, ...] = ()
