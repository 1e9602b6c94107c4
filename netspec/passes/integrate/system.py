"""What goes into an integrator and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Binary, Call, Constant, Expression, Name, substitute
from netspec.ir import nodes as ir
from netspec.units import TIME, Dimension

Noise = Mapping[str, Expression]
"""Coefficient of each source of white noise in a derivative, by the name of its draw."""

HALF = Constant(0.5)


@dataclass(frozen=True, slots=True)
class System:
    """The differential equations of a cell: dx/dt = derivatives[x] + sum of noise[x][n] * xi_n.

    Attributes:
        derivatives: Right-hand side by state variable, in code-point order, inputs substituted,
            without noise.
        dimensions: Of everything that the right-hand sides read.
        held: Variables that keep their value while `_held` is true; empty if neurons are never
            held.
        resting: State variables without a derivative, and what was gathered: constant during an
            update.
        noise: By state variable, for those that have some. The draws are standard normal numbers.
    """

    derivatives: Mapping[str, Expression]
    dimensions: Mapping[str, Dimension]
    held: frozenset[str]
    resting: frozenset[str] = frozenset()
    noise: Mapping[str, Noise] = field(default_factory=dict)

    def advance(self, variable: str, value: Expression, target: str = "") -> ir.Statement:
        """Return the statement that gives a variable its new value unless it is held.

        Args:
            variable: Of the state.
            value: What it becomes.
            target: Local that stands for the variable within the update; itself if left out.
        """
        if variable in self.held:
            value = Call("where", (Name(ir.HELD), Name(variable), value))
        return ir.Statement(target or variable, value)

    def local(self, name: str, variable: str, *, rate: bool = False) -> ir.Variable:
        """Return a local with the dimension of a variable, or of its rate of change."""
        dimension = self.dimensions[variable]
        return ir.Variable(name, dimension / TIME if rate else dimension)

    def refuse_noise(self, integrator: str) -> None:
        """Stop an integrator that knows no noise.

        Raises:
            ExpressionError: There is noise.
        """
        for name in self.noise:
            raise ExpressionError(
                "no-noise",
                f"the derivative of '{name}' contains noise, which '{integrator}' cannot integrate",
                hints=("use 'euler_maruyama' or 'heun'",),
            )


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


def step_along(start: Expression, step: Expression, rate: Expression) -> Expression:
    """Return start + step*rate."""
    return Binary("+", start, Binary("*", step, rate))


def half_step() -> Expression:
    """Return 0.5*dt."""
    return Binary("*", HALF, Name(ir.TIME_STEP))


def at(values: Mapping[str, str], time: Expression | None, expression: Expression) -> Expression:
    """Return an expression with locals in place of state variables, and at another time.

    Args:
        values: Local by state variable.
        time: In place of `t`.
        expression: To be evaluated there.
    """
    replacements: dict[str, Expression] = {name: Name(local) for name, local in values.items()}
    if time is not None:
        replacements[ir.TIME] = time
    return substitute(expression, replacements)
