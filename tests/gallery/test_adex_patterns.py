"""What `examples/adex_patterns` shows: the eight patterns of Naud et al. (2008)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from gallery.scripts import results, script


def trains() -> dict[str, npt.NDArray[np.float64]]:
    """Return the spike times of each pattern, in ms."""
    found = results("adex_patterns").spikes["patterns"].trains()
    return {name: found[neuron] for neuron, name in enumerate(script("adex_patterns").PATTERNS)}


@pytest.mark.parametrize(
    ("name", "count", "latency"),
    [
        ("tonic spiking", 61, 14.2),
        ("adaptation", 12, 14.9),
        ("initial burst", 12, 5.4),
        ("regular bursting", 11, 16.1),
        ("delayed accelerating", 46, 33.5),
        ("delayed regular bursting", 32, 57.2),
        ("transient spiking", 1, 30.3),
        ("irregular spiking", 32, 15.6),
    ],
)
def test_counts_and_latencies(name: str, count: int, latency: float) -> None:
    times = trains()[name]
    assert len(times) == count
    assert times[0] == pytest.approx(latency)


def test_intervals_tell_the_patterns_apart() -> None:
    intervals = {name: np.diff(times) for name, times in trains().items()}
    assert np.ptp(intervals["tonic spiking"][20:]) < 0.11
    assert (np.diff(intervals["adaptation"][:8]) > 0).all()
    assert max(intervals["initial burst"][:2]) < 8 < 50 < min(intervals["initial burst"][2:])
    assert (intervals["regular bursting"][3::2] < 6).all()
    assert (intervals["regular bursting"][2::2] > 100).all()
    assert (np.diff(intervals["delayed accelerating"]) < 0.11).all()
    bursts = intervals["delayed regular bursting"]
    assert (bursts[3::4] > 50).all()
    assert max(*bursts[0::4], *bursts[1::4], *bursts[2::4]) < 9
    assert len({round(each) for each in intervals["irregular spiking"][-16:]}) > 10
