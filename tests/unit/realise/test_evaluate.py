from __future__ import annotations

import tracemalloc
from fractions import Fraction

import numpy as np
import pytest

from netspec.errors import InternalError
from netspec.expr.nodes import Binary, Call, Compare, Constant, Integer, Literal, Logical, Name, Not
from netspec.realise.evaluate import BLOCK, evaluate, evaluate_function

X, N = Name("x"), Name("n")


def test_scalars_and_arrays_go_together() -> None:
    tree = Binary("*", X, Binary("+", Call("real", (N,)), Constant(0.5)))
    result = evaluate(tree, {"x": 2.0, "n": np.arange(3)})
    assert result.tolist() == [1.0, 3.0, 5.0]
    assert evaluate(tree, {"x": 2.0, "n": 1}).shape == ()


def test_integers_stay_integers() -> None:
    result = evaluate(Binary("-", N, Integer(2**53 + 1)), {"n": np.array([2**53])})
    assert result.dtype == np.int64
    assert result.tolist() == [-1]


def test_a_quotient_of_integers_is_refused() -> None:
    with pytest.raises(InternalError, match="quotient"):
        evaluate(Binary("/", N, Integer(2)), {"n": 3})


@pytest.mark.parametrize("tree", [Binary("**", X, X), Literal(Fraction(1))])
def test_only_lowered_trees_have_a_value(tree: Binary) -> None:
    with pytest.raises(InternalError, match="cannot evaluate"):
        evaluate(tree, {"x": 1.0})


def test_truth_values() -> None:
    above = Compare(">", X, Constant(0.0))
    tree = Call(
        "where", (Logical("and", above, Not(Compare("==", N, Integer(1)))), X, Constant(-1.0))
    )
    values = {"x": np.array([1.0, 2.0, -3.0]), "n": np.array([0, 1, 0])}
    assert evaluate(tree, values).tolist() == [1.0, -1.0, -1.0]


def test_ieee_goes_on_without_warnings() -> None:
    result = evaluate(Binary("/", X, Constant(0.0)), {"x": np.array([-1.0, 0.0, 1.0])})
    assert result[0] == -np.inf
    assert np.isnan(result[1])
    assert evaluate(Binary("/", Constant(1.0), Constant(0.0)), {}) == np.inf
    assert evaluate(Binary("*", Constant(1e300), X), {"x": 1e300}) == np.inf


def test_functions_check_their_arguments() -> None:
    with pytest.raises(InternalError, match="takes 2"):
        evaluate_function("min", 1.0)


def test_blocks_change_no_bits_and_keep_shapes() -> None:
    x = np.random.default_rng(0).uniform(-50.0, 50.0, (3, BLOCK + 7))
    whole = evaluate_function("exp", x)
    assert whole.shape == x.shape
    assert whole[2, -5:].tolist() == [float(evaluate_function("exp", each)) for each in x[2, -5:]]
    clipped = evaluate_function("clip", x, np.float64(-1.0), np.ones((3, 1)))
    assert clipped.tolist() == np.clip(x, -1.0, 1.0).tolist()


def test_memory_is_that_of_the_result() -> None:
    x = np.linspace(0.1, 1.0, 60 * BLOCK)
    evaluate_function("log1p", x[:1])
    tracemalloc.start()
    evaluate_function("log1p", x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.7 * x.nbytes
