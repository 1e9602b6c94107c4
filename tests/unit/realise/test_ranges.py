"""Rates with noise are taken at the largest numbers that can be drawn."""

from __future__ import annotations

import numpy as np
import pytest

from netspec.expr.nodes import Call, Constant
from netspec.ir.recipe import Range
from netspec.realise.evaluate import evaluate
from netspec.realise.ranges import MOST_NORMAL, range_error


def normal_number(high: int) -> float:
    """Return what the high half of a draw stands for while running."""
    u = (high + 0.5) * 2.0**-32
    return float(np.asarray(evaluate(Call("normal_quantile", (Constant(u),)), {})))


def test_no_normal_number_is_larger_than_what_ranges_are_checked_with() -> None:
    assert MOST_NORMAL - 0.01 < normal_number(2**32 - 1) < MOST_NORMAL
    assert -MOST_NORMAL < normal_number(0) < 0.01 - MOST_NORMAL


@pytest.mark.parametrize(
    ("most", "number", "shown"),
    [(1.0, 1.0 + 2**-52, "1.0000000000000002"), (64.0, 64.25, "64.25"), (1.0, -1e-9, "-1e-09")],
)
def test_a_number_outside_is_shown_so_that_it_is_outside(
    most: float, number: float, shown: str
) -> None:
    problem = range_error(Range("rain", most), "inputs.rain.rate", 3, 2, number)
    assert problem.message.endswith(
        f"'rain' leaves its range at step 3, neuron 2: rate * dt is {shown}"
    )
