"""Netspec's own functions: how accurate they are, and their edges."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import mpmath
import numpy as np
import pytest
from unit.expr.mathematics import (
    GREATEST,
    INF,
    LEAST,
    LEAST_NORMAL,
    NAN,
    PRECISION,
    TRUTH,
    arguments_of,
    beside,
    spread,
)
from unit.expr.targets import SPECIAL, same_bits

from netspec.expr.functions import AUTHOR_FUNCTIONS
from netspec.expr.math import DEFINITIONS
from netspec.expr.math.power import whole_power
from netspec.expr.nodes import Name
from netspec.realise.evaluate import evaluate, evaluate_function

BOUNDS: Mapping[str, float] = MappingProxyType(
    {
        "arctan": 2.0,
        "cos": 1.0,
        "cosh": 2.0,
        "exp": 1.0,
        "expm1": 1.0,
        "exprel": 2.0,
        "log": 1.0,
        "log10": 2.0,
        "log1p": 1.0,
        "normal_quantile": 4.0,
        "power": 2.0,
        "sigmoid": 3.0,
        "sin": 1.0,
        "sinh": 3.0,
        "tan": 3.0,
        "tanh": 1.0,
    }
)
"""Units in the last place that the documentation promises."""


def worst_error(name: str, *arguments: Any) -> tuple[float, Any]:
    """The largest error in units of the last place of the true value, and where it is."""
    results = evaluate_function(name, *arguments)
    worst: tuple[float, Any] = (0.0, ())
    rows = zip(*(each.tolist() for each in arguments), strict=True)
    with mpmath.workprec(PRECISION):
        for row, result in zip(rows, results.tolist(), strict=True):
            true = TRUTH[name](*map(mpmath.mpf, row))
            exponent = mpmath.frexp(true)[1] if true else -1074
            error = mpmath.ldexp(abs(result - true), -max(exponent - 53, -1074))
            worst = max(worst, (float(error), row))
    return worst


@pytest.mark.parametrize("name", TRUTH)
def test_accuracy(name: str) -> None:
    error, where = worst_error(name, *arguments_of(name, 8_000))
    assert error <= BOUNDS[name], where


@pytest.mark.long
@pytest.mark.parametrize("name", TRUTH)
def test_accuracy_of_a_million(name: str) -> None:
    error, where = worst_error(name, *arguments_of(name, 1_000_000))
    print(f"{name}: {error:.3f} ulp at {where!r}")
    assert error <= BOUNDS[name], where


def test_every_function_says_how_accurate_it_is() -> None:
    for name, bound in BOUNDS.items():
        assert f"to {bound:.0f} ulp" in DEFINITIONS[name].summary, name
    pinned = {name for name, entry in AUTHOR_FUNCTIONS.items() if entry.kind == "pinned"}
    assert pinned | {"normal_quantile", "power"} == set(TRUTH) == set(BOUNDS)


def test_exprel_is_a_polynomial_near_0() -> None:
    arguments = spread(-60.0, -1.0, 8_000, np.random.default_rng(1))
    arguments = np.append(arguments, [0.0, -0.0, LEAST, -LEAST, 0.5, -0.5])
    near = evaluate_function("exprel_near", arguments)
    assert same_bits(evaluate_function("exprel", arguments), near)


EDGES: Mapping[str, list[tuple[float, float]]] = MappingProxyType(
    {
        "arctan": [(INF, math.pi / 2), (GREATEST, math.pi / 2), (1.0, math.pi / 4), (0.0, 0.0),
                   (LEAST, LEAST)],
        "cos": [(INF, NAN), (-INF, NAN), (0.0, 1.0), (-0.0, 1.0), (LEAST, 1.0),
                (2.0**51 + 1.0, 1.0), (-GREATEST, 1.0)],
        "cosh": [(INF, INF), (-INF, INF), (0.0, 1.0), (-0.0, 1.0), (-710.475860073944, INF),
                 (GREATEST, INF)],
        "exp": [(INF, INF), (-INF, 0.0), (0.0, 1.0), (-0.0, 1.0), (LEAST, 1.0),
                (709.7827128933841, INF), (GREATEST, INF), (-745.1332191019411, LEAST),
                (-745.1332191019412, 0.0), (-GREATEST, 0.0)],
        "expm1": [(INF, INF), (-INF, -1.0), (0.0, 0.0), (-0.0, -0.0), (LEAST, LEAST),
                  (-LEAST, -LEAST), (709.7827128933841, INF), (-GREATEST, -1.0)],
        "exprel": [(INF, INF), (-INF, 0.0), (0.0, 1.0), (-0.0, 1.0), (LEAST, 1.0), (-LEAST, 1.0),
                   (716.4, INF), (GREATEST, INF), (-1e300, 1e-300)],
        "log": [(INF, INF), (0.0, -INF), (-0.0, -INF), (1.0, 0.0), (-LEAST, NAN), (-1.0, NAN),
                (-INF, NAN)],
        "log10": [(INF, INF), (0.0, -INF), (-0.0, -INF), (-LEAST, NAN), (-INF, NAN)],
        "log1p": [(INF, INF), (-1.0, -INF), (-1.0000000000000002, NAN), (-INF, NAN), (0.0, 0.0),
                  (-0.0, -0.0), (LEAST, LEAST), (-LEAST, -LEAST)],
        "normal_quantile": [(0.5, 0.0), (0.0, NAN), (1.0, NAN), (-0.5, NAN), (1.5, NAN),
                            (INF, NAN), (-INF, NAN)],
        "sigmoid": [(INF, 1.0), (-INF, 0.0), (0.0, 0.5), (-0.0, 0.5), (GREATEST, 1.0),
                    (-745.1332191019411, LEAST), (-GREATEST, 0.0)],
        "sin": [(INF, NAN), (0.0, 0.0), (LEAST, LEAST)],
        "sinh": [(INF, INF), (0.0, 0.0), (LEAST, LEAST), (710.475860073944, INF),
                 (GREATEST, INF)],
        "tan": [(INF, NAN), (0.0, 0.0), (LEAST, LEAST)],
        "tanh": [(INF, 1.0), (0.0, 0.0), (LEAST, LEAST), (19.1, 1.0), (GREATEST, 1.0)],
    }
)  # fmt: skip
"""Arguments and exact values."""

ODD = ("arctan", "expm1", "log1p", "sin", "sinh", "tan", "tanh")
"""Functions that keep the sign of a zero, and most of them any sign."""


@pytest.mark.parametrize("name", EDGES)
def test_edges(name: str) -> None:
    for argument, expected in EDGES[name]:
        result = evaluate_function(name, argument)
        assert same_bits(result, np.float64(expected)), (argument, result)


@pytest.mark.parametrize("name", [name for name in TRUTH if name != "power"])
def test_nan_stays_nan(name: str) -> None:
    assert np.isnan(evaluate_function(name, NAN))


@pytest.mark.parametrize("name", ["arctan", "sin", "sinh", "tan", "tanh"])
def test_odd_functions_have_the_same_bits_on_both_sides(name: str) -> None:
    (arguments,) = arguments_of(name, 8_000)
    arguments = np.append(arguments, [0.0, LEAST, LEAST_NORMAL, INF])
    assert same_bits(evaluate_function(name, -arguments), -evaluate_function(name, arguments))


@pytest.mark.parametrize("name", ["cos", "cosh"])
def test_even_functions_have_the_same_bits_on_both_sides(name: str) -> None:
    (arguments,) = arguments_of(name, 8_000)
    assert same_bits(evaluate_function(name, -arguments), evaluate_function(name, arguments))


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("exp", 709.782712893384),
        ("expm1", 709.782712893384),
        ("exprel", 716.3498),
        ("sinh", 710.4758600739439),
        ("cosh", -710.4758600739439),
    ],
)
def test_the_last_finite_argument(name: str, argument: float) -> None:
    error, _ = worst_error(name, np.array([argument]))
    assert error <= BOUNDS[name]


def test_log10_of_a_power_of_ten_is_exact() -> None:
    exponents = np.arange(-300, 309)
    exact = np.array([float(Fraction(10) ** int(exponent)) for exponent in exponents])
    assert evaluate_function("log10", exact).tolist() == exponents.tolist()


# --- angles that are too large ---


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_a_large_angle_is_meant_to_one_unit_in_its_last_place(name: str) -> None:
    rng = np.random.default_rng(2)
    arguments = np.concatenate([spread(20, 51, 3_000, rng), beside([2.0**20, 2.0**32])])
    results = evaluate_function(name, arguments)
    assert np.all(np.abs(results) <= 1.0)
    with mpmath.workprec(PRECISION):
        for argument, result in zip(arguments.tolist(), results.tolist(), strict=True):
            off = abs(TRUTH[name](mpmath.mpf(argument)) - result)
            assert off <= math.ulp(argument) + 2.0**-53, argument


def test_an_angle_without_a_phase_is_taken_as_zero() -> None:
    rng = np.random.default_rng(3)
    arguments = np.concatenate([spread(51.0001, 1023.9, 1_000, rng), [GREATEST, -GREATEST]])
    assert np.all(evaluate_function("sin", arguments) == 0.0)
    assert np.all(evaluate_function("cos", arguments) == 1.0)
    assert np.all(evaluate_function("tan", arguments) == 0.0)


# --- powers ---


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [
        (2.0, 0.0, 1.0),
        (2.0, -0.0, 1.0),
        (0.0, 0.0, 1.0),
        (INF, 0.0, 1.0),
        (-2.0, 0.0, 1.0),
        (1.0, GREATEST, 1.0),
        (1.0, INF, 1.0),
        (1.0, -INF, 1.0),
        (0.0, 2.5, 0.0),
        (0.0, LEAST, 0.0),
        (0.0, -2.5, INF),
        (-0.0, 3.0, 0.0),
        (-0.0, -3.0, INF),
        (0.0, INF, 0.0),
        (0.0, -INF, INF),
        (INF, 0.5, INF),
        (INF, -0.5, 0.0),
        (INF, INF, INF),
        (INF, -INF, 0.0),
        (2.0, INF, INF),
        (2.0, -INF, 0.0),
        (0.5, INF, 0.0),
        (0.5, -INF, INF),
        (2.0, 1024.0, INF),
        (2.0, 1023.0, 2.0**1023),
        (2.0, -1074.0, LEAST),
        (2.0, -1075.0, 0.0),
        (1.0000000000000002, GREATEST, INF),
        (0.9999999999999999, GREATEST, 0.0),
        (LEAST, 1.0, LEAST),
        (LEAST, -1.0, INF),
        (GREATEST, 1.0, GREATEST),
        (-2.0, 3.0, -8.0),
        (-2.0, 2.0, 4.0),
        (-2.0, -3.0, -0.125),
        (-2.0, 9007199254740991.0, -INF),
        (-2.0, 9007199254740992.0, INF),
        (-0.5, 1e300, 0.0),
        (-2.0, 0.5, NAN),
        (-2.0, LEAST, NAN),
        (-INF, 3.0, -INF),
        (-INF, 2.0, INF),
        (-INF, -3.0, -0.0),
        (-INF, 0.5, NAN),
        (-2.0, INF, NAN),
        (NAN, 2.0, NAN),
        (NAN, 0.0, NAN),
        (2.0, NAN, NAN),
        (1.0, NAN, NAN),
        (0.0, NAN, NAN),
        (INF, NAN, NAN),
        (NAN, NAN, NAN),
    ],
)
def test_edges_of_powers(base: float, exponent: float, expected: float) -> None:
    result = evaluate_function("power", base, exponent)
    assert same_bits(result, np.float64(expected)), result


@pytest.mark.parametrize("exponent", range(2, 65))
def test_a_whole_power_has_the_bits_of_its_chain(exponent: int) -> None:
    rng = np.random.default_rng(exponent)
    arguments = np.concatenate([rng.uniform(-3.0, 3.0, 500), SPECIAL])
    chain = evaluate(whole_power(Name("x"), exponent), {"x": arguments})
    assert same_bits(evaluate_function(f"power_{exponent}", arguments), chain)


def test_real_powers_agree_with_whole_ones_where_both_are_exact() -> None:
    bases = np.arange(-9.0, 10.0)
    bases = bases[bases != 0.0]
    for exponent in range(2, 16):
        whole = evaluate_function(f"power_{exponent}", bases)
        assert same_bits(evaluate_function("power", bases, float(exponent)), whole)
