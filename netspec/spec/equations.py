"""The equation language: how a membrane or a receptor is declared, built-in or a user's own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Tag

from netspec.spec.base import Identifier, Items, SpecModel, UnitText, written_as
from netspec.spec.values import AssignmentField, FormulaField, ValueField


class ParameterDeclaration(SpecModel):
    """A parameter of a model."""

    unit: UnitText
    """Unit; it fixes the dimension that a value must have."""

    default: ValueField | None = None
    """Value where the cell gives none; without a default the cell must give one."""

    description: str | None = None
    """What the symbol means."""


ParameterField = Annotated[
    Annotated[UnitText, Tag("as unit")] | Annotated[ParameterDeclaration, Tag("in full")],
    Discriminator(
        written_as("as unit", "in full", ParameterDeclaration),
        custom_error_type="wrong-declaration-type",
        custom_error_message="expected a declaration",
    ),
]
"""A parameter: its unit alone, or the whole declaration."""


class StateDeclaration(SpecModel):
    """A state variable of a model."""

    unit: UnitText
    """Unit; it fixes the dimension."""

    initial: ValueField
    """Value before step 0: a quantity or an expression over parameters."""

    description: str | None = None
    """What the symbol means."""


class SpikeDeclaration(SpecModel):
    """When a neuron spikes and what happens then."""

    when: FormulaField
    """Condition, tested on the updated state, e.g. `V > V_th`."""

    then: Items[AssignmentField] = ()
    """Statements executed in sequence at the end of the step, e.g. `V = V_reset`."""

    refractory: FormulaField | None = None
    """Duration for which the neuron is held after a spike: an expression over parameters."""

    holds: Items[Identifier] | None = None
    """Variables that keep their value while the neuron is held (default: `V` if there is one)."""


class _Declaration(SpecModel):
    """What membranes and receptors have in common."""

    description: str | None = None
    """What the model is, in words."""

    source: str | None = None
    """Where the equations come from."""

    parameters: dict[Identifier, ParameterField] = {}
    """Parameters by name: `"mV"`, or `{"unit": "mV", "default": "0 mV"}`."""

    state: dict[Identifier, StateDeclaration] = {}
    """State variables by name."""

    derivatives: dict[Identifier, FormulaField] = {}
    """Time derivative of each state variable that has one."""

    @property
    def declared_parameters(self) -> dict[str, ParameterDeclaration]:
        """The declarations of the parameters, in full."""
        return {
            name: ParameterDeclaration(unit=each) if isinstance(each, str) else each
            for name, each in self.parameters.items()
        }


class CellEquations(_Declaration):
    """A membrane: state, derivatives, inputs and the condition for a spike."""

    inputs: dict[Identifier, UnitText] = {}
    """Currents and the like that receptors add up to; one that nobody feeds is 0."""

    spike: SpikeDeclaration | None = None
    """The spike event; a cell without one never spikes."""


class ReceptorEquations(_Declaration):
    """A receptor: what arriving events change and what the cell gets from it.

    Its names are those of the cell with the receptor's name behind: `g` of receptor `AMPA` is
    `g_AMPA`. Names of the membrane (such as `V`) can be read, and written by `on_event`.
    """

    weight: UnitText
    """Unit of the weights of projections onto this receptor."""

    on_event: AssignmentField
    """What arriving weights do, in every step: `g = g + acc`."""

    current: FormulaField | None = None
    """What the receptor adds to the input that `into` names."""

    into: Identifier = "I_syn"
    """The input of the cell that `current` is added to."""

    increment: dict[Identifier, FormulaField] = {}
    """What is added to variables of the membrane after the last stage of the update."""


class InlineCell(SpecModel):
    """A membrane written in place."""

    equations: CellEquations
    """The declaration."""


class InlineReceptor(SpecModel):
    """A receptor written in place."""

    equations: ReceptorEquations
    """The declaration."""
