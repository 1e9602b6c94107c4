"""Spikes of the monitored neurons of one object, as users see them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from netspec.ir.nodes import SpikeRecording
from netspec.results.clock import milliseconds
from netspec.results.record import SpikeRecord

IntegerArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Spikes:
    """Spikes sorted by (step, i).

    Attributes:
        step: int64, shape (spikes,); a spike found in step `k` is labelled `k`.
        i: int64, shape (spikes,); index of the neuron in its whole population or source.
        neurons: int64, ascending; the neurons that were monitored.
        size: Neurons of the whole object, monitored or not.
        dt: Duration of a step in seconds.
        windows: When they were, as first step and the step after the last; `None` if always.
    """

    step: IntegerArray
    i: IntegerArray
    neurons: IntegerArray
    size: int
    dt: float
    windows: tuple[tuple[int, int], ...] | None = None

    @cached_property
    def t(self) -> FloatArray:
        """Times in ms, shape (spikes,): the doubles nearest to `step * dt`."""
        return milliseconds(self.step, self.dt)

    @cached_property
    def count(self) -> IntegerArray:
        """Spikes of each neuron, shape (size,); 0 for neurons that were not monitored."""
        return np.bincount(self.i, minlength=self.size).astype(np.int64, copy=False)

    def trains(self) -> dict[int, FloatArray]:
        """Return the spike times in ms of every monitored neuron, also of silent ones."""
        return trains_of(self.neurons, self.i, self.t)

    def within(self, start: int, stop: int) -> Spikes:
        """Return the spikes of some steps."""
        part = slice(*np.searchsorted(self.step, (start, stop)))
        windows = ((0, stop),) if self.windows is None else self.windows
        cut = tuple((max(first, start), min(end, stop)) for first, end in windows)
        kept = tuple(each for each in cut if each[0] < each[1])
        return Spikes(self.step[part], self.i[part], self.neurons, self.size, self.dt, kept)

    def __len__(self) -> int:
        return len(self.step)

    def __repr__(self) -> str:
        return f"<Spikes: {len(self)} of {len(self.neurons)} neurons>"


def trains_of(
    neurons: IntegerArray, indices: IntegerArray, times: FloatArray
) -> dict[int, FloatArray]:
    """Return the times of each of some neurons, at a cost that knows nothing of the others.

    Args:
        neurons: Ascending.
        indices: The neuron of each spike; others than those asked for are passed over.
        times: Of each spike, ascending.
    """
    order = np.argsort(indices, kind="stable")
    indices, times = indices[order], times[order]
    starts, ends = (np.searchsorted(indices, neurons, side) for side in ("left", "right"))
    places = zip(neurons.tolist(), starts.tolist(), ends.tolist(), strict=True)
    return {neuron: times[start:end] for neuron, start, end in places}


def monitored_spikes(
    record: SpikeRecord, recording: SpikeRecording, size: int, dt: float
) -> Spikes:
    """Return what a recording kept of an object's spikes."""
    watched = np.zeros(size, dtype=np.bool_)
    for view in recording.views:
        watched[view.start : view.stop] = True
    windows = recording.windows
    return Spikes(
        record.steps,
        record.indices,
        np.flatnonzero(watched),
        size,
        dt,
        None if windows is None else tuple((each.start, each.stop) for each in windows),
    )
