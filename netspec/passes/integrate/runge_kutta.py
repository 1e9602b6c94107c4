"""Explicit Runge-Kutta methods: `rk2`, the midpoint method, and the classical `rk4`.

Between the stages variables stand in locals; a held variable keeps its value in each of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from netspec.expr.nodes import Binary, Constant, Expression, Name
from netspec.ir import nodes as ir
from netspec.passes.integrate.system import System, Update, at, half_step, step_along


def rk2(system: System) -> Update:
    """Return the midpoint method: order 2.

    m = x + (0.5*dt)*f(x, t), then x + dt*f(m, t + 0.5*dt).

    Raises:
        ExpressionError: The equations contain noise.
    """
    system.refuse_noise("rk2")
    middle = {name: f"_middle_{name}" for name in system.derivatives}
    to_middle = [
        system.advance(name, step_along(Name(name), half_step(), rate), middle[name])
        for name, rate in system.derivatives.items()
    ]
    to_end = [
        system.advance(
            name, step_along(Name(name), Name(ir.TIME_STEP), at(middle, _halfway(), rate))
        )
        for name, rate in system.derivatives.items()
    ]
    return Update(
        (ir.Stage(tuple(to_middle)), ir.Stage(tuple(to_end))),
        tuple(system.local(local, name) for name, local in middle.items()),
    )


def rk4(system: System) -> Update:
    """Return the classical method: order 4 (Kutta 1901).

    k1 = f(x, t), k2 = f(x + (0.5*dt)*k1, t + 0.5*dt), k3 likewise from k2, k4 = f(x + dt*k3, t +
    dt), then x + (dt/6)*(((k1 + 2*k2) + 2*k3) + k4).

    Raises:
        ExpressionError: The equations contain noise.
    """
    system.refuse_noise("rk4")
    step, end = Name(ir.TIME_STEP), Binary("+", Name(ir.TIME), Name(ir.TIME_STEP))
    stages: list[ir.Stage] = []
    local: list[ir.Variable] = []

    def slopes(number: int, values: Mapping[str, str], time: Expression | None) -> None:
        found = {name: f"_slope_{number}_{name}" for name in system.derivatives}
        local.extend(system.local(each, name, rate=True) for name, each in found.items())
        rates = system.derivatives.items()
        stages.append(
            ir.Stage(
                tuple(ir.Statement(found[name], at(values, time, rate)) for name, rate in rates)
            )
        )

    def points(number: int, length: Expression) -> dict[str, str]:
        found = {name: f"_point_{number}_{name}" for name in system.derivatives}
        local.extend(system.local(each, name) for name, each in found.items())
        moved = (
            system.advance(
                name, step_along(Name(name), length, Name(f"_slope_{number}_{name}")), point
            )
            for name, point in found.items()
        )
        stages.append(ir.Stage(tuple(moved)))
        return found

    slopes(1, {}, None)
    slopes(2, points(1, half_step()), _halfway())
    slopes(3, points(2, half_step()), _halfway())
    slopes(4, points(3, step), end)
    sixth = Binary("/", step, Constant(6.0))
    last = (
        system.advance(name, step_along(Name(name), sixth, _weighted(name)))
        for name in system.derivatives
    )
    return Update((*stages, ir.Stage(tuple(last))), tuple(local))


def _weighted(name: str) -> Expression:
    """Return ((k1 + 2*k2) + 2*k3) + k4."""
    slopes: list[Expression] = [Name(f"_slope_{number}_{name}") for number in (1, 2, 3, 4)]
    two = Constant(2.0)
    total = Binary("+", slopes[0], Binary("*", two, slopes[1]))
    return Binary("+", Binary("+", total, Binary("*", two, slopes[2])), slopes[3])


def _halfway() -> Expression:
    return Binary("+", Name(ir.TIME), half_step())
