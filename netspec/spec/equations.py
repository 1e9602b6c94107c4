"""The equation language: how a membrane or a receptor is declared, built-in or a user's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from netspec.expr.parse import shorten
from netspec.spec.base import (
    Identifier,
    Items,
    Named,
    QuantityField,
    SpecModel,
    Symbols,
    UnitText,
    written_as,
)
from netspec.spec.formulas import AssignmentField, Formula, FormulaField
from netspec.spec.values import ValueField
from netspec.units import describe, parse_unit


class Alternative(SpecModel):
    """A parameter that may be given in place of another one, which is then computed."""

    unit: UnitText
    """Unit of what is given."""

    value: FormulaField
    """What the other one is then, e.g. `C_m/tau_m` for `g_L`."""

    description: str | None = None
    """What the symbol means."""


class ParameterDeclaration(SpecModel):
    """A parameter of a model."""

    unit: UnitText
    """Unit; it fixes the dimension that a value must have."""

    default: ValueField | None = None
    """Value where the cell gives none; without a default the cell must give one."""

    typical: QuantityField | None = None
    """A usual value of a parameter without default, suggested where it is missing."""

    description: str | None = None
    """What the symbol means."""

    instead: Symbols[Alternative] = {}
    """Parameters of which one may be given in place of this one."""

    @model_validator(mode="after")
    def _typical_of_its_kind(self) -> ParameterDeclaration:
        if self.typical is None:
            return self
        if self.default is not None:
            raise PydanticCustomError(
                "two-values", "a parameter with a 'default' needs no 'typical' value"
            )
        dimension = parse_unit(self.unit).dimension
        if self.typical.dimension != dimension:
            raise PydanticCustomError(
                "wrong-dimension",
                "expected {expected} as 'typical', got {given}",
                {"expected": describe(dimension), "given": describe(self.typical.dimension)},
            )
        return self


ParameterField = Annotated[
    Annotated[UnitText, Tag("as unit")] | Annotated[ParameterDeclaration, Tag("in full")],
    Discriminator(
        written_as("as unit", "in full", ParameterDeclaration),
        custom_error_type="wrong-declaration-type",
        custom_error_message="expected a declaration",
    ),
]
"""A parameter: its unit alone, or the whole declaration."""


_STATE_HINT = 'write for example {"unit": "mV", "initial": "-65 mV"}'


class StateDeclaration(SpecModel):
    """A state variable of a model."""

    unit: UnitText
    """Unit; it fixes the dimension."""

    initial: ValueField
    """Value before step 0: a quantity or an expression over parameters."""

    kind: Literal["real", "integer"] = "real"
    """`integer` counts exactly; such a variable has no unit and no derivative."""

    shared: bool = False
    """One value for the whole population; it changes by derivatives and updates only."""

    description: str | None = None
    """What the symbol means."""

    @model_validator(mode="before")
    @classmethod
    def _not_a_text(cls, data: object) -> object:
        if isinstance(data, str):
            raise PydanticCustomError(
                "wrong-type",
                "expected an object with 'unit' and 'initial', got '{text}'",
                {"text": shorten(data), "hints": (_STATE_HINT,)},
            )
        return data


class DelayedAction(SpecModel):
    """Statements that follow an event after a while."""

    after: ValueField
    """Time from the event: a quantity or an expression over parameters, a multiple of dt."""

    do: Annotated[Items[AssignmentField], Field(min_length=1)]
    """Statements executed in sequence, held or not, e.g. `V = V_reset_2`."""


class EventDeclaration(SpecModel):
    """Something that a neuron does: when, and what happens then."""

    when: FormulaField
    """Condition, tested on the updated state, e.g. `V > V_th`."""

    then: Items[AssignmentField] = ()
    """Statements executed in sequence at the end of the step, e.g. `V = V_reset`."""

    later: Items[DelayedAction] = ()
    """Statements executed some time after the event."""


class SilentWhile(SpecModel):
    """Refractoriness without a period: no spike as long as something holds."""

    condition: FormulaField = Field(alias="while")
    """Condition on the state at the start of the step, e.g. `V > V_th`; nothing is held."""


RefractoryField = Annotated[
    Annotated[FormulaField, Tag("as duration")] | Annotated[SilentWhile, Tag("as condition")],
    Discriminator(
        written_as("as duration", "as condition", SilentWhile, read=Formula),
        custom_error_type="wrong-refractory-type",
        custom_error_message="expected a refractory period",
    ),
]
"""A duration, or `{"while": condition}`."""


class SpikeDeclaration(EventDeclaration):
    """When a neuron spikes and what happens then."""

    refractory: RefractoryField | None = None
    """How long the neuron is held after a spike, an expression; or `{"while": condition}`."""

    holds: Items[Identifier] | None = None
    """Variables that keep their value while the neuron is held (default: `V` if there is one)."""


class _Declaration(SpecModel):
    """What membranes, receptors and mechanisms have in common."""

    description: str | None = None
    """What the model is, in words."""

    source: str | None = None
    """Where the equations come from."""

    parameters: Symbols[ParameterField] = {}
    """Parameters by name: `"mV"`, or `{"unit": "mV", "default": "0 mV"}`."""

    state: Symbols[StateDeclaration] = {}
    """State variables by name."""

    definitions: Symbols[FormulaField] = {}
    """Abbreviations, e.g. `"m_inf": "1/(1 + exp(-V/k))"`, computed wherever they are read."""

    derivatives: Named[FormulaField] = {}
    """Time derivative of each state variable that has one."""

    update: Items[Items[AssignmentField]] = ()
    """In place of derivatives: stages of statements, those of one stage all at once."""

    @model_validator(mode="after")
    def _alternatives_are_new(self) -> Self:
        known = {*self.parameters, *self.state, *self.definitions}
        for name in (each for group in self.alternatives.values() for each in group):
            if name in known:
                raise PydanticCustomError(
                    "duplicate-name", "'{name}' is declared twice", {"name": name}
                )
            known.add(name)
        return self

    @property
    def alternatives(self) -> dict[str, Mapping[str, Alternative]]:
        """What may be given in place of parameters, by the parameter."""
        found = ((name, each.instead) for name, each in self.declared_parameters.items())
        return {name: instead for name, instead in found if instead}

    @property
    def declared_parameters(self) -> dict[str, ParameterDeclaration]:
        """The declarations of the parameters, in full."""
        return {
            name: ParameterDeclaration(unit=each) if isinstance(each, str) else each
            for name, each in self.parameters.items()
        }


class CellEquations(_Declaration):
    """A membrane: state, derivatives, inputs and the condition for a spike."""

    inputs: Symbols[UnitText] = {}
    """Currents and the like that receptors add up to; one that nobody feeds is 0."""

    spike: SpikeDeclaration | None = None
    """The spike event; a cell without one never spikes."""

    events: Named[EventDeclaration] = {}
    """Other events by name; `exc.burst` is recorded and projected from like spikes of `exc`."""


class _AttachedEquations(_Declaration):
    """What receptors and mechanisms have in common: they add to a membrane."""

    current: FormulaField | None = None
    """What is added to the input that `into` names."""

    into: Identifier = "I_syn"
    """The input of the cell that `current` is added to."""

    increment: Named[FormulaField] = {}
    """What is added to variables of the membrane after the last stage of the update."""


class GatherDeclaration(SpecModel):
    """What a receptor sums in every step, in place of events: gap junctions, pools of gates.

    Values are those before the step; there are no spikes and no delay.
    """

    value: FormulaField
    """What is summed, e.g. `weight*(source(V) - V)`, where `source(V)` is that of the neuron at the
    other end. Over a population it reads that neuron alone, e.g. `source(s)`."""

    unit: UnitText
    """Unit of the sum, which the receptor's equations read as `gathered`."""

    over: Literal["edges", "population"] = "edges"
    """`edges`: each neuron sums over the edges that end at it. `population`: there is one sum over
    all neurons of the source, and each target takes it times its weight."""


