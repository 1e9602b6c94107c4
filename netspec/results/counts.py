"""Numbers of spikes that were counted while the network ran, as users see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from netspec.ir.nodes import CountRecording
from netspec.results.clock import milliseconds

IntegerArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Numbers of spikes in bins of windows.

    Attributes:
        recording: What is counted, and when.
        values: int64, of the recording's shape: bins of all windows, and neurons or 1.
    """

    recording: CountRecording
    values: IntegerArray

    def in_window(self, number: int) -> IntegerArray:
        """Return the numbers of one window, shape (bins, neurons or 1)."""
        bins = self.recording.bins
        start = sum(bins[:number])
        return self.values[start : start + bins[number]]


@dataclass(frozen=True, eq=False)
class SpikeCounts:
    """How many spikes each neuron had.

    Attributes:
        i: int64, shape (neurons,); indices in the whole population or source.
        values: int64, shape (neurons,).
    """

    i: IntegerArray
    values: IntegerArray

    def __len__(self) -> int:
        return len(self.values)

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[np.generic]:
        return np.array(self.values, dtype=dtype) if copy else np.asarray(self.values, dtype=dtype)

    def __repr__(self) -> str:
        return f"<SpikeCounts: {self.values.sum()} of {len(self)} neurons>"


@dataclass(frozen=True, eq=False)
class PopulationRate:
    """Spikes of all neurons of a view together, bin after bin.

    Attributes:
        counts: int64, shape (bins,); bins of the steps that were simulated.
        step: int64, shape (bins,); the first step of each bin.
        stop: The step after the last bin.
        neurons: How many there are.
        dt: Duration of a step in seconds.
    """

    counts: IntegerArray
    step: IntegerArray
    stop: int
    neurons: int
    dt: float

    @cached_property
    def t(self) -> FloatArray:
        """Times in ms at which the bins begin, shape (bins,)."""
        return milliseconds(self.step, self.dt)

    @cached_property
    def rate(self) -> FloatArray:
        """Mean rate of a neuron in Hz, shape (bins,); NaN where there are no neurons."""
        seconds = np.diff(np.append(self.step, self.stop)) * self.dt  # the last may be shorter
        with np.errstate(invalid="ignore"):
            return np.asarray(self.counts / (seconds * self.neurons))

    def within(self, start: int, stop: int) -> PopulationRate:
        """Return the bins that lie in some steps as a whole."""
        ends = np.append(self.step[1:], self.stop)
        kept = np.flatnonzero((self.step >= start) & (ends <= stop))
        last = int(ends[kept[-1]]) if kept.size else start
        return PopulationRate(self.counts[kept], self.step[kept], last, self.neurons, self.dt)

    def __len__(self) -> int:
        return len(self.counts)

    def __repr__(self) -> str:
        return f"<PopulationRate: {len(self)} bins of {self.neurons} neurons>"


def spike_counts(counted: Iterable[Counted], window: int) -> dict[str, SpikeCounts]:
    """Return the numbers of each neuron in one of the windows: the run, then its phases."""
    return {
        each.recording.label: SpikeCounts(
            np.arange(each.recording.view.start, each.recording.view.stop),
            each.in_window(window)[0],
        )
        for each in counted
        if each.recording.per_neuron
    }


def population_rates(
    counted: Iterable[Counted], steps: int, dt: float
) -> dict[str, PopulationRate]:
    """Return the rates of a run of so many steps."""
    found = {}
    for each in counted:
        every, view = each.recording.every, each.recording.view
        if every is None:
            continue
        values = each.values[: -(-steps // every), 0]
        step = np.arange(len(values), dtype=np.int64) * every
        name = each.recording.label
        found[name] = PopulationRate(values, step, steps, len(view), dt)
    return found
