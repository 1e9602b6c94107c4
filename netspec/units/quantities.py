"""Quantities: numbers with a unit, exact and kept as they were written; their arithmetic."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Real

from netspec.units.dimensions import DIMENSIONLESS, Dimension, describe
from netspec.units.grammar import (
    MAX_QUANTITY_LENGTH,
    NUMBER,
    UnitError,
    decimal_fraction,
    parse_unit_after_number,
)
from netspec.units.table import UnitDefinition

_QUANTITY = re.compile(rf"\s*({NUMBER})\s*(.*?)\s*", re.ASCII | re.DOTALL)
_RATIO = re.compile(rf"\s*({NUMBER})\s*/\s*({NUMBER})\s*(.*?)\s*", re.ASCII | re.DOTALL)
_LOOKS_LIKE_QUANTITY = re.compile(
    rf"\s*(?>{NUMBER})\s*(?:[A-Za-z%\u00b5\u03bc\u03a9].*|)", re.ASCII | re.DOTALL
)


_SHORT = 8
"""Characters of a decimal that somebody could have written in place of a ratio."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit, kept as it was written.

    Attributes:
        text: As written, e.g. `281 pF`.
        value: Exact value in SI.
        dimension: Physical dimension.
        is_number: It was written as a bare number, not as a text.
    """

    text: str
    value: Fraction
    dimension: Dimension
    is_number: bool = field(default=False, compare=False)

    def __float__(self) -> float:
        """Return the double nearest to the value in SI."""
        return float(self.value)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Quantity({self.text!r})"

    def __mul__(self, other: Quantity | float) -> Quantity:
        return _combine(self, "*", other)

    def __rmul__(self, other: float) -> Quantity:
        return _combine(other, "*", self)

    def __truediv__(self, other: Quantity | float) -> Quantity:
        return _combine(self, "/", other)

    def __rtruediv__(self, other: float) -> Quantity:
        return _combine(other, "/", self)

    def __add__(self, other: Quantity | float) -> Quantity:
        return _combine(self, "+", other)

    def __radd__(self, other: float) -> Quantity:
        return _combine(other, "+", self)

    def __sub__(self, other: Quantity | float) -> Quantity:
        return _combine(self, "-", other)

    def __rsub__(self, other: float) -> Quantity:
        return _combine(other, "-", self)

    def __neg__(self) -> Quantity:
        return _combine(-1, "*", self)


def looks_like_quantity(text: str) -> bool:
    """Tell whether a text begins with a number and goes on like a unit, right or wrong."""
    return _LOOKS_LIKE_QUANTITY.fullmatch(text) is not None


def parse_quantity(text: str) -> Quantity:
    """Read a quantity such as `-70 mV`, `0.5 nS/ms` or `0.02/ms`.

    Raises:
        UnitError: The text is not a number followed by a unit that netspec knows, or its value
            is beyond the range of a double.
    """
    if len(text) > MAX_QUANTITY_LENGTH:
        raise UnitError(f"a quantity of {len(text)} characters is too long")
    match = _QUANTITY.fullmatch(text)
    if not match:
        raise UnitError(f"'{text}' is not a quantity", "write a number and a unit, e.g. '20 ms'")
    number, unit_text = match.groups()
    try:
        unit = parse_unit_after_number(unit_text)
    except UnitError:
        if not (ratio := _RATIO.fullmatch(text)):
            raise
        message, hints = (
            f"'{text}' is not a quantity: it has two numbers",
            _as_decimal(*ratio.groups()),
        )
        raise UnitError(message, *hints) from None
    value = decimal_fraction(number, unit.factor)
    check_double(value, text)
    return Quantity(text, value, unit.dimension)


def _as_decimal(number: str, divisor: str, unit_text: str) -> tuple[str, ...]:
    """Return the hint that a ratio of numbers deserves if it is a short decimal."""
    if not decimal_fraction(divisor):
        return ()
    ratio = decimal_fraction(number) / decimal_fraction(divisor)
    check_double(ratio, f"{number}/{divisor}")
    decimal = _decimal_text(ratio)
    if len(decimal) > _SHORT:
        return ()
    return (f"write '{decimal} {unit_text.removeprefix('*').lstrip()}'",)


def check_double(value: Fraction, text: str) -> None:
    """Refuse a value whose nearest double is infinite.

    Raises:
        UnitError: It is.
    """
    try:
        _ = value.numerator / value.denominator
    except OverflowError:
        raise UnitError(f"the value of '{text}' is out of range") from None


def plain_quantity(number: float) -> Quantity:
    """Return a number for arithmetic with units; a binary float is read as its 15-digit decimal.

    Raises:
        UnitError: The number is NaN or out of the range of a double.
    """
    _check_finite(number)
    return _of_decimal(str(number) if isinstance(number, int) else format(number, ".15g"))


def bare_quantity(number: float) -> Quantity:
    """Return a number of a document: the shortest decimal that is read as this double.

    Raises:
        UnitError: The number is NaN or out of the range of a double.
    """
    return _of_decimal(_shortest(number))


def quantity_in(number: float, unit_text: str, unit: UnitDefinition) -> Quantity:
    """Return a number of a document with the unit that is written beside it.

    Raises:
        UnitError: The number or its value in SI is NaN or out of the range of a double.
    """
    decimal = _shortest(number)
    text, value = f"{decimal} {unit_text}", decimal_fraction(decimal, unit.factor)
    check_double(value, text)
    return Quantity(text, value, unit.dimension)


def _shortest(number: float) -> str:
    _check_finite(number)
    return str(number) if isinstance(number, int) else repr(float(number))


def _check_finite(number: float) -> None:
    try:
        finite = math.isfinite(number)
    except OverflowError:  # a whole number beyond any double
        raise UnitError("the number is out of range") from None
    if not finite:
        raise UnitError(f"{float(number)} is not a finite number")


def _of_decimal(text: str) -> Quantity:
    return Quantity(text, decimal_fraction(text), DIMENSIONLESS, is_number=True)


def _operand(other: object) -> Quantity | None:
    """Return a number or quantity for arithmetic; `None` for what may know better, as arrays do."""
    if isinstance(other, Quantity):
        return other
    if isinstance(other, bool) or not isinstance(other, Real | Decimal):
        return None
    return plain_quantity(int(other) if isinstance(other, Integral) else float(other))


def _combine(first: object, operator: str, second: object) -> Quantity:
    left, right = _operand(first), _operand(second)
    if left is None or right is None:
        return NotImplemented  # type: ignore[no-any-return]
    return (_product if operator in "*/" else _sum)(left, operator, right)


def _product(left: Quantity, operator: str, right: Quantity) -> Quantity:
    """Multiply or divide two quantities as one would write the result: number, then unit."""
    left_number, left_unit = _split(left)
    right_number, right_unit = _split(right)
    number = left_number * right_number if operator == "*" else left_number / right_number
    if right_unit.startswith("/") and (left_unit or operator == "/"):
        right_unit = f"1{right_unit}"
    if operator == "/" and right_unit:
        is_compound = set(right_unit) & set("*/")
        unit = f"{left_unit}/{f'({right_unit})' if is_compound else right_unit}"
    else:
        unit = "*".join(part for part in (left_unit, right_unit) if part)
    return _written(number, unit)


def _sum(left: Quantity, operator: str, right: Quantity) -> Quantity:
    """Add or subtract two quantities of one dimension; the result is in the unit of the first.

    Raises:
        UnitError: Their dimensions differ.
    """
    if left.dimension != right.dimension:
        kinds = f"{describe(left.dimension)} and {describe(right.dimension)}"
        text = f"'{left} {operator} {right}'"
        raise UnitError(f"expected two quantities of one dimension, got {kinds} in {text}")
    value = left.value + right.value if operator == "+" else left.value - right.value
    unit = _split(left)[1]
    return _written(value / parse_unit_after_number(unit).factor, unit)


def _written(number: Fraction, unit: str) -> Quantity:
    separator = "" if unit.startswith("/") or not unit else " "
    return parse_quantity(f"{_decimal_text(number)}{separator}{unit}")


def _split(quantity: Quantity) -> tuple[Fraction, str]:
    match = _QUANTITY.fullmatch(quantity.text)
    assert match is not None
    number, unit = match.groups()
    return decimal_fraction(number), unit


def _decimal_text(number: Fraction) -> str:
    """Return a decimal: exact if it is short, else to 17 digits.

    Raises:
        UnitError: It is beyond the range of a double.
    """
    if number.denominator == 1 and abs(number) < 10**15:
        return str(number.numerator)
    try:
        nearest = float(number)
    except OverflowError:
        raise UnitError("the number is out of range") from None
    text = format(nearest, ".15g")
    return text if decimal_fraction(text) == number else format(nearest, ".17g")
