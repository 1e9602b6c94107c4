"""`regular`: spike `n = 0, 1, …` of a neuron is `phase + n · period` after the start.

It is in the nearest step, `start/dt + floor(x/dt + 1/2)` with `x = phase + n · period`. Where
`phase` and `rate` or `period` are written down, as quantities or lists, `x/dt` is exact, and
`period = 1/rate` too; numbers of a data file count as their decimals of 15 digits. Where one of
them is computed or drawn, `x` is computed in doubles, every operation rounded. There is no spike
where `rate` is 0. `phase` is at least 0, and `period` at least `dt`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import FromFile, PerItem, Scalar
from netspec.realise.network import FloatArray, IntegerArray
from netspec.realise.trains.rounds import SIZE, in_rounds
from netspec.realise.trains.train import (
    Count,
    Neurons,
    Spikes,
    SpikeTrains,
    Streams,
    rate_faults,
)
from netspec.realise.values import realise_array
from netspec.units import FREQUENCY, TIME, Dimension, decimal_fraction


class Regular(SpikeTrains):
    """The trains `regular`."""

    dimensions: ClassVar[dict[str, Dimension]] = {
        "rate": FREQUENCY,
        "period": TIME,
        "phase": TIME,
    }

    def faults(self, neurons: Neurons) -> Iterator[Diagnostic]:
        """Yield more than one spike per step, and what is negative."""
        phase = neurons.values["phase"]
        if neurons.recipe.has("rate"):
            yield from rate_faults(neurons)
        else:
            period, dt = neurons.values["period"], float(neurons.dt)
            message = f"'period' must be at least dt ({1e3 * dt:.6g} ms)"
            yield from neurons.faults(
                "bad-train", "period", period >= dt, message, 1e3 * period, "ms"
            )
        yield from neurons.faults(
            "bad-train", "phase", phase >= 0.0, "'phase' cannot be negative", 1e3 * phase, "ms"
        )

    def count(self, neurons: Neurons) -> Count:
        """Return the number of spikes."""
        if exact := _written(neurons):
            return Count(sum(_Train(*each, neurons).count * len(who) for each, who in exact))
        return Count(float(np.floor(_expected(neurons)).sum()))

    def spikes(self, neurons: Neurons, streams: Streams) -> Iterator[Spikes]:
        """Yield the multiples of the period."""
        if exact := _written(neurons):
            for each, who in exact:
                yield from _copies(_Train(*each, neurons), who)
            return
        expected, period = _expected(neurons), _period(neurons)
        phase = neurons.each("phase")

        def times(some: IntegerArray, numbers: range, last: FloatArray) -> FloatArray:
            n = np.arange(numbers.start, numbers.stop, dtype=np.float64)
            made: FloatArray = phase[some, np.newaxis] + n * period[some, np.newaxis]
            return made

        spiking = np.flatnonzero(expected >= 1.0)
        yield from in_rounds(neurons, spiking, expected[spiking], times, offset=0.5)


# --- written down ---------------------------------------------------------------------------

_Groups = list[tuple[tuple[Fraction, Fraction], IntegerArray]]


def _written(neurons: Neurons) -> _Groups | None:
    """Return the neurons of each period and phase, in steps, if these are written down.

    A neuron that has no spike is in no group.
    """
    dt, has_rate = neurons.dt, neurons.recipe.has("rate")
    paces = _numbers(neurons, "rate" if has_rate else "period")
    phases = _numbers(neurons, "phase")
    if paces is None or phases is None:
        return None
    count = max(len(paces), len(phases))
    groups: dict[tuple[Fraction, Fraction], list[int]] = defaultdict(list)
    for neuron in range(count):
        pace, phase = paces[neuron % len(paces)], phases[neuron % len(phases)]
        if pace:
            groups[1 / (pace * dt) if has_rate else pace / dt, phase / dt].append(neuron)
    everyone = np.arange(neurons.size, dtype=np.int64)
    return [
        (each, everyone if count == 1 else np.array(who, dtype=np.int64))
        for each, who in groups.items()
    ]


def _numbers(neurons: Neurons, name: str) -> tuple[Fraction, ...] | None:
    item = neurons.recipe.parameter(name)
    match item.value:
        case Scalar(value):
            return (value,)
        case PerItem(values):
            return values
        case FromFile() as listed:
            doubles = realise_array(listed, item.path).tolist()
            return tuple(decimal_fraction(format(each, ".15g")) for each in doubles)
        case _:
            return None


class _Train:
    """One train, in whole numbers: spike n is in step `(first + n*period) // unit`.

    Attributes:
        count: Of spikes before the end.
    """

    def __init__(self, period: Fraction, phase: Fraction, neurons: Neurons) -> None:
        denominator = math.lcm(period.denominator, phase.denominator)
        self._unit = 2 * denominator
        self._period = int(period * self._unit)
        self._first = int(phase * self._unit) + denominator
        end = neurons.steps * self._unit - self._first
        self.count = max(0, -(-end // self._period))
        self._start = neurons.start

    def steps(self, numbers: range) -> IntegerArray:
        """Return the steps of some spikes."""
        largest = self._first + numbers.stop * self._period
        kind = np.int64 if largest < 2**63 else object
        n = np.arange(numbers.start, numbers.stop).astype(kind)
        return np.asarray((self._first + n * self._period) // self._unit).astype(np.int64) + (
            self._start
        )


def _copies(train: _Train, who: IntegerArray) -> Iterator[Spikes]:
    """Yield the spikes of neurons that all have one train."""
    for begin in range(0, train.count, SIZE):
        steps = train.steps(range(begin, min(begin + SIZE, train.count)))
        together = max(1, SIZE // len(steps))
        for first in range(0, len(who), together):
            some = who[first : first + together]
            yield np.tile(steps, len(some)), np.repeat(some, len(steps))


# --- computed or drawn ----------------------------------------------------------------------


def _period(neurons: Neurons) -> FloatArray:
    if neurons.recipe.has("rate"):
        with np.errstate(divide="ignore"):
            return 1.0 / neurons.each("rate")
    return neurons.each("period")


def _expected(neurons: Neurons) -> FloatArray:
    """Return about how many spikes each neuron has: none, or one more than fit before the end."""
    left = neurons.steps * float(neurons.dt) - neurons.each("phase")
    expected = np.floor(left / _period(neurons)) + 1.0
    expected[(left < 0.0) | np.isinf(_period(neurons))] = 0.0
    return np.asarray(expected)
