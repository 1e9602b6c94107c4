"""The recipe: how `realise` makes the arrays of a network. Backends never see it.

Indices `i` and `j` count within the source and target as addressed by their views.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from netspec.expr.nodes import Expression, names
from netspec.ir.nodes import View

OUT_OF_FINGERPRINT = {"in the fingerprint": False}
"""Marks a field that is no part of the meaning: what messages show, and what is recorded."""

Rounding = Literal["error", "nearest"]
"""What happens to a duration that is no multiple of dt."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One exact SI value for all."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class PerItem:
    """One exact SI value per neuron or edge."""

    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class DataRef:
    """An array of a data file, which only `realise` reads.

    Attributes:
        sha256: Of the content of the file, in hexadecimal.
        column: Which of its arrays; empty if the file is one array.
        shape: Of the array.
        file: Name of the file.
        folder: Where it lies.
    """

    sha256: str
    column: str
    shape: tuple[int, ...]
    file: str = field(metadata=OUT_OF_FINGERPRINT)
    folder: str = field(metadata=OUT_OF_FINGERPRINT)


@dataclass(frozen=True, slots=True)
class FromFile:
    """Numbers of a data file: one per neuron or edge, or a table of them.

    Attributes:
        power: A number n of the file is n * 10**power in SI.
        before, after: Neurons around those of a list that are not meant; they have 0.
    """

    data: DataRef
    power: int
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Computed:
    """A folded expression over parameters and indices."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Drawn:
    """One value per neuron or edge from a distribution.

    Attributes:
        distribution: Its name in the language.
        parameters: Each a `Scalar` or `Computed`, named by its place in the distribution: `mean`,
            `values[0]`; bounds too: `redraw[0]` is the least value, `redraw[1]` the largest.
        outside: What becomes of values outside of bounds; `None` without bounds.
        words: For readers.
    """

    distribution: str
    parameters: tuple[Item, ...]
    outside: Literal["redraw", "clip"] | None
    words: str = field(metadata=OUT_OF_FINGERPRINT)


Value = Scalar | PerItem | FromFile | Computed | Drawn


def length_of(value: Value | None) -> int | None:
    """Return how many items a list has, written or in a file; `None` for what is no list."""
    match value:
        case PerItem(values):
            return len(values)
        case FromFile(data, _, before, after):
            return before + data.shape[0] + after
        case _:
            return None


def names_in(value: Value | None) -> frozenset[str]:
    """Return the names that a value reads."""
    match value:
        case Computed(expression):
            return names(expression)
        case Drawn():
            return frozenset().union(*(names_in(each.value) for each in value.parameters))
        case _:
            return frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """A named value of an object.

    Attributes:
        path: Its place in the document, for messages.
        step: When the timeline brings it; `None` if it holds from the start.
    """

    name: str
    value: Value
    path: str = field(metadata=OUT_OF_FINGERPRINT)
    step: int | None = None

    @property
    def purpose(self) -> str:
        """What the draws of its values are for, which names their stream."""
        return self.name if self.step is None else f"{self.name} at step {self.step}"


@dataclass(frozen=True, slots=True)
class EdgeTable:
    """Pairs that a data file lists."""

    sources: DataRef
    targets: DataRef

    def __len__(self) -> int:
        """Return the number of pairs."""
        return self.sources.shape[0]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of several things that the language knows by name, with what was said about it.

    Attributes:
        name: In the language.
        path: Its place in the document, for messages.
        parameters: Named as in the document.
        switches: Those that are on.
    """

    name: str
    path: str = field(default="", metadata=OUT_OF_FINGERPRINT)
    parameters: tuple[Item, ...] = ()
    switches: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[Value, ...]:
        """The values of the parameters."""
        return tuple(each.value for each in self.parameters)

    def has(self, name: str) -> bool:
        """Tell whether a parameter is given."""
        return any(each.name == name for each in self.parameters)

    def parameter(self, name: str) -> Item:
        """Return a parameter that is given."""
        return next(each for each in self.parameters if each.name == name)

    def number(self, name: str) -> Fraction:
        """Return a parameter that is one number for all."""
        value = self.parameter(name).value
        assert isinstance(value, Scalar)
        return value.value


@dataclass(frozen=True, slots=True)
class Rule(Chosen):
    """Which pairs are connected, by a rule of the language.

    Its parameters are numbers, each a `Scalar` or `Computed`; its switches say what it may make
    beside pairs of different neurons, `autapses` and `multapses`.

    Attributes:
        pairs: Those that are listed.
    """

    pairs: tuple[tuple[int, int], ...] | EdgeTable = ()

    def allows(self, what: str) -> bool:
        """Tell whether it may make `autapses` or `multapses`."""
        return what in self.switches


@dataclass(frozen=True, slots=True)
class Pacing:
    """How fast state variables go by themselves, to be compared with dt.

    Attributes:
        integrator: That solves their equations.
        order: Terms of the exponential that a step of it has beside the 1; `None` if it solves each
            variable exactly and keeps it constant for the others.
        rates: Factor of a variable in its own derivative, by variable; reads parameters, `dt` and
            state.
        alternatives: Other integrators that suit the equations, with their order; `None` for one
            that is exact.
    """

    integrator: str
    order: int | None
    rates: tuple[tuple[str, Expression], ...]
    alternatives: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class TableRecipe:
    """Exact SI values of a table.

    Attributes:
        rows: Each has one value for all neurons of the view, or one for each of them. In a data
            file a row of one value may be the value itself.
        view: Neurons that have the values; others have 0.
    """

    name: str
    rows: tuple[tuple[Fraction, ...], ...] | FromFile
    view: View
    path: str = field(metadata=OUT_OF_FINGERPRINT)

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.rows.data.shape[0] if isinstance(self.rows, FromFile) else len(self.rows)


