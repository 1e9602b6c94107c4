from __future__ import annotations

import ast
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from unit.expr.targets import (
    SPECIAL,
    VECTOR_FLAGS,
    call_c,
    compile_c,
    expression_loop,
    numpy_namespace,
    same_bits,
)

from netspec.codegen.c_printer import CPrinter
from netspec.codegen.math_text import c_functions
from netspec.codegen.numpy_printer import NumpyPrinter
from netspec.errors import InternalError
from netspec.expr.functions import AUTHOR_FUNCTIONS, REPLACED
from netspec.expr.math import called
from netspec.expr.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    Expression,
    Integer,
    Logical,
    Name,
    Negate,
    Not,
    Unit,
)
from netspec.expr.printer import ExpressionPrinter
from netspec.realise.evaluate import evaluate

X, Y, N = Name("x"), Name("y"), Name("n")
LESS = Compare("<", X, Y)
MORE = Compare(">=", X, Constant(2.0))

CASES: list[tuple[Expression, str, str, str]] = [
    (Binary("-", X, Binary("-", Y, X)), "x - (y - x)", "x - (y - x)", "x - (y - x)"),
    (Binary("-", Binary("-", X, Y), X), "x - y - x", "x - y - x", "x - y - x"),
    (Binary("+", X, Binary("+", Y, X)), "x + (y + x)", "x + (y + x)", "x + (y + x)"),
    (Binary("/", X, Binary("*", Y, X)), "x / (y * x)", "x / (y * x)", "x / (y * x)"),
    (Binary("*", Binary("/", X, Y), X), "x / y * x", "x / y * x", "x / y * x"),
    (Binary("*", Binary("+", X, Y), X), "(x + y) * x", "(x + y) * x", "(x + y) * x"),
    (Negate(Binary("*", X, Y)), "-(x * y)", "-(x * y)", "-(x * y)"),
    (Binary("*", Negate(X), Y), "-x * y", "-x * y", "-x * y"),
    (Negate(Negate(X)), "-(-x)", "-(-x)", "-(-x)"),
    (Negate(Constant(-2.0)), "-(-2.0)", "-(-2.0)", "-(-2.0)"),
    (Binary("-", X, Constant(-1e-5)), "x - -1e-05", "x - -1e-05", "x - -1e-05"),
    (Constant(-0.0), "-0.0", "-0.0", "-0.0"),
    (Constant(1e22), "1e+22", "1e+22", "1e+22"),
    (Integer(3), "3", "3", "3LL"),
    (Integer(-(2**63)), f"{-(2**63)}", f"{-(2**63)}", f"({1 - 2**63}LL - 1LL)"),
    (Not(LESS), "not x < y", "np.logical_not(x < y)", "!(x < y)"),
    (Logical("and", LESS, Not(MORE)), "x < y and not x >= 2.0",
     "(x < y) & np.logical_not(x >= 2.0)", "x < y && !(x >= 2.0)"),
    (Logical("or", Logical("and", LESS, MORE), LESS), "x < y and x >= 2.0 or x < y",
     "((x < y) & (x >= 2.0)) | (x < y)", "(x < y && x >= 2.0) || x < y"),
    (Logical("and", Logical("or", LESS, MORE), LESS), "(x < y or x >= 2.0) and x < y",
     "((x < y) | (x >= 2.0)) & (x < y)", "(x < y || x >= 2.0) && x < y"),
    (Logical("and", LESS, Logical("and", MORE, LESS)), "x < y and (x >= 2.0 and x < y)",
     "(x < y) & ((x >= 2.0) & (x < y))", "x < y && (x >= 2.0 && x < y)"),
    (Compare("<", Binary("+", X, Y), X), "x + y < x", "x + y < x", "x + y < x"),
    (Call("where", (LESS, X, Binary("+", Y, X))), "where(x < y, x, y + x)",
     "np.where(x < y, x, y + x)", "(x < y ? x : y + x)"),
    (Call("min", (X, Call("abs", (Y,)))), "min(x, abs(y))", "minimum(x, np.abs(y))",
     "netspec_min(x, fabs(y))"),
    (Binary("*", Call("real", (N,)), X), "real(n) * x", "np.float64(n) * x", "(double)n * x"),
    (Negate(Call("real", (Binary("+", N, N),))), "-real(n + n)", "-np.float64(n + n)",
     "-((double)(n + n))"),
    (Call("exp", (Binary("/", Constant(1.0), Constant(0.0)),)), "exp(1.0 / 0.0)",
     "exp(np.float64(np.float64(1.0) / 0.0))", "netspec_exp(1.0 / 0.0)"),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "common", "in_numpy", "in_c"), CASES)
