"""What `examples/noisy_population` shows of noise and heterogeneity."""

from __future__ import annotations

import numpy as np
import pytest
from gallery.scripts import results

POPULATIONS = ("identical", "noisy", "diverse")


def most_at_once(name: str) -> int:
    """Return how many of 30 neurons spike together in one step at most."""
    return int(np.bincount(results("noisy_population").spikes[name].step).max())


def test_identical_neurons_speak_with_one_voice_and_others_do_not() -> None:
    assert most_at_once("identical") == 30
    assert most_at_once("noisy") <= 5
    assert most_at_once("diverse") <= 5


def test_drawn_values_make_rates_differ_more_than_noise_does() -> None:
    spread = [results("noisy_population").spikes[name].count.std() for name in POPULATIONS]
    assert spread[0] == 0
    assert spread[2] > 2 * spread[1] > 0


@pytest.mark.parametrize("name", POPULATIONS)
def test_rates_follow_the_input_upwards(name: str) -> None:
    times = results("noisy_population").spikes[name].t
    assert (times >= 200).sum() > 2.5 * (times < 200).sum()
