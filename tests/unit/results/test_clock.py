"""Times are the doubles nearest to the decimals that people expect."""

from decimal import Decimal

import numpy as np
import pytest

from netspec.results.clock import milliseconds


@pytest.mark.parametrize("dt", ["0.1", "0.05", "0.025", "1", "0.01", "0.3", "0.125"])
def test_times_are_nearest_to_the_decimal(dt: str) -> None:
    steps = np.concatenate([np.arange(2000), [123_456_789, 2**40]])
    seconds = float(Decimal(dt) / 1000)
    expected = [float(Decimal(int(step)) * Decimal(dt)) for step in steps]
    assert milliseconds(steps, seconds).tolist() == expected


def test_times_print_as_they_are_said() -> None:
    assert repr(milliseconds(np.array([1203]), 0.0001)[0].item()) == "120.3"


def test_long_decimals_and_late_steps_are_still_nearest() -> None:
    dt = 0.0001 / 3
    exact = Decimal(format(dt, ".15g")) * 1000
    steps = np.array([0, 1, 3_000_000, 3_000_000, 2**45])
    expected = [float(exact * int(step)) for step in steps]
    assert milliseconds(steps, dt).tolist() == expected


def test_no_steps() -> None:
    assert milliseconds(np.empty(0, dtype=np.int64), 0.0001).shape == (0,)
