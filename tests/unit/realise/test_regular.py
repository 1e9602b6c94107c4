"""`regular`: its definition, exact where it is written down."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from unit.realise.made_trains import SEED, Trains, trains, word

from netspec.units import parse_quantity


def exactly(periods: list[Fraction], phases: list[Fraction], dt: Fraction, steps: int) -> Trains:
    """The trains, straight from the definition, in rational numbers."""
    found = []
    for period, phase in zip(periods, phases, strict=True):
        train, n = [], 0
        while (step := math.floor((phase + n * period) / dt + Fraction(1, 2))) < steps:
            train.append(step)
            n += 1
        found.append(train)
    return found


def in_doubles(periods: list[float], phases: list[float], dt: float, steps: int) -> Trains:
    """The same in doubles."""
    found = []
    for period, phase in zip(periods, phases, strict=True):
        train, n = [], 0
        while (step := math.floor((phase + n * period) / dt + 0.5)) < steps:
            train.append(step)
            n += 1
        found.append(train)
    return found


def seconds(*texts: str) -> list[Fraction]:
    return [parse_quantity(each).value for each in texts]


@pytest.mark.parametrize("phase", ["0 ms", "0.05 ms", "0.25 ms", "7.123456789 ms", "199.95 ms"])
@pytest.mark.parametrize("period", ["0.1 ms", "0.25 ms", "1/7 ms", "10.1 ms", "3.3333333333 ms"])
@pytest.mark.parametrize("dt", ["0.1 ms", "0.03 ms"])
def test_what_is_written_is_exact(period: str, phase: str, dt: str) -> None:
    if period == "1/7 ms":
        pace, exact = {"rate": "7 kHz"}, Fraction(1, 7000)
    else:
        pace, exact = {"period": period}, seconds(period)[0]
    given = {"model": "regular", "size": 2, **pace, "phase": phase}
    steps = 1999
    duration = f"{steps * Fraction(dt.split()[0])!s}"
    duration = f"{float(Fraction(duration)):.15g} ms"
    wanted = exactly([exact] * 2, seconds(phase) * 2, *seconds(dt), steps)
    assert trains(given, dt=dt, duration=duration) == wanted


def test_lists_are_as_exact_as_one_number() -> None:
    rates, phases = ["7 Hz", "333 Hz", "0 Hz", "7 Hz"], ["0.25 ms", "0 ms", "0 ms", "0.25 ms"]
    given = {"model": "regular", "size": 4, "rate": rates, "phase": phases}
    periods = [1 / each if each else Fraction(10) for each in seconds(*rates)]
    first = [*seconds(*phases[:2]), Fraction(10), *seconds(phases[3])]  # later than the run
    assert trains(given) == exactly(periods, first, Fraction(1, 10_000), 10_000)
    one = trains({"model": "regular", "size": 1, "rate": "7 Hz", "phase": "0.25 ms"})
    assert trains(given)[0] == one[0]


def test_numbers_beyond_64_bits_are_as_exact() -> None:
    # The unit of 1/20 GHz in steps makes the multiples large; the tie at half a step shows one ulp.
    period, phase = "123.4567890123456789 ms", "0.0500000000000000000001 ms"
    given = {"model": "regular", "size": 1, "period": period, "phase": phase}
    wanted = exactly(seconds(period), seconds(phase), Fraction(1, 10_000), 10_000)
    assert trains(given) == wanted
    assert wanted[0][0] == 1


def test_what_is_computed_or_drawn_is_in_doubles() -> None:
    given: dict[str, Any] = {
        "model": "regular",
        "size": 30,
        "rate": "(20 + 11.7*i)*hertz",
        "phase": {"uniform": {"low": "0 ms", "high": "1/rate"}},
    }
    rates = [20.0 + 11.7 * i for i in range(30)]
    periods = [1.0 / each for each in rates]
    phases = [min(0.0 + p * word("phase", 0, i), p) for i, p in enumerate(periods)]
    wanted = in_doubles(periods, phases, 0.0001, 10_000)
    assert trains(given, seed=SEED) == wanted
    periods = [0.0003 * (i + 1) for i in range(30)]
    computed = {"model": "regular", "size": 30, "period": "0.3*ms*(i + 1)", "phase": "0.07*ms"}
    assert trains(computed) == in_doubles(periods, [0.00007] * 30, 0.0001, 10_000)


def test_a_neuron_without_a_rate_is_silent() -> None:
    for rate in ("0 Hz", ["0 Hz", "0 Hz"], "0*hertz*i"):
        assert trains({"model": "regular", "size": 2, "rate": rate}) == [[], []]


def test_one_spike_per_step_is_the_most() -> None:
    for pace in ({"rate": "10 kHz"}, {"period": "0.1 ms"}, {"period": "0.1*ms + 0*ms*i"}):
        given = {"model": "regular", "size": 1, **pace}
        assert trains(given, duration="20 ms") == [list(range(200))]
