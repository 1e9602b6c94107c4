"""Against the law of the process: standard deviation and autocorrelation of `ou_current`.

A step of dt turns the distance x from the mean into a*x + s*n, with a standard normal n. That has
the standard deviation s/sqrt(1 - a^2) and, over m steps, the autocorrelation a^m, which tend to
sigma and e^(-m*dt/tau) as dt falls. The test is about what the steps have, exactly: with h = dt/tau
a standard deviation of nearly sigma*(1 + h/4) for `euler_maruyama`, 5 % too much at the longest dt.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from library.networks import alone, run, used

TAU, MEAN, SIGMA = 5.0, 50.0, 100.0
"""In ms and pA."""

NEURONS = 4000

LAGS = (1, 5, 10)
"""In samples, which are 1 ms apart."""


def euler_maruyama(h: float) -> tuple[float, float]:
    """Return a and s."""
    return 1 - h, SIGMA * math.sqrt(2 * h)


def heun(h: float) -> tuple[float, float]:
    """Return a and s."""
    return 1 - h + h**2 / 2, SIGMA * math.sqrt(2 * h) * (1 - h / 2)


def samples(integrator: str, dt: float) -> npt.NDArray[np.float64]:
    """Return distances from the mean in pA, by sample and neuron.

    The current starts at its mean, and has forgotten that after 10 tau.
    """
    noise = used("mechanisms", "ou_current", tau=f"{TAU} ms", sigma=f"{SIGMA} pA", mu=f"{MEAN} pA")
    cell = used("cells", "passive") | {"integrator": integrator, "mechanisms": {"X": noise}}
    states = [{"of": "one", "variables": ["I_X"], "every": round(1 / dt)}]
    network = alone(cell, dt=f"{dt} ms", duration="100 ms", monitors={"states": states})
    network["populations"]["one"]["size"] = NEURONS
    return run(network).states["one"]["I_X"].to("pA")[round(10 * TAU) :] - MEAN


def deviation(values: npt.NDArray[np.float64]) -> float:
    """Return how many standard errors the mean over neurons is away from 0."""
    return abs(values.mean()) / (values.std(ddof=1) / math.sqrt(NEURONS))


@pytest.mark.parametrize("dt", [0.05, 0.2, 1.0])
@pytest.mark.parametrize("law", [euler_maruyama, heun])
def test_the_current_has_its_standard_deviation_and_autocorrelation(
    law: Callable[[float], tuple[float, float]], dt: float
) -> None:
    x = samples(law.__name__, dt)
    a, s = law(dt / TAU)
    assert deviation(x.mean(axis=0)) < 3
    assert deviation((x**2).mean(axis=0) - s**2 / (1 - a**2)) < 3
    for lag in LAGS:
        products = x[lag:] * x[:-lag] - a ** (lag / dt) * x[:-lag] ** 2
        assert deviation(products.mean(axis=0)) < 3
