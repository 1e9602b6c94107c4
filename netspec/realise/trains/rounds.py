"""Trains whose spikes follow each other, some neurons and some spikes at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from netspec.realise.network import FloatArray, IntegerArray
from netspec.realise.trains.train import Neurons, Spikes

SIZE = 2**16
"""Spikes that are made at a time: what each takes on the way is a few hundred bytes."""

Times = Callable[[IntegerArray, range, FloatArray], FloatArray]
"""Returns the times of some spikes of some neurons in seconds from the start, a row per neuron.

It takes the neurons, the numbers of the spikes, and the time of each neuron's last spike before.
"""


def in_rounds(
    neurons: Neurons, spiking: IntegerArray, expected: FloatArray, times: Times, offset: float
) -> Iterator[Spikes]:
    """Yield the spikes of trains whose times ascend: `floor(t/dt + offset)` after the start.

    How many are made at a time changes the speed and nothing else.

    Args:
        neurons: Of the input.
        spiking: Those that have spikes.
        expected: About how many each of these has.
        times: Makes them.
        offset: 0, or 0.5 for the nearest step.
    """
    order = np.argsort(-expected, kind="stable")  # those that are made together have about as many
    spiking, expected = spiking[order], np.maximum(expected[order], 1.0)
    begin = 0
    while begin < len(spiking):
        most = float(expected[begin])
        count = _whole_blocks(most + 2.0 * math.sqrt(most))
        alike = expected[begin : begin + max(1, SIZE // count)] >= 0.5 * most
        open_, begin = spiking[begin : begin + int(alike.sum())], begin + int(alike.sum())
        last, number = np.zeros(len(open_)), 0
        while open_.size:
            made = times(open_, range(number, number + count), last)
            steps = np.floor(made / float(neurons.dt) + offset)
            inside = steps < neurons.steps
            rows = np.broadcast_to(open_[:, np.newaxis], made.shape)
            yield steps[inside].astype(np.int64) + neurons.start, rows[inside]
            goes_on = inside[:, -1]
            open_, last = open_[goes_on], made[goes_on, -1]
            number, count = number + count, min(count, _whole_blocks(math.sqrt(most)))


def _whole_blocks(spikes: float) -> int:
    """Return a number of spikes that fills blocks of the generator, and is not too large."""
    return min(-(-(int(min(spikes, SIZE)) + 1) // 4) * 4, SIZE)
