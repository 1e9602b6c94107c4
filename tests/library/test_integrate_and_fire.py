"""What the integrate-and-fire models of the library are known for."""

from __future__ import annotations

import numpy as np
import pytest
from library.networks import alone, declared, run, spike_times, used

from netspec.testing.documents import Document

ROUND = {
    "C_m": "200 pF",
    "g_L": "10 nS",
    "E_L": "-70 mV",
    "V_reset": "-60 mV",
    "V_th": "-50 mV",
    "V_peak": "0 mV",
    "Delta_T": "2 mV",
    "a": "2 nS",
    "b": "60 pA",
    "tau_w": "30 ms",
}
"""Parameters with which closed forms are round numbers."""


def neuron(model: str, **values: str) -> Document:
    own = declared("cells", model).declared_parameters
    needed = {name: text for name, text in ROUND.items() if name in own and own[name].typical}
    return used("cells", model, **needed | values)


def test_a_passive_membrane_charges_towards_its_resistance_times_the_current() -> None:
    cell = neuron("passive", I_e="100 pA")
    monitors = {"states": [{"of": "one", "variables": ["V"]}]}
    found = run(alone(cell, duration="300 ms", monitors=monitors))
    V = found.states["one"]["V"].to("mV")[:, 0]
    assert V[-1] == pytest.approx(-60, abs=1e-4)
    assert V[200] == pytest.approx(-70 + 10 * (1 - np.exp(-1)), abs=1e-9)


# Where the parabola, or the exponential, no longer crosses 0: g_L*(V_th - E_L)/4 is 50 pA and
# g_L*(V_th - E_L - Delta_T) is 180 pA.
@pytest.mark.parametrize(("model", "rheobase"), [("quadratic_if", 50), ("exponential_if", 180)])
def test_a_neuron_that_runs_away_fires_above_its_rheobase(model: str, rheobase: int) -> None:
    assert len(spike_times(neuron(model, I_e=f"{0.8 * rheobase} pA"), "500 ms")) == 0
    assert len(spike_times(neuron(model, I_e=f"{1.2 * rheobase} pA"), "500 ms")) > 0


@pytest.mark.parametrize(
    ("model", "none"),
    [
        ("adaptive_if", {"a": "0 nS", "b": "0 pA"}),
        ("conductance_adaptive_if", {"g_A_max": "0 nS", "delta_g_A": "0 nS"}),
    ],
)
def test_adaptation_makes_intervals_longer_and_without_it_the_neuron_is_leaky(
    model: str, none: dict[str, str]
) -> None:
    intervals = np.diff(spike_times(neuron(model, I_e="600 pA") | {"integrator": "rk4"}))
    assert (np.diff(intervals[:4]) > 0).all()
    leaky = spike_times(neuron("leaky_if", I_e="600 pA") | {"integrator": "rk4"})
    without = spike_times(neuron(model, I_e="600 pA", **none) | {"integrator": "rk4"})
    assert without.tolist() == leaky.tolist()


def test_the_adaptation_of_a_conductance_grows_with_the_distance_from_its_reversal() -> None:
    cell = neuron(
        "conductance_adaptive_if",
        E_A="-90 mV",
        g_L="1000 nS",
        gamma="0.5/mV",
        V_th="0 mV",
        tau_A="50 ms",
    )
    monitors = {"states": [{"of": "one", "variables": ["V", "g_A", "w"]}]}
    found = run(alone(cell, duration="1 s", monitors=monitors)).states["one"]
    V, g_A, w = (found[name].values[-1, 0] for name in ("V", "g_A", "w"))
    assert g_A == pytest.approx(0.1e-9 * 0.5e3 * abs(V + 0.09), rel=1e-6)
    assert w == pytest.approx(g_A * (V + 0.09))


@pytest.mark.parametrize("integrator", ["euler", "rk2", "rk4"])
def test_the_way_to_the_peak_leaves_the_adaptation_of_adex_alone(integrator: str) -> None:
    # exp(70/2) makes V larger than 1e10 V in the last step
    cell = neuron("adex", I_e="1 nA", b="0 pA", V_peak="20 mV") | {"integrator": integrator}
    monitors = {"spikes": ["one"], "states": [{"of": "one", "variables": ["w"]}]}
    found = run(alone(cell, monitors=monitors))
    assert found.counts["one"] > 10
    # a*(V_peak - E_L) is what w strives for at most
    assert found.states["one"]["w"].values.max() < 2e-9 * 90e-3


@pytest.mark.parametrize("jump", [{"b": "60 pA"}, {"delta_theta": "5 mV"}])
def test_current_and_threshold_of_a_generalized_neuron_adapt_it(jump: dict[str, str]) -> None:
    none = neuron("generalized_if", I_e="400 pA", b="0 pA")
    assert len(spike_times(none | jump, "500 ms")) < 0.8 * len(spike_times(none, "500 ms"))


def test_the_multi_timescale_threshold_moves_and_v_is_not_reset() -> None:
    cell = neuron("mat", I_e="500 pA")
    monitors = {"spikes": ["one"], "states": [{"of": "one", "variables": ["V", "threshold"]}]}
    found = run(alone(cell, duration="300 ms", monitors=monitors))
    times, states = found.spikes["one"].t, found.states["one"]
    # R*I = 25 mV, threshold 20 mV above rest, tau 5 ms
    assert times[0] == pytest.approx(5 * np.log(25 / 5), abs=0.11)
    assert (np.diff(states["V"].values[:, 0]) >= 0).all()
    fired = found.spikes["one"].step
    jumps = np.diff(states["threshold"].to("mV")[:, 0])[fired[:1]]
    assert jumps == pytest.approx([32], abs=0.01)
    assert (np.diff(np.diff(times)) >= -0.11).all()


def test_a_parrot_repeats_each_step_with_events_once() -> None:
    cell = neuron("parrot") | {"receptors": {"X": {"model": "arrivals"}}}
    times = [["1 ms", "2 ms", "2.1 ms"], ["2 ms"], ["5 ms"]]
    edges = {
        "source": "song",
        "target": "one",
        "receptor": "X",
        "rule": {"all_to_all": {}},
        "weight": "0.5*(i - 1)",
        "delay": "0.3 ms",
    }
    network = alone(
        cell,
        inputs={"song": {"model": "spike_times", "times": times}},
        projections={"edges": edges},
        monitors={"spikes": ["one"]},
    )
    assert run(network).spikes["one"].step.tolist() == [14, 24, 25, 54]


def test_the_regular_spiking_neuron_of_izhikevich_has_its_rheobase_and_adapts() -> None:
    # With U at its rest, k*(V - V_r)*(V - V_t) - b*(V - V_r) has the minimum
    # -k*((V_t - V_r + b/k)/2)**2, which is -51.4 pA.
    assert len(spike_times(neuron("izhikevich_2007", I_e="51 pA"), "500 ms")) == 0
    assert len(spike_times(neuron("izhikevich_2007", I_e="53 pA"), "500 ms")) > 0
    intervals = np.diff(spike_times(neuron("izhikevich_2007", I_e="100 pA"), "500 ms"))
    assert intervals[0] < 74 < 75 < intervals[1:].min()
