"""Rates with noise are taken at the largest numbers that can be drawn."""

from __future__ import annotations

import numpy as np

from netspec.expr.nodes import Call, Constant
from netspec.realise.evaluate import evaluate
from netspec.realise.ranges import MOST_NORMAL


def normal_number(high: int) -> float:
    """Return what the high half of a draw stands for while running."""
    u = (high + 0.5) * 2.0**-32
    return float(np.asarray(evaluate(Call("normal_quantile", (Constant(u),)), {})))


def test_no_normal_number_is_larger_than_what_ranges_are_checked_with() -> None:
    assert MOST_NORMAL - 0.01 < normal_number(2**32 - 1) < MOST_NORMAL
    assert -MOST_NORMAL < normal_number(0) < 0.01 - MOST_NORMAL
