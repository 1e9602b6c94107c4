"""The spikes that two results have both recorded, which alone can be compared one by one."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netspec.results.record import SpikeRecord

if TYPE_CHECKING:
    from netspec.results.results import Results
    from netspec.results.spikes import Spikes


def spikes_of_both(
    one: Results, other: Results, *, stop: float = inf
) -> tuple[Mapping[str, SpikeRecord], Mapping[str, SpikeRecord]]:
    """Return the spikes of each by object, of neurons and in steps that both recorded.

    Args:
        one: Results.
        other: Of a run with the same dt.
        stop: A step; spikes from it on are left out.
    """
    pairs = {
        name: _of_both(one.spikes[name], other.spikes[name], stop)
        for name in sorted(one.spikes.keys() & other.spikes.keys())
    }
    first, second = ({name: pair[side] for name, pair in pairs.items()} for side in (0, 1))
    return first, second


def _of_both(one: Spikes, other: Spikes, stop: float) -> tuple[SpikeRecord, SpikeRecord]:
    neurons = np.intersect1d(one.neurons, other.neurons)

    def common(spikes: Spikes) -> SpikeRecord:
        inside = np.isin(spikes.i, neurons) & (spikes.step < stop)
        inside &= _within(spikes.step, one.windows) & _within(spikes.step, other.windows)
        return SpikeRecord(spikes.step[inside], spikes.i[inside])

    return common(one), common(other)


def _within(
    steps: npt.NDArray[np.int64], windows: tuple[tuple[int, int], ...] | None
) -> npt.NDArray[np.bool_]:
    if windows is None:
        return np.ones(len(steps), dtype=np.bool_)
    found = np.zeros(len(steps), dtype=np.bool_)
    for start, stop in windows:
        found |= (steps >= start) & (steps < stop)
    return found
