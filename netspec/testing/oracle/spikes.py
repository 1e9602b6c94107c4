"""What the oracle keeps of the spikes of one object."""

from __future__ import annotations

import hashlib
import struct

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import IntegerArray
from netspec.results.record import SpikeRecord, SpikeTally


class Spikes:
    """Number and digest of all spikes of an object; of them those that are recorded; counts."""

    def __init__(self, network: ir.Network, name: str) -> None:
        recordings = (each for each in network.spike_recordings if each.name == name)
        self.recording = next(recordings, None)
        self.counted = [
            (each, np.zeros(each.shape, np.int64))
            for each in network.count_recordings
            if each.name == name
        ]
        self.pairs: list[tuple[int, int]] = []
        self.count = 0
        self.digest = hashlib.sha256()

    def add(self, k: int, i: int) -> None:
        """Take a spike of neuron `i` in step `k`; they come in order."""
        self.count += 1
        self.digest.update(struct.pack("<QQ", k, i))
        own = self.recording
        if own and any(i in range(view.start, view.stop) for view in own.views):
            windows = own.windows
            if windows is None or any(k in range(each.start, each.stop) for each in windows):
                self.pairs.append((k, i))
        for recording, numbers in self.counted:
            view, first = recording.view, 0
            column = i - view.start if recording.per_neuron else 0
            for window, bins in zip(recording.windows, recording.bins, strict=True):
                if i in range(view.start, view.stop) and k in range(window.start, window.stop):
                    place = (k - window.start) // recording.every if recording.every else 0
                    numbers[first + place, column] += 1
                first += bins

    @property
    def tally(self) -> SpikeTally:
        """Number and digest."""
        return SpikeTally(self.count, self.digest.hexdigest())

    @property
    def record(self) -> SpikeRecord:
        """What is recorded."""
        steps, indices = np.array(self.pairs, np.int64).reshape(-1, 2).T.copy()
        return SpikeRecord(steps, indices)


def counts(network: ir.Network, spikes: dict[str, Spikes]) -> tuple[IntegerArray, ...]:
    """Return the numbers of all count recordings."""
    known = {id(each): numbers for kept in spikes.values() for each, numbers in kept.counted}
    return tuple(known[id(each)] for each in network.count_recordings)
