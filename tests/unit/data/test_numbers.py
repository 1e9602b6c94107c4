"""Numbers of files become the doubles that the same numbers in a document are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from netspec.data.numbers import in_si
from netspec.units import parse_unit, quantity_in

RANDOM = np.random.default_rng(1)

NUMBERS = {
    "short": np.round(RANDOM.random(2000) * 100 - 50, 3),
    "long": RANDOM.random(2000) * 10.0 ** RANDOM.integers(-12, 12, 2000),
    "single": np.round(RANDOM.random(2000) * 100, 2).astype(np.float32),
    "long single": RANDOM.random(500).astype(">f4"),
    "whole": RANDOM.integers(-(2**31), 2**31, 2000, dtype=np.int32),
    "huge whole": RANDOM.integers(0, 2**64, 500, dtype=np.uint64),
    "corners": np.array([0.0, 1e270, 5e-324, 2.0**50, 2.0**50 - 1, 1e22, 0.1 + 0.2]),
}


@pytest.mark.parametrize("unit", ["pF", "nS", "mV", "1", "kHz", "1/ms", "fF*pF", "GHz**3"])
@pytest.mark.parametrize("kind", NUMBERS)
def test_a_stored_number_is_what_it_is_in_a_document(kind: str, unit: str) -> None:
    stored, known = NUMBERS[kind], parse_unit(unit)
    power = round(float(np.log10(float(known.factor))))
    texts = [str(each) for each in stored]  # of a float the shortest decimal
    exact = [
        quantity_in(int(text), unit, known).value
        if stored.dtype.kind in "iu"
        else Fraction(text) * known.factor
        for text in texts
    ]
    assert in_si(stored, power).tolist() == [float(each) for each in exact]


def test_doubles_in_si_are_taken_as_they_are() -> None:
    values = RANDOM.random(1000)
    assert np.array_equal(in_si(values, 0), values)


def test_a_number_is_not_multiplied_by_its_unit() -> None:
    assert in_si(np.array([65.6]), -3)[0] == 0.0656 != 65.6 * 1e-3
    assert not np.signbit(in_si(np.array([-0.0]), -3)[0])