@dataclass(frozen=True, slots=True)
class Range:
    """Where a number by which an input draws has to lie: between 0 and a largest value.

    Attributes:
        owner: Name of the input.
        most: 1 for a probability.
        high: More than this is legal, but probably not meant.
        what: The number, for messages.
        hint: What else helps if it is too large.
    """

    owner: str
    most: float
    high: float = math.inf
    what: str = "rate * dt"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RangeRecipe:
    """A number of each step, and where it has to lie.

    Attributes:
        value: Reads parameters, `t`, tables and draws.
        path: Place of what it is made from.
    """

    range: Range
    value: Expression
    path: str


@dataclass(frozen=True, slots=True)
class DriveRecipe:
    """Weights of events that come from no edge.

    Attributes:
        name: Of the input.
        port: Where they arrive.
        weight: Parameter that they are given by.
        view: Neurons that they are for.
        weight_unit: As the receptor declares it, for messages.
        weight_bits: Bits of the grid of the weights.
    """

    name: str
    port: str
    weight: str
    view: View
    weight_unit: str
    weight_bits: int


@dataclass(frozen=True, slots=True)
class PopulationRecipe:
    """Values of a population before step 0.

    Attributes:
        parameters: The author's.
        initial: Of its state.
        tables: Numbers of each step.
        distributions: Of draws while running, where their parameters can be wrong.
        ranges: In which what is drawn by must lie.
        drives: Events that come from no edge.
        section: Of the document: `inputs` where the population stands for an input.
        model_path: Place of the model of its cell, for messages.
        period_path: Place of its refractory period; empty without one.
        pacing: What a step may be too large for; `None` if there is nothing.
    """

    parameters: tuple[Item, ...]
    initial: tuple[Item, ...]
    model_path: str
    period_path: str
    pacing: Pacing | None = None
    tables: tuple[TableRecipe, ...] = ()
    distributions: tuple[Drawn, ...] = ()
    ranges: tuple[RangeRecipe, ...] = ()
    drives: tuple[DriveRecipe, ...] = ()
    section: Literal["populations", "inputs"] = "populations"


@dataclass(frozen=True, slots=True)
class PoissonRecipe:
    """Rate in Hz of each neuron."""

    rate: Value


@dataclass(frozen=True, slots=True)
class SpikeTimesRecipe:
    """For each neuron the steps of its spikes, ascending."""

    steps: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class SpikeTable:
    """Spikes that a data file lists, in any order.

    Attributes:
        neurons: Index of the neuron of each spike.
        times: Of each spike: steps, or times.
        power: A time t of the file is t * 10**power seconds; `None` for steps.
        rounding: What happens to times that are no multiple of dt.
    """

    neurons: DataRef
    times: DataRef
    power: int | None
    rounding: Rounding

    def __len__(self) -> int:
        """Return the number of spikes."""
        return self.neurons.shape[0]


@dataclass(frozen=True, slots=True)
class TrainsRecipe(Chosen):
    """Trains that are made before step 0, of a kind of the language.

    Its parameters are values of neurons, each of which may read those before it; whole numbers, and
    lists of times. Its path is that of the input.

    Attributes:
        start: The step at which the trains begin.
        stop: The first step that is too late for a spike; `None` if the run's end decides.
    """

    start: int = 0
    stop: int | None = None


SourceRecipe = PoissonRecipe | SpikeTimesRecipe | SpikeTable | TrainsRecipe


@dataclass(frozen=True, slots=True)
class ProjectionRecipe:
    """How edges are made.

    Attributes:
        weight_unit: As the receptor declares it, for messages.
        delay: In seconds; formulas read `i`, `j`, parameters of the target and, as `source(x)`, of
            the source.
        min_delay: The least that can be drawn, in steps.
        delay_path: Its place in the document.
        path: Place of the projection; empty for one of the compiler's own.
        weight_bits: Bits of the grid of the weights.
        w_max: That makes the grid, and that no weight exceeds; `None` for the largest weight.
    """

    source_view: View
    target_view: View
    rule: Rule
    weight: Value
    weight_unit: str
    delay: Value
    delay_path: str
    path: str = ""
    min_delay: int = 1
    rounding: Rounding = "error"
    weight_bits: int = 24
    w_max: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that `realise` needs beside the IR, by name of object.

    Attributes:
        dt: Exact duration of a step in seconds.
        timeline: The value of each entry of the IR's timeline; `None` for connect and disconnect.
        positions: Coordinates of the neurons of populations and inputs, `pos_x` and so on.
        period: Metres after which space begins again, for each dimension.
    """

    dt: Fraction
    populations: Mapping[str, PopulationRecipe]
    sources: Mapping[str, SourceRecipe]
    projections: Mapping[str, ProjectionRecipe]
    timeline: tuple[Item | None, ...]
    positions: Mapping[str, tuple[Item, ...]]
    period: tuple[Fraction | None, ...] = ()

    def path(self, name: str) -> str:
        """Return the place of a population or input in the document."""
        section = self.populations[name].section if name in self.populations else "inputs"
        return f"{section}.{name}"
