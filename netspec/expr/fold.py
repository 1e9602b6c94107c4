"""Folding: literals and units become doubles, whole powers become chains of products.

A maximal subtree of literals and units is computed in exact rationals and rounded once, so
`-65.6*mV` and the quantity `"-65.6 mV"` are one number. Nothing else is folded or reordered.
"""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.nodes import (
    Binary,
    Call,
    Constant,
    Expression,
    Literal,
    Name,
    Negate,
    Unit,
    children,
    with_children,
)
from netspec.expr.parse import ExpressionError
from netspec.units import DIMENSIONLESS, UNITS, Dimension, UnitError, check_double

MAX_BITS = 8192
"""Of a numerator or denominator that a power may give; far beyond any double."""

Exact = tuple[Fraction, Dimension]


def fold(expression: Expression) -> Expression:
    """Return the tree that is computed with: no `Literal`, no `Unit`, no `**`.

    The dimensions must have been checked before.

    Raises:
        ExpressionError: A constant part divides by zero or leaves the range of a double.
    """
    exact = _exact(expression)
    if exact is not None:
        value, dimension = exact
        return _constant(value, dimension)
    match expression:
        case Binary("**", base, Literal(exponent)):
            return _power(fold(base), int(exponent))
        case _:
            return with_children(expression, tuple(fold(child) for child in children(expression)))


def exact_value(expression: Expression) -> Fraction | None:
    """Return the value in SI of a tree of literals and units, or `None` if it has other leaves.

    Raises:
        ExpressionError: It divides by zero or is out of range.
    """
    exact = _exact(expression)
    return None if exact is None else exact[0]


def whole_power(base: Expression, exponent: int) -> Expression:
    """Return x**n for n >= 1 as the chain that defines it.

    x**1 = x, x**2m = (x**m)*(x**m), x**(2m+1) = ((x**m)*(x**m))*x.
    """
    if exponent == 1:
        return base
    half = whole_power(base, exponent // 2)
    square = Binary("*", half, half)
    return Binary("*", square, base) if exponent % 2 else square


def _power(base: Expression, exponent: int) -> Expression:
    one = Constant(1.0)
    if exponent == 0:
        return one
    chain = whole_power(base, abs(exponent))
    return chain if exponent > 0 else Binary("/", one, chain)


def _constant(value: Fraction, dimension: Dimension) -> Constant:
    try:
        check_double(value, "")
    except UnitError:
        raise ExpressionError("number-out-of-range", "a constant part is out of range") from None
    return Constant(float(value), dimension)


def _exact(expression: Expression) -> Exact | None:
    """Return the exact value of a tree of literals and units, or `None` if it is not one."""
    match expression:
        case Literal(value):
            return value, DIMENSIONLESS
        case Unit(name):
            return UNITS[name].factor, UNITS[name].dimension
        case Negate(operand):
            inner = _exact(operand)
            return (-inner[0], inner[1]) if inner else None
        case Binary(operator, left, right):
            first, second = _exact(left), _exact(right)
            return _combine(operator, first, second) if first and second else None
        case _:
            return None


def _combine(operator: str, left: Exact, right: Exact) -> Exact:
    (value, dimension), (other, other_dimension) = left, right
    match operator:
        case "+":
            return value + other, dimension
        case "-":
            return value - other, dimension
        case "*":
            return value * other, dimension * other_dimension
        case _ if (other == 0 and operator == "/") or (value == 0 and other < 0):
            raise ExpressionError("number-out-of-range", "a constant part divides by zero")
        case "/":
            return value / other, dimension / other_dimension
        case _ if (
            abs(other) * max(value.numerator.bit_length(), value.denominator.bit_length())
            > MAX_BITS
        ):
            raise ExpressionError("number-out-of-range", "a constant power is out of range")
        case _:
            return value ** int(other), dimension ** int(other)


def real_indices(expression: Expression, integers: frozenset[str]) -> Expression:
    """Convert integer names to reals where an author's expression reads them."""
    if isinstance(expression, Name) and expression.name in integers:
        return Call("real", (expression,))
    rebuilt = tuple(real_indices(child, integers) for child in children(expression))
    return with_children(expression, rebuilt)
