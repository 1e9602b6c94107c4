"""Dimensions as Brian2 writes them: products of its units without prefixes."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from netspec.units import (
    CAPACITANCE,
    CHARGE,
    CONDUCTANCE,
    CURRENT,
    DIMENSIONLESS,
    FREQUENCY,
    LENGTH,
    RESISTANCE,
    TEMPERATURE,
    TIME,
    VOLTAGE,
    Dimension,
    format_powers,
)

_BASE_NAMES = ("metre", "kilogram", "second", "amp", "kelvin", "mole", "candle")

_NAMED = (
    ("second", TIME),
    ("hertz", FREQUENCY),
    ("volt", VOLTAGE),
    ("amp", CURRENT),
    ("siemens", CONDUCTANCE),
    ("farad", CAPACITANCE),
    ("ohm", RESISTANCE),
    ("coulomb", CHARGE),
    ("metre", LENGTH),
    ("kelvin", TEMPERATURE),
)

UNIT_NAMES = frozenset({*_BASE_NAMES, *(name for name, _ in _NAMED)})
"""Every unit that a text can use."""

_POWERS = tuple(Fraction(power) for power in (1, -1, 2, -2))


def unit_text(dimension: Dimension) -> str:
    """Return a Brian2 unit of a dimension; all of these have the factor 1.

    Brian2 reads no parentheses in units.

    >>> unit_text(VOLTAGE / TIME)
    'volt/second'
    >>> unit_text(CONDUCTANCE / VOLTAGE)
    'metre**-4*kilogram**-2*second**6*amp**3'
    >>> unit_text(DIMENSIONLESS)
    '1'
    """
    if dimension == DIMENSIONLESS:
        return "1"
    for name, known in _NAMED:
        if known == dimension:
            return name
    # Powers of one unit, then of one unit and of time, before seven base units.
    for power, (name, known) in product(_POWERS, _NAMED):
        if known**power == dimension:
            return format_powers([(name, power)])
    for time_power, power, (name, known) in product(_POWERS, _POWERS, _NAMED):
        if name not in ("second", "hertz") and known**power * TIME**time_power == dimension:
            return format_powers([(name, power), ("second", time_power)])
    powers = list(zip(_BASE_NAMES, dimension.exponents, strict=True))
    if "(" not in (text := format_powers(powers)):
        return text
    return "*".join(f"{name}**{float(power):g}" for name, power in powers if power)


def quantity_text(number: str, dimension: Dimension) -> str:
    """Return a number with its unit.

    >>> quantity_text("3e-08", CONDUCTANCE)
    '3e-08 * siemens'
    >>> quantity_text("2.0", FREQUENCY * FREQUENCY)
    '2.0 * hertz**2'
    """
    if dimension == DIMENSIONLESS:
        return number
    text = unit_text(dimension)
    return f"{number} / {text[2:]}" if text.startswith("1/") else f"{number} * {text}"
