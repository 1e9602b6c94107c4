"""What `examples/hodgkin_huxley` shows of the squid axon."""

from __future__ import annotations

import numpy as np
import pytest
from gallery.scripts import changed, results, script


def test_one_axon_rests_one_spikes_once_and_one_fires() -> None:
    trains = results("hodgkin_huxley").spikes["axon"].trains()
    assert [len(trains[axon]) for axon in range(3)] == [0, 1, 5]
    assert trains[1][0] == pytest.approx(13.8)
    assert trains[2][0] == pytest.approx(12.05)
    V = results("hodgkin_huxley").states["axon"]["V"].to("mV")
    assert np.ptp(V[:, 0]) < 6


def test_gates_follow_v_in_their_order() -> None:
    """Sodium opens, then potassium, while sodium inactivates."""
    states = results("hodgkin_huxley").states["axon"]
    m, h, n = (states[gate][200:400, 2] for gate in "mhn")
    assert m.argmax() < n.argmax() < h.argmin()
    assert all(0 < gate.min() < gate.max() < 1 for gate in (m, h, n))


def test_firing_sets_in_at_a_frequency_far_above_zero() -> None:
    frequencies = script("hodgkin_huxley").frequencies(results("hodgkin_huxley"))
    assert frequencies[:7] == [0] * 7
    assert frequencies[7] > 50
    assert (np.diff(frequencies[7:]) > 0).all()
    assert frequencies[-1] < 2 * frequencies[7]


def test_the_step_is_short_enough_for_a_frequency_within_three_percent() -> None:
    finer = {"dt": "0.025 ms", "cells.squid.integrator": "rk4", "populations.ladder.size": 1}
    intervals = [
        np.diff(each.spikes["axon"].trains()[2])[-1]
        for each in (results("hodgkin_huxley"), changed("hodgkin_huxley", finer))
    ]
    assert intervals[0] == pytest.approx(intervals[1], rel=0.03)
