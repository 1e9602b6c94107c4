"""Against the hazard: `generalized_if` fires as often as its rate adds up to.

Who has not fired yet fires in a step with p = 1 - exp(-rate*dt), with the rate at its end. Silence
over many steps thus has the probability exp(-sum of rate*dt), with the rate from the closed form of
V and of the threshold, as the neuron integrates exactly.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from library.networks import alone, run, used

from netspec.results.spikes import Spikes

FloatArray = npt.NDArray[np.float64]

DT = 1.0
"""In ms."""

NEURONS = 20_000

CHANCE = 1e-6
"""With which a right neuron fails a test under another seed."""

# Values of one neuron in ms, mV, pA and nS
TAU, E_L, G_L, I_E, V_RESET, T_REF = 20.0, -65.0, 10.0, 250.0, -60.0, 2.0
LAMBDA_0, V_TH, DELTA_V = 10.0, -50.0, 2.0
B, TAU_W, DELTA_THETA, TAU_THETA = 60.0, 30.0, 3.0, 50.0

CELL = used(
    "cells",
    "generalized_if",
    C_m=f"{TAU * G_L} pF",
    g_L=f"{G_L} nS",
    E_L=f"{E_L} mV",
    I_e=f"{I_E} pA",
    V_reset=f"{V_RESET} mV",
    t_ref=f"{T_REF} ms",
    lambda_0=f"{LAMBDA_0}/second",
    V_th=f"{V_TH} mV",
    Delta_V=f"{DELTA_V} mV",
    b=f"{B} pA",
    tau_w=f"{TAU_W} ms",
    delta_theta=f"{DELTA_THETA} mV",
    tau_theta=f"{TAU_THETA} ms",
)


def spikes(cell: dict[str, Any], duration: str, **population: Any) -> Spikes:
    network = alone(
        cell | {"integrator": "exact"},
        dt=f"{DT} ms",
        duration=duration,
        monitors={"spikes": ["one"]},
    )
    network["populations"]["one"] |= population
    return run(network).spikes["one"]


def potential(t: FloatArray, start: float, w: float) -> FloatArray:
    """Return V in mV at times in ms from a start with an adaptation current in pA."""
    end = E_L + I_E / G_L
    slow, fast = np.exp(-t / TAU_W), np.exp(-t / TAU)
    return end + (start - end) * fast - w / G_L * (slow - fast) / (1 - TAU / TAU_W)


def silence(V: FloatArray, theta: FloatArray | float) -> FloatArray:
    """Return with which probability a neuron has not fired at the end of each step."""
    rate = LAMBDA_0 / 1000 * np.exp((V - V_TH - theta) / DELTA_V)
    return np.exp(-np.cumsum(rate * DT))


def assert_drawn_from(waits: npt.NDArray[np.int64], silent: FloatArray) -> None:
    """Compare numbers of steps, the spike's included, with their distribution.

    The bound on the largest distance is that of Dvoretzky, Kiefer and Wolfowitz.
    """
    found = 1 - np.cumsum(np.bincount(waits, minlength=len(silent) + 1)[1:]) / NEURONS
    bound = math.sqrt(math.log(2 / CHANCE) / (2 * NEURONS))
    assert np.abs(found - silent).max() < bound


def test_silence_lasts_as_the_hazard_says_while_potential_and_threshold_move() -> None:
    found = spikes(CELL, "150 ms", size=NEURONS)
    order = np.argsort(found.i, kind="stable")
    first = order[np.searchsorted(found.i[order], np.arange(NEURONS))]
    second = order[np.searchsorted(found.i[order], np.arange(NEURONS)) + 1]
    assert (found.i[first] == found.i[second]).all()  # everybody fires twice
    t = DT * np.arange(1, 151)
    assert_drawn_from(found.step[first] + 1, silence(potential(t, E_L, 0), 0))
    w = B * math.exp(-T_REF / TAU_W)  # both decay while V is held
    theta = DELTA_THETA * np.exp(-(t + T_REF) / TAU_THETA)
    waits = found.step[second] - found.step[first] - round(T_REF / DT)
    assert_drawn_from(waits, silence(potential(t, V_RESET, w), theta))


@pytest.mark.parametrize("held", [0, 4])
@pytest.mark.parametrize("rate", [5, 50, 500, 2000])
def test_a_constant_rate_fires_in_its_share_of_the_steps(rate: int, held: int) -> None:
    steps, neurons = 1000, 1000
    constant = {"E_L": "-50 mV", "V_reset": "-50 mV", "V_th": "-50 mV"}
    cell = used(
        "cells", "generalized_if", **constant, lambda_0=f"{rate}/second", t_ref=f"{held * DT} ms"
    )
    found = spikes(cell | {"b": "0 pA"}, f"{steps * DT} ms", size=neurons)
    p = -math.expm1(-rate * DT / 1000)
    drawn = steps * neurons - np.minimum(held, steps - 1 - found.step).sum()
    error = math.sqrt(p * (1 - p) * drawn)
    assert abs(len(found) - p * drawn) < 5 * error
