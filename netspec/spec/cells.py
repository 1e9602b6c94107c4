"""Cells: a membrane composed with named receptors, and populations of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from netspec.spec.base import Frozen, Identifier, Items, Named, Size, SpecModel, written_as
from netspec.spec.equations import InlineCell, InlineMechanism, InlineReceptor
from netspec.spec.formulas import AssignmentField, FormulaField
from netspec.spec.space import Positions
from netspec.spec.values import ValueField

_BY_NAME_OR_IN_PLACE = Discriminator(
    written_as("by name", "in place", InlineCell, InlineMechanism, InlineReceptor),
    custom_error_type="wrong-model-type",
    custom_error_message="expected a model",
)


class _Parametrised(SpecModel):
    """A model whose parameters are written beside its own fields."""

    model_config = ConfigDict(extra="allow")

    __pydantic_extra__: dict[Identifier, ValueField] = Field(init=False)

    @property
    def parameters(self) -> dict[str, ValueField]:
        """The values that were given, by name."""
        return Frozen(self.__pydantic_extra__ or {})


class Receptor(_Parametrised):
    """A receptor of a cell: events of projections arrive here."""

    model: Annotated[
        Annotated[str, Tag("by name")] | Annotated[InlineReceptor, Tag("in place")],
        _BY_NAME_OR_IN_PLACE,
    ]
    """Name of a receptor in the library, or one's own equations."""


class Mechanism(_Parametrised):
    """Something that a membrane gets beside its receptors."""

    model: Annotated[
        Annotated[str, Tag("by name")] | Annotated[InlineMechanism, Tag("in place")],
        _BY_NAME_OR_IN_PLACE,
    ]
    """Name of a mechanism in the library, or one's own equations."""


class SpikeOverride(SpecModel):
    """Another condition or reset than the model's own."""

    when: FormulaField | None = None
    """Condition, e.g. `V >= V_th`."""

    then: Items[AssignmentField] | None = None
    """Statements that replace those of the model."""

    @model_validator(mode="after")
    def _not_empty(self) -> SpikeOverride:
        if self.when is None and self.then is None:
            raise PydanticCustomError("no-override", "expected 'when' or 'then', got neither")
        return self


class Cell(_Parametrised):
    """A neuron model: a membrane, its parameters, its receptors and mechanisms."""

    model: Annotated[
        Annotated[str, Tag("by name")] | Annotated[InlineCell, Tag("in place")],
        _BY_NAME_OR_IN_PLACE,
    ]
    """Name of a membrane in the library, or one's own equations."""

    integrator: str | None = None
    """How the derivatives become an update; what is left out is chosen, and `check` says how."""

    receptors: Named[Receptor] = {}
    """Receptors by name."""

    mechanisms: Named[Mechanism] = {}
    """Mechanisms by name; no receptor has the same."""

    spike: SpikeOverride | None = None
    """Replaces parts of the model's spike event."""


class Population(SpecModel):
    """Neurons of one cell."""

    size: Size
    """Number of neurons."""

    cell: str
    """Name of a cell."""

    parameters: Named[ValueField] = {}
    """Values for this population that differ from the cell's; lists have one per neuron."""

    initial: Named[ValueField] = {}
    """State before step 0 where it is not the model's own."""

    positions: Positions | None = None
    """Where the neurons are. Expressions read them as `pos_x`, `pos_y` and `pos_z`."""
