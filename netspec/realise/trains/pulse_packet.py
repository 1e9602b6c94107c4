"""`pulse_packet`: in each packet every neuron has `spikes` spikes, scattered about its centre.

Row `i` of the stream `jitter` belongs to neuron `i`; spike `s` of packet `p`, counted from 0 in the
order of the list `centres`, has the index `p·spikes + s` and with its draw `u` the step

    floor((centre_p/dt + (sd·Q(v))/dt) + 0.5),    v = ((u div 2^12) + 0.5) · 2^−52

where `Q` is the inverse of the normal distribution function, `centre_p/dt` is exact and rounded
once, and every other operation is rounded. Spikes of a neuron that come into one step count once,
also those of different packets; those before step 0 are left out. `sd` is at least 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import PerItem
from netspec.realise.evaluate import evaluate_function
from netspec.realise.network import FloatArray, IntegerArray
from netspec.realise.streams import draws_in_spans, open_uniform
from netspec.realise.trains.rounds import SIZE
from netspec.realise.trains.train import Count, Neurons, Spikes, SpikeTrains, Streams
from netspec.units import TIME, Dimension

_FARTHEST = 8.5
"""Standard deviations from the centre beyond which no spike can be: `Q` has no larger value."""


class PulsePacket(SpikeTrains):
    """The trains `pulse_packet`."""

    dimensions: ClassVar[dict[str, Dimension]] = {"sd": TIME}

    def faults(self, neurons: Neurons) -> Iterator[Diagnostic]:
        """Yield negative standard deviations."""
        sd = neurons.values["sd"]
        yield from neurons.faults(
            "bad-train", "sd", sd >= 0.0, "'sd' cannot be negative", 1e3 * sd, "ms"
        )

    def count(self, neurons: Neurons) -> Count:
        """Return how many spikes are drawn: all of each packet that may be seen in the run."""
        packets = sum(1 for _ in _within_reach(neurons))
        return Count(float(packets * neurons.recipe.number("spikes") * neurons.size))

    def spikes(self, neurons: Neurons, streams: Streams) -> Iterator[Spikes]:
        """Scatter spikes about the centres."""
        key, count = streams("jitter"), int(neurons.recipe.number("spikes"))
        sd, dt = neurons.each("sd"), float(neurons.dt)
        for packet, centre in _within_reach(neurons):
            for some, numbers in _together(neurons.size, count):
                firsts = np.full_like(some, packet * count + numbers.start)
                draws = draws_in_spans(key, some, firsts, np.full_like(some, len(numbers)))
                z = evaluate_function("normal_quantile", open_uniform(draws))
                who = np.repeat(some, len(numbers))
                yield _within_run(neurons, np.floor((centre + (sd[who] * z) / dt) + 0.5), who)


def _together(size: int, count: int) -> Iterator[tuple[IntegerArray, range]]:
    """Yield neurons and numbers of spikes that are made together: all of them, piece by piece."""
    for begin in range(0, count, SIZE):
        numbers = range(begin, min(begin + SIZE, count))
        step = max(1, SIZE // len(numbers))
        for first in range(0, size, step):
            yield np.arange(first, min(first + step, size), dtype=np.int64), numbers


def _within_run(neurons: Neurons, steps: FloatArray, who: IntegerArray) -> Spikes:
    inside = (steps >= 0.0) & (steps < neurons.steps)
    return steps[inside].astype(np.int64), who[inside]


def _within_reach(neurons: Neurons) -> Iterator[tuple[int, float]]:
    """Yield number and centre, in steps, of each packet that may have spikes in the run."""
    value = neurons.recipe.parameter("centres").value
    assert isinstance(value, PerItem)
    reach = _FARTHEST * float(neurons.values["sd"].max()) / float(neurons.dt)
    for packet, centre in enumerate(value.values):
        steps = float(centre / neurons.dt)
        if steps - reach < neurons.steps:
            yield packet, steps
