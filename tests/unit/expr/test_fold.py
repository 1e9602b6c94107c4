"""Constants are folded exactly and rounded once; powers become functions."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

import pytest

from netspec.expr.errors import ExpressionError
from netspec.expr.fold import (
    fold,
    integer_valued,
    real_indices,
    short_powers_multiplied_out,
)
from netspec.expr.math.power import whole_power
from netspec.expr.nodes import Binary, Call, Constant, Expression, Integer, Name, walk
from netspec.expr.parse import parse_expression
from netspec.units import DIMENSIONLESS, TIME, VOLTAGE, parse_quantity

x = Name("x")


def folded(text: str) -> Expression:
    return fold(parse_expression(text))


def sum_of(*terms: Expression) -> Expression:
    return reduce(lambda left, right: Binary("+", left, right), terms)


def product(left: Expression, right: Expression) -> Binary:
    return Binary("*", left, right)


@pytest.mark.parametrize(
    "text", ["-65.6 mV", "70.6 mV", "0.1 ms", "281 pF", "0.04/(ms*mV)", "1e-3 V", "5/ms"]
)
def test_a_constant_and_the_quantity_are_one_number(text: str) -> None:
    expression = text.replace(" ", "*").replace("*V", "*volt")
    quantity = parse_quantity(text)
    assert folded(expression) == Constant(float(quantity), quantity.dimension)


def test_a_maximal_subtree_of_constants_is_rounded_once() -> None:
    assert folded("0.1 + 0.2") == Constant(0.3)
    assert folded("1/3*3") == Constant(1.0)
    assert folded("(1/3)**2*9*mV") == Constant(1e-3, VOLTAGE)
    assert folded("-(-2)**3") == Constant(8.0)
    assert folded("2**-2*ms") == Constant(0.25e-3, TIME)
    assert folded("0**0") == Constant(1.0)


def test_nothing_but_constants_is_folded_or_reordered() -> None:
    assert folded("0.1 + x + 0.2") == Binary("+", Binary("+", Constant(0.1), x), Constant(0.2))
    assert folded("0*x") == product(Constant(0.0), x)
    assert folded("x - x") == Binary("-", x, x)
    assert folded("exp(0)") == Call("exp", (Constant(0.0),))
    assert folded("2*(3*x)") == product(Constant(2.0), product(Constant(3.0), x))


def test_the_result_holds_no_literals_units_or_powers() -> None:
    for node in walk(folded("where(x**5 > 2*mV, 3*x**-2, -x/(4*ms)) + 0.5*x**0")):
        assert type(node).__name__ not in ("Literal", "Unit")
        assert not isinstance(node, Binary) or node.operator != "**"


def test_a_power_is_the_chain_of_squares_that_defines_it() -> None:
    square = product(x, x)
    cube = product(square, x)
    assert whole_power(x, 1) == x
    assert whole_power(x, 2) == square
    assert whole_power(x, 3) == cube
    assert whole_power(x, 4) == product(square, square)
    assert whole_power(x, 6) == product(cube, cube)
    assert whole_power(x, 7) == product(product(cube, cube), x)


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("x**2", "power_2"),
        ("x**2.0", "power_2"),
        ("x**(1 + 2)", "power_3"),
        ("x**--4", "power_4"),
        ("x**2**2", "power_4"),
        ("x**64", "power_64"),
    ],
)
def test_a_whole_power_is_a_function_that_computes_its_base_once(text: str, function: str) -> None:
    assert folded(text) == Call(function, (x,))


def test_a_negative_power_divides_one_by_the_positive_one() -> None:
    assert folded("x**-3") == Binary("/", Constant(1.0), Call("power_3", (x,)))
    assert folded("x**-1") == Binary("/", Constant(1.0), x)
    assert folded("x**0") == Constant(1.0, DIMENSIONLESS)
    assert folded("x**1") == x


def test_the_power_one_half_is_the_square_root() -> None:
    root = Call("sqrt", (x,))
    assert folded("x**0.5") == folded("x**(1/2)") == root
    assert folded("x**-0.5") == Binary("/", Constant(1.0), root)


def test_other_powers_are_real() -> None:
    assert folded("x**0.3") == Call("power", (x, Constant(0.3)))
    assert folded("x**(1/3)") == Call("power", (x, Constant(1 / 3)))
    assert folded("x**-(1/3)") == Call("power", (x, Constant(-1 / 3)))
    assert folded("x**y") == Call("power", (x, Name("y")))
    assert folded("2**(y*2)") == Call("power", (Constant(2.0), product(Name("y"), Constant(2.0))))
    assert folded("2**0.3*3") == product(
        Call("power", (Constant(2.0), Constant(0.3))), Constant(3.0)
    )


def test_short_powers_of_names_are_written_as_products() -> None:
    written = short_powers_multiplied_out(folded("x**2 + x**4 + x**5 + (x + 1)**2 + x**y"))
    assert written == sum_of(
        whole_power(x, 2),
        whole_power(x, 4),
        Call("power_5", (x,)),
        Call("power_2", (Binary("+", x, Constant(1.0)),)),
        Call("power", (x, Name("y"))),
    )


@pytest.mark.parametrize("text", ["1/0", "1/(2 - 2)*x", "0**-1", "x + 1/0*mV"])
def test_a_constant_division_by_zero_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="divides by zero"):
        folded(text)


@pytest.mark.parametrize(
    "text",
    ["1e300*1e300", "x + 1e200*1e200", "(10**64)**64", "(9**64)**64*x", "x**(1e300*1e300 + 0.5)"],
)
def test_a_constant_part_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="out of range") as caught:
        folded(text)
    assert caught.value.code == "number-out-of-range"


def test_tiny_constants_keep_their_bits() -> None:
    assert folded("5e-324") == Constant(5e-324)
    assert folded("1e-200*1e-200*1e300") == Constant(float(Fraction(1, 10**100)))


def test_a_part_that_stands_twice_is_rewritten_once() -> None:
    square = Call("power_2", (x,))
    written = short_powers_multiplied_out(product(square, square))
    assert written == product(whole_power(x, 2), whole_power(x, 2))
    assert isinstance(written, Binary)
    assert written.left is written.right


def test_indices_are_read_as_reals() -> None:
    tree = real_indices(parse_expression("i*x + j"), frozenset({"i", "j"}))
    real_i, real_j = Call("real", (Name("i"),)), Call("real", (Name("j"),))
    assert tree == Binary("+", product(real_i, x), real_j)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("-9223372036854775808", -(2**63)),
        ("2*3 - 7", -1),
        ("9223372036854775807 + 1 - 1", 2**63 - 1),
    ],
)
def test_whole_numbers_alone_are_one_integer(text: str, value: int) -> None:
    assert integer_valued(parse_expression(text), frozenset()) == Integer(value)


@pytest.mark.parametrize("text", ["9223372036854775808", "9223372036854775807 + n*1e19"])
def test_an_integer_of_more_than_64_bits_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="does not fit into 64 bits"):
        integer_valued(parse_expression(text), frozenset({"n"}))