def test_text(tree: Expression, common: str, in_numpy: str, in_c: str) -> None:
    assert ExpressionPrinter().print(tree) == common
    assert NumpyPrinter().print(tree) == in_numpy
    assert CPrinter().print(tree) == in_c


def test_powers_are_printed_for_people_only() -> None:
    power = Binary("**", Negate(X), Binary("**", Y, Constant(-2.0)))
    assert ExpressionPrinter().print(power) == "(-x)**y**(-2.0)"
    assert ExpressionPrinter().print(Binary("**", power, X)) == "((-x)**y**(-2.0))**x"
    assert ExpressionPrinter().print(Negate(Binary("**", X, Y))) == "-x**y"
    for printer in (NumpyPrinter(), CPrinter()):
        with pytest.raises(InternalError):
            printer.print(power)


@pytest.mark.parametrize("tree", [Constant(math.inf), Constant(math.nan), Unit("mV")])
@pytest.mark.parametrize("printer", [ExpressionPrinter(), NumpyPrinter(), CPrinter()])
def test_what_has_no_text(printer: ExpressionPrinter, tree: Expression) -> None:
    with pytest.raises(InternalError):
        printer.print(tree)


def test_names_can_be_mapped() -> None:
    class Prefixing(CPrinter):
        def name(self, name: str) -> str:
            return f"v_{name}"

        def function_name(self, function: str) -> str:
            return f"own_{function}"

    assert Prefixing().print(Call("exp", (X,))) == "own_exp(v_x)"
    assert "static inline double own_scale(double x, double k)" in c_functions(["exp"], Prefixing())


# --- random trees ---

finite = st.floats(allow_nan=False, allow_infinity=False)
comparisons = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


def integers(depth: int) -> st.SearchStrategy[Expression]:
    leaf = st.sampled_from([Name("n"), Name("m")]) | st.builds(Integer, st.integers(-9, 2**40))
    if depth == 0:
        return leaf
    inner = integers(depth - 1)
    return leaf | st.builds(Binary, st.sampled_from(["+", "-"]), inner, inner)


def truths(depth: int) -> st.SearchStrategy[Expression]:
    numbers = reals(depth - 1)
    compared = st.builds(Compare, comparisons, numbers, numbers)
    counted = st.builds(Compare, comparisons, integers(1), integers(1))
    if depth == 1:
        return compared | counted
    inner = truths(depth - 1)
    joined = st.builds(Logical, st.sampled_from(["and", "or"]), inner, inner)
    return compared | counted | joined | st.builds(Not, inner)


def reals(depth: int) -> st.SearchStrategy[Expression]:
    leaf = st.sampled_from([X, Y]) | st.builds(Constant, finite)
    if depth == 0:
        return leaf
    inner = reals(depth - 1)
    calls = [
        st.builds(Call, st.just(name), st.tuples(*[inner] * entry.arity))
        for name, entry in AUTHOR_FUNCTIONS.items()
        if name != "where" and entry.kind not in REPLACED
    ]
    selected = st.tuples(truths(depth), inner, inner)
    return st.one_of(
        leaf,
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.builds(Negate, inner),
        st.builds(Call, st.just("where"), selected),
        st.builds(Call, st.just("real"), st.tuples(integers(2))),
        *calls,
    )


