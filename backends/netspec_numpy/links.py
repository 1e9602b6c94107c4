"""What projections and gathers have in common: weights of edges, and a switch."""

from __future__ import annotations

from netspec.codegen.arrays import number
from netspec.codegen.comments import unit_text
from netspec.ir import nodes as ir
from netspec.realise.network import NumberArray, RealisedProjection
from netspec.units import Dimension
from netspec_numpy import models
from netspec_numpy.arrays import ProgramArrays
from netspec_numpy.names import Names


class LinkPrinter:
    """The weights and the switch of one projection or gather with edges.

    Args:
        link: Of the IR.
        values: Its edges.
        names: Identifiers of the program.
        weight_dimension: Of the weights.
        has_weights: Whether the weights are read at all.
        is_switched: The timeline connects or disconnects it.
    """

    def __init__(
        self,
        link: ir.Projection | ir.Gather,
        values: RealisedProjection,
        names: Names,
        *,
        weight_dimension: Dimension,
        has_weights: bool,
        is_switched: bool,
    ) -> None:
        self.link = link
        self.values = values
        self.names = names
        self.weight_dimension = weight_dimension
        self.has_weights = has_weights
        self.is_switched = is_switched

    def name(self, role: str) -> str:
        """Return the identifier of something that belongs to it."""
        return self.names(role, self.link.name)

    @property
    def has_one_weight(self) -> bool:
        """Whether one number is the weight of all edges."""
        return self.values.narrow_weights.ndim == 0

    @property
    def weight(self) -> str:
        """Identifier of the weight of all edges, or of the weights."""
        return self.name("weight" if self.has_one_weight else "weights")

    @property
    def connected(self) -> str:
        """Identifier of the switch, empty if there is none."""
        return self.name("connected") if self.is_switched else ""

    def sort(self, per_edge: NumberArray) -> NumberArray:
        """Return values of edges in the order of the program."""
        return per_edge

    def weights_and_switch(self, arrays: ProgramArrays) -> list[models.Constant]:
        """Return what the timeline may change, as it is before step 0."""
        found = []
        if self.has_weights:
            weights = self.values.weights
            text = (
                number(weights)
                if self.has_one_weight
                else arrays.load(f"edges.{self.link.name}.weights", self.sort(weights))
            )
            found.append(models.Constant(self.weight, text, unit_text(self.weight_dimension)))
        if self.is_switched:
            found.append(models.Constant(self.connected, str(self.link.connected)))
        return found
