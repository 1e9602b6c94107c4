"""What `examples/cobahh` shows: irregular activity of Hodgkin-Huxley neurons.

Over 5 seeds the excitatory rate is 29 to 41 Hz.
"""

from __future__ import annotations

import numpy as np
import pytest
from gallery.scripts import results


@pytest.mark.parametrize("name", ["exc", "inh"])
def test_it_goes_on_at_about_thirty_five_spikes_per_second(name: str) -> None:
    spikes = results("cobahh").spikes[name]
    assert 25 < (spikes.t >= 50).sum() / len(spikes.count) / 0.1 < 45
    assert (spikes.t >= 145).any()


def test_few_neurons_fire_much_and_many_little() -> None:
    count = results("cobahh").spikes["exc"].count
    assert np.median(count) < 0.5 * count.mean()


def test_each_rise_above_the_threshold_is_one_spike() -> None:
    """Nothing is reset: V stays above threshold for longer than a step, and swings back itself."""
    example = results("cobahh")
    V = example.states["exc"]["V"].to("mV")
    above = V > -20
    rises = (above[1:] & ~above[:-1]).sum(0)
    assert rises.tolist() == [len(example.spikes["exc"].trains()[n]) for n in (7, 8, 9)]
    assert rises.sum() > 5
    assert above.sum() > 3 * rises.sum()
    assert V.max() > 30
    assert V.min() < -80
