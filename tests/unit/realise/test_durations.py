"""Durations as whole steps."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from netspec.errors import SpecError
from netspec.expr.fold import fold, real_indices
from netspec.expr.parse import parse_expression
from netspec.ir.recipe import Computed, Scalar
from netspec.limits import MAX_STEPS
from netspec.realise.durations import (
    count_steps,
    in_steps,
    realise_steps,
    steps_of_doubles,
)
from netspec.units import decimal_fraction

DT = Fraction(1, 10_000)


@pytest.mark.parametrize(
    ("seconds", "steps"),
    [("0", 0), ("0.0001", 1), ("0.0015", 15), ("6.5535", 65535), ("1e-1", 1000)],
)
def test_a_multiple_of_dt_is_its_number_of_steps(seconds: str, steps: int) -> None:
    assert count_steps([Fraction(seconds)], DT, "error", "") == [steps]


@pytest.mark.parametrize(
    ("seconds", "steps"),
    [("0.00014999", 1), ("0.00015", 2), ("0.00025", 3), ("0.00024", 2), ("0.00004", 0)],
)
def test_nearest_rounds_half_up(seconds: str, steps: int) -> None:
    assert count_steps([Fraction(seconds)], DT, "nearest", "") == [steps]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ("0.00015", "not-a-multiple-of-dt"),
        ("1e-10", "not-a-multiple-of-dt"),
        ("-0.0001", "negative-duration"),
        ("1e300", "too-long"),
    ],
)
def test_other_durations_are_refused(seconds: str, expected: str) -> None:
    with pytest.raises(SpecError) as caught:
        count_steps([Fraction(seconds)], DT, "error", "here")
    assert [each.code for each in caught.value.diagnostics] == [expected]


def test_the_longest_duration_fits_into_the_counters_of_streams() -> None:
    assert MAX_STEPS == 2**48 - 1
    assert count_steps([MAX_STEPS * DT], DT, "error", "") == [MAX_STEPS]


@given(st.integers(0, 10**6), st.sampled_from(["0.1", "0.05", "0.025", "0.3", "1", "0.001"]))
@settings(derandomize=True, max_examples=200)
def test_doubles_are_read_as_the_decimals_they_stand_for(number: int, milliseconds: str) -> None:
    dt = Fraction(milliseconds) / 1000
    product = np.array([number * float(dt)])  # one rounding away from the decimal
    assert steps_of_doubles(product, dt, "error", "").tolist() == [number]


def test_computed_durations_are_counted_alike() -> None:
    computed = Computed(fold(real_indices(parse_expression("i*0.1*ms"), frozenset("i"))))
    known = {"i": np.arange(20)}
    steps = realise_steps(computed, known, DT, "error", "")
    assert steps.tolist() == list(range(20))
    assert steps.dtype == np.int64
    assert realise_steps(Scalar(Fraction(3, 1000)), {}, DT, "error", "").shape == ()


def test_one_computed_duration_is_an_array_of_no_dimension() -> None:
    steps = steps_of_doubles(np.array(0.003), DT, "error", "")
    assert isinstance(steps, np.ndarray)
    assert (steps.shape, steps) == ((), 30)


@pytest.mark.parametrize("dt", [Fraction(1, 10**4), Fraction(1, 40_000), Fraction(3, 7 * 10**4)])
def test_many_durations_take_the_steps_that_each_takes_alone(dt: Fraction) -> None:
    chance = np.random.default_rng(1)
    multiples = chance.integers(0, 10**9, 500) * float(dt)  # some are off by a rounding
    between = chance.random(500)
    off = np.nextafter(multiples[:100], 1e9)
    for seconds in (multiples, between, np.concatenate([off, multiples])):
        exact = [decimal_fraction(format(value, ".15g")) for value in seconds.tolist()]
        alone = [in_steps(each, dt, "nearest") for each in exact]
        assert steps_of_doubles(seconds, dt, "nearest", "").tolist() == alone


def test_a_duration_of_more_than_15_digits_is_no_multiple() -> None:
    dt = Fraction(12_345, 10**9)
    seconds = float(123_456_789_013 * dt)  # 1524074.060365485, 16 digits
    with pytest.raises(SpecError, match="no multiple of dt"):
        steps_of_doubles(np.array([seconds]), dt, "error", "")
