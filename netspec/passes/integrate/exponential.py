"""Exponential Euler: each equation is solved exactly with all other variables kept constant."""

from __future__ import annotations

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Binary, Call, Expression, Name
from netspec.ir import nodes as ir
from netspec.passes.integrate.linear import linear_form
from netspec.passes.integrate.system import System, Update, step_along


def exponential_euler(system: System) -> Update:
    """Return one stage: x + dt*(exprel(dt*a)*f), where f = a*x + b as the equation is written.

    This is x*exp(a*dt) + b*(exp(a*dt) - 1)/a without the division, so a = 0 is no special case. A
    variable that its own derivative does not read takes an Euler step.

    Raises:
        ExpressionError: A derivative is not linear in its own variable, or contains noise.
    """
    system.refuse_noise("exponential_euler")
    statements = []
    for name, rate in system.derivatives.items():
        own = coefficient(name, rate)
        if own is not None:
            growth = Call("exprel", (Binary("*", Name(ir.TIME_STEP), own),))
            rate = Binary("*", growth, rate)
        value = step_along(Name(name), Name(ir.TIME_STEP), rate)
        statements.append(system.advance(name, value))
    return Update((ir.Stage(tuple(statements)),))


def coefficient(name: str, rate: Expression) -> Expression | None:
    """Return the factor of a variable in its own derivative, `None` if it is not read there.

    Raises:
        ExpressionError: The derivative is not linear in the variable.
    """
    try:
        return linear_form(rate, frozenset({name})).coefficients.get(name)
    except ExpressionError as error:
        raise ExpressionError(
            "not-linear", f"in the derivative of '{name}', {error}", error.excerpt, error.hints
        ) from None
