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

Where `p` is an expression, its bound `p_max` is what is given, or the largest `p` of all pairs. The
edges are those of `pairwise_bernoulli` with `p_max` for which `w·p_max < p(r, j)`; `w` is
`(u div 2^11)·2^−53` of the draw with the address (`r`, `j`) in the stream `thinning`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Computed, Rule
from netspec.realise import blocks
from netspec.realise.network import FloatArray
from netspec.realise.rules.bernoulli import bernoulli_positions, bernoulli_rows, probability_faults
from netspec.realise.rules.choices import spread
from netspec.realise.rules.renewal import RowArray
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends, Streams
from netspec.realise.rules.thinning import check_range, probability, thinned

MAX_PAIRS = 2**28
"""Pairs whose probabilities are looked at one by one: a matter of seconds."""

SAMPLED_PAIRS = 2**20
"""Pairs that are looked at where all are too many."""


class PairwiseBernoulli(ConnectionRule):
    """The rule `pairwise_bernoulli`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield probabilities out of their range, and one without a bound for too many pairs."""
        yield from probability_faults(rule, "p", "p_max")
        if _differs(rule) and not rule.has("p_max") and ends.pairs() > MAX_PAIRS:
            yield Diagnostic(
                "needs-bound",
                rule.parameter("p").path,
                f"{ends.pairs()} pairs are too many to look for the largest 'p'",
                hints=("write an upper bound beside it as 'p_max'",),
            )
        if rule.has("p_max") and not _differs(rule):
            yield Diagnostic(
                "needless-bound",
                rule.parameter("p_max").path,
                "'p_max' bounds an expression for 'p', but 'p' is one number for all pairs",
            )

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the number of edges that are expected; of very many pairs, some are looked at."""
        autapses = rule.allows("autapses")
        if not _differs(rule):
            pairs, p = ends.pairs(autapses=autapses), rule.number("p")
            return Count(float(pairs * p), math.sqrt(pairs * p * (1 - p)))
        if ends.pairs() > MAX_PAIRS:
            return _estimate(rule, ends)
        mean = variance = 0.0
        for rows, table in _table(rule, ends):
            if not autapses and ends.diagonal is not None:
                table = np.where(np.arange(ends.targets) == rows + ends.diagonal, 0.0, table)
            mean += float(table.sum())
            variance += float((table * (1.0 - table)).sum())
        return Count(mean, math.sqrt(variance))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Draw the rows."""
        if _differs(rule):
            bound = _bound(rule, ends)
            return thinned(rule, ends, streams, bound, _candidates(ends, streams, bound))
        diagonal = None if rule.allows("autapses") else ends.diagonal
        p = float(rule.number("p"))
        key = streams("connectivity")
        counts, targets = bernoulli_rows(key, ends.sources, ends.targets, p, diagonal=diagonal)
        sources = np.repeat(np.arange(ends.sources, dtype=np.uint32), counts)
        return sources, targets


def _differs(rule: Rule) -> bool:
    return isinstance(rule.parameter("p").value, Computed)


def _estimate(rule: Rule, ends: Ends) -> Count:
    """Return the number of edges by the probabilities of some pairs."""
    diagonal = None if rule.allows("autapses") else ends.diagonal
    found = np.empty(SAMPLED_PAIRS)
    for part in blocks.blocks(SAMPLED_PAIRS):
        chosen = spread(part.stop - part.start, ends.pairs(), part.start)
        i, j = (each.astype(np.int64) for each in np.divmod(chosen, np.uint64(ends.targets)))
        p = np.broadcast_to(ends.scope.evaluate(probability(rule), i, j), i.shape)
        check_range(rule, p, float(rule.number("p_max")), i, j)
        found[part] = p if diagonal is None else np.where(j == i + diagonal, 0.0, p)
    pairs = float(ends.pairs())
    of_mean = pairs * float(found.std()) / math.sqrt(SAMPLED_PAIRS)
    of_edges = pairs * float((found * (1.0 - found)).mean())
    return Count(pairs * float(found.mean()), math.sqrt(of_edges + of_mean**2))


def _candidates(ends: Ends, streams: Streams, bound: float) -> Iterator[tuple[RowArray, RowArray]]:
    """Yield the edges of a bound, some at a time."""
    lengths = np.broadcast_to(np.int64(ends.targets), (ends.sources,))
    for rows, positions in bernoulli_positions(streams("connectivity"), lengths, bound):
        is_pair = positions < ends.targets
        yield rows[np.nonzero(is_pair)[0]], positions[is_pair]


def _bound(rule: Rule, ends: Ends) -> float:
    if rule.has("p_max"):
        return float(rule.number("p_max"))
    return max((float(p.max(initial=0.0)) for _, p in _table(rule, ends)), default=0.0)


def _table(rule: Rule, ends: Ends) -> Iterator[tuple[RowArray, FloatArray]]:
    """Yield sources, shape (n, 1), and their probabilities, shape (n, targets), some at a time."""
    value = probability(rule)
    targets = np.arange(ends.targets, dtype=np.int64)
    most = float(rule.number("p_max")) if rule.has("p_max") else 1.0
    size = max(1, blocks.SIZE // max(1, ends.targets))
    for start in range(0, ends.sources, size):
        rows = np.arange(start, min(start + size, ends.sources), dtype=np.int64)[:, np.newaxis]
        p = ends.scope.evaluate(value, rows, targets)
        p = np.broadcast_to(p, (len(rows), ends.targets))
        check_range(
            rule, p, most, np.broadcast_to(rows, p.shape), np.broadcast_to(targets, p.shape)
        )
        yield rows, p
