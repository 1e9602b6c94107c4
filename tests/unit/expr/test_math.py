"""Netspec's own functions: how accurate they are, their edges, and their bits in every target."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import NormalDist
from types import MappingProxyType
from typing import Any

import mpmath
import numpy as np
import pytest
from unit.expr.targets import (
    COMPILERS,
    FLAGS,
    NATIVE_FLAGS,
    SPECIAL,
    VECTOR_FLAGS,
    FusingPrinter,
    c_loops,
    call_c,
    compile_c,
    numpy_namespace,
    same_bits,
)

from netspec.codegen.c_printer import CPrinter
from netspec.codegen.math_text import c_functions, numpy_functions
from netspec.codegen.numpy_printer import NumpyPrinter
from netspec.errors import InternalError
from netspec.expr.functions import AUTHOR_FUNCTIONS, FUNCTIONS
from netspec.expr.math import DEFINITIONS, exponential, logarithm, power, trigonometric
from netspec.expr.math.definition import define
from netspec.expr.math.power import whole_power
from netspec.expr.nodes import Name
from netspec.realise.evaluate import evaluate, evaluate_function

PRECISION = 140
"""Bits of the truth; expm1 and log1p of mpmath keep them near 0."""


def quantile(p: Any) -> Any:
    """Where the normal distribution function is p: Newton's method from a good guess."""
    x = mpmath.mpf(NormalDist().inv_cdf(float(p)))
    density = mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)
    if x < 0:
        return x - (mpmath.erfc(-x / mpmath.sqrt(2)) / 2 - p) / density
    return x + (mpmath.erfc(x / mpmath.sqrt(2)) / 2 - (1 - p)) / density


TRUTH: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "arctan": mpmath.atan,
        "cos": mpmath.cos,
        "cosh": mpmath.cosh,
        "exp": mpmath.exp,
        "expm1": mpmath.expm1,
        "exprel": lambda x: mpmath.expm1(x) / x if x else mpmath.mpf(1),
        "log": mpmath.log,
        "log10": mpmath.log10,
        "log1p": mpmath.log1p,
        "normal_quantile": quantile,
        "power": mpmath.power,
        "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
        "sin": mpmath.sin,
        "sinh": mpmath.sinh,
        "tan": mpmath.tan,
        "tanh": mpmath.tanh,
    }
)

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

CALLABLE = tuple(name for name in AUTHOR_FUNCTIONS if name in DEFINITIONS)
CHECKED = (*CALLABLE, "normal_quantile", "power", "power_2", "power_7", "power_64")

INF = math.inf
NAN = math.nan
LEAST = 5e-324
LEAST_NORMAL = 2.2250738585072014e-308
GREATEST = 1.7976931348623157e308


def spread(low: float, high: float, count: int, rng: np.random.Generator) -> Any:
    """Numbers whose magnitudes are spread evenly over the binades, of both signs."""
    return np.exp2(rng.uniform(low, high, count)) * rng.choice([-1.0, 1.0], count)


def any_positive(count: int, rng: np.random.Generator) -> Any:
    """Numbers with any bits but a sign, all finite."""
    return rng.integers(1, 0x7FF0_0000_0000_0000, count).view(np.float64)


def beside(centres: list[float]) -> Any:
    """Numbers and a few neighbours of each."""
    bits = np.array(centres).view(np.int64)
    return np.concatenate([(bits + shift).view(np.float64) for shift in range(-8, 9)])


@cache
def beside_quarters() -> Any:
    """The doubles up to 2**20 that are nearest to multiples of pi/2, and the first multiples."""
    scale = 300
    with mpmath.workprec(400):
        quarter = int(mpmath.floor(mpmath.ldexp(mpmath.pi / 2, scale)))
    found = []
    for k in range(1, int(2**20 / (math.pi / 2))):
        exact = quarter * k
        shift = exact.bit_length() - 53
        whole = (exact + (1 << (shift - 1))) >> shift
        found.append((abs((whole << shift) - exact), math.ldexp(whole, shift - scale)))
    hardest = [number for _, number in sorted(found)[:1500]]
    return np.concatenate([hardest, beside([number for _, number in found[:40]])])


