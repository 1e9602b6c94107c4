"""Statistics of spike trains, for comparing what cannot be equal.

Trains are lists of arrays, one of spike times in ms for each neuron, ascending.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Trains = Sequence[FloatArray]

MOST_NEURONS = 100
"""Of which pairs are correlated: the first ones that spike."""

_FEWEST = 3
"""Spikes of a train whose intervals vary."""


def rates(trains: Trains, duration: float) -> FloatArray:
    """Return the rate of each neuron in Hz, shape (neurons,).

    Args:
        trains: Of all neurons, also of silent ones.
        duration: Of the recording in ms.
    """
    return np.array([len(train) for train in trains]) / (duration / 1000.0)


def variations(trains: Trains) -> FloatArray:
    """Return the coefficient of variation of the intervals of each train with enough spikes.

    It is the standard deviation of the intervals between its spikes over their mean. The shape
    is (such trains,).
    """
    intervals = [np.diff(train) for train in trains if len(train) >= _FEWEST]
    return np.array([each.std() / each.mean() for each in intervals if each.mean() > 0.0])


def correlations(trains: Trains, duration: float, width: float) -> FloatArray:
    """Return the Pearson correlations of pairs of neurons, of their spikes in bins; shape (pairs,).

    Args:
        trains: Of all neurons; pairs are made of the first `MOST_NEURONS` that spike.
        duration: Of the recording in ms; a shorter bin at its end is left out.
        width: Of a bin in ms.
    """
    bins = np.floor(duration / width)
    busy = _counts([train for train in trains if len(train)][:MOST_NEURONS], bins, width)
    if not busy.size:
        return np.zeros(0)
    least = busy.min(axis=1) if busy.shape[1] == bins else 0.0
    varied = busy[busy.max(axis=1) != least]
    sums = varied.sum(axis=1)
    found = varied @ varied.T - np.outer(sums, sums / bins)
    size = np.sqrt(np.diag(found))
    one, other = np.triu_indices(len(varied), 1)
    pairs: FloatArray = found[one, other] / (size[one] * size[other])
    return pairs.clip(-1.0, 1.0)


def _counts(trains: Trains, bins: float, width: float) -> FloatArray:
    """Return the spikes of trains in bins, of which those without any are left out.

    A run has as many bins as its file says, spikes are in the file.
    """
    place = [_bins_of(train, width) for train in trains]
    place = [each[each < bins] for each in place]
    occupied = np.unique(np.concatenate([np.zeros(0), *place]))
    found = np.zeros((len(trains), len(occupied)))
    for row, each in zip(found, place, strict=True):
        np.add.at(row, np.searchsorted(occupied, each), 1.0)
    return found


def _bins_of(train: FloatArray, width: float) -> FloatArray:
    """Return the bin of each spike, whose edges are multiples of the width, rounded once."""
    place = np.floor(train / width)
    place -= place * width > train
    return place + ((place + 1.0) * width <= train)


def van_rossum(one: FloatArray, other: FloatArray, tau: float) -> float:
    """Return the square of van Rossum's distance of two trains.

    Each spike becomes a decaying exponential; the squared difference of the two sums is integrated
    over time and divided by tau, so that a single spike that one train has more counts 1/2, as do
    any that are far from all others. M. C. W. van Rossum (2001), A novel spike distance, Neural
    Computation 13: 751-763, doi:10.1162/089976601300014321.

    Args:
        one: Spike times in ms, ascending.
        other: The same of the other train.
        tau: Time constant of the exponential in ms.
    """
    times = np.concatenate([one, other])
    signs = np.concatenate([np.ones(len(one)), -np.ones(len(other))])
    order = np.argsort(times, kind="stable")
    total, trace, last = 0.0, 0.0, 0.0
    # The integral is 1/2 sum_kl s_k s_l exp(-|t_k - t_l|/tau); `trace` is the part of earlier l.
    for time, sign in zip(times[order].tolist(), signs[order].tolist(), strict=True):
        trace *= exp((last - time) / tau)
        total += sign * (0.5 * sign + trace)
        trace += sign
        last = time
    return max(total, 0.0)


def distances(ones: Trains, others: Trains, tau: float) -> FloatArray:
    """Return how unlike the trains of each neuron are, of those that have spikes; shape (neurons,).

    It is the square of van Rossum's distance over the mean number of spikes of the two: 0 for the
    same spikes, and 1 on average for Poisson trains of one constant rate that know nothing of each
    other.

    Args:
        ones: Trains of all neurons in one recording.
        others: Those of the same neurons in another.
        tau: Time constant in ms.
    """
    pairs = zip(ones, others, strict=True)
    return np.array(
        [
            van_rossum(one, other, tau) / (0.5 * (len(one) + len(other)))
            for one, other in pairs
            if len(one) + len(other)
        ]
    )
