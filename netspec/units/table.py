"""The closed table of units: exact factors, and the prefixes that are in use in the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from netspec.units.dimensions import (
    CAPACITANCE,
    CHARGE,
    CONCENTRATION,
    CONDUCTANCE,
    CURRENT,
    FREQUENCY,
    LENGTH,
    RESISTANCE,
    TEMPERATURE,
    TIME,
    VOLTAGE,
    Dimension,
    dimension_of,
)


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
    ("mol", "mole", dimension_of(mol=1), Fraction(1), "mun"),
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
