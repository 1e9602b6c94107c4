"""Integrators: each turns the derivatives of a cell into stages of update.

An integrator is a function `System -> Update` and an entry of `INTEGRATORS`; nothing outside this
package knows how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import names
from netspec.passes.integrate.euler import euler
from netspec.passes.integrate.exact import exact
from netspec.passes.integrate.exponential import exponential_euler
from netspec.passes.integrate.runge_kutta import rk2, rk4
from netspec.passes.integrate.stochastic import euler_maruyama, heun
from netspec.passes.integrate.system import System, Update

INTEGRATORS: Mapping[str, Callable[[System], Update]] = {
    "euler": euler,
    "euler_maruyama": euler_maruyama,
    "exact": exact,
    "exponential_euler": exponential_euler,
    "heun": heun,
    "rk2": rk2,
    "rk4": rk4,
}
"""By the name that a document writes."""

__all__ = ["INTEGRATORS", "System", "Update", "choose", "integrate"]


def integrate(system: System, integrator: str) -> Update:
    """Return how a system advances by one step; one without equations does nothing.

    Raises:
        ExpressionError: The integrator does not suit the equations.
    """
    return INTEGRATORS[integrator](system) if system.derivatives else Update(())


def choose(system: System) -> str:
    """Return the integrator that is taken where a document names none.

    Noise takes `euler_maruyama` if it is additive, else `heun`. Without noise: `exact` for linear
    equations; `exponential_euler` if each is linear in its own variable; else `rk4`.
    """
    if system.noise:
        read = (names(each) for noise in system.noise.values() for each in noise.values())
        is_additive = not frozenset().union(*read) & system.derivatives.keys()
        return "euler_maruyama" if is_additive else "heun"
    for name in ("exact", "exponential_euler"):
        with suppress(ExpressionError):
            INTEGRATORS[name](system)
            return name
    return "rk4"
