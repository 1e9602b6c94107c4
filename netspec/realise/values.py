"""Values of a recipe as arrays, and durations as steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import numpy as np

from netspec.errors import Diagnostic, SpecError
from netspec.expr.nodes import names
from netspec.ir.recipe import Computed, Item, PerItem, Rounding, Scalar, Value
from netspec.realise.evaluate import evaluate
from netspec.realise.network import FloatArray, IntegerArray, NumberArray
from netspec.units import decimal_fraction

MAX_DELAY = 65_535
"""Longest delay in steps."""

Known = Mapping[str, NumberArray]


def realise_value(value: Value, known: Known, path: str) -> FloatArray:
    """Return a value in SI: shape () for one value, else one per item.

    Args:
        value: From the recipe.
        known: What a formula reads: parameters, and int64 indices `i` and `j`.
        path: Its place in the document.

    Raises:
        SpecError: A computed value is NaN or infinite.
    """
    match value:
        case Scalar(exact):
            return np.asarray(float(exact))
        case PerItem(values):
            return np.array([float(exact) for exact in values], dtype=np.float64)
        case Computed(expression):
            result = np.asarray(evaluate(expression, known), dtype=np.float64)
            check_finite(result, path)
            return result


def check_finite(values: FloatArray, path: str) -> None:
    """Refuse values that are NaN or infinite.

    Raises:
        SpecError: Some are; names the first.
    """
    bad = np.flatnonzero(~np.isfinite(np.atleast_1d(values)))
    if bad.size:
        number = np.atleast_1d(values)[bad[0]]
        raise problem("not-finite", path, f"the computed value number {bad[0]} is {number}")


def realise_items(items: Iterable[Item], known: Known) -> dict[str, FloatArray]:
    """Return values by name; formulas may read each other and what is known.

    Raises:
        SpecError: Formulas read each other in a circle, or a value is not finite.
    """
    result: dict[str, FloatArray] = {}
    waiting = {item.name: item for item in items}
    while waiting:
        ready = [
            item
            for item in waiting.values()
            if not isinstance(item.value, Computed)
            or not names(item.value.expression) & waiting.keys()
        ]
        if not ready:
            circle = ", ".join(f"'{name}'" for name in sorted(waiting))
            path = min(item.path for item in waiting.values())
            raise problem("circular-values", path, f"values read each other in a circle: {circle}")
        for item in ready:
            result[item.name] = realise_value(item.value, {**known, **result}, item.path)
            del waiting[item.name]
    return result


def exact_decimals(seconds: FloatArray) -> list[Fraction]:
    """Return doubles as the decimals of 15 digits that they stand for."""
    return [decimal_fraction(format(value, ".15g")) for value in np.atleast_1d(seconds).tolist()]


def realise_steps(
    value: Value, known: Known, dt: Fraction, rounding: Rounding, path: str
) -> IntegerArray:
    """Return durations in steps, shape () for one duration, else one per item.

    Raises:
        SpecError: One is negative, or no multiple of dt where rounding is `error`.
    """
    if isinstance(value, Computed):
        seconds = realise_value(value, known, path)
        unique, inverse = np.unique(seconds, return_inverse=True)
        steps = np.array(count_steps(exact_decimals(unique), dt, rounding, path), dtype=np.int64)
        return np.asarray(steps[inverse].reshape(seconds.shape))
    exact = [value.value] if isinstance(value, Scalar) else list(value.values)
    counted = np.array(count_steps(exact, dt, rounding, path), dtype=np.int64)
    return counted[0].reshape(()) if isinstance(value, Scalar) else counted


def count_steps(
    durations: Iterable[Fraction], dt: Fraction, rounding: Rounding, path: str
) -> list[int]:
    """Return exact durations in steps.

    Raises:
        SpecError: One is negative, or no multiple of dt where rounding is `error`.
    """
    counted = []
    for duration in durations:
        steps = duration / dt
        if steps < 0:
            raise problem("negative-duration", path, f"a duration is {float(duration)!r} s")
        if rounding == "error" and steps.denominator != 1:
            below = int(steps)
            message = f"{float(duration * 1000):.15g} ms is no multiple of dt"
            note = (
                f"the nearest multiples are {float(below * dt * 1000):.15g} ms "
                f"and {float((below + 1) * dt * 1000):.15g} ms"
            )
            raise problem("not-a-multiple-of-dt", path, message, notes=(note,))
        counted.append(int(steps + Fraction(1, 2)))
    return counted


def problem(
    code: str, path: str, message: str, *, notes: tuple[str, ...] = (), hints: tuple[str, ...] = ()
) -> SpecError:
    """Return the error for one problem found while realising."""
    return SpecError([Diagnostic(code, path, message, notes, hints)])
