"""Against the closed form: intervals of `leaky_if` at constant current, integrated exactly."""

from __future__ import annotations

import math

import numpy as np
from library.networks import alone, run

CELL = {
    "model": "leaky_if",
    "integrator": "exact",
    "C_m": "200 pF",
    "g_L": "10 nS",
    "E_L": "-70 mV",
    "V_th": "-50 mV",
    "V_reset": "-60 mV",
}

TAU, DT = 20.0, 0.1
"""Of the membrane and of a step, in ms."""

FROM_RESET, FROM_REST = 10.0, 20.0
"""Ways to the threshold in mV; 10 pA move where V tends to by 1 mV."""


def steps_of(way: float, current: float) -> float:
    """Return how many steps V takes to the threshold at a current in pA."""
    beyond = current / 10 - FROM_REST
    return TAU / DT * math.log1p(way / beyond)


def current_for(steps: float) -> float:
    """Return the current in pA at which V takes so many steps from its reset to the threshold."""
    return 10 * (FROM_REST + FROM_RESET / math.expm1(steps * DT / TAU))


CURRENTS = [
    current_for(round(12 * 1.2**number) + side) for number in range(25) for side in (-1e-6, 1e-6)
]
"""At which V reaches the threshold just before a step ends, and just after it."""

PERIODS = (0, 1, 7, 20)
"""Refractory periods in steps."""


def test_an_interval_is_the_refractory_period_and_the_way_to_the_threshold_in_whole_steps() -> None:
    neurons = [(current, period) for current in CURRENTS for period in PERIODS]
    network = alone(CELL, duration="400 ms")
    network["populations"]["one"] |= {
        "size": len(neurons),
        "parameters": {
            "I_e": {"values": [current for current, _ in neurons], "unit": "pA"},
            "t_ref": [f"{period * DT:.1f} ms" for _, period in neurons],
        },
    }
    trains = run(network | {"monitors": {"spikes": ["one"]}}).spikes["one"]
    for neuron, (current, period) in enumerate(neurons):
        steps = trains.step[trains.i == neuron]
        assert len(steps) > 2
        assert set(np.diff(steps)) == {period + math.ceil(steps_of(FROM_RESET, current))}
        assert steps[0] == math.ceil(steps_of(FROM_REST, current)) - 1  # the first step is 0
