"""Methods for stochastic equations: `euler_maruyama` (Ito) and `heun` (Stratonovich)."""

from __future__ import annotations

from collections.abc import Iterable

from netspec.expr.nodes import Binary, Expression, Name
from netspec.ir import nodes as ir
from netspec.passes.integrate.noise import increments
from netspec.passes.integrate.system import HALF, System, Update, at, half_step, step_along


def euler_maruyama(system: System) -> Update:
    """Return one stage: x + dt*f + (g*sqrt(dt))*n for every noise, added left to right.

    Strong order 1/2, and 1 if the noise is additive; Ito's reading of multiplicative noise
    (Maruyama 1955).
    """
    statements = [
        system.advance(
            name,
            _sum(
                step_along(Name(name), Name(ir.TIME_STEP), rate),
                increments(system.noise.get(name, {})),
            ),
        )
        for name, rate in system.derivatives.items()
    ]
    return Update((ir.Stage(tuple(statements)),))


def heun(system: System) -> Update:
    """Return the predictor p by Euler-Maruyama, then the mean of both slopes.

    x + (0.5*dt)*(f(x, t) + f(p, t + dt)) + (0.5*(g(x, t) + g(p, t + dt))*sqrt(dt))*n. Order 2
    without noise; with it Stratonovich's reading (Kloeden and Platen 1992, chapter 14).
    """
    end = Binary("+", Name(ir.TIME), Name(ir.TIME_STEP))
    predicted = {name: f"_predicted_{name}" for name in system.derivatives}
    half = half_step()
    first = [
        system.advance(
            name,
            _sum(
                step_along(Name(name), Name(ir.TIME_STEP), rate),
                increments(system.noise.get(name, {})),
            ),
            predicted[name],
        )
        for name, rate in system.derivatives.items()
    ]
    second = []
    for name, rate in system.derivatives.items():
        slope = Binary("+", rate, at(predicted, end, rate))
        noise = {
            draw: Binary("*", HALF, Binary("+", each, at(predicted, end, each)))
            for draw, each in system.noise.get(name, {}).items()
        }
        total = _sum(step_along(Name(name), half, slope), increments(noise))
        second.append(system.advance(name, total))
    return Update(
        (ir.Stage(tuple(first)), ir.Stage(tuple(second))),
        tuple(system.local(local, name) for name, local in predicted.items()),
    )


def _sum(first: Expression, rest: Iterable[Expression]) -> Expression:
    for each in rest:
        first = Binary("+", first, each)
    return first