def exponentials(low: float, high: float, count: int, rng: np.random.Generator) -> Any:
    """Arguments between bounds, dense near 0 and near odd multiples of ln(2)/2."""
    half = math.log(2) / 2
    odds = range(-2151, 2051, 2 * max(1, 4000 // count))
    middles = [half * odd for odd in odds if low < half * odd < high]
    numbers = [
        rng.uniform(low, high, 2 * count),
        rng.uniform(-1.1, 1.1, 2 * count),
        rng.uniform(half, 1.2 * half, count),
        rng.uniform(-745.2, -708.0, count),
        rng.uniform(-40.0, 45.0, count),
        rng.uniform(705.0, 717.0, count),
        spread(-1074, 0, 2 * count, rng),
        beside(middles),
    ]
    return np.concatenate(numbers).clip(low, high)


def logarithms(count: int, rng: np.random.Generator) -> Any:
    """Positive arguments, dense near 1 and near the square roots of 2 and 1/2."""
    return np.concatenate(
        [
            any_positive(2 * count, rng),
            rng.integers(1, 1 << 52, count).view(np.float64),
            rng.uniform(0.5, 2.0, 2 * count),
            rng.uniform(0.7, 0.7072, count),
            rng.uniform(1.4, 1.4143, count),
            1.0 + spread(-53, -1, count, rng),
            beside([1.0, math.sqrt(2), math.sqrt(0.5), GREATEST / 2, 2.3e-308]),
        ]
    )


def angles(count: int, rng: np.random.Generator) -> Any:
    """Arguments up to 2**20, dense near 0 and near multiples of pi/2."""
    return np.concatenate(
        [
            spread(-1074, 20, 2 * count, rng),
            rng.uniform(-7.0, 7.0, 3 * count),
            rng.uniform(-1e3, 1e3, count),
            rng.uniform(-(2.0**20), 2.0**20, 2 * count),
            beside_quarters(),
            beside([math.pi / 4 * odd for odd in range(-99, 101, 2)]),
        ]
    )


def probabilities(count: int, rng: np.random.Generator) -> Any:
    """Numbers between 0 and 1, dense near both and around the seams of the definition."""
    tiny = np.exp(-rng.uniform(2.0, 700.0, count))
    return np.concatenate(
        [
            rng.uniform(0.0, 1.0, 3 * count),
            (rng.integers(0, 2**32, count) + 0.5) * 2.0**-32,
            np.exp(-rng.uniform(2.0, 40.0, 2 * count)),
            0.5 + spread(-52, -2, count, rng),
            tiny[tiny > 0.0],
            (np.arange(200) + 0.5) * 2.0**-52,
            1.0 - (np.arange(200) + 0.5) * 2.0**-52,
            beside([0.075, 0.925, math.exp(-25.0), 1.0 - math.exp(-25.0)]),
        ]
    )


def powers(count: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Bases and exponents with finite powers, most of them near the ends of the range."""
    base = np.concatenate([logarithms(count, rng), rng.uniform(0.0, 20.0, count)])
    base = base[base != 1.0]
    wanted = np.concatenate(
        [
            rng.uniform(-1075.0, 1023.9, base.size - 4 * count),
            rng.uniform(-1022.0, -960.0, count),
            rng.uniform(990.0, 1023.9, count),
            spread(-50, 3, 2 * count, rng),
        ]
    )
    exponent = rng.permutation(wanted) / np.log2(base)
    return np.concatenate([base, base]), np.concatenate(
        [exponent, rng.uniform(-3.0, 3.0, base.size) / (1.0 + np.abs(np.log2(base)) / 300.0)]
    )


@cache
def arguments_of(name: str, count: int) -> tuple[Any, ...]:
    """About `count` arguments where the function is finite, dense where it is hard."""
    rng = np.random.default_rng(1)
    part = count // 8
    match name:
        case "exp":
            return (exponentials(-745.2, 709.78, part, rng),)
        case "expm1":
            return (exponentials(-60.0, 709.78, part, rng),)
        case "exprel":
            return (exponentials(-1e4, 716.3, part, rng),)
        case "sigmoid":
            return (exponentials(-745.2, 800.0, part, rng),)
        case "sinh" | "cosh":
            return (exponentials(-710.47, 710.47, part, rng),)
        case "tanh":
            return (exponentials(-30.0, 30.0, part, rng),)
        case "log" | "log10":
            return (logarithms(part, rng),)
        case "log1p":
            return (
                np.concatenate(
                    [
                        any_positive(2 * part, rng),
                        spread(-1074, -0.01, 2 * part, rng),
                        rng.uniform(-0.5, 1.0, 2 * part),
                        rng.uniform(0.4, 0.42, part),
                        -1.0 + np.abs(spread(-53, -1, part, rng)),
                        spread(50, 56, part, rng).clip(0.0),
                        beside([1.0, math.sqrt(2) - 1, math.sqrt(0.5) - 1, -0.5, 2.0**53]),
                    ]
                ),
            )
        case "sin" | "cos" | "tan":
            return (angles(part, rng),)
        case "arctan":
            return (
                np.concatenate(
                    [
                        spread(-1074, 1023, 2 * part, rng),
                        rng.uniform(-3.0, 3.0, 3 * part),
                        spread(-2, 2, 3 * part, rng),
                        beside([math.tan(math.pi / 8), math.tan(3 * math.pi / 8), 1.0]),
                    ]
                ),
            )
        case "normal_quantile":
            return (probabilities(part, rng),)
        case _:
            return powers(part // 2, rng)


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


# --- the same bits in every target ---


def tuples_of_special(arity: int) -> tuple[Any, ...]:
    more = [3.0, -3.0, 2.5, 0.925, 709.9, -746.0, 2.0**52 + 1.0, -(2.0**20) - 0.1]
    rows = itertools.product([*SPECIAL, *more], repeat=arity)
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def bit_arguments(name: str, count: int = 8_000) -> tuple[Any, ...]:
    special = tuples_of_special(FUNCTIONS[name].arity)
    if name not in TRUTH:
        return special
    rng = np.random.default_rng(4)
    any_bits = rng.integers(-(2**63), 2**63, (len(special), 4_000)).view(np.float64)
    columns = zip(special, any_bits, arguments_of(name, count), strict=True)
    return tuple(np.concatenate(column) for column in columns)


def test_numpy_text_has_the_bits_of_evaluate() -> None:
    printer = NumpyPrinter()
    printed = numpy_namespace(CHECKED)
    for name in CHECKED:
        arguments = bit_arguments(name)
        apply = printed[printer.function_name(name)]
        with np.errstate(all="ignore"):
            result = apply(*arguments)
            one_by_one = [
                apply(*each) for each in itertools.islice(zip(*arguments, strict=True), 200)
            ]
        expected = evaluate_function(name, *arguments)
        assert same_bits(result, expected), name
        assert same_bits(np.array(one_by_one), expected[:200]), name


@pytest.mark.slow
@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("language", ["c11", "c++17"])
def test_c_text_has_the_bits_of_evaluate(language: str, compiler: str, tmp_path: Path) -> None:
    text = c_loops(CHECKED, CPrinter())
    for flags in FLAGS:
        library = compile_c(text, tmp_path, flags, language, compiler)
        for name in CHECKED:
            arguments = bit_arguments(name)
            result = call_c(library, f"all_{name}", *arguments)
            assert same_bits(result, evaluate_function(name, *arguments)), (name, flags)


@pytest.mark.slow
def test_fused_operations_would_be_noticed(tmp_path: Path) -> None:
    library = compile_c(c_loops(TRUTH, FusingPrinter()), tmp_path, VECTOR_FLAGS)
    for name in TRUTH:
        arguments = bit_arguments(name, 200_000)
        result = call_c(library, f"all_{name}", *arguments)
        assert not same_bits(result, evaluate_function(name, *arguments)), name


LIBRARY = {name: name for name in TRUTH if name not in ("exprel", "normal_quantile", "sigmoid")}
LIBRARY |= {"arctan": "atan", "power": "pow"}


@pytest.mark.slow
def test_another_library_would_be_noticed(tmp_path: Path) -> None:
    class LibraryPrinter(CPrinter):
        def function_name(self, function: str) -> str:
            return LIBRARY.get(function) or super().function_name(function)

    library = compile_c(c_loops(LIBRARY, LibraryPrinter(), defined=False), tmp_path, NATIVE_FLAGS)
    for name in LIBRARY:
        arguments = bit_arguments(name)
        result = call_c(library, f"all_{name}", *arguments)
        assert not same_bits(result, evaluate_function(name, *arguments)), name


# --- how the definitions were made ---


def test_constants_are_derived_as_they_say() -> None:
    with mpmath.workdps(60):
        ln2 = mpmath.log(2)
        assert float(1 / ln2) == exponential.PER_LN2
        assert cut(ln2, 32) == exponential.LN2_HIGH
        assert float(ln2 - exponential.LN2_HIGH) == exponential.LN2_LOW
        assert float(mpmath.sqrt(2)) == logarithm.SQRT2
        assert float(1 / mpmath.log(10)) == logarithm.PER_LN10
        assert cut(mpmath.log10(2), 34) == logarithm.LOG10_2_HIGH
        assert float(mpmath.log10(2) - logarithm.LOG10_2_HIGH) == logarithm.LOG10_2_LOW
        factor = 2 / (3 * ln2)
        assert float(factor) == power.FACTOR
        assert cut(factor, 26) == power.FACTOR_HIGH
        assert float(factor - power.FACTOR_HIGH) == power.FACTOR_LOW
        assert float(ln2) == power.LN2


def test_constants_of_angles_are_derived_as_they_say() -> None:
    with mpmath.workdps(60):
        left = mpmath.pi / 2
        assert float(1 / left) == trigonometric.PER_QUARTER
        for part, bits in zip(trigonometric.QUARTER, (32, 65, 98), strict=False):
            assert cut(left, bits) == part
            left -= part
        assert float(left) == trigonometric.QUARTER[-1]
        eighth = mpmath.pi / 8
        assert float(mpmath.tan(eighth)) == trigonometric.TAN_PI_8
        assert float(mpmath.tan(3 * eighth)) == trigonometric.TAN_3PI_8
        assert float(2 * eighth) == trigonometric.PI_4
        assert float(2 * eighth - trigonometric.PI_4) == trigonometric.PI_4_LOW


def test_polynomials_are_fitted_as_they_say() -> None:
    with mpmath.workdps(60):
        half = mpmath.log(2) / 2
        assert fitted(tail, [-half, half], 11) == exponential.TAIL
        greatest = ((mpmath.sqrt(2) - 1) / (mpmath.sqrt(2) + 1)) ** 2
        assert fitted(series, [0, greatest], 7) == logarithm.SERIES
        assert fitted(base_two, [0, greatest], 8) == power.SERIES
        assert fitted(sine, [0, (mpmath.pi / 4) ** 2], 7) == trigonometric.SINE_SERIES
        assert fitted(cosine, [0, (mpmath.pi / 4) ** 2], 6) == trigonometric.COSINE_SERIES
        steepest = mpmath.tan(mpmath.pi / 8) ** 2
        assert fitted(arctangent, [0, steepest], 11) == trigonometric.ARCTAN_SERIES


def cut(number: Any, bits: int) -> float:
    return float(mpmath.floor(mpmath.ldexp(number, bits)) / mpmath.mpf(2) ** bits)


def tail(r: Any) -> Any:
    return (mpmath.expm1(r) - r) / r**2 if abs(r) > 1e-20 else mpmath.mpf(1) / 2 + r / 6


def series(z: Any) -> Any:
    s = mpmath.sqrt(z)
    return (2 * mpmath.atanh(s) / s - 2) / z if z > 1e-25 else mpmath.mpf(2) / 3 + 2 * z / 5


def base_two(w: Any) -> Any:
    s = mpmath.sqrt(w)
    near = mpmath.mpf(3) / 5 + 3 * w / 7
    return (3 * mpmath.atanh(s) / s - 3 - w) / w**2 if w > 1e-15 else near


def sine(z: Any) -> Any:
    r = mpmath.sqrt(z)
    return (mpmath.sin(r) / r - 1) / z if z > 1e-20 else -mpmath.mpf(1) / 6 + z / 120


def cosine(z: Any) -> Any:
    near = mpmath.mpf(1) / 24 - z / 720
    return (mpmath.cos(mpmath.sqrt(z)) - 1 + z / 2) / z**2 if z > 1e-15 else near


def arctangent(z: Any) -> Any:
    t = mpmath.sqrt(z)
    return (mpmath.atan(t) / t - 1) / z if z > 1e-20 else -mpmath.mpf(1) / 3 + z / 5


def fitted(function: Callable[[Any], Any], interval: list[Any], terms: int) -> tuple[float, ...]:
    return tuple(float(term) for term in reversed(mpmath.chebyfit(function, interval, terms)))


def test_texts_hold_what_is_called_and_nothing_else() -> None:
    assert "def exp(x):" in numpy_functions(["exp"])
    assert "expm1" not in numpy_functions(["exp", "sqrt"])
    assert numpy_functions(["sqrt", "where"]) == ""
    assert c_functions(["log", "exp"]) == c_functions(["exp", "log", "abs"])
    assert all(len(line) <= 100 for line in numpy_functions(CHECKED).splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "x = 1.0",
        "def f(x):\n    return x",
        'def f(x):\n    """F."""\n    return unknown',
        'def f(x):\n    """F."""\n    x = 1.0\n    return x',
        'def f(x):\n    """F."""\n    y = 1\n    return y',
        'def f(x):\n    """F."""\n    return x**2.0',
        'def f(x):\n    """F."""\n    return where(x, x)',
    ],
)
def test_definitions_are_checked(text: str) -> None:
    with pytest.raises(InternalError):
        define(text)
