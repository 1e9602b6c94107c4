"""Rows of pairs that are connected with one probability, as `pairwise_bernoulli` defines them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule, Scalar
from netspec.limits import MAX_NEURONS
from netspec.realise.evaluate import evaluate_function
from netspec.realise.network import IndexArray
from netspec.realise.philox import Key
from netspec.realise.rules.growing import Growing
from netspec.realise.rules.renewal import PositionArray, Renewal, RowArray, positions_in_rows
from netspec.realise.streams import FloatArray

CountArray = npt.NDArray[np.int64]

# Positions held at a time where there is nothing to draw.
_BATCH = 2**17


def probability_faults(rule: Rule, *fields: str) -> Iterator[Diagnostic]:
    """Yield numbers of a rule that are no probabilities, of those that are known."""
    for given in (each for each in rule.parameters if each.name in fields):
        if isinstance(given.value, Scalar) and not 0 <= given.value.value <= 1:
            yield Diagnostic(
                "out-of-range",
                given.path,
                f"a probability lies between 0 and 1, got {float(given.value.value)!r}",
            )


def bernoulli_rows(
    key: Key,
    n_sources: int,
    n_targets: int,
    p: float,
    *,
    diagonal: int | None = None,
) -> tuple[CountArray, IndexArray]:
    """Realise the rows 0 ... n_sources - 1.

    A row depends on the key, its number, `n_targets` and `p` only: not on the other rows.

    Args:
        key: Of the stream.
        n_sources: Number of rows.
        n_targets: Length of a row, at most 2**32.
        p: Probability of an edge, in [0, 1].
        diagonal: `None` allows autapses; otherwise target `r + diagonal` is dropped from row `r`
            (0 for a population onto itself, another number between two views of one).

    Returns:
        The number of edges of each row, int64 of shape (n_sources,), and their targets, uint32, row
        after row and ascending in a row.

    Raises:
        ValueError: If `p` is NaN or outside [0, 1], or a number is out of range.
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"expected a probability in [0, 1], got {p}")
    if n_sources < 0:
        raise ValueError(f"expected at least 0 rows, got {n_sources}")
    if not 0 <= n_targets <= MAX_NEURONS + 1:
        raise ValueError(f"expected 0 ... 2**32 targets, got {n_targets}")
    counts = np.zeros(n_sources, dtype=np.int64)
    targets = Growing(np.uint32)
    lengths = np.broadcast_to(np.int64(n_targets), (n_sources,))
    for rows, positions in bernoulli_positions(key, lengths, p):
        is_edge = positions < n_targets
        if diagonal is not None:
            is_edge &= positions != rows[:, np.newaxis] + diagonal
        counts[rows] = np.count_nonzero(is_edge, axis=1)
        targets.extend(positions[is_edge])
    return counts, targets.whole()


def bernoulli_positions(
    key: Key, lengths: RowArray, p: float, numbers: RowArray | None = None
) -> Iterator[tuple[RowArray, PositionArray]]:
    """Yield what is drawn of each row, some rows at a time; see `positions_in_rows`."""
    longest = int(lengths.max(initial=0))
    if p == 0.0 or longest == 0:
        return iter(())
    if p == 1.0:
        return _all_positions(lengths)
    log_miss = evaluate_function("log1p", -p)

    def distances(v: FloatArray) -> PositionArray:
        with np.errstate(over="ignore"):
            gaps = np.minimum(evaluate_function("log", v) / log_miss, longest)
        # Truncation is floor: no gap is negative. Sums cannot overflow: a batch * 2**32 < 2**63.
        return np.asarray(gaps.astype(np.int64) + 1)

    renewal = Renewal(np.int64(-1), distances, p, p * (1.0 - p))
    return positions_in_rows(key, lengths, renewal, numbers)


def _all_positions(lengths: RowArray) -> Iterator[tuple[RowArray, PositionArray]]:
    size = max(1, _BATCH // int(lengths.max()))
    for start in range(0, len(lengths), size):
        rows = np.arange(start, min(start + size, len(lengths)), dtype=np.int64)
        yield rows, np.broadcast_to(np.arange(lengths[start]), (len(rows), int(lengths[start])))
