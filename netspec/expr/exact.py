"""The exact values of what holds no names: literals, units and arithmetic of them."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Binary, Expression, Literal, Negate, Unit
from netspec.units import DIMENSIONLESS, UNITS, Dimension

MAX_BITS = 8192
"""Of a numerator or denominator that a power may give; far beyond any double."""

Exact = tuple[Fraction, Dimension]


def exact_value(expression: Expression) -> Exact | None:
    """Return the value in SI of a tree of literals and units.

    `None` if it is not rational, or is a sum of what has different dimensions.

    Raises:
        ExpressionError: It divides by zero, or a power is larger than any double.
    """
    match expression:
        case Literal(value):
            return value, DIMENSIONLESS
        case Unit(name):
            return UNITS[name].factor, UNITS[name].dimension
        case Negate(operand):
            inner = exact_value(operand)
            return (-inner[0], inner[1]) if inner else None
        case Binary(operator, left, right):
            first, second = exact_value(left), exact_value(right)
            return _combine(operator, first, second) if first and second else None
        case _:
            return None


def exact_number(expression: Expression) -> Fraction | None:
    """Return the value of a tree of literals that is a plain number, else `None`."""
    exact = exact_value(expression)
    return exact[0] if exact and exact[1] == DIMENSIONLESS else None


def _combine(operator: str, left: Exact, right: Exact) -> Exact | None:
    (value, dimension), (other, other_dimension) = left, right
    match operator:
        case "+" | "-" if dimension != other_dimension:
            return None
        case "+":
            return value + other, dimension
        case "-":
            return value - other, dimension
        case "*":
            return value * other, dimension * other_dimension
        case "**" if other.denominator != 1 or other_dimension != DIMENSIONLESS:
            return None
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
