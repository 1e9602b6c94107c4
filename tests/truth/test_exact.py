"""Against the analytic response: `exact` gives it to 1e-12 of its peak, in singular cases too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import pytest
from library.networks import alone, used
from mpmath import mpf
from truth.cascades import DIGITS, Cascade

from netspec import Network
from netspec.passes.pipeline import realised

E_L, I_E = "-70", "100"
"""In mV and pA."""

CHANGE, STEPS, EVERY = 300, 800, 7
"""The step from which on each neuron has other parameters; of the run; of samples."""


@dataclass(frozen=True)
class Neuron:
    """Parameters in pF, nS and ms."""

    C_m: str
    g_L: str
    tau_decay: str
    tau_rise: str

    @property
    def steady(self) -> Any:
        """Where V tends to, in mV."""
        return mpf(E_L) + mpf(I_E) / mpf(self.g_L)


NEURONS = (
    Neuron("200", "10", "2", "0.5"),
    Neuron("200", "10", "20", "20"),  # as slow as the membrane
    Neuron("200", "10", "20.00000002", "19.99999998"),  # nearly so
    Neuron("250", "12.5", "0.1", "20"),
    Neuron("100", "25", "100", "4"),
)
UNITS = {"C_m": "pF", "g_L": "nS", "tau_decay": "ms", "tau_rise": "ms"}


def cascade(receptor: str, neuron: Neuron) -> Cascade:
    """Return the membrane and what a receptor consists of."""
    C_m, g_L = mpf(neuron.C_m), mpf(neuron.g_L)
    decay, rise = mpf(neuron.tau_decay), mpf(neuron.tau_rise)
    if receptor == "curr_exp":
        return Cascade((g_L / C_m, 1 / decay), (1 / C_m,))
    second = decay if receptor == "curr_alpha" else rise
    return Cascade((g_L / C_m, 1 / decay, 1 / second), (1 / C_m, 1 / decay))


def jump(receptor: str, neuron: Neuron) -> Any:
    """Return what an event of weight 1 adds to the last stage, so that the current peaks at 1."""
    if receptor == "curr_exp":
        return mpf(1)
    if receptor == "curr_alpha":
        return mpmath.e
    decay, rise = mpf(neuron.tau_decay), mpf(neuron.tau_rise)
    peak = decay if decay == rise else mpmath.log(decay / rise) / (1 / rise - 1 / decay)
    current = Cascade((1 / decay, 1 / rise), (1 / decay,))
    return 1 / current.after(peak, [0, 1])[0]


def response(receptor: str, before: Neuron, later: Neuron, weight: float) -> list[float]:
    """Return V above E_L in mV in the sampled steps; the event arrives at the end of step 0."""
    dt = mpf("0.1")
    first, second = cascade(receptor, before), cascade(receptor, later)
    silent = [mpf(0)] * (len(first.rates) - 2)
    struck = first.after(dt, [mpf(E_L) - before.steady, *silent, mpf(0)])
    struck[-1] += jump(receptor, before) * mpf(weight)
    changed = first.after((CHANGE - 1) * dt, struck)
    changed[0] += before.steady - later.steady
    found = [mpf(0)]
    for step in range(EVERY, STEPS, EVERY):
        if step <= CHANGE:
            V = first.after((step - 1) * dt, struck)[0] + before.steady
        else:
            V = second.after((step - CHANGE) * dt, changed)[0] + later.steady
        found.append(V - mpf(E_L))
    return [float(V) for V in found]


def network(receptor: str) -> dict[str, Any]:
    """Return the neurons, one event, and a change of all parameters to those of other neurons."""
    suffix = {"C_m": "", "g_L": "", "tau_decay": "_X", "tau_rise": "_X"}
    own = [name for name in UNITS if name != "tau_rise" or receptor == "curr_dual_exp"]

    def lists(neurons: tuple[Neuron, ...]) -> dict[str, list[str]]:
        return {
            name + suffix[name]: [f"{getattr(each, name)} {UNITS[name]}" for each in neurons]
            for name in own
        }

    cell = used("cells", "passive", E_L=f"{E_L} mV", I_e=f"{I_E} pA")
    return alone(
        cell | {"integrator": "exact", "receptors": {"X": used("receptors", receptor)}},
        duration=f"{STEPS / 10} ms",
        populations={"one": {"size": len(NEURONS), "cell": "cell", "parameters": lists(NEURONS)}},
        inputs={"event": {"model": "spike_times", "times": [["0 ms"]]}},
        projections={
            "edges": {
                "source": "event",
                "target": "one",
                "receptor": "X",
                "rule": {"all_to_all": {}},
                "weight": "1000 pA",
                "delay": "0 ms",
            }
        },
        timeline=[
            {
                "at": f"{CHANGE / 10} ms",
                "set": {f"one.{name}": values for name, values in lists(NEURONS[::-1]).items()},
            }
        ],
        monitors={"states": [{"of": "one", "variables": ["V"], "every": EVERY}]},
    )


@pytest.mark.parametrize("receptor", ["curr_exp", "curr_alpha", "curr_dual_exp"])
def test_the_response_to_an_event_and_a_constant_current(receptor: str) -> None:
    document = Network(**network(receptor))
    weight = 1e12 * float(realised(document).projections["edges"].weights)
    V = document.run(backend="numpy").states["one"]["V"].to("mV") - float(E_L)
    for number, (before, later) in enumerate(zip(NEURONS, NEURONS[::-1], strict=True)):
        with mpmath.workdps(DIGITS):
            exact = np.array(response(receptor, before, later, weight))
        assert np.abs(V[:, number] - exact).max() < 1e-12 * np.abs(exact).max()
