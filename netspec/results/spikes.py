"""Spikes of the monitored neurons of one object, as users see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from netspec.ir.nodes import View
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
    """

    step: IntegerArray
    i: IntegerArray
    neurons: IntegerArray
    size: int
    dt: float

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
        order = np.argsort(self.i, kind="stable")
        ends = np.cumsum(self.count)[:-1] if self.size else np.empty(0, dtype=np.int64)
        trains = np.split(self.t[order], ends)
        return {int(neuron): trains[neuron] for neuron in self.neurons}

    def __len__(self) -> int:
        return len(self.step)

    def __repr__(self) -> str:
        return f"<Spikes: {len(self)} of {len(self.neurons)} neurons>"


def monitored_spikes(record: SpikeRecord, views: Iterable[View], size: int, dt: float) -> Spikes:
    """Return what monitors of `views` saw of an object's spikes."""
    watched = np.zeros(size, dtype=np.bool_)
    for view in views:
        watched[view.start : view.stop] = True
    neurons = np.flatnonzero(watched)
    if len(neurons) == size:
        return Spikes(record.steps, record.indices, neurons, size, dt)
    seen = watched[record.indices]
    return Spikes(record.steps[seen], record.indices[seen], neurons, size, dt)
