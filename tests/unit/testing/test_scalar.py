"""The oracle's arithmetic where Python's own would raise or round otherwise."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
from unit.testing.builders import expression, statement

from netspec.expr.functions import AUTHOR_FUNCTIONS, FUNCTIONS, REPLACED
from netspec.realise.evaluate import evaluate_function
from netspec.testing.oracle.scalar import (
    drawn,
    evaluator,
    function,
    in_sequence,
    philox,
    ready,
    together,
)

INF, NAN = math.inf, math.nan
LARGEST, SMALLEST = 1.7976931348623157e308, 5e-324

VALUES = [
    *(0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.5, -2.5, 37.0, -37.6, 700.0, 709.9, -745.0, -746.5),
    *(1e-300, -1e-300, SMALLEST, -SMALLEST, LARGEST, -LARGEST, INF, -INF, NAN),
    *(4503599627370497.5, -4503599627370496.5, 1.0 + 2.0**-52, 0.1, 1.0 / 3.0),
    *(3.0, -3.0, 716.2, -710.3, 1048575.9, -(2.0**51) - 1.0, 0.93, 0.0745),
]


def bits(value: float) -> bytes:
    """All NaN are one."""
    return struct.pack("<d", NAN if math.isnan(value) else value)


def value_of(text: str, **names: float | int | bool) -> float | int | bool:
    return evaluator(expression(text))(names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.0/zero", INF),
        ("-1.0/zero", -INF),
        ("1.0/(-zero)", -INF),
        ("zero/zero", NAN),
        ("nan/zero", NAN),
        ("inf/zero", INF),
        ("inf - inf", NAN),
        ("large*large", INF),
        ("-huge - huge", -INF),
        ("1.0/small", INF),
        ("small/2.0", 0.0),
        ("-zero", -0.0),
        ("zero - zero", 0.0),
        ("sqrt(-1.0)", NAN),
        ("sqrt(-zero)", -0.0),
        ("floor(inf)", INF),
        ("floor(nan)", NAN),
        ("floor(-0.5)", -1.0),
        ("ceil(-0.5)", -0.0),
        ("floor(-zero)", -0.0),
        ("min(nan, 1.0)", NAN),
        ("min(1.0, nan)", NAN),
        ("min(zero, -zero)", -0.0),
        ("max(-zero, zero)", 0.0),
        ("clip(nan, 0.0, 1.0)", NAN),
        ("real(9007199254740993)", 9007199254740992.0),
        # One rounding each, never a fused multiply-add: 1 - 2**-54 rounds to 1.
        ("(1.0 + e)*(1.0 - e) - 1.0", 0.0),
        ("0.1 + 0.2 + 0.3", 0.6000000000000001),
    ],
)
def test_ieee_arithmetic(text, expected):
    names = {"zero": 0.0, "inf": INF, "nan": NAN, "e": 2.0**-27}
    names |= {"large": 1e200, "huge": LARGEST, "small": SMALLEST}
    result = value_of(text, **names)
    assert isinstance(result, float)
    assert bits(result) == bits(expected)


def test_integers_and_truth_values():
    assert value_of("where(n > 0, n - 1, n)", n=3) == 2
    assert value_of("n == 0 or n > 5 and not (n == 7)", n=7) is False
    assert value_of("n == 0 or n > 5 and not (n == 7)", n=6) is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n = n + 1", -(2**63)),
        ("n = -n - 2", 2**63 - 1),
        ("n = n*n", 1),
        ("n = 6364136223846793005*n + 1442695040888963407", 4301930853896946210),
    ],
)
def test_integers_are_kept_modulo_two_to_the_64(text, expected):
    for run in (together, in_sequence):
        values = {"n": 2**63 - 1}
        run(ready([statement(text)]), values)
        assert values == {"n": expected}


INNER = {"normal_quantile", "power", "power_7"}
OF_NUMBERS = {
    name for name, each in AUTHOR_FUNCTIONS.items() if each.kind not in REPLACED and name != "where"
}


@pytest.mark.parametrize("name", sorted(OF_NUMBERS | INNER))
def test_functions_are_those_of_the_compiler(name):
    arity = FUNCTIONS[name].arity
    columns = [VALUES] * min(arity, 2) + [[0.25, NAN]] * (arity - 2)
    arguments = np.array(np.meshgrid(*columns)).reshape(arity, -1)
    with np.errstate(all="ignore"):
        expected = evaluate_function(name, *arguments)
    for inputs, wanted in zip(arguments.T.tolist(), expected.tolist(), strict=True):
        assert bits(function(name)(*inputs)) == bits(wanted), inputs


# The three `philox4x32 10` lines of Random123's `kat_vectors`.
@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000",
         "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
         "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
         "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)  # fmt: skip
def test_philox_gives_the_known_answers(counter, key, expected):
    words = [tuple(int(word, 16) for word in text.split()) for text in (counter, key, expected)]
    assert philox(words[0], words[1]) == words[2]


def test_a_draw_is_made_of_two_lanes():
    key, step = (7, 8), 2**33 + 5
    for neuron in range(6):
        u = drawn(key, step, neuron)
        halves = [philox((neuron // 4, 5, lane, 2), key)[neuron % 4] for lane in (0, 1)]
        assert u == halves[0] * 2**32 + halves[1]
