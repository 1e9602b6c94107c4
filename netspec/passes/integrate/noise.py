"""White noise in equations: dx/dt = f + sum of g_n * xi_n, as integrators take it."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Binary, Call, Constant, Expression, Name, names
from netspec.ir import nodes as ir
from netspec.passes.integrate.linear import LinearForm, linear_form
from netspec.passes.integrate.system import Noise
from netspec.units import TIME, Dimension


def separate_noise(
    derivatives: Mapping[str, Expression],
    draws: Mapping[str, str],
    dimensions: Mapping[str, Dimension],
) -> tuple[dict[str, Expression], dict[str, Noise]]:
    """Return derivatives without noise, and the noise of those that have some.

    Args:
        derivatives: By state variable.
        draws: Name of the draw by name of the noise in the equations.
        dimensions: Of the state variables.

    Raises:
        ExpressionError: A derivative is not linear in its noise.
    """
    drift: dict[str, Expression] = {}
    noise: dict[str, Noise] = {}
    for variable, value in derivatives.items():
        own = names(value) & draws.keys()
        if not own:
            drift[variable] = value
            continue
        form = _linear(variable, value, own)
        drift[variable] = form.offset or Constant(0.0, dimensions[variable] / TIME)
        noise[variable] = {draws[name]: each for name, each in form.coefficients.items()}
    return drift, noise


def _linear(variable: str, value: Expression, noise: frozenset[str]) -> LinearForm:
    try:
        return linear_form(value, noise)
    except ExpressionError as error:
        message = f"in the derivative of '{variable}', {error}: noise can only be scaled and added"
        raise ExpressionError("noise-not-linear", message, error.excerpt) from None


def increments(noise: Noise) -> list[Expression]:
    """Return what each source of noise adds in a step: (g*sqrt(dt))*n, in code-point order."""
    root = Call("sqrt", (Name(ir.TIME_STEP),))
    return [Binary("*", Binary("*", noise[draw], root), Name(draw)) for draw in sorted(noise)]
