"""Numbers of files in SI.

A number stands for a decimal: the one that is written, or the shortest that is read as the binary
number that is stored, as numbers in a document do. Its value in SI is the double nearest to that
decimal times a power of ten, rounded once. So a table, an array and a list of the same numbers are
the same doubles, and doubles that are in SI already are taken as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.limits import EXACT_INTEGERS

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float64]

_BLOCK = 2**15
"""Numbers that are converted at once: what a cache holds."""

_EXACT_POWER = 22
"""The largest n for which 10**n is a double."""

_POWERS = np.array([float(10**n) for n in range(_EXACT_POWER + 1)])

_UNIQUE = {4: 2.0**21, 8: 2.0**50}
"""By bytes of a float: below this only one integer m is read as the float by m / 10**n."""


def in_si(stored: Array, power: int) -> FloatArray:
    """Return stored numbers times 10**power, each rounded once; -0 becomes +0.

    >>> in_si(np.array([65.6]), -3).tolist()
    [0.0656]
    """
    if power == 0 and (stored.dtype.itemsize == 8 and stored.dtype.kind == "f"):
        return stored.astype(np.float64) + 0.0
    result = np.empty(stored.shape)
    given, filled = stored.reshape(-1), result.reshape(-1)
    for block in _blocks(given.size):
        filled[block] = _block_in_si(given[block], power)
    result += 0.0
    return result


def _blocks(count: int) -> Iterator[slice]:
    for start in range(0, count, _BLOCK):
        yield slice(start, min(start + _BLOCK, count))


def _block_in_si(stored: Array, power: int) -> FloatArray:
    """Return a block in SI: most numbers by one division of integers, the others by their text."""
    values = stored.astype(np.float64)
    places = np.zeros(values.size, dtype=np.int64)
    largest = float(EXACT_INTEGERS)
    if stored.dtype.kind == "f":
        largest = _UNIQUE[stored.dtype.itemsize]
        _, exponents = np.frexp(values)
        room = (np.log2(largest) - exponents) * 0.30102999  # digits after the point that fit
        places = np.clip(room.astype(np.int64), 0, max(_EXACT_POWER + min(power, 0), 0))
    with np.errstate(over="ignore", invalid="ignore"):
        whole = np.rint(values * _POWERS[places])
        read = (whole / _POWERS[places]).astype(stored.dtype)
        short = (read == stored) & (np.abs(whole) < largest)
        shift = np.clip(power - places, -_EXACT_POWER, _EXACT_POWER)
        result = np.where(shift < 0, whole / _POWERS[np.abs(shift)], whole * _POWERS[np.abs(shift)])
    short &= power - places == shift
    for number in np.flatnonzero(~short & np.isfinite(values)).tolist():
        result[number] = shifted(str(stored[number]), power)
    return result


def shifted(text: str, power: int) -> float:
    """Return the double nearest to a decimal times 10**power.

    Raises:
        ValueError: The text is not a number.
    """
    digits, _, exponent = text.lower().partition("e")
    return float(f"{digits}e{int(exponent or 0) + power}")
