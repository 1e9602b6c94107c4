"""How fast state variables go by themselves, for the warning that a step is large for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Expression, names
from netspec.ir.nodes import TIME_STEP
from netspec.ir.recipe import Pacing
from netspec.passes.integrate.exact import exact
from netspec.passes.integrate.exponential import coefficient
from netspec.passes.integrate.system import System

ORDERS: Mapping[str, int] = {"euler": 1, "euler_maruyama": 1, "rk2": 2, "heun": 2, "rk4": 4}
"""Of explicit integrators: over a step, x' = a*x becomes the first terms of exp(a*dt)*x."""


def pacing_of(system: System, integrator: str, parameters: frozenset[str]) -> Pacing | None:
    """Return what is to be compared with dt, `None` where a step cannot be too large.

    Args:
        system: The equations.
        integrator: That solves them.
        parameters: Names of the parameters of the cell.
    """
    if integrator not in (*ORDERS, "exponential_euler"):
        return None
    known = parameters | system.derivatives.keys() | system.resting | {TIME_STEP}
    rates = dict(_rates(system, known))
    if integrator == "exponential_euler":
        rates = {name: rate for name, rate in rates.items() if _is_read_by_others(name, system)}
    if not rates:
        return None
    others = dict(_alternatives(system, integrator))
    return Pacing(integrator, ORDERS.get(integrator), tuple(rates.items()), tuple(others.items()))


def _rates(system: System, known: frozenset[str]) -> Iterator[tuple[str, Expression]]:
    """Yield the factor of each variable in its own derivative, where it can be computed."""
    for name, derivative in system.derivatives.items():
        with suppress(ExpressionError):  # not linear: there is no such factor
            rate = coefficient(name, derivative)
            if rate is not None and names(rate) <= known:
                yield name, rate


def _is_read_by_others(name: str, system: System) -> bool:
    return any(
        name in names(derivative)
        for other, derivative in system.derivatives.items()
        if other != name
    )


def _alternatives(system: System, integrator: str) -> Iterator[tuple[str, int | None]]:
    """Yield other integrators and their orders; `exact` has none."""
    if system.noise:
        return
    with suppress(ExpressionError):
        exact(system)
        yield "exact", None
    if integrator != "rk4":
        yield "rk4", ORDERS["rk4"]
