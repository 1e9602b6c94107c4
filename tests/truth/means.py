"""Whether means of observables differ between two sets of runs."""

from __future__ import annotations

import mpmath
import numpy as np
from truth.column import NAMES, OBSERVABLES, Array

ALPHA = 1e-3
"""Probability that any comparison of equal models finds a difference."""


def welch(one: Array, other: Array) -> Array:
    """Return the p-values of Welch's t-test of the means along the first axis, two-sided.

    A value of a run is itself a mean over many neurons, so nearly normal. A test of ranks with 10
    and 10 values would have to see them all but separated to come below the bound for 24 of them.
    """
    errors = [each.var(axis=0, ddof=1) / len(each) for each in (one, other)]
    error = errors[0] + errors[1]
    squared = (one.mean(axis=0) - other.mean(axis=0)) ** 2 / error
    freedom = error**2 / (errors[0] ** 2 / (len(one) - 1) + errors[1] ** 2 / (len(other) - 1))
    tail = np.frompyfunc(
        lambda n, x: float(mpmath.betainc(n / 2, 0.5, 0, x, regularized=True)), 2, 1
    )
    return np.asarray(tail(freedom, freedom / (freedom + squared)), np.float64)


def differ(p: Array) -> bool:
    """Tell whether any comparison finds a difference (Bonferroni; Holm would say the same)."""
    return bool(p.min() < ALPHA / p.size)


def show(own: Array, nest: Array, p: Array) -> None:
    """Print mean ± standard deviation of both, and the p-value."""
    for (row, column), value in np.ndenumerate(p):
        both = (
            f"{each[:, row, column].mean():9.5f} ± {each[:, row, column].std(ddof=1):.5f}"
            for each in (own, nest)
        )
        print(f"{NAMES[row]:5} {OBSERVABLES[column]:12}", *both, f"p = {value:.2g}")
