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
    Rounding,
    Rule,
    Scalar,
    SpikeTable,
    TableRecipe,
    TrainsRecipe,
    Value,
)
from netspec.passes.composed import (
    Assigned as Assigned,
    ComposedCell as ComposedCell,
    Definition as Definition,
    DelayedAction as DelayedAction,
    EventRule as EventRule,
    GridWeight as GridWeight,
    ReceptorGather as ReceptorGather,
    ReceptorPort as ReceptorPort,
    Refractoriness as Refractoriness,
    Symbol as Symbol,
)
from netspec.realise.rules import RULES, Ends
from netspec.spec.experiment import AddedEdges
from netspec.units import Dimension


@dataclass(frozen=True, slots=True)
class ResolvedPopulation:
    """A population whose cell carries the values that hold for it."""

    name: str
    size: int
    cell: ComposedCell


@dataclass(frozen=True, slots=True)
class ResolvedPositions:
    """Where the neurons of a population or input are.

    Attributes:
        coordinates: `pos_x` and so on.
    """

    owner: str
    coordinates: tuple[Item, ...]


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
    w_max: Fraction | None = None
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


Kind = Literal["parameter", "state", "rate", "weight"]
"""What the timeline sets."""


@dataclass(frozen=True, slots=True)
class Assign:
    """Set a parameter, a state variable, a rate or a weight.

    Attributes:
        kind: What `variable` of `target` is.
        view: Neurons meant; for a weight, all edges (an empty view).
    """

    step: int
    kind: Kind
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
        positions: Of those populations and inputs that have some.
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
    positions: tuple[ResolvedPositions, ...] = ()
    period: tuple[Fraction | None, ...] = ()
