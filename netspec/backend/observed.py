"""What is to be handed over of spikes, for a backend that has all of them at the end of a run.

That is the simplest way to write one, as the recipe in CONTRIBUTING does. A backend for long runs
counts while it runs instead, so that what nobody recorded takes no memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from netspec.ir import nodes as ir
from netspec.results.digest import tally
from netspec.results.record import SpikeRecord, SpikeTally

IntegerArray = npt.NDArray[np.int64]


class Observed(TypedDict):
    """The part of a `RunRecord` that is about spikes."""

    tallies: dict[str, SpikeTally]
    spikes: dict[str, SpikeRecord]
    counts: tuple[IntegerArray, ...]


def observed(network: ir.Network, spikes: Mapping[str, SpikeRecord]) -> Observed:
    """Return tallies, recorded spikes and counts of a run.

    Args:
        network: What was run.
        spikes: All spikes of every object.
    """
    return {
        "tallies": {name: tally(each) for name, each in spikes.items()},
        "spikes": {each.name: seen(each, spikes[each.name]) for each in network.spike_recordings},
        "counts": tuple(_counts(each, spikes[each.name]) for each in network.count_recordings),
    }


def seen(recording: ir.SpikeRecording, spikes: SpikeRecord) -> SpikeRecord:
    """Return what a recording keeps of all spikes of its object."""
    inside = _within(spikes.indices, recording.views)
    if recording.windows is not None:
        inside &= _within(spikes.steps, recording.windows)
    return SpikeRecord(spikes.steps[inside], spikes.indices[inside])


def _within(
    numbers: IntegerArray, stretches: Iterable[ir.View | ir.Window]
) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(numbers), dtype=np.bool_)
    for each in stretches:
        found |= (numbers >= each.start) & (numbers < each.stop)
    return found


def _counts(recording: ir.CountRecording, spikes: SpikeRecord) -> IntegerArray:
    numbers = np.zeros(recording.shape, dtype=np.int64)
    own = _within(spikes.indices, [recording.view])
    for first, window in zip(
        accumulate(recording.bins, initial=0), recording.windows, strict=False
    ):
        seen = own & _within(spikes.steps, [window])
        passed = spikes.steps[seen] - window.start
        rows = first + (passed // recording.every if recording.every else np.zeros_like(passed))
        columns = (spikes.indices[seen] - recording.view.start) * recording.per_neuron
        np.add.at(numbers, (rows, columns), 1)
    return numbers
