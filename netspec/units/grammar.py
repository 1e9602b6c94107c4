"""The grammar of decimal numbers and of units such as `nS/(mV*ms)`; nothing is evaluated."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from netspec.units.dimensions import DIMENSIONLESS
from netspec.units.table import UNITS, UnitDefinition

MAX_UNIT_EXPONENT = 12
MAX_DECIMAL_EXPONENT = 400
MAX_QUANTITY_LENGTH = 200
MAX_FACTOR_BITS = 8192
"""Of the numerator or denominator that a power may give; far beyond any double."""

NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
"""Matches a decimal number."""

_UNIT_TOKEN = re.compile(r"\s*(?:(\*\*)|([A-Za-z]+)|([0-9]+)|([*/()-]))", re.ASCII)


class UnitError(ValueError):
    """A text is not a quantity or not a unit; the message is one sentence.

    Attributes:
        hints: What to do about it.
    """

    def __init__(self, message: str, *hints: str) -> None:
        super().__init__(message)
        self.hints = hints


ONE = Fraction(1)


def decimal_fraction(text: str, factor: Fraction = ONE) -> Fraction:
    """Return the exact value of a decimal number, times that of its unit.

    Raises:
        UnitError: The exponent is beyond anything a double can hold.
    """
    exponent = text.lower().partition("e")[2]
    if exponent and abs(int(exponent)) > MAX_DECIMAL_EXPONENT:
        raise UnitError(f"the number '{text}' is out of range")
    numerator, denominator = Decimal(text).as_integer_ratio()
    return Fraction(numerator * factor.numerator, denominator * factor.denominator)


class _UnitParser:
    """Recursive descent over `nS/ms`, `1/(mV*ms)`, `mV**2`; depth is bounded by the length."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        position = 0
        while position < len(text.rstrip()):
            match = _UNIT_TOKEN.match(text, position)
            if not match:
                raise UnitError(f"'{text}' is not a unit", *_spelling_hints(text))
            self.tokens.append(match.group().strip())
            position = match.end()
        self.tokens.append("")
        self.index = 0

    def take(self, *wanted: str) -> str | None:
        token = self.tokens[self.index]
        if token and token in wanted:
            self.index += 1
            return token
        return None

    def product(self, start: UnitDefinition) -> UnitDefinition:
        """Parse `* factor` and `/ factor` for as long as they come."""
        result = start
        while operator := self.take("*", "/"):
            factor = self.power()
            sign = 1 if operator == "*" else -1
            result = UnitDefinition(
                result.factor * factor.factor**sign, result.dimension * factor.dimension**sign
            )
        return result

    def power(self) -> UnitDefinition:
        base = self.atom()
        if not self.take("**"):
            return base
        sign = -1 if self.take("-") else 1
        digits = self.tokens[self.index]
        if not digits.isdigit() or int(digits.lstrip("0")[:4] or "0") > MAX_UNIT_EXPONENT:
            raise UnitError(f"exponents in the unit '{self.text}' are whole numbers up to 12")
        self.index += 1
        exponent = sign * int(digits)
        largest = max(base.factor.numerator, base.factor.denominator)  # a unit is positive
        if abs(exponent) * largest.bit_length() > MAX_FACTOR_BITS:  # powers of powers of powers
            raise UnitError(f"the unit '{self.text}' is out of range")
        return UnitDefinition(base.factor**exponent, base.dimension**exponent)

    def atom(self) -> UnitDefinition:
        token = self.tokens[self.index]
        self.index += 1
        if token == "(":
            inner = self.product(self.power())
            if not self.take(")"):
                raise UnitError(f"a ')' is missing in the unit '{self.text}'")
            return inner
        if token == "1":
            return UnitDefinition(ONE, DIMENSIONLESS)
        if token in UNITS:
            return UNITS[token]
        if not token.isalpha():
            raise UnitError(f"'{self.text}' is not a unit", *_inverse_hints(self.text.strip()))
        meant = _OTHER_SPELLINGS.get(token.lower())
        likely = [meant] if meant else _differing_in_case(token)
        hints = [f"did you mean {' or '.join(map(repr, likely))}?"] if likely else []
        raise UnitError(f"'{token}' is not a unit that netspec knows", *hints)


_OTHER_SPELLINGS = {"sec": "s", "msec": "ms", "usec": "us", "ohms": "ohm", "meter": "metre"}

_OTHER_SIGNS = {"\u00b5": "u", "\u03bc": "u", "\u03a9": "ohm", "\u2126": "ohm"}  # micro, mu, omegas


def _differing_in_case(token: str) -> list[str]:
    return sorted(name for name in UNITS if name.lower() == token.lower())


def _inverse_hints(text: str) -> tuple[str, ...]:
    """Return the hint for a unit that lacks its 1: `/ms`."""
    if not text.startswith("/"):
        return ()
    try:
        parse_unit(f"1{text}")
    except UnitError:
        return ()
    return (f"write '1{text}'",)


def _spelling_hints(text: str) -> tuple[str, ...]:
    """Return hints for signs that stand in other people's units."""
    return tuple(
        f"write '{letters}' for '{sign}'" for sign, letters in _OTHER_SIGNS.items() if sign in text
    )


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> UnitDefinition:
    """Read a unit such as `mV`, `1/ms` or `nS/(mV*ms)`; the empty text and `1` are plain numbers.

    Raises:
        UnitError: The text is not a unit.
    """
    if len(text) > MAX_QUANTITY_LENGTH:
        raise UnitError(f"a unit of {len(text)} characters is too long")
    if not text.strip():
        return UnitDefinition(ONE, DIMENSIONLESS)
    parser = _UnitParser(text)
    return _finished(parser, parser.product(parser.power()))


@lru_cache(maxsize=1024)
def parse_unit_after_number(text: str) -> UnitDefinition:
    """Read a unit that may also divide the number before it, as in `0.02/ms`.

    Raises:
        UnitError: The text is not a unit.
    """
    if not text.startswith("/"):
        return parse_unit(text)
    parser = _UnitParser(text)
    return _finished(parser, parser.product(UnitDefinition(ONE, DIMENSIONLESS)))


def _finished(parser: _UnitParser, unit: UnitDefinition) -> UnitDefinition:
    if parser.tokens[parser.index]:
        raise UnitError(f"'{parser.text}' is not a unit")
    return unit
