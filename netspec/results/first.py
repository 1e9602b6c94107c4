"""The first spike or sample in which two runs differ."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.results.record import SpikeRecord

NO_SPIKE: Mapping[bool, str] = MappingProxyType(
    {True: "expected a spike, got none", False: "expected no spike, got one"}
)
"""What differs, by whether a spike is missing."""


FirstSpike = tuple[int, str, int, bool]
"""Step, object, neuron, and whether the spike is missing, of one that only one run has."""


def first_spikes(
    expected: Mapping[str, SpikeRecord], got: Mapping[str, SpikeRecord]
) -> list[FirstSpike]:
    """Return the first spike of each object that only one of two runs has, the earliest first.

    Args:
        expected: Spikes by object in one run.
        got: The same in another; objects of one run alone are left out.
    """
    found: list[FirstSpike] = []
    for name in expected.keys() & got.keys():
        if first := first_spike(expected[name], got[name]):
            step, index, is_missing = first
            found.append((step, name, index, is_missing))
    return sorted(found)


def first_spike(expected: SpikeRecord, got: SpikeRecord) -> tuple[int, int, bool] | None:
    """Return step and index of the first spike that only one of two has, and whether it is missing.

    Args:
        expected: Spikes of one object in one run.
        got: The same in another.
    """
    wanted = np.stack([expected.steps, expected.indices])
    found = np.stack([got.steps, got.indices])
    common = min(wanted.shape[1], found.shape[1])
    unlike = (wanted[:, :common] != found[:, :common]).any(axis=0)
    place = int(unlike.argmax()) if unlike.any() else common
    missing = tuple(wanted[:, place].tolist()) if place < wanted.shape[1] else None
    extra = tuple(found[:, place].tolist()) if place < found.shape[1] else None
    if missing is not None and (extra is None or missing < extra):
        return (*missing, True)
    return None if extra is None else (*extra, False)


def first_sample(wanted: npt.NDArray[Any], found: npt.NDArray[Any]) -> tuple[int, int] | None:
    """Return row and column of the first number that differs in a bit; two NaN are alike.

    Args:
        wanted: float64 or int64, shape (samples, neurons).
        found: The same in another run.
    """
    unlike = bits(wanted) != bits(found)
    if wanted.dtype.kind == "f":
        unlike &= ~(np.isnan(wanted) & np.isnan(found))
    if not unlike.any():
        return None
    row, column = np.unravel_index(int(unlike.argmax()), unlike.shape)
    return int(row), int(column)


def bits(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return doubles or integers as their bits."""
    return np.ascontiguousarray(values).view(np.int64)


def ulps(one: float, other: float) -> int:
    """Return how many doubles lie between two, counting one of the ends; +0 and -0 are one apart.

    >>> ulps(1.0, 1.0000000000000002), ulps(0.0, -0.0)
    (1, 1)
    """
    ordered = []
    for number in (one, other):
        pattern = int(np.float64(number).view(np.int64))
        ordered.append(pattern if pattern >= 0 else -(2**63) - pattern - 1)
    return abs(ordered[0] - ordered[1])
