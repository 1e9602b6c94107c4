"""From steps to times: the double nearest to the exact decimal `step * dt`."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from netspec.limits import EXACT_INTEGERS


def milliseconds(steps: npt.NDArray[np.int64], dt: float) -> npt.NDArray[np.float64]:
    """Return the times of steps in ms, each the double nearest to its decimal value.

    `dt` is a rounded double, so `steps * dt * 1000` prints times like 120.30000000000001. Here
    `dt` is read back as the decimal that its author wrote, `numerator / denominator` ms; then
    `steps * numerator` is exact and a single division rounds once.

    Args:
        steps: Shape (n,), not negative.
        dt: Duration of a step in seconds.
    """
    ratio = step_in_milliseconds(dt)
    numerator, denominator = ratio.numerator, ratio.denominator
    largest = int(steps.max(initial=0)) * numerator
    if largest <= EXACT_INTEGERS and denominator <= EXACT_INTEGERS:
        return (steps * numerator) / float(denominator)
    # Python divides integers of any size with one rounding; each step is looked up once.
    unique, inverse = np.unique(steps, return_inverse=True)
    return _nearest(unique.tolist(), ratio)[inverse]


def step_in_milliseconds(dt: float) -> Fraction:
    """Return the exact decimal that a time step in seconds was read from, in ms.

    >>> step_in_milliseconds(0.0001)
    Fraction(1, 10)
    """
    return Fraction(format(dt, ".15g")) * 1000


def _nearest(steps: Iterable[int], ratio: Fraction) -> npt.NDArray[np.float64]:
    times = [step * ratio.numerator / ratio.denominator for step in steps]
    return np.array(times, dtype=np.float64)
