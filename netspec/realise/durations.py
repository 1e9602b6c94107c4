"""Durations as whole steps, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from netspec.data import place_of_item
from netspec.expr.parse import shorten
from netspec.ir.recipe import FromFile, PerItem, Rounding, Scalar, Value
from netspec.limits import MAX_STEPS
from netspec.realise.blocks import blocks
from netspec.realise.network import FloatArray, IntegerArray
from netspec.realise.values import Known, problem, realise_array, realise_value
from netspec.units import decimal_fraction

BoolArray = npt.NDArray[np.bool_]

ROUNDING_HINT = 'write "rounding": "nearest" beside it to move such times to the nearest step'


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a duration is no number of steps: what a diagnostic says of it."""

    code: str
    message: str
    notes: tuple[str, ...] = ()


def in_steps(
    duration: Fraction,
    dt: Fraction,
    rounding: Rounding = "error",
    *,
    what: str = "a duration",
    text: str | None = None,
) -> int | Misfit:
    """Return a duration in steps, or why it is none.

    Args:
        duration: Seconds.
        dt: Seconds.
        rounding: What happens to one that is no multiple of dt.
        what: What it is, for messages.
        text: The duration as written, if it was.
    """
    text = format_time(duration) if text is None else shorten(text)
    steps = duration / dt
    if steps < 0:
        return Misfit("negative-duration", f"{what} cannot be negative, got '{text}'")
    if steps > MAX_STEPS:
        return Misfit("too-long", f"'{text}' is more than {MAX_STEPS} steps")
    if rounding == "error" and steps.denominator != 1:
        below, above = (format_time((int(steps) + more) * dt) for more in (0, 1))
        return Misfit(
            "not-a-multiple-of-dt",
            f"'{text}' is no multiple of dt ({format_time(dt)})",
            (f"the nearest multiples are {below} and {above}",),
        )
    return int(steps + Fraction(1, 2))


def realise_steps(
    value: Value, known: Known, dt: Fraction, rounding: Rounding, path: str
) -> IntegerArray:
    """Return durations in steps, shape () for one duration, else one per item.

    Raises:
        SpecError: One is negative, or no multiple of dt where rounding is `error`.
    """
    match value:
        case Scalar(exact):
            return np.asarray(count_steps([exact], dt, rounding, path)[0], dtype=np.int64)
        case PerItem(several):
            return np.array(count_steps(several, dt, rounding, path), dtype=np.int64)
        case FromFile(data):
            return steps_of_doubles(
                realise_array(value, path),
                dt,
                rounding,
                path,
                hints=(ROUNDING_HINT,),
                place=lambda number: place_of_item(data, number),
            )
        case _:
            seconds = realise_value(value, known, path)
            return steps_of_doubles(seconds, dt, rounding, path, hints=(ROUNDING_HINT,))


def steps_of_doubles(
    seconds: FloatArray,
    dt: Fraction,
    rounding: Rounding,
    path: str,
    *,
    hints: tuple[str, ...] = (),
    place: Callable[[int], str] | None = None,
) -> IntegerArray:
    """Return computed durations in steps: each stands for its decimal of 15 digits.

    Args:
        seconds: The durations.
        dt: Seconds.
        rounding: What happens to what is no multiple of dt.
        path: Place in the document.
        hints: What to do about a duration that is no multiple of dt.
        place: Returns words for the place of one of them, where they are not in the document.

    Raises:
        SpecError: One is negative, absurdly long, or no multiple of dt where rounding is `error`.
    """
    steps, plain = _multiples(seconds, dt)
    for block in blocks(seconds.size):
        own = np.flatnonzero(~plain[block]) + block.start
        unique, inverse = np.unique(seconds.reshape(-1)[own], return_inverse=True)
        counted = []
        for value in unique.tolist():
            found = in_steps(decimal_fraction(format(value, ".15g")), dt, rounding)
            if isinstance(found, Misfit):
                first = int(np.flatnonzero(seconds.reshape(-1) == value)[0])
                notes = (place(first), *found.notes) if place else found.notes
                more = hints if found.code == "not-a-multiple-of-dt" else ()
                raise problem(found.code, path, found.message, notes=notes, hints=more)
            counted.append(found)
        steps[own] = np.array(counted, dtype=np.int64)[inverse]
    return steps.reshape(seconds.shape)  # one duration is an array too


def _multiples(seconds: FloatArray, dt: Fraction) -> tuple[IntegerArray, BoolArray]:
    """Return durations in steps, flat, and which of them are multiples of dt beyond doubt.

    The double nearest to a decimal of 15 digits stands for that decimal. So a duration is k steps
    if it is the double nearest to k * dt, and that has so few digits.
    """
    flat = seconds.reshape(-1)
    places = next((n for n in range(23) if (10**n * dt).denominator == 1), None)
    if places is None or 10**places * dt > 10**15:
        return np.zeros(flat.size, dtype=np.int64), np.zeros(flat.size, dtype=np.bool_)
    steps, plain = np.empty(flat.size, dtype=np.int64), np.empty(flat.size, dtype=np.bool_)
    for block in blocks(flat.size):
        counted = np.rint(flat[block] / float(dt))
        whole = counted * float(10**places * dt)
        good = (flat[block] >= 0) & (whole < 1e15) & (whole / 10.0**places == flat[block])
        plain[block], steps[block] = good, np.where(good, counted, 0)
    return steps, plain


def count_steps(
    durations: Iterable[Fraction], dt: Fraction, rounding: Rounding, path: str
) -> list[int]:
    """Return exact durations in steps.

    Args:
        durations: Seconds.
        dt: Seconds.
        rounding: What happens to what is no multiple of dt.
        path: Place in the document.

    Raises:
        SpecError: One is negative, absurdly long, or no multiple of dt where rounding is `error`.
    """
    counted = []
    for duration in durations:
        steps = in_steps(duration, dt, rounding)
        if isinstance(steps, Misfit):
            raise problem(steps.code, path, steps.message, notes=steps.notes)
        counted.append(steps)
    return counted


def format_time(seconds: Fraction) -> str:
    """Return a time in ms for a message, with as many digits as it has up to 30."""
    exact = seconds * 1000
    short = f"{float(exact):.15g}"
    if decimal_fraction(short) == exact:
        return f"{short} ms"
    with localcontext(prec=30):
        digits = Decimal(exact.numerator) / Decimal(exact.denominator)
    return f"{digits:f} ms" if Fraction(digits) == exact else f"{short} ms"
