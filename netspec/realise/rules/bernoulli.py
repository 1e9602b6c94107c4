"""`pairwise_bernoulli`: each pair is connected with probability `p`, independently of the others.

Row `r` of the stream belongs to source `r`; `n` is the number of targets. With the draws `u_0`,
`u_1`, … of the row, every operation rounded:

    v_m          = ((u_m div 2^12) + 0.5) · 2^−52             never 0 or 1
    gap_m        = min( floor( log(v_m) / log1p(−p) ), n )    netspec's own log and log1p
    target_0     = gap_0
    target_(m+1) = target_m + 1 + gap_(m+1)

The edges of the row are the targets below `n`; the row ends at the first that is not. `p = 0`
makes no edge and `p = 1` makes all, without a draw. Where autapses are excluded the pairs of a
neuron with itself are dropped afterwards, so the other pairs are the same as with autapses. Gaps
are geometric, P(gap ≥ g) = (1 − p)^g; `v` is a multiple of 2^−53, which is how far probabilities
may be off. The cost is in proportion to the edges, and rows can be made in any order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule, Scalar
from netspec.realise.evaluate import evaluate_function
from netspec.realise.philox import Key
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends, Streams
from netspec.realise.streams import WORDS_PER_BLOCK, draws, open_uniform

PositionArray = npt.NDArray[np.int64]
CountArray = npt.NDArray[np.int64]
TargetArray = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]

TARGET_LIMIT = 2**32

# Draws held at a time: about fifty bytes each, small enough for the cache, large enough to hide
# the cost of a NumPy call.
_BATCH = 2**17


class PairwiseBernoulli(ConnectionRule):
    """The rule `pairwise_bernoulli`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield a probability out of its range."""
        given = rule.parameter("p")
        if isinstance(given.value, Scalar) and not 0 <= given.value.value <= 1:
            yield Diagnostic(
                "out-of-range",
                given.path,
                f"a probability lies between 0 and 1, got {float(given.value.value)!r}",
            )

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the binomial number of pairs."""
        pairs, p = ends.pairs(autapses=rule.allows("autapses")), rule.number("p")
        return Count(float(pairs * p), math.sqrt(pairs * p * (1 - p)))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Draw the rows."""
        counts, targets = bernoulli_rows(
            streams("connectivity"),
            ends.sources,
            ends.targets,
            float(rule.number("p")),
            diagonal=None if rule.allows("autapses") else ends.diagonal,
        )
        sources = np.repeat(np.arange(ends.sources, dtype=np.uint32), counts)
        return sources, targets.astype(np.uint32)


def bernoulli_rows(
    key: Key,
    n_sources: int,
    n_targets: int,
    p: float,
    *,
    diagonal: int | None = None,
) -> tuple[CountArray, TargetArray]:
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
        The number of edges of each row, int64 of shape (n_sources,), and their targets, row after
        row and ascending in a row, uint16 if all numbers below `n_targets` fit, else uint32.

    Raises:
        ValueError: If `p` is NaN or outside [0, 1], or a number is out of range.
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"expected a probability in [0, 1], got {p}")
    if n_sources < 0:
        raise ValueError(f"expected at least 0 rows, got {n_sources}")
    if not 0 <= n_targets <= TARGET_LIMIT:
        raise ValueError(f"expected 0 ... 2**32 targets, got {n_targets}")
    narrow = np.uint16 if n_targets <= 2**16 else np.uint32
    counts = [np.zeros(0, dtype=np.int64)]
    targets = [np.zeros(0, dtype=narrow)]
    for rows in _chunks(n_sources, _batch_size(n_targets, p)):
        positions = _positions(key, rows, n_targets, p)
        is_edge = positions < n_targets
        if diagonal is not None:
            is_edge &= positions != rows[:, np.newaxis] + diagonal
        counts.append(np.count_nonzero(is_edge, axis=1))
        targets.append(positions[is_edge].astype(narrow))
    return np.concatenate(counts), np.concatenate(targets)


def _positions(key: Key, rows: PositionArray, n_targets: int, p: float) -> PositionArray:
    """Return the targets of some rows, ascending, padded with numbers of `n_targets` or more.

    Returns:
        int64, shape (rows, as many as the longest row needs).
    """
    if p == 0.0 or n_targets == 0:
        return np.zeros((len(rows), 0), dtype=np.int64)
    if p == 1.0:
        return np.broadcast_to(np.arange(n_targets), (len(rows), n_targets))
    log_miss = evaluate_function("log1p", -p)
    columns = []
    first = 0
    last = np.full(len(rows), -1, dtype=np.int64)
    while (is_open := last < n_targets).any():
        # All open rows go on together, as far as the one furthest behind is likely to need.
        count = _batch_size(n_targets - 1 - int(last.min()), p)
        v = open_uniform(draws(key, rows[is_open], first, count))
        with np.errstate(over="ignore"):
            gaps = np.minimum(evaluate_function("log", v) / log_miss, n_targets)
        # Truncation is floor: no gap is negative. Sums cannot overflow: _BATCH * 2**32 < 2**63.
        steps = gaps.astype(np.int64) + 1
        steps[:, 0] += last[is_open]
        column = np.full((len(rows), count), n_targets, dtype=np.int64)
        column[is_open] = np.cumsum(steps, axis=1)
        columns.append(column)
        last = column[:, -1]
        first += count
    return np.concatenate(columns, axis=1)


def _batch_size(n_targets: int, p: float) -> int:
    """Return how many draws to make at once for a row: enough in most cases, whole blocks.

    Speed depends on it and results do not. Two standard deviations above the mean leave 2 % of
    the rows for another round.
    """
    mean = n_targets * p
    wanted = int(mean + 2.0 * math.sqrt(mean * (1.0 - p))) + 1
    return min(-(-wanted // WORDS_PER_BLOCK) * WORDS_PER_BLOCK, _BATCH)


def _chunks(n_rows: int, draws_per_row: int) -> Iterator[PositionArray]:
    """Cut rows into pieces of at most `_BATCH` draws, or one row."""
    size = max(1, _BATCH // draws_per_row)
    for start in range(0, n_rows, size):
        yield np.arange(start, min(start + size, n_rows), dtype=np.int64)
