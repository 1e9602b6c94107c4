"""What goes into an integrator and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netspec.expr.nodes import Call, Expression, Name
from netspec.ir import nodes as ir
from netspec.units import Dimension


@dataclass(frozen=True, slots=True)
class System:
    """The differential equations of a cell.

    Attributes:
        derivatives: Right-hand side by state variable, in code-point order, inputs substituted.
        dimensions: Of everything that the right-hand sides read.
        held: Variables that keep their value while `_held` is true; empty if neurons are never
            held.
        resting: State variables without a derivative: constant during an update.
    """

    derivatives: Mapping[str, Expression]
    dimensions: Mapping[str, Dimension]
    held: frozenset[str]
    resting: frozenset[str] = frozenset()

    def advance(self, variable: str, value: Expression) -> ir.Statement:
        """Return the statement that gives a variable its new value unless it is held."""
        if variable not in self.held:
            return ir.Statement(variable, value)
        return ir.Statement(variable, Call("where", (Name(ir.HELD), Name(variable), value)))


@dataclass(frozen=True, slots=True)
class Update:
    """How a cell advances by one step.

    Attributes:
        stages: In order.
        locals: What the stages assign beside the state.
        parameters: Parameters that the stages read and `derived` computes.
        derived: How `realise` computes them.
    """

    stages: tuple[ir.Stage, ...]
    locals: tuple[ir.Variable, ...] = ()
    parameters: tuple[ir.Parameter, ...] = ()
    derived: tuple[ir.Derived, ...] = ()
