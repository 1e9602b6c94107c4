"""Quantities of other libraries, known by their shape: nothing is imported for them.

A binary float is read as its decimal of 15 digits, so that `0.1*ms` is a tenth of a millisecond
however the other library has multiplied.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from netspec.units import (
    DIMENSIONLESS,
    Dimension,
    Quantity,
    UnitError,
    parse_quantity,
    parse_unit,
    plain_quantity,
)

_SPELLINGS = (("\u00b5", "u"), ("\u03bc", "u"), ("\u03a9", "ohm"), ("^", "**"), (" ", ""))


def foreign_quantity(data: object) -> Quantity | None:
    """Return a quantity of pint, quantities or Brian2; `None` if it is none, or several.

    Raises:
        UnitError: Its unit is none that netspec knows.
    """
    found = foreign_quantities(data)
    return found[0] if found and not _shape(data) else None


def foreign_quantities(data: object) -> tuple[Quantity, ...] | None:
    """Return the quantities that an object of pint, quantities or Brian2 holds, else `None`.

    Raises:
        UnitError: Their unit is none that netspec knows.
    """
    if len(_shape(data)) > 1:
        return None
    if hasattr(data, "magnitude") and hasattr(data, "units"):
        unit = _unit_text(data)
        return tuple(_with_unit(number, unit) for number in _numbers(data.magnitude))
    if hasattr(data, "in_best_unit") and hasattr(data, "dim"):
        return _of_brian2(data)
    return None


def _shape(data: object) -> tuple[int, ...]:
    return tuple(getattr(data, "shape", ()))


def _unit_text(data: Any) -> str:
    """Return the unit of an object of pint, or else of quantities."""
    text = f"{data.units:~}" if hasattr(data, "to_base_units") else str(data.dimensionality)
    for theirs, ours in _SPELLINGS:
        text = text.replace(theirs, ours)
    return "" if text == "dimensionless" else text


def _numbers(magnitude: Any) -> Iterable[float]:
    values = magnitude.tolist() if hasattr(magnitude, "tolist") else magnitude
    return values if isinstance(values, list) else [values]


def _with_unit(number: float, unit: str) -> Quantity:
    return parse_quantity(f"{plain_quantity(number)} {unit}".rstrip())


def _of_brian2(data: Any) -> tuple[Quantity, ...]:
    """Read doubles in SI; Brian2's own text of a quantity shows the error of its product."""
    powers = (Fraction(float(data.dim.get_dimension(name))) for name in _BRIAN2_BASES)
    dimension = Dimension(tuple(power.limit_denominator(1000) for power in powers))
    unit = _best_unit(data, dimension)
    factor = parse_unit(unit).factor
    numbers = (float(each) for each in (data if _shape(data) else [data]))
    exact = (plain_quantity(number).value / factor for number in numbers)
    return tuple(_with_unit(float(number), unit) for number in exact)


_BRIAN2_BASES = ("m", "kg", "s", "A", "K", "mol", "cd")


def _best_unit(data: Any, dimension: Dimension) -> str:
    """Return the unit in which Brian2 would show a single quantity if netspec knows it."""
    if dimension == DIMENSIONLESS:
        return ""
    shown = "" if _shape(data) else str(data.in_best_unit()).rpartition(" ")[2]
    try:
        return shown if parse_unit(shown).dimension == dimension else str(dimension)
    except UnitError:
        return str(dimension)
