"""Physical dimensions, the closed table of units and quantities with exact decimal values.

A quantity is read in exact rational arithmetic and rounded once, so `"0.1 ms"` and `"100 us"` are
one number. A unit text is parsed by a grammar and never evaluated.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, lru_cache
from types import MappingProxyType

BASE_UNITS = ("m", "kg", "s", "A", "K", "mol", "cd")
MAX_UNIT_EXPONENT = 12
MAX_DECIMAL_EXPONENT = 400
MAX_QUANTITY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Dimension:
    """Exponents of the seven SI base units, in the order of `BASE_UNITS`."""

    exponents: tuple[Fraction, ...]

    def __mul__(self, other: Dimension) -> Dimension:
        pairs = zip(self.exponents, other.exponents, strict=True)
        return Dimension(tuple(mine + theirs for mine, theirs in pairs))

    def __truediv__(self, other: Dimension) -> Dimension:
        return self * other ** Fraction(-1)

    def __pow__(self, exponent: Fraction | int) -> Dimension:
        return Dimension(tuple(own * Fraction(exponent) for own in self.exponents))

    def __str__(self) -> str:
        """Return the SI unit: by name where that is short (`V`, `S/s`), else `kg/s**2`."""
        if self in _UNIT_OF_DIMENSION:
            return _UNIT_OF_DIMENSION[self]
        return format_powers(_of_named_units(self) or zip(BASE_UNITS, self.exponents, strict=True))


def format_powers(powers: Iterable[tuple[str, Fraction]]) -> str:
    """Return `kg*m/s**2` for pairs of base unit and exponent."""
    above: list[str] = []
    below: list[str] = []
    for name, exponent in powers:
        size = abs(exponent)
        power = str(size) if size.denominator == 1 else f"({size})"
        text = name if size == 1 else f"{name}**{power}"
        if exponent > 0:
            above.append(text)
        elif exponent < 0:
            below.append(text)
    if not below:
        return "*".join(above)
    denominator = below[0] if len(below) == 1 else f"({'*'.join(below)})"
    return f"{'*'.join(above) or '1'}/{denominator}"


def _dimension(**powers: int) -> Dimension:
    return Dimension(tuple(Fraction(powers.get(base, 0)) for base in BASE_UNITS))


DIMENSIONLESS = _dimension()
TIME = _dimension(s=1)
LENGTH = _dimension(m=1)
FREQUENCY = _dimension(s=-1)
VOLTAGE = _dimension(kg=1, m=2, s=-3, A=-1)
CURRENT = _dimension(A=1)
CONDUCTANCE = _dimension(kg=-1, m=-2, s=3, A=2)
RESISTANCE = CONDUCTANCE**-1
CAPACITANCE = _dimension(kg=-1, m=-2, s=4, A=2)
CHARGE = _dimension(A=1, s=1)
CONCENTRATION = _dimension(mol=1, m=-3)
TEMPERATURE = _dimension(K=1)

_UNIT_OF_DIMENSION: Mapping[Dimension, str] = MappingProxyType(
    {
        DIMENSIONLESS: "1",
        TIME: "s",
        LENGTH: "m",
        FREQUENCY: "Hz",
        VOLTAGE: "V",
        CURRENT: "A",
        CONDUCTANCE: "S",
        RESISTANCE: "ohm",
        CAPACITANCE: "F",
        CHARGE: "C",
        CONCENTRATION: "mol/m**3",
    }
)

_NAMED_UNITS = {
    "V": VOLTAGE,
    "A": CURRENT,
    "S": CONDUCTANCE,
    "F": CAPACITANCE,
    "C": CHARGE,
    "ohm": RESISTANCE,
    "m": LENGTH,
    "s": TIME,
}
_POWERS = (1, -1, 2, -2, 3, -3)

_Powers = tuple[tuple[str, Fraction], ...]


@cache
def _of_named_units(dimension: Dimension) -> _Powers | None:
    """Return a dimension as powers of one or two named units, the plainest way; or `None`."""
    return min(_ways_to_write(dimension), key=_plainness, default=None)


def _ways_to_write(dimension: Dimension) -> Iterator[_Powers]:
    for first, base in _NAMED_UNITS.items():
        for power in _POWERS:
            rest = dimension / base**power
            if rest == DIMENSIONLESS:
                yield ((first, Fraction(power)),)
            for second, other in _NAMED_UNITS.items():
                for exponent in _POWERS:
                    if second != first and rest == other**exponent:
                        yield ((first, Fraction(power)), (second, Fraction(exponent)))


def _plainness(powers: _Powers) -> tuple[int, bool, Fraction, int]:
    """Return what is to be small: units, units beside time, exponents, units below the line."""
    by_name = dict(powers)
    size = sum(map(abs, by_name.values()), Fraction(0))
    return len(powers), "s" not in by_name, size, sum(each < 0 for each in by_name.values())


_WORD_OF_DIMENSION: Mapping[Dimension, str] = MappingProxyType(
    {
        DIMENSIONLESS: "a plain number",
        TIME: "a time",
        LENGTH: "a length",
        FREQUENCY: "a rate",
        VOLTAGE: "a voltage",
        CURRENT: "a current",
        CONDUCTANCE: "a conductance",
        RESISTANCE: "a resistance",
        CAPACITANCE: "a capacitance",
        CHARGE: "a charge",
        CONCENTRATION: "a concentration",
    }
)


def describe(dimension: Dimension) -> str:
    """Return words for a message: `a voltage (V)`, `a plain number` or `a value in A/s`."""
    if dimension == DIMENSIONLESS:
        return _WORD_OF_DIMENSION[dimension]
    word = _WORD_OF_DIMENSION.get(dimension)
    return f"{word} ({dimension})" if word else f"a value in {dimension}"


@dataclass(frozen=True, slots=True)
class UnitDefinition:
    """One unit of the table: a value of 1 in it is `factor` in SI."""

    factor: Fraction
    dimension: Dimension


_PREFIXES = {
    "G": Fraction(10**9),
    "M": Fraction(10**6),
    "k": Fraction(10**3),
    "": Fraction(1),
    "c": Fraction(1, 10**2),
    "m": Fraction(1, 10**3),
    "u": Fraction(1, 10**6),
    "n": Fraction(1, 10**9),
    "p": Fraction(1, 10**12),
    "f": Fraction(1, 10**15),
}

# symbol, full name, dimension, factor of the symbol, prefixes in use in the field
_BASE_TABLE: tuple[tuple[str, str, Dimension, Fraction, str], ...] = (
    ("s", "second", TIME, Fraction(1), "munp"),
    ("Hz", "hertz", FREQUENCY, Fraction(1), "kMG"),
    ("V", "volt", VOLTAGE, Fraction(1), "kmun"),
    ("A", "ampere", CURRENT, Fraction(1), "munpf"),
    ("S", "siemens", CONDUCTANCE, Fraction(1), "munpf"),
    ("F", "farad", CAPACITANCE, Fraction(1), "munpf"),
    ("ohm", "ohm", RESISTANCE, Fraction(1), "kMG"),
    ("C", "coulomb", CHARGE, Fraction(1), "munpf"),
    ("m", "metre", LENGTH, Fraction(1), "cmun"),
    ("mol", "mole", _dimension(mol=1), Fraction(1), "mun"),
    ("M", "molar", CONCENTRATION, Fraction(1000), "mun"),
    ("K", "kelvin", TEMPERATURE, Fraction(1), ""),
)


def _unit_tables() -> tuple[dict[str, UnitDefinition], frozenset[str]]:
    table: dict[str, UnitDefinition] = {}
    in_expressions: set[str] = set()
    for symbol, full_name, dimension, factor, prefixes in _BASE_TABLE:
        table[symbol] = table[full_name] = UnitDefinition(factor, dimension)
        prefixed = {prefix + symbol: _PREFIXES[prefix] for prefix in prefixes}
        for name, scale in prefixed.items():
            table[name] = UnitDefinition(scale * factor, dimension)
        in_expressions |= prefixed.keys() | {full_name}
    return table, frozenset(in_expressions)


_TABLE, EXPRESSION_UNITS = _unit_tables()

UNITS: Mapping[str, UnitDefinition] = MappingProxyType(_TABLE)
"""Every unit that a quantity may be written in."""


class UnitError(ValueError):
    """A text is not a quantity or not a unit; the message is one sentence.

    Attributes:
        hints: What to do about it.
    """

    def __init__(self, message: str, *hints: str) -> None:
        super().__init__(message)
        self.hints = hints


_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_QUANTITY = re.compile(rf"\s*({_NUMBER})\s*(.*?)\s*", re.ASCII | re.DOTALL)
_UNIT_TOKEN = re.compile(r"\s*(?:(\*\*)|([A-Za-z]+)|([0-9]+)|([*/()-]))", re.ASCII)
_LOOKS_LIKE_QUANTITY = re.compile(
    rf"\s*(?>{_NUMBER})\s*(?:[A-Za-z%\u00b5\u03bc\u03a9].*|)", re.ASCII | re.DOTALL
)


def decimal_fraction(text: str) -> Fraction:
    """Return the exact value of a decimal number.

    Raises:
        UnitError: The exponent is beyond anything a double can hold.
    """
    mantissa, _, written = text.lower().partition("e")
    exponent = int(written or 0)
    if abs(exponent) > MAX_DECIMAL_EXPONENT:
        raise UnitError(f"the number '{text}' is out of range")
    return Fraction(mantissa) * Fraction(10) ** exponent


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
        if not digits.isdigit() or int(digits[:4]) > MAX_UNIT_EXPONENT:
            raise UnitError(f"exponents in the unit '{self.text}' are whole numbers up to 12")
        self.index += 1
        exponent = sign * int(digits)
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
            return UnitDefinition(Fraction(1), DIMENSIONLESS)
        if token in UNITS:
            return UNITS[token]
        if not token.isalpha():
            inverse = [f"write '1{self.text.strip()}'"] if self.text.lstrip()[:1] == "/" else []
            raise UnitError(f"'{self.text}' is not a unit", *inverse)
        meant = _OTHER_SPELLINGS.get(token.lower())
        likely = [meant] if meant else _differing_in_case(token)
        hints = [f"did you mean {' or '.join(map(repr, likely))}?"] if likely else []
        raise UnitError(f"'{token}' is not a unit that netspec knows", *hints)


_OTHER_SPELLINGS = {"sec": "s", "msec": "ms", "usec": "us", "ohms": "ohm", "meter": "metre"}

_OTHER_SIGNS = {"\u00b5": "u", "\u03bc": "u", "\u03a9": "ohm", "\u2126": "ohm"}  # micro, mu, omegas


def _differing_in_case(token: str) -> list[str]:
    return sorted(name for name in UNITS if name.lower() == token.lower())


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
        return UnitDefinition(Fraction(1), DIMENSIONLESS)
    parser = _UnitParser(text)
    return _finished(parser, parser.product(parser.power()))


def _finished(parser: _UnitParser, unit: UnitDefinition) -> UnitDefinition:
    if parser.tokens[parser.index]:
        raise UnitError(f"'{parser.text}' is not a unit")
    return unit


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
    is_number: bool = field(default=False, compare=False, repr=False)

    def __float__(self) -> float:
        """Return the double nearest to the value in SI."""
        return float(self.value)

    def __str__(self) -> str:
        return self.text

    def __mul__(self, other: Quantity | float) -> Quantity:
        return _combine(self, "*", other)

    def __truediv__(self, other: Quantity | float) -> Quantity:
        return _combine(self, "/", other)

    def __rmul__(self, other: float) -> Quantity:
        return _combine(plain_quantity(other), "*", self)

    def __rtruediv__(self, other: float) -> Quantity:
        return _combine(plain_quantity(other), "/", self)

    def __neg__(self) -> Quantity:
        return _combine(plain_quantity(-1), "*", self)


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
    if unit_text.startswith("/"):
        parser = _UnitParser(unit_text)
        unit = _finished(parser, parser.product(UnitDefinition(Fraction(1), DIMENSIONLESS)))
    else:
        unit = parse_unit(unit_text)
    value = decimal_fraction(number) * unit.factor
    check_double(value, text)
    return Quantity(text, value, unit.dimension)


def check_double(value: Fraction, text: str) -> None:
    """Refuse a value whose nearest double is infinite.

    Raises:
        UnitError: It is.
    """
    try:
        float(value)
    except OverflowError:
        raise UnitError(f"the value of '{text}' is out of range") from None


def plain_quantity(number: float) -> Quantity:
    """Return a number for arithmetic with units; a binary float is read as its 15-digit decimal.

    Raises:
        UnitError: The number is NaN or out of the range of a double.
    """
    return _number(number, number if isinstance(number, int) else format(number, ".15g"))


def bare_quantity(number: float) -> Quantity:
    """Return a number of a document: the shortest decimal that is read as this double.

    Raises:
        UnitError: The number is NaN or out of the range of a double.
    """
    return _number(number, number if isinstance(number, int) else repr(float(number)))


def _number(number: float, decimal: int | str) -> Quantity:
    try:
        finite = math.isfinite(number)
    except OverflowError:  # a whole number beyond any double
        raise UnitError("the number is out of range") from None
    if not finite:
        raise UnitError(f"{float(number)} is not a finite number")
    text = str(decimal)
    return Quantity(text, decimal_fraction(text), DIMENSIONLESS, is_number=True)


def _combine(left: Quantity, operator: str, right: Quantity | float) -> Quantity:
    """Multiply or divide two quantities as one would write the result: number, then unit."""
    other = right if isinstance(right, Quantity) else plain_quantity(right)
    left_number, left_unit = _split(left)
    right_number, right_unit = _split(other)
    number = left_number * right_number if operator == "*" else left_number / right_number
    if right_unit.startswith("/") and (left_unit or operator == "/"):
        right_unit = f"1{right_unit}"
    if operator == "/" and right_unit:
        is_compound = set(right_unit) & set("*/")
        unit = f"{left_unit}/{f'({right_unit})' if is_compound else right_unit}"
    else:
        unit = "*".join(part for part in (left_unit, right_unit) if part)
    separator = "" if unit.startswith("/") or not unit else " "
    return parse_quantity(f"{_decimal_text(number)}{separator}{unit}")


def _split(quantity: Quantity) -> tuple[Fraction, str]:
    match = _QUANTITY.fullmatch(quantity.text)
    assert match is not None
    number, unit = match.groups()
    return decimal_fraction(number), unit


def _decimal_text(number: Fraction) -> str:
    """Return a decimal: exact if it is short, else to 17 digits."""
    if number.denominator == 1 and abs(number) < 10**15:
        return str(number.numerator)
    text = format(float(number), ".15g")
    return text if decimal_fraction(text) == number else format(float(number), ".17g")


def __getattr__(name: str) -> Quantity:
    """Return the unit of that name as a quantity of 1, so that `20 * ms` can be written."""
    if name in UNITS:
        return parse_quantity(f"1 {name}")
    raise AttributeError(f"module 'netspec.units' has no attribute {name!r}")
