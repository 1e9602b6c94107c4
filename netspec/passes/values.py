"""Values of a document in SI, and durations in steps, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from netspec.expr.fold import fold, real_indices
from netspec.expr.types import ValueType, require_dimension
from netspec.ir.recipe import Computed, PerItem, Scalar, Value
from netspec.passes.problems import Problems
from netspec.spec.values import Formula, QuantityList, ValueField
from netspec.units import TIME, Dimension, Quantity, describe

MAX_STEPS = 2**48 - 1
"""Steps are counted by 48 bits of the random streams' counters."""

MAX_DELAY = 65_535
"""Longest delay in steps."""

INDICES = frozenset({"i", "j"})


def resolve_value(
    value: ValueField,
    dimension: Dimension,
    symbols: Mapping[str, ValueType],
    path: str,
    problems: Problems,
    *,
    count: int | None,
) -> Value | None:
    """Return a value in SI, or `None` once a problem with it was reported.

    Args:
        value: As in the document.
        dimension: What it must be.
        symbols: What a formula may read.
        path: Its place, for messages.
        problems: Where problems go.
        count: Length that a list must have, if that is known here.
    """
    match value:
        case Quantity():
            if _check_dimension(value, dimension, path, problems):
                return Scalar(value.value)
        case QuantityList(quantities):
            fits = [
                _check_dimension(quantity, dimension, f"{path}[{number}]", problems)
                for number, quantity in enumerate(quantities)
            ]
            if count is not None and len(quantities) != count:
                problems.error(
                    "wrong-length", path, f"expected {count} values, got {len(quantities)}"
                )
            elif all(fits):
                return PerItem(tuple(quantity.value for quantity in quantities))
        case Formula(_, expression):
            with problems.expressions_at(path):
                require_dimension(expression, dimension, symbols)
                return Computed(real_indices(fold(expression), INDICES))
    return None


def _check_dimension(
    quantity: Quantity, dimension: Dimension, path: str, problems: Problems
) -> bool:
    if quantity.dimension == dimension:
        return True
    problems.error(
        "wrong-dimension",
        path,
        f"expected {describe(dimension)}, got '{quantity.text}', {describe(quantity.dimension)}",
    )
    return False


def steps_of(
    seconds: Fraction, dt: Fraction, text: str, path: str, problems: Problems
) -> int | None:
    """Return a duration in steps; one that is no multiple of dt is reported."""
    steps = seconds / dt
    if steps.denominator != 1:
        below = steps.numerator // steps.denominator
        problems.error(
            "not-a-multiple-of-dt",
            path,
            f"'{text}' is no multiple of dt ({format_time(dt)})",
            notes=(
                (
                    f"the nearest multiples are {format_time(below * dt)} "
                    f"and {format_time((below + 1) * dt)}"
                ),
            ),
        )
        return None
    if steps > MAX_STEPS:
        problems.error("too-long", path, f"'{text}' is more than {MAX_STEPS} steps")
        return None
    return int(steps)


def format_time(seconds: Fraction) -> str:
    """Return a time in ms for a message."""
    return f"{float(seconds * 1000):.15g} ms"


def is_time(dimension: Dimension) -> bool:
    """Tell whether a dimension is that of a time."""
    return dimension == TIME
