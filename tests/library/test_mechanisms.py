"""What the mechanisms of the library do to a leaky neuron."""

from __future__ import annotations

import numpy as np
import pytest
from library.networks import alone, run, spike_times, used


def leaky(**mechanisms: object) -> dict[str, object]:
    return used("cells", "leaky_if", I_e="600 pA") | {"mechanisms": mechanisms}


@pytest.mark.parametrize(
    "name", ["spike_frequency_adaptation", "spike_triggered_conductance", "dynamic_threshold"]
)
def test_what_spikes_raise_makes_intervals_longer(name: str) -> None:
    values = {"E_rev": "-80 mV"} if name == "spike_triggered_conductance" else {}
    intervals = np.diff(spike_times(leaky(X=used("mechanisms", name, **values))))
    before = np.diff(spike_times(leaky()))[0]
    assert before < intervals[0] < intervals[1] < intervals[2]


def test_adaptation_is_that_of_adaptive_if_that_v_does_not_drive() -> None:
    mechanism = used("mechanisms", "spike_frequency_adaptation")
    adaptive = used("cells", "adaptive_if", I_e="600 pA", a="0 nS")
    found = [spike_times(cell | {"integrator": "euler"}) for cell in (leaky(X=mechanism), adaptive)]
    assert found[0].tolist() == found[1].tolist()


def test_several_thresholds_add_up() -> None:
    slow = used("mechanisms", "dynamic_threshold", tau_theta="200 ms", delta_theta="1 mV")
    fast = used("mechanisms", "dynamic_threshold", tau_theta="10 ms", delta_theta="10 mV")
    states = [{"of": "one", "variables": ["theta_fast", "theta_slow"]}]
    network = alone(leaky(fast=fast, slow=slow), monitors={"spikes": ["one"], "states": states})
    found = run(network)
    first = found.spikes["one"].step[0]
    for name, jump in (("theta_fast", 10), ("theta_slow", 1)):
        theta = found.states["one"][name].to("mV")[:, 0]
        assert theta[first : first + 2] == pytest.approx([0, jump])


def test_a_generalized_neuron_takes_further_exponentials() -> None:
    cell = used("cells", "generalized_if", I_e="400 pA", b="0 pA")
    more = {
        "fast": used("mechanisms", "spike_frequency_adaptation", tau_w="10 ms", b="100 pA"),
        "slow": used("mechanisms", "dynamic_threshold", tau_theta="200 ms", delta_theta="2 mV"),
    }
    assert len(spike_times(cell | {"mechanisms": more})) < 0.8 * len(spike_times(cell))
