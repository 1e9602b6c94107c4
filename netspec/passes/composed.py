"""A cell after composition: a membrane, its receptors and mechanisms in one name space."""

from __future__ import annotations

from dataclasses import dataclass, field

from netspec.expr.nodes import Expression
from netspec.ir.nodes import (
    Draw,
    Kind,
    Table,
    View,
)
from netspec.ir.recipe import (
    OUT_OF_FINGERPRINT,
    Drawn,
    RangeRecipe,
    TableRecipe,
    Value,
)
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
