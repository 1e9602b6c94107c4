"""What compilers make of sums of products: one rounding for both."""

from __future__ import annotations

from fractions import Fraction

import pytest
from unit.testing.builders import expression

from netspec.compare.fused import fused_values, fusible
from netspec.expr.text import write

A = 1.0 + 2.0**-30
"""Its square is no double: 1 + 2^-29 + 2^-60."""

VALUES = {"a": A, "b": A, "c": -1.0 - 2.0**-29, "n": 3}


def found(text: str) -> dict[tuple[str, ...], object]:
    return {
        tuple(map(write, fused)): value for fused, value in fused_values(expression(text), VALUES)
    }


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("a * b + c", Fraction(A) ** 2 + Fraction(VALUES["c"])),
        ("c + a * b", Fraction(A) ** 2 + Fraction(VALUES["c"])),
        ("a * b - c", Fraction(A) ** 2 - Fraction(VALUES["c"])),
        ("c - a * b", Fraction(VALUES["c"]) - Fraction(A) ** 2),
    ],
)
def test_there_is_one_rounding(text: str, exact: Fraction) -> None:
    assert found(text) == {(text,): float(exact)}


def test_each_sum_is_tried_and_then_all() -> None:
    inner, outer = "a * b + c", "a * (a * b + c) + c"
    tiny = 2.0**-60
    assert found(outer) == {
        (outer,): VALUES["c"],
        (inner,): A * tiny + VALUES["c"],
        (outer, inner): float(Fraction(A) * Fraction(tiny) + Fraction(VALUES["c"])),
    }


def test_what_is_no_sum_of_a_product_is_not_fused() -> None:
    assert fusible(expression("(a + b) * c - b")) == (expression("(a + b) * c - b"),)
    for text in ("a + b", "a * b", "a * b < c", "where(a < b, a, c)", "-(a * b)"):
        assert found(text) == {}


def test_integers_are_left_alone() -> None:
    assert found("n * n + n") == {("n * n + n",): 12}
