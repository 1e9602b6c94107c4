"""What `examples/travelling_wave` shows: a ring whose speed follows from the connections."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gallery.scripts import changed, results, script

STRIPE = {"populations.sheet.initial.V": "where(abs(pos_x - 1.2*mm) < 0.3*mm, -49*mV, E_L)"}
"""A start that gives two straight fronts."""


def speed(found: Any, distance: Any, start: float, end: float) -> float:
    """Return how fast a front runs between two distances in mm, in mm/ms."""
    spikes = found.spikes["sheet"]
    far = distance(spikes.i)
    there = (start < far) & (far < end)
    return float(1 / np.polyfit(far[there], spikes.t[there], 1)[0])


def from_the_stripe(neurons: Any) -> Any:
    return 0.05 * abs(neurons // 48 - 24)


def lift_of_a_straight_front(speed: float, conduction: float) -> float:
    """Return how far V is from rest, in mV, when a straight front comes, at a speed in mm/ms.

    All neurons behind it have fired as it passed them. Their spikes have travelled on with the
    speed of conduction, and V has answered to each by a difference of exponentials.
    """
    behind, beside = np.meshgrid(np.arange(0.005, 1.2, 0.01), np.arange(-1.195, 1.2, 0.01))
    distance = np.hypot(behind, beside)
    inputs = 0.8 * np.exp(-0.5 * (distance / 0.2) ** 2) * 400 * 0.01**2
    since = behind / speed - 0.5 - distance / conduction
    answer = 150 / 200 * 5 * 20 / (20 - 5) * (np.exp(-since / 20) - np.exp(-since / 5))
    return float((inputs * np.where(since > 0, answer, 0)).sum())


def speed_of_a_straight_front(conduction: float) -> float:
    """Return the fastest speed at which V reaches threshold, 20 mV above rest, with the front."""
    return max(
        v for v in np.arange(0.02, 0.2, 0.001) if lift_of_a_straight_front(v, conduction) > 20
    )


def test_each_neuron_fires_once() -> None:
    assert (results("travelling_wave").spikes["sheet"].count == 1).all()


def test_a_ring_spreads_evenly_and_comes_to_the_speed_of_a_straight_front() -> None:
    example = script("travelling_wave")
    spikes = results("travelling_wave").spikes["sheet"]
    far = example.distances(spikes.i)
    there = (far > 0.4) & (far < 1.2)
    assert np.corrcoef(far[there], spikes.t[there])[0, 1] > 0.99
    ring = speed(results("travelling_wave"), example.distances, 0.7, 1.2)
    assert 0.85 * example.PLANE_WAVE < ring < 1.05 * example.PLANE_WAVE


@pytest.mark.parametrize(
    ("delay", "conduction"), [("0.5*ms + distance/(0.3*mm/ms)", 0.3), ("0.5 ms", np.inf)]
)
def test_a_straight_front_has_the_speed_that_follows(delay: str, conduction: float) -> None:
    found = changed("travelling_wave", {**STRIPE, "projections.lateral.delay": delay})
    expected = speed_of_a_straight_front(conduction)
    assert speed(found, from_the_stripe, 0.5, 1.0) == pytest.approx(expected, rel=0.05)


def test_the_speed_in_the_picture_is_that_one() -> None:
    assert speed_of_a_straight_front(0.3) == pytest.approx(
        script("travelling_wave").PLANE_WAVE, abs=0.001
    )
