from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from unit.expr.targets import (
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
from netspec.errors import InternalError
from netspec.expr.functions import AUTHOR_FUNCTIONS
from netspec.expr.math import DEFINITIONS, exponential, logarithm
from netspec.expr.math.definition import define
from netspec.realise.evaluate import evaluate_function

PRECISION = 140
"""Bits of the truth; expm1 and log1p of mpmath keep them near 0."""

TRUTH: dict[str, Callable[[Any], Any]] = {
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
}

CALLABLE = tuple(name for name in AUTHOR_FUNCTIONS if name in DEFINITIONS)

INF = math.inf
NAN = math.nan
LEAST = 5e-324
GREATEST = 1.7976931348623157e308


def spread(low: float, high: float, count: int, rng: np.random.Generator) -> Any:
    """Numbers whose magnitudes are spread evenly over the binades, of both signs."""
    return np.exp2(rng.uniform(low, high, count)) * rng.choice([-1.0, 1.0], count)


def beside(centres: list[float]) -> Any:
    """Numbers and a few neighbours of each."""
    bits = np.array(centres).view(np.int64)
    return np.concatenate([(bits + shift).view(np.float64) for shift in range(-8, 9)])


def arguments_of(name: str, count: int) -> Any:
    """About `count` arguments where the function is finite, dense where it is hard."""
    rng = np.random.default_rng(1)
    part = count // 8
    if name in ("exp", "expm1"):
        lowest = -745.2 if name == "exp" else -40.0
        half = math.log(2) / 2
        return np.concatenate(
            [
                rng.uniform(lowest, 709.78, 2 * part),
                rng.uniform(-1.1, 1.1, 2 * part),
                rng.uniform(half, 1.2 * half, part),
                rng.uniform(*((-745.2, -708.0) if name == "exp" else (-40.0, 45.0)), part),
                spread(-1074, 0, 2 * part, rng),
                beside([half * odd for odd in range(-107, 2047, 2) if half * odd < 709.7]),
            ]
        )
    any_positive = rng.integers(1, 0x7FF0_0000_0000_0000, 2 * part).view(np.float64)
    if name == "log":
        return np.concatenate(
            [
                any_positive,
                rng.integers(1, 1 << 52, part).view(np.float64),
                rng.uniform(0.5, 2.0, 2 * part),
                rng.uniform(0.7, 0.7072, part),
                rng.uniform(1.4, 1.4143, part),
                1.0 + spread(-53, -1, part, rng),
                beside([1.0, math.sqrt(2), math.sqrt(0.5), GREATEST / 2, 2.3e-308]),
            ]
        )
    return np.concatenate(
        [
            any_positive,
            spread(-1074, -0.01, 2 * part, rng),
            rng.uniform(-0.5, 1.0, 2 * part),
            rng.uniform(0.4, 0.42, part),
            -1.0 + np.abs(spread(-53, -1, part, rng)),
            spread(50, 56, part, rng).clip(0.0),
            beside([1.0, math.sqrt(2) - 1, math.sqrt(0.5) - 1, -0.5, 2.0**53]),
        ]
    )


def worst_error(name: str, arguments: Any) -> tuple[float, float]:
    """The largest error in units of the last place of the true value, and where it is."""
    results = evaluate_function(name, arguments)
    worst = (0.0, NAN)
    with mpmath.workprec(PRECISION):
        for argument, result in zip(arguments.tolist(), results.tolist(), strict=True):
            true = TRUTH[name](mpmath.mpf(argument))
            exponent = mpmath.frexp(true)[1] if true else -1074
            error = mpmath.ldexp(abs(result - true), -max(exponent - 53, -1074))
            worst = max(worst, (float(error), argument))
    return worst


@pytest.mark.parametrize("name", TRUTH)
def test_accuracy(name: str) -> None:
    error, where = worst_error(name, arguments_of(name, 10_000))
    assert error <= 1.0, where


@pytest.mark.long
@pytest.mark.parametrize("name", TRUTH)
def test_accuracy_of_a_million(name: str) -> None:
    error, where = worst_error(name, arguments_of(name, 1_000_000))
    print(f"{name}: {error:.3f} ulp at {where!r}")
    assert error <= 1.0, where


@pytest.mark.parametrize(
    ("name", "argument", "expected"),
    [
        ("exp", INF, INF),
        ("exp", -INF, 0.0),
        ("exp", NAN, NAN),
        ("exp", 0.0, 1.0),
        ("exp", -0.0, 1.0),
        ("exp", LEAST, 1.0),
        ("exp", 709.7827128933841, INF),
        ("exp", GREATEST, INF),
        ("exp", -745.1332191019411, LEAST),
        ("exp", -745.1332191019412, 0.0),
        ("exp", -GREATEST, 0.0),
        ("expm1", INF, INF),
        ("expm1", -INF, -1.0),
        ("expm1", NAN, NAN),
        ("expm1", 0.0, 0.0),
        ("expm1", -0.0, -0.0),
        ("expm1", LEAST, LEAST),
        ("expm1", -LEAST, -LEAST),
        ("expm1", 709.7827128933841, INF),
        ("expm1", -GREATEST, -1.0),
        ("log", INF, INF),
        ("log", NAN, NAN),
        ("log", 0.0, -INF),
        ("log", -0.0, -INF),
        ("log", 1.0, 0.0),
        ("log", -LEAST, NAN),
        ("log", -1.0, NAN),
        ("log", -INF, NAN),
        ("log1p", INF, INF),
        ("log1p", NAN, NAN),
        ("log1p", -1.0, -INF),
        ("log1p", -1.0000000000000002, NAN),
        ("log1p", -INF, NAN),
        ("log1p", 0.0, 0.0),
        ("log1p", -0.0, -0.0),
        ("log1p", LEAST, LEAST),
        ("log1p", -LEAST, -LEAST),
    ],
)
def test_edges(name: str, argument: float, expected: float) -> None:
    assert same_bits(evaluate_function(name, argument), np.float64(expected))


@pytest.mark.parametrize("name", ["exp", "expm1"])
def test_the_last_finite_argument(name: str) -> None:
    error, _ = worst_error(name, np.array([709.782712893384]))
    assert error <= 1.0


def tuples_of_special(arity: int) -> tuple[Any, ...]:
    rows = itertools.product(SPECIAL, repeat=arity)
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def bit_arguments(name: str) -> tuple[Any, ...]:
    if name in TRUTH:
        return (np.concatenate([arguments_of(name, 20_000), SPECIAL, -np.abs(SPECIAL) - 700.0]),)
    return tuples_of_special(AUTHOR_FUNCTIONS[name].arity)


def test_numpy_text_has_the_bits_of_evaluate() -> None:
    printed = numpy_namespace(CALLABLE)
    for name in CALLABLE:
        arguments = bit_arguments(name)
        apply = printed[{"min": "minimum", "max": "maximum"}.get(name, name)]
        with np.errstate(all="ignore"):
            result = apply(*arguments)
            one_by_one = [
                apply(*each) for each in itertools.islice(zip(*arguments, strict=True), 200)
            ]
        expected = evaluate_function(name, *arguments)
        assert same_bits(result, expected), name
        assert same_bits(np.array(one_by_one), expected[:200]), name


@pytest.mark.slow
@pytest.mark.parametrize("language", ["c11", "c++17"])
def test_c_text_has_the_bits_of_evaluate(language: str, tmp_path: Path) -> None:
    text = c_loops(CALLABLE, CPrinter())
    for flags in FLAGS:
        library = compile_c(text, tmp_path, flags, language)
        for name in CALLABLE:
            arguments = bit_arguments(name)
            result = call_c(library, f"all_{name}", *arguments)
            assert same_bits(result, evaluate_function(name, *arguments)), (name, flags)


@pytest.mark.slow
def test_fused_operations_would_be_noticed(tmp_path: Path) -> None:
    library = compile_c(c_loops(TRUTH, FusingPrinter()), tmp_path, VECTOR_FLAGS)
    for name in TRUTH:
        arguments = bit_arguments(name)
        result = call_c(library, f"all_{name}", *arguments)
        assert not same_bits(result, evaluate_function(name, *arguments)), name


@pytest.mark.slow
def test_another_library_would_be_noticed(tmp_path: Path) -> None:
    class LibraryPrinter(CPrinter):
        def function_name(self, function: str) -> str:
            return function if function in TRUTH else super().function_name(function)

    library = compile_c(c_loops(TRUTH, LibraryPrinter(), defined=False), tmp_path, NATIVE_FLAGS)
    for name in TRUTH:
        arguments = bit_arguments(name)
        result = call_c(library, f"all_{name}", *arguments)
        assert not same_bits(result, evaluate_function(name, *arguments)), name


def test_constants_are_derived_as_they_say() -> None:
    with mpmath.workdps(60):
        ln2 = mpmath.log(2)
        assert float(1 / ln2) == exponential.PER_LN2
        assert mpmath.floor(ln2 * 2**32) / 2**32 == exponential.LN2_HIGH
        assert float(ln2 - exponential.LN2_HIGH) == exponential.LN2_LOW
        assert float(mpmath.sqrt(2)) == logarithm.SQRT2
        assert fitted(tail, [-ln2 / 2, ln2 / 2], 11) == exponential.TAIL
        greatest = (mpmath.sqrt(2) - 1) / (mpmath.sqrt(2) + 1)
        assert fitted(series, [0, greatest**2], 7) == logarithm.SERIES


def tail(r: Any) -> Any:
    return (mpmath.expm1(r) - r) / r**2 if abs(r) > 1e-20 else mpmath.mpf(1) / 2 + r / 6


def series(z: Any) -> Any:
    s = mpmath.sqrt(z)
    return (2 * mpmath.atanh(s) / s - 2) / z if z > 1e-25 else mpmath.mpf(2) / 3 + 2 * z / 5


def fitted(function: Callable[[Any], Any], interval: list[Any], terms: int) -> tuple[float, ...]:
    return tuple(float(term) for term in reversed(mpmath.chebyfit(function, interval, terms)))


def test_texts_hold_what_is_called_and_nothing_else() -> None:
    assert "def exp(x):" in numpy_functions(["exp"])
    assert "expm1" not in numpy_functions(["exp", "sqrt"])
    assert numpy_functions(["sqrt", "where"]) == ""
    assert c_functions(["log", "exp"]) == c_functions(["exp", "log", "abs"])
    assert all(len(line) <= 100 for line in numpy_functions(CALLABLE).splitlines())


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