class ReceptorEquations(_AttachedEquations):
    """A receptor: what arriving events change and what the cell gets from it.

    Its names are those of the cell with the receptor's name behind: `g` of receptor `AMPA` is
    `g_AMPA`. Names of the membrane (such as `V`) can be read, and written by `on_event`.
    """

    weight: UnitText
    """Unit of the weights of projections onto this receptor."""

    on_event: AssignmentField | None = None
    """What arriving weights do, in every step: `g = g + acc`."""

    gather: GatherDeclaration | None = None
    """In place of `on_event`: what is summed over the neurons at the other ends."""

    @model_validator(mode="after")
    def _takes_something(self) -> ReceptorEquations:
        if (self.on_event is None) == (self.gather is None):
            raise PydanticCustomError(
                "on-event-or-gather", "a receptor has either 'on_event' or 'gather'"
            )
        return self


class MechanismEquations(_AttachedEquations):
    """Something that a membrane gets beside its receptors: adaptation, noise, a moving threshold.

    Its names are those of the cell with the mechanism's name behind, as a receptor's are.
    """

    on_spike: Items[AssignmentField] = ()
    """Statements executed when the neuron spikes, after those of the membrane."""

    replaces: Named[FormulaField] = {}
    """Parameters of the membrane in whose place its equations read something else, e.g. `"V_th":
    "V_th + theta"`."""


class InlineCell(SpecModel):
    """A membrane written in place."""

    equations: CellEquations
    """The declaration."""


class InlineReceptor(SpecModel):
    """A receptor written in place."""

    equations: ReceptorEquations
    """The declaration."""


class InlineMechanism(SpecModel):
    """A mechanism written in place."""

    equations: MechanismEquations
    """The declaration."""