trees = reals(4)
relaxed = settings(
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

pairs = np.array([(first, second) for first in SPECIAL for second in SPECIAL])
VALUES: dict[str, Any] = {
    "x": np.concatenate([pairs[:, 0], np.linspace(-3.0, 3.0, 50)]),
    "y": np.concatenate([pairs[:, 1], np.linspace(0.1, 7.0, 50)]),
}
VALUES["n"] = np.arange(VALUES["x"].size) - 5
VALUES["m"] = (VALUES["n"] * 7919) % 11

NUMPY = numpy_namespace(AUTHOR_FUNCTIONS)


@given(tree=trees)
@settings(relaxed, max_examples=300)
def test_numpy_text_has_the_bits_of_evaluate(tree: Expression) -> None:
    text = NumpyPrinter().print(tree)
    with np.errstate(all="ignore"):
        result = eval(text, NUMPY | VALUES)  # noqa: S307  # our own text
    shape = VALUES["x"].shape
    expected = evaluate(tree, VALUES)
    assert same_bits(np.broadcast_to(result, shape).copy(), np.broadcast_to(expected, shape).copy())


@given(tree=trees)
@settings(relaxed, max_examples=300)
def test_text_parses_back_to_the_tree(tree: Expression) -> None:
    text = ExpressionPrinter().print(tree)
    assert signs_apart(tree) == read(ast.parse(text, mode="eval").body)


@pytest.mark.slow
@given(batch=st.lists(trees, min_size=40, max_size=40))
@settings(relaxed, max_examples=2)
def test_c_text_has_the_bits_of_evaluate(batch: list[Expression], tmp_path_factory: Any) -> None:
    folder: Path = tmp_path_factory.mktemp("trees")
    printer = CPrinter()
    loops = [expression_loop(f"tree_{k}", tree, printer) for k, tree in enumerate(batch)]
    library = compile_c(
        c_functions(called(batch), printer) + "\n".join(loops), folder, VECTOR_FLAGS
    )
    for k, tree in enumerate(batch):
        result = call_c(library, f"tree_{k}", *VALUES.values())
        expected = np.broadcast_to(evaluate(tree, VALUES), result.shape).copy()
        assert same_bits(result, expected), printer.print(tree)


def signs_apart(tree: Expression) -> Any:
    """The tree as Python's parser gives it, which knows no negative numbers."""
    match tree:
        case Constant(value) | Integer(value) if math.copysign(1.0, value) < 0:
            return ("-", abs(value))
        case Constant(value) | Integer(value):
            return value
        case Name(name):
            return name
        case Negate(operand):
            return ("-", signs_apart(operand))
        case Not(operand):
            return ("not", signs_apart(operand))
        case Binary(symbol, left, right) | Compare(symbol, left, right):
            return (symbol, signs_apart(left), signs_apart(right))
        case Logical(symbol, left, right):
            return joined(symbol, [signs_apart(left), signs_apart(right)])
        case Call(function, arguments):
            return (function, *map(signs_apart, arguments))
        case _:
            raise TypeError(tree)


def joined(symbol: str, parts: list[Any]) -> Any:
    """A chain of `and` or `or`, which Python's parser gives as one node."""
    first, *others = parts
    if isinstance(first, tuple) and first[0] == symbol and symbol in ("and", "or"):
        return (*first, *others)
    return (symbol, first, *others)


def read(node: ast.expr) -> Any:
    symbols = {
        ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.USub: "-", ast.Not: "not",
        ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
        ast.And: "and", ast.Or: "or",
    }  # fmt: skip
    match node:
        case ast.Constant(value):
            return value
        case ast.Name(name):
            return name
        case ast.UnaryOp(symbol, operand):
            return (symbols[type(symbol)], read(operand))
        case ast.BinOp(left, symbol, right) | ast.Compare(left, [symbol], [right]):
            return (symbols[type(symbol)], read(left), read(right))
        case ast.BoolOp(symbol, parts):
            return joined(symbols[type(symbol)], [read(part) for part in parts])
        case ast.Call(ast.Name(function), arguments):
            return (function, *map(read, arguments))
        case _:
            raise TypeError(ast.dump(node))
