"""Folding: literals and units become doubles, powers become functions.

A maximal subtree of literals and units is computed in exact rationals and rounded once, so
`-65.6*mV` and the quantity `"-65.6 mV"` are one number. Nothing else is folded or reordered.
"""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.errors import ExpressionError
from netspec.expr.exact import exact_number, exact_value
from netspec.expr.math.power import whole_power
from netspec.expr.nodes import (
    Binary,
    Call,
    Constant,
    Expression,
    Integer,
    Literal,
    Name,
    Negate,
    children,
    transform,
    with_children,
)
from netspec.expr.parse import shorten
from netspec.expr.text import write
from netspec.units import DIMENSIONLESS, Dimension, UnitError, check_double

LEAST_INTEGER = -(2**63)
"""Of 64 bits."""

SHORT_POWER = 4
"""Powers of a name are written as products up to this one."""


def fold(expression: Expression) -> Expression:
    """Return the tree that is computed with: no `Literal`, no `Unit`, no `**`.

    The dimensions must have been checked before.

    Raises:
        ExpressionError: A constant part divides by zero or leaves the range of a double.
    """
    try:
        exact = exact_value(expression)
    except ExpressionError as error:
        text = write(expression)
        raise ExpressionError(error.code, f"in '{shorten(text)}', {error}", text) from None
    if exact is not None:
        value, dimension = exact
        return _constant(value, dimension)
    match expression:
        case Binary("**", base, Literal(exponent)):
            return _power(fold(base), exponent)
        case Binary("**", base, exponent):
            return Call("power", (fold(base), fold(exponent)))
        case _:
            return with_children(expression, tuple(fold(child) for child in children(expression)))


def short_powers_multiplied_out(expression: Expression) -> Expression:
    """Write the powers of names up to x**4 as the products that they are, for readers.

    The others stay functions, which compute their argument once.
    """

    def product(node: Expression) -> Expression:
        match node:
            case Call(function, (Name() as base,)) if function in _SHORT_POWERS:
                return whole_power(base, _SHORT_POWERS[function])
            case _:
                return node

    return transform(expression, product)


_SHORT_POWERS = {f"power_{exponent}": exponent for exponent in range(2, SHORT_POWER + 1)}


def _power(base: Expression, exponent: Fraction) -> Expression:
    one = Constant(1.0)
    size = abs(exponent)
    if size == 0:
        return one
    if size == 1:
        result = base
    elif size.denominator == 1:
        result = Call(f"power_{size}", (base,))
    elif size == Fraction(1, 2):
        result = Call("sqrt", (base,))
    else:
        return Call("power", (base, _constant(exponent, DIMENSIONLESS)))
    return result if exponent > 0 else Binary("/", one, result)


def _constant(value: Fraction, dimension: Dimension) -> Constant:
    try:
        check_double(value, "")
    except UnitError:
        raise ExpressionError("number-out-of-range", "a constant part is out of range") from None
    return Constant(float(value), dimension)


def integer_valued(expression: Expression, integers: frozenset[str]) -> Expression:
    """Return an author's expression as one over integers.

    Raises:
        ExpressionError: It is not made of whole numbers and integer names by +, -, * and `where`,
            or one of its numbers has more than 64 bits.
    """
    number = exact_number(expression)
    if number is not None and number.denominator == 1:
        return _integer(int(number))
    match expression:
        case Name(name) if name in integers:
            return expression
        case Call("previous", (Name(name),)) if name in integers:
            return expression
        case Negate(operand):
            return Negate(integer_valued(operand, integers))
        case Binary("+" | "-" | "*" as operator, left, right):
            parts = integer_valued(left, integers), integer_valued(right, integers)
            return Binary(operator, *parts)
        case Call("where", (condition, chosen, otherwise)):
            parts = integer_valued(chosen, integers), integer_valued(otherwise, integers)
            return Call("where", (fold(real_indices(condition, integers)), *parts))
        case _:
            text = write(expression)
            raise ExpressionError(
                "not-an-integer",
                f"'{shorten(text)}' is not a whole number: integer variables are computed from "
                "whole numbers and each other by '+', '-', '*' and 'where'",
                text,
            )


def _integer(value: int) -> Integer:
    if not LEAST_INTEGER <= value < -LEAST_INTEGER:
        message = f"a whole number of {len(str(abs(value)))} digits does not fit into 64 bits"
        raise ExpressionError("number-out-of-range", message)
    return Integer(value)


def real_indices(expression: Expression, integers: frozenset[str]) -> Expression:
    """Convert integer names to reals where an author's expression reads them."""
    if isinstance(expression, Name) and expression.name in integers:
        return Call("real", (expression,))
    rebuilt = tuple(real_indices(child, integers) for child in children(expression))
    return with_children(expression, rebuilt)
