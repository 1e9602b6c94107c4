"""Netspec's own functions have the same bits in every target."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from unit.expr.mathematics import CHECKED, TRUTH, arguments_of
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
    require_compiler,
    same_bits,
)

from netspec.codegen.c_printer import CPrinter
from netspec.codegen.math_text import c_functions, numpy_functions
from netspec.codegen.numpy_printer import NumpyPrinter
from netspec.errors import InternalError
from netspec.expr.functions import FUNCTIONS
from netspec.expr.math.definition import define
from netspec.realise.evaluate import evaluate_function


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
    require_compiler(compiler)
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
