"""`distance_dependent`: each pair is connected with a probability that depends on its distance.

The probability of a pair is `p = p_max · f`, with the profile `f` of its distance, computed as the
expression would be:

    gaussian                   f = exp(−(distance/sd)²/2)
    exponential                f = exp(−distance/scale)
    linear                     f = max(1 − distance/reach, 0)
    box                        f = 1 where distance ≤ radius, 0 elsewhere
    difference_of_gaussians    f = max(exp(−(distance/sd)²/2)
                                       − surround·exp(−(distance/surround_sd)²/2), 0)

The edges are those of `pairwise_bernoulli` with this expression for `p` and the bound `p_max`. With
a `cut_off`, row `r` is drawn as one of `pairwise_bernoulli` with `p_max` whose targets are those at
a distance of at most `cut_off` from source `r`, in ascending order, as many as there are; which
edges are kept is decided as before, by the draws of the pairs in the stream `thinning`. The cost is
then in proportion to the pairs within the cut-off.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule
from netspec.realise.philox import Key
from netspec.realise.rules.bernoulli import bernoulli_positions, probability_faults
from netspec.realise.rules.choices import spread
from netspec.realise.rules.neighbours import Neighbours
from netspec.realise.rules.pairwise_bernoulli import PairwiseBernoulli
from netspec.realise.rules.renewal import RowArray
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends, Streams
from netspec.realise.rules.thinning import probability, thinned

_CUT_OFF = "cut_off"

MAX_COUNTED = 2**24
"""Pairs whose probabilities are looked at to count edges: a matter of a few seconds."""

_EVERYWHERE = PairwiseBernoulli()


class DistanceDependent(ConnectionRule):
    """The rule `distance_dependent`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield a probability out of its range, and a cut-off where nothing could be."""
        yield from probability_faults(rule, "p_max")
        if rule.has(_CUT_OFF) and rule.number(_CUT_OFF) <= 0:
            path, given = rule.parameter(_CUT_OFF).path, float(rule.number(_CUT_OFF))
            yield Diagnostic("out-of-range", path, f"a cut-off is above 0, got {given!r} m")

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the number of edges that are expected; of very many pairs, some are looked at."""
        if not rule.has(_CUT_OFF):
            return _EVERYWHERE.count(rule, ends)
        neighbours = Neighbours(ends, float(rule.number(_CUT_OFF)))
        rows = _sample(neighbours.counts)
        means, variance = np.zeros(ends.sources), 0.0
        for _, i, j in neighbours.pairs(rows):
            p = ends.scope.evaluate(probability(rule), i, j)
            if not rule.allows("autapses") and ends.diagonal is not None:
                p = np.where(j == i + ends.diagonal, 0.0, p)
            means += np.bincount(i, p, minlength=ends.sources)
            variance += float((p * (1.0 - p)).sum())
        share = len(rows) / max(ends.sources, 1)
        if share in (0.0, 1.0):
            return Count(float(means.sum()), math.sqrt(variance))
        of_mean = means[rows].var() * len(rows) / share**2
        return Count(float(means.sum()) / share, math.sqrt(variance / share + of_mean))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Draw from the neighbours of each source."""
        if not rule.has(_CUT_OFF):
            return _EVERYWHERE.connect(rule, ends, streams)
        neighbours = Neighbours(ends, float(rule.number(_CUT_OFF)))
        p_max = float(rule.number("p_max"))
        candidates = _candidates(neighbours, streams("connectivity"), p_max)
        return thinned(rule, ends, streams, p_max, candidates)


def _candidates(
    neighbours: Neighbours, key: Key, bound: float
) -> Iterator[tuple[RowArray, RowArray]]:
    """Yield the edges of a bound, some at a time, in order of their sources and targets."""
    for rows, i, j in neighbours.pairs(np.arange(len(neighbours.counts))):
        firsts = np.searchsorted(i, rows)
        lengths = np.diff(firsts, append=len(i))
        order = np.argsort(-lengths, kind="stable")  # rows of one length are made together
        chosen = [np.zeros(0, dtype=np.int64)]
        for places, positions in bernoulli_positions(key, lengths[order], bound, rows[order]):
            own = order[places]
            is_pair = positions < lengths[own, np.newaxis]
            chosen.append((firsts[own, np.newaxis] + positions)[is_pair])
        pairs = np.sort(np.concatenate(chosen))
        yield i[pairs], j[pairs]


def _sample(counts: RowArray) -> RowArray:
    """Return sources to count the edges of: all, or some that are spread without a pattern."""
    pairs = int(counts.sum())
    if pairs <= MAX_COUNTED:
        return np.arange(len(counts))
    wanted = max(1, len(counts) * MAX_COUNTED // pairs)
    return np.unique(spread(wanted, len(counts)).astype(np.int64))
