"""The three benchmarks of Brette et al. (2007) against plain loops in NumPy.

The loops have the published equations in mV, ms, nS and pA, NumPy's own functions, and the edges
and values that were drawn. Their spikes are those of the examples, for as long as is simulated
here; rounding shows in spikes only later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import netspec
from netspec.passes.pipeline import realised
from netspec.realise.network import RealisedNetwork

EXAMPLES = Path(__file__).parents[2] / "examples"
FIRST = {"exc": 0, "inh": 3200}
DT = 0.1

Array = npt.NDArray[np.float64]
State = dict[str, Array]


def coba(x: State) -> State:
    g = 10 + x["g_exc"] + x["g_inh"]
    target = (10 * -60 + x["g_inh"] * -80) / g
    return {
        "V": target + (x["V"] - target) * np.exp(-DT * g / 200),
        "g_exc": x["g_exc"] * np.exp(-DT / 5),
        "g_inh": x["g_inh"] * np.exp(-DT / 10),
    }


def cuba(x: State) -> State:
    """Return the exact solution for tau_m = 20 ms."""
    m, e, i = np.exp(-DT / 20), np.exp(-DT / 5), np.exp(-DT / 10)
    by_exc, by_inh = 5 / (5 - 20) * (e - m), 10 / (10 - 20) * (i - m)
    rest = -49 + (x["V"] + 49) * m
    return {
        "V": rest + x["I_exc"] / 10 * by_exc + x["I_inh"] / 10 * by_inh,
        "I_exc": x["I_exc"] * e,
        "I_inh": x["I_inh"] * i,
    }


def cobahh(x: State) -> State:
    V, V_T = x["V"], -63

    def exprel(z: Array) -> Array:
        return np.expm1(z) / z

    rates = {
        "m": (0.32 * 4 / exprel((13 - V + V_T) / 4), 0.28 * 5 / exprel((V - V_T - 40) / 5)),
        "h": (0.128 * np.exp((17 - V + V_T) / 18), 4 / (1 + np.exp((40 - V + V_T) / 5))),
        "n": (0.032 * 5 / exprel((15 - V + V_T) / 5), 0.5 * np.exp((10 - V + V_T) / 40)),
    }
    g_Na, g_K = 20_000 * x["m"] ** 3 * x["h"], 6000 * x["n"] ** 4
    g = 10 + g_Na + g_K + x["g_exc"] + x["g_inh"]
    target = (10 * -60 + g_Na * 50 + g_K * -90 + x["g_inh"] * -80) / g
    gates = {
        name: a / (a + b) + (x[name] - a / (a + b)) * np.exp(-DT * (a + b))
        for name, (a, b) in rates.items()
    }
    return {
        "V": target + (V - target) * np.exp(-DT * g / 200),
        "g_exc": x["g_exc"] * np.exp(-DT / 5),
        "g_inh": x["g_inh"] * np.exp(-DT / 10),
        **gates,
    }


def spikes_of_the_loop(
    network: RealisedNetwork,
    steps: int,
    advance: Callable[[State], State],
    units: Mapping[str, float],
    *,
    port: str,
    V_th: float,
    R: int,
    V_reset: float | None = None,
) -> set[tuple[int, int]]:
    """Return (step, neuron) of all spikes.

    Args:
        network: Edges, weights and initial values.
        steps: How many.
        advance: Advances the state by a step.
        units: Of each state variable, in SI.
        port: The variable that weights are added to, without the name of the receptor.
        V_th: Threshold in mV.
        R: Steps of refractoriness.
        V_reset: In mV, where V is also held; without it nothing is.
    """
    x = {
        name: np.concatenate(
            [
                np.broadcast_to(network.populations[each].initial[name] / unit, size)
                for each, size in (("exc", 3200), ("inh", 800))
            ]
        )
        for name, unit in units.items()
    }
    left = np.zeros(4000, np.int64)
    found = set()
    for k in range(steps):
        new, held = advance(x), left > 0
        if V_reset is not None:
            new["V"] = np.where(held, x["V"], new["V"])
        x, left = new, left - held
        fired = (x["V"] > V_th) & ~held
        left[fired] = R
        found |= {(k, int(neuron)) for neuron in fired.nonzero()[0]}
        for name, edges in network.projections.items():
            source, target = name.split("_")
            spikes = fired[FIRST[source] :][edges.sources]
            targets = edges.targets[spikes] + FIRST[target]
            weights = np.full(len(targets), edges.weights / units[f"{port}_{source}"])
            x[f"{port}_{source}"] += np.bincount(targets, weights, 4000)
        if V_reset is not None:
            x["V"][fired] = V_reset
    return found


CONDUCTANCES = {"V": 1e-3, "g_exc": 1e-9, "g_inh": 1e-9}
CURRENTS = {"V": 1e-3, "I_exc": 1e-12, "I_inh": 1e-12}
GATES = {"m": 1, "h": 1, "n": 1}
RESET = {"V_th": -50, "R": 50, "V_reset": -60}


@pytest.mark.parametrize(
    ("name", "advance", "units", "rule", "steps", "at_least"),
    [
        ("coba", coba, CONDUCTANCES, {"port": "g", **RESET}, 600, 2000),
        ("cuba", cuba, CURRENTS, {"port": "I", **RESET}, 600, 1000),
        ("cobahh", cobahh, CONDUCTANCES | GATES, {"port": "g", "V_th": -20, "R": 30}, 200, 2000),
    ],
)
def test_spikes_are_those_of_a_plain_loop(
    name: str,
    advance: Callable[[State], State],
    units: dict[str, float],
    rule: dict[str, Any],
    steps: int,
    at_least: int,
) -> None:
    duration = {"duration": f"{steps // 10} ms"}
    network = netspec.load(EXAMPLES / f"{name}.json").replace(duration)
    loop = spikes_of_the_loop(realised(network), steps, advance, units, **rule)
    results = network.run(backend="numpy")
    found = {
        (int(step), int(neuron) + FIRST[each])
        for each, spikes in results.spikes.items()
        for step, neuron in zip(spikes.step, spikes.i, strict=True)
    }
    assert found == loop
    assert len(found) > at_least
