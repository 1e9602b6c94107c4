"""`gamma_renewal`: its definition, and the statistics of a renewal process from the start on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from unit.realise.made_trains import Trains, assert_distributed, function, trains, word

RATE = 20.0


def gamma_number(row: int, index: int, shape: float) -> float:
    """A gamma number of scale 1, as the contract says."""

    def v(k: int) -> float:
        return word("intervals", row, index + (k << 32))

    d = ((shape + 1.0) if shape < 1.0 else shape) - 1.0 / 3.0
    c, m = 1.0 / (3.0 * math.sqrt(d)), 0
    while True:
        x = function("normal_quantile", v(1 + 2 * m))
        r = 1.0 + c * x
        w = (r * r) * r
        if r > 0.0 and function("log", v(2 + 2 * m)) < (
            (((0.5 * x) * x + d) - d * w) + d * function("log", w)
        ):
            break
        m += 1
    logarithm = function("log", d) + function("log", w)
    if shape < 1.0:
        logarithm += function("log", v(0)) / shape
    return function("exp", logarithm)


def by_hand(
    size: int, rate: float, shape: float, dead_time: float, *, equilibrium: bool, steps: int
) -> Trains:
    """The trains, straight from the definition."""
    found = []
    for neuron in range(size):
        train, time, m = [], 0.0, 0
        while True:
            own = shape
            if equilibrium and m == 0:
                met = word("intervals", neuron, (2**15 + 1) << 32) < dead_time * rate
                own = shape if met else shape + 1.0
            gamma = gamma_number(neuron, m, own) / shape
            interval = dead_time + gamma * (1.0 / rate - dead_time)
            if equilibrium and m == 0:
                interval *= word("intervals", neuron, 2**15 << 32)
            time, m = time + interval, m + 1
            step = math.floor(time / 0.0001)
            if step >= steps:
                break
            if step not in train:
                train.append(step)
        found.append(train)
    return found


@pytest.mark.parametrize("equilibrium", [True, False])
@pytest.mark.parametrize(
    ("shape", "dead_time"), [(0.3, 0.0), (1.0, 0.004), (0.6, 0.002), (9.5, 0.0)]
)
def test_trains_follow_the_definition(shape: float, dead_time: float, equilibrium: bool) -> None:
    given = {
        "model": "gamma_renewal",
        "size": 6,
        "rate": "100 Hz",
        "shape": shape,
        "dead_time": f"{1000 * dead_time:g} ms",
        "equilibrium": equilibrium,
    }
    wanted = by_hand(6, 100.0, shape, dead_time, equilibrium=equilibrium, steps=2000)
    assert trains(given, duration="200 ms") == wanted
    assert sum(map(len, wanted)) > 50


def times(size: int, duration: str, **given: Any) -> list[np.ndarray]:
    """Return times in seconds, on a grid so fine that it plays no part."""
    whole = {"model": "gamma_renewal", "size": size, "rate": f"{RATE} Hz", **given}
    made = trains(whole, dt="1 ns", duration=duration)
    return [np.array(each) * 1e-9 for each in made]


def erlang_below(shape: int, scale: float, x: float) -> float:
    terms = sum((x / scale) ** j / math.factorial(j) for j in range(shape))
    return 1.0 - math.exp(-x / scale) * terms


def gamma_below(shape: float, scale: float, x: float) -> float:
    if shape == 0.5:
        return math.erf(math.sqrt(max(x, 0.0) / scale))
    return erlang_below(int(shape), scale, max(x, 0.0))


CASES = [(0.5, 0.0), (1, 0.0), (4, 0.0), (1, 0.01), (3, 0.02)]


@pytest.mark.parametrize(("shape", "dead_time"), CASES)
def test_intervals_have_their_distribution_and_no_memory(shape: float, dead_time: float) -> None:
    made = times(4, "500 s", shape=shape, dead_time=f"{1000 * dead_time:g} ms")
    intervals = [np.diff(each) for each in made]
    every = np.concatenate(intervals)
    scale = (1.0 / RATE - dead_time) / shape
    assert_distributed(every, lambda x: gamma_below(shape, scale, x - dead_time))
    cv = (1.0 - dead_time * RATE) / math.sqrt(shape)
    assert every.std() / every.mean() == pytest.approx(cv, rel=0.04)
    for each in intervals:
        serial = np.corrcoef(each[1:], each[:-1])[0, 1]
        assert abs(serial) < 5.1 / math.sqrt(each.size)  # 20 of them at 1e-6 together


@pytest.mark.parametrize(("shape", "dead_time"), [(1, 0.0), (4, 0.0), (3, 0.02)])
@pytest.mark.parametrize("equilibrium", [True, False])
def test_the_first_spike_is_that_of_a_process_that_has_always_been_going_on(
    shape: int, dead_time: float, equilibrium: bool
) -> None:
    given = {"shape": shape, "dead_time": f"{1000 * dead_time:g} ms", "equilibrium": equilibrium}
    first = [each[0] for each in times(3000, "2 s", **given)]
    scale = (1.0 / RATE - dead_time) / shape

    def ordinary(x: float) -> float:
        return erlang_below(shape, scale, max(x - dead_time, 0.0))

    def forward(x: float) -> float:
        # The rate times the integral of what is left of the distribution of intervals.
        erlangs = sum(erlang_below(j, scale, max(x - dead_time, 0.0)) for j in range(1, shape + 1))
        return RATE * (min(x, dead_time) + scale * erlangs)

    assert_distributed(first, forward if equilibrium else ordinary)
    if shape > 1:
        with pytest.raises(AssertionError):
            assert_distributed(first, ordinary if equilibrium else forward)


@pytest.mark.parametrize("shape", [0.5, 4])
def test_counts_are_stationary_from_the_start(shape: float) -> None:
    size, windows = 2500, 8
    made = times(size, "4 s", shape=shape)
    counts = np.array([np.histogram(each, windows, (0.0, 4.0))[0] for each in made])
    mean = RATE * 0.5
    errors = counts.std(axis=0) / math.sqrt(size)
    assert np.all(np.abs(counts.mean(axis=0) - mean) < 5.3 * errors)  # 8 windows at 1e-6 together
    # The variance of a renewal process in equilibrium, but for terms that are gone by then.
    variance = mean / shape + (1.0 - shape**-2) / 6.0
    for each in counts.T:
        fourth = ((each - each.mean()) ** 4).mean()
        error = math.sqrt((fourth - each.var() ** 2) / size)
        assert abs(each.var() - variance) < 5.3 * error


def test_neurons_are_independent() -> None:
    made = times(7, "400 s", shape=2)
    counts = np.array([np.histogram(each, 4000, (0.0, 400.0))[0] for each in made])
    correlations = np.corrcoef(counts)[np.triu_indices(7, 1)]
    assert np.all(np.abs(correlations) < 5.5 / math.sqrt(4000))  # 21 of them at 1e-6 together


def test_a_neuron_without_a_rate_is_silent() -> None:
    given = {"model": "gamma_renewal", "size": 3, "rate": ["0 Hz", "500 Hz", "1e-320 Hz"]}
    for shape in (0.001, 1, 1e300):
        made = trains({**given, "shape": shape})
        assert (made[0], made[2]) == ([], [])


def test_spikes_in_one_step_count_once() -> None:
    dense = {"model": "gamma_renewal", "size": 5, "rate": "10 kHz", "shape": 1}
    share = sum(map(len, trains(dense))) / 50_000
    assert share == pytest.approx(-math.expm1(-1.0), abs=5 * math.sqrt(0.24 / 50_000))
