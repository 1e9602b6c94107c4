"""Physical dimensions, the closed table of units and quantities with exact decimal values.

A quantity is read in exact rational arithmetic and rounded once, so `"0.1 ms"` and `"100 us"` are
one number. A unit text is parsed by a grammar and never evaluated.

Every unit is a name of this module too: `from netspec.units import ms`.
"""

from __future__ import annotations

from netspec.units.dimensions import (
    BASE_UNITS,
    CAPACITANCE,
    CHARGE,
    CONCENTRATION,
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
    describe,
    format_powers,
)
from netspec.units.grammar import (
    MAX_DECIMAL_EXPONENT,
    MAX_QUANTITY_LENGTH,
    MAX_UNIT_EXPONENT,
    UnitError,
    decimal_fraction,
    parse_unit,
)
from netspec.units.quantities import (
    Quantity,
    bare_quantity,
    check_double,
    looks_like_quantity,
    parse_quantity,
    plain_quantity,
    quantity_in,
)
from netspec.units.table import EXPRESSION_UNITS, UNITS, UnitDefinition

__all__ = [
    "BASE_UNITS",
    "CAPACITANCE",
    "CHARGE",
    "CONCENTRATION",
    "CONDUCTANCE",
    "CURRENT",
    "DIMENSIONLESS",
    "EXPRESSION_UNITS",
    "FREQUENCY",
    "LENGTH",
    "MAX_DECIMAL_EXPONENT",
    "MAX_QUANTITY_LENGTH",
    "MAX_UNIT_EXPONENT",
    "RESISTANCE",
    "TEMPERATURE",
    "TIME",
    "UNITS",
    "VOLTAGE",
    "Dimension",
    "Quantity",
    "UnitDefinition",
    "UnitError",
    "bare_quantity",
    "check_double",
    "decimal_fraction",
    "describe",
    "format_powers",
    "looks_like_quantity",
    "parse_quantity",
    "parse_unit",
    "plain_quantity",
    "quantity_in",
    *UNITS,
]


def __getattr__(name: str) -> Quantity:
    """Return the unit of that name as a quantity of 1, so that `20 * ms` can be written."""
    if name in UNITS:
        return parse_quantity(f"1 {name}")
    raise AttributeError(f"module 'netspec.units' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *UNITS]
