"""Against solutions in closed form: the error of every integrator falls with its order."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from unit.documents import one_cell

FloatArray = npt.NDArray[np.float64]
Solution = Callable[[FloatArray, FloatArray], FloatArray]

TAU = 2.0
"""Unit of time in ms; below, s is the time in it."""


def sampled(
    equations: dict[str, Any], integrator: str, steps: int, size: int = 1
) -> dict[str, FloatArray]:
    """Return state at s = 0.5, 1, 1.5 and 2, reached in so many steps per unit of time.

    Arrays have the shape (samples, neurons); `s` is the times of the samples.
    """
    network = one_cell(equations, integrator=integrator, tau=f"{TAU} ms").replace(
        {
            "dt": f"{TAU / steps!r} ms",
            "duration": f"{2 * TAU + TAU / steps!r} ms",
            "populations.pop.size": size,
            "monitors": {
                "states": [
                    {"of": "pop", "variables": list(equations["state"]), "every": steps // 2}
                ]
            },
        }
    )
    states = network.run(backend="numpy").states["pop"]
    found = {name: np.asarray(states[name].values[1:]) for name in equations["state"]}
    return found | {"s": states[next(iter(found))].t[1:] / TAU}


# Without noise: what all integrators take, and what is not linear in its own variable.
EQUATIONS: dict[str, Any] = {
    "parameters": {"tau": "ms"},
    "state": {
        "decay": {"unit": "1", "initial": "1"},
        "x": {"unit": "1", "initial": "1"},
        "y": {"unit": "1", "initial": "0"},
    },
    "derivatives": {
        "decay": "-decay/tau",
        "x": "x*decay/tau",
        "y": "(1 - 2*t/tau*y)/tau",
    },
}
LOGISTIC: dict[str, Any] = {
    "parameters": {"tau": "ms"},
    "state": {"z": {"unit": "1", "initial": "0.1"}},
    "derivatives": {"z": "z*(1 - z)/tau"},
}


def dawson(s: float) -> float:
    """Solve dy/ds = 1 - 2 s y with y(0) = 0 by its power series."""
    term, total, n = s, 0.0, 0
    while abs(term) > 1e-20:
        total += term
        n += 1
        term *= -2 * s * s / (2 * n + 1)
    return total


SOLUTIONS = {
    "x": lambda s: math.exp(1 - math.exp(-s)),
    "y": dawson,
    "z": lambda s: 1 / (1 + 9 * math.exp(-s)),
}


def largest_errors(integrator: str, steps: int) -> dict[str, float]:
    """Return the largest error of each variable that the integrator takes."""
    found = sampled(EQUATIONS, integrator, steps)
    if integrator != "exponential_euler":
        found |= sampled(LOGISTIC, integrator, steps)
    exact = {
        name: [[SOLUTIONS[name](s)] for s in found["s"]] for name in SOLUTIONS if name in found
    }
    return {name: np.abs(found[name] - values).max() for name, values in exact.items()}


@pytest.mark.parametrize(
    ("integrator", "order"),
    [
        ("euler", 1),
        ("euler_maruyama", 1),
        ("exponential_euler", 1),
        ("heun", 2),
        ("rk2", 2),
        ("rk4", 4),
    ],
)
def test_the_error_falls_with_the_order_of_the_method(integrator: str, order: int) -> None:
    coarse, fine = largest_errors(integrator, 32), largest_errors(integrator, 64)
    for name, error in coarse.items():
        assert math.log2(error / fine[name]) == pytest.approx(order, abs=0.15)


def test_exponential_euler_has_no_error_where_nothing_else_moves() -> None:
    found = sampled(EQUATIONS, "exponential_euler", steps=16)
    np.testing.assert_allclose(found["decay"][:, 0], np.exp(-found["s"]), rtol=1e-13)


# With noise. The same xi drives W, so that W is the path which the solution of x is written in.
SIGMA, ALPHA = 0.5, 0.7


def noisy(derivative: str) -> dict[str, Any]:
    """Return equations for x with noise xi, and for its sum W."""
    return {
        "parameters": {"tau": "ms"},
        "state": {"x": {"unit": "1", "initial": "1"}, "W": {"unit": "1", "initial": "0"}},
        "derivatives": {"x": derivative, "W": "xi/sqrt(tau)"},
    }


MULTIPLICATIVE = noisy(f"0.3*x/tau + {SIGMA}*x*xi/sqrt(tau)")
ADDITIVE = noisy(
    f"(1/sqrt(1 + t/tau) - x/(2*(1 + t/tau)))/tau + {ALPHA}/sqrt(1 + t/tau)*xi/sqrt(tau)"
)


def ito(s: FloatArray, W: FloatArray) -> FloatArray:
    return np.exp((0.3 - SIGMA**2 / 2) * s + SIGMA * W)


def stratonovich(s: FloatArray, W: FloatArray) -> FloatArray:
    return np.exp(0.3 * s + SIGMA * W)


def either(s: FloatArray, W: FloatArray) -> FloatArray:
    return (1 + s + ALPHA * W) / np.sqrt(1 + s)


@pytest.mark.parametrize(
    ("integrator", "equations", "solution", "order"),
    [
        ("euler_maruyama", MULTIPLICATIVE, ito, 0.5),
        ("euler_maruyama", ADDITIVE, either, 1),
        ("heun", MULTIPLICATIVE, stratonovich, 1),
        ("heun", ADDITIVE, either, 2),  # 1 in general: here x depends on the end of the path alone
    ],
)
def test_the_error_of_a_path_falls_with_the_order_for_its_kind_of_noise(
    integrator: str, equations: dict[str, Any], solution: Solution, order: float
) -> None:
    def error(steps: int) -> float:
        found = sampled(equations, integrator, steps, size=4000)
        exact = solution(found["s"][:, np.newaxis], found["W"])
        return float(np.sqrt(np.mean((found["x"] - exact)[-1] ** 2)))

    errors = [error(steps) for steps in (16, 64, 256)]
    for coarse, fine in pairwise(errors):
        assert math.log2(coarse / fine) / 2 == pytest.approx(order, abs=0.15)
