"""`gamma_renewal`: intervals are drawn from a gamma distribution, independently of each other.

Row `i` of the stream `intervals` belongs to neuron `i`, index `m` to its interval `T_m`; its words
`v_n` and the logarithm `L` of a gamma number are those of [a value that is drawn](#randomness).
With `r`, `k` and `d` for `rate`, `shape` and `dead_time`, every operation rounded:

    T_m = d + (exp(L(k, 0))/k) · (1/r − d)
    t_0 = T_0,    t_m = t_(m−1) + T_m

Spike `m` of the neuron is in step `start/dt + floor(t_m/dt)`, and spikes that come into one step
count once. In equilibrium the first interval is what is left at the start of one that had begun
before. One that is found under way is long in proportion to how likely it is to be found:

    T_0 = v_(2^15) · (d + (exp(L(s, 0))/k) · (1/r − d)),    s = k if v_(2^15+1) < d·r, else k + 1

Then every stretch of time is like any other, and the mean number of spikes in it is `r` times its
length. Without equilibrium `T_0` is like all others: there was a spike at the start, which is not
one of the train. There is no spike where `rate` is 0. The shape is at least 0.001, the dead time at
least 0, and `dead_time·rate` below 1. The coefficient of variation of the intervals is
`(1 − d·r)/sqrt(k)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from netspec.errors import Diagnostic
from netspec.realise.distributions import Indices, Words, log_gamma, numbers_at
from netspec.realise.evaluate import evaluate_function
from netspec.realise.network import FloatArray, IntegerArray
from netspec.realise.philox import Key
from netspec.realise.trains.rounds import in_rounds
from netspec.realise.trains.train import Count, Neurons, Spikes, SpikeTrains, Streams, rate_faults
from netspec.units import DIMENSIONLESS, FREQUENCY, TIME, Dimension

MIN_SHAPE = 0.001
"""Below this spikes come in bursts of thousands, almost all of them in one step."""

_AGE, _KIND = 2**15, 2**15 + 1
"""Words of a first interval: how much of it is left, and whether its dead time was met."""


class GammaRenewal(SpikeTrains):
    """The trains `gamma_renewal`."""

    dimensions: ClassVar[dict[str, Dimension]] = {
        "rate": FREQUENCY,
        "shape": DIMENSIONLESS,
        "dead_time": TIME,
    }

    def faults(self, neurons: Neurons) -> Iterator[Diagnostic]:
        """Yield rates, shapes and dead times that make no sense."""
        yield from rate_faults(neurons)
        shape, dead_time = neurons.values["shape"], neurons.values["dead_time"]
        message = f"'shape' must be at least {MIN_SHAPE}"
        yield from neurons.faults("bad-train", "shape", shape >= MIN_SHAPE, message, shape)
        message = "'dead_time' cannot be negative"
        yield from neurons.faults(
            "bad-train", "dead_time", dead_time >= 0.0, message, 1e3 * dead_time, "ms"
        )
        share = np.asarray(dead_time * neurons.values["rate"])
        message = "'dead_time' must be below the mean interval: dead_time * rate below 1"
        yield from neurons.faults("bad-train", "dead_time", share < 1.0, message, share)

    def count(self, neurons: Neurons) -> Count:
        """Return the mean number of spikes, and nearly its standard deviation."""
        mean = neurons.each("rate") * (neurons.steps * float(neurons.dt))
        free = 1.0 - neurons.each("rate") * neurons.each("dead_time")
        variation = free * free / neurons.each("shape")
        if not _in_equilibrium(neurons):
            mean = np.where(mean > 0.0, np.maximum(mean + 0.5 * (variation - 1.0), 0.0), 0.0)
        # One is added for intervals that are longer than the run.
        return Count(float(mean.sum()), float(np.sqrt((variation * mean + (mean > 0.0)).sum())))

    def spikes(self, neurons: Neurons, streams: Streams) -> Iterator[Spikes]:
        """Draw intervals until the end."""
        key, first = streams("intervals"), _in_equilibrium(neurons)

        def times(some: IntegerArray, numbers: range, last: FloatArray) -> FloatArray:
            items = _Items(key, some, numbers)
            intervals = _intervals(neurons, items, equilibrium=first and not numbers.start)
            intervals[:, 0] += last
            return np.cumsum(intervals, axis=1)

        spiking = np.flatnonzero(neurons.each("rate") > 0.0)
        expected = neurons.each("rate")[spiking] * (neurons.steps * float(neurons.dt))
        yield from in_rounds(neurons, spiking, expected, times, offset=0.0)


def _in_equilibrium(neurons: Neurons) -> bool:
    return "equilibrium" in neurons.recipe.switches


@dataclass(frozen=True, slots=True, eq=False)
class _Items:
    """The draws of intervals, neuron after neuron."""

    key: Key
    neurons: IntegerArray
    numbers: range

    @property
    def shape(self) -> tuple[int, ...]:
        """Neurons and intervals."""
        return len(self.neurons), len(self.numbers)

    def drawn(self, items: Indices, attempt: int, k: int) -> FloatArray:
        """Return the v_k of an attempt for some items, numbered in order."""
        rows, columns = np.divmod(items, len(self.numbers))
        neurons, indices = self.neurons[rows], self.numbers.start + columns
        return numbers_at(self.key, neurons, indices, attempt, k)


def _intervals(neurons: Neurons, items: _Items, *, equilibrium: bool) -> FloatArray:
    """Return intervals, shape (neurons, intervals).

    Args:
        neurons: Of the input.
        items: The intervals.
        equilibrium: Whether the first of them began before the start.
    """
    rate, shape, dead_time = (
        neurons.each(name)[items.neurons, np.newaxis] for name in ("rate", "shape", "dead_time")
    )
    words = Words(items, np.arange(np.prod(items.shape), dtype=np.int64))
    shapes = np.broadcast_to(shape, items.shape).copy()
    starts = np.arange(len(items.neurons)) * len(items.numbers)
    if equilibrium:
        met = words(_KIND, starts) < dead_time[:, 0] * rate[:, 0]
        shapes[:, 0] = np.where(met, shape[:, 0], shape[:, 0] + 1.0)
    gamma = evaluate_function("exp", log_gamma(shapes.reshape(-1), words, 0)).reshape(items.shape)
    intervals: FloatArray = dead_time + (gamma / shape) * (1.0 / rate - dead_time)
    if equilibrium:
        intervals[:, 0] = words(_AGE, starts) * intervals[:, 0]
    return intervals
