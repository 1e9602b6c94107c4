"""Thinning: of the edges of a bound, each is kept with its share, as `pairwise_bernoulli` says."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np
import numpy.typing as npt

from netspec.ir.recipe import Computed, Rule
from netspec.realise.ahead import ahead
from netspec.realise.network import FloatArray
from netspec.realise.philox import Key
from netspec.realise.rules.growing import Growing
from netspec.realise.rules.renewal import RowArray
from netspec.realise.rules.rule import Edges, Ends, Streams
from netspec.realise.streams import draws_at, running_words, uniform
from netspec.realise.values import problem


def thinned(
    rule: Rule,
    ends: Ends,
    streams: Streams,
    bound: float,
    candidates: Iterable[tuple[RowArray, RowArray]],
) -> Edges:
    """Return those of some edges that are kept, without autapses where they are excluded.

    Args:
        rule: Its `p` is an expression.
        ends: What it connects.
        streams: Of the projection.
        bound: Probability of the edges that there are.
        candidates: They, some at a time, as sources and targets.

    Raises:
        SpecError: A probability is out of its range; names the first pair.
    """
    key, value = streams("thinning"), probability(rule)
    diagonal = None if rule.allows("autapses") else ends.diagonal
    sources, targets = Growing(np.uint32), Growing(np.uint32)

    def kept(i: RowArray, j: RowArray) -> tuple[RowArray, RowArray]:
        if diagonal is not None:
            is_other = j != i + diagonal
            i, j = i[is_other], j[is_other]
        p = np.broadcast_to(ends.scope.evaluate(value, i, j), i.shape)
        check_range(rule, p, bound, i, j)
        is_kept = _is_below(key, i, j, bound, p)
        return i[is_kept], j[is_kept]

    for made in ahead(partial(kept, *pairs) for pairs in candidates):
        i, j = made()
        sources.extend(i)
        targets.extend(j)
    return sources.whole(), targets.whole()


def _is_below(
    key: Key, i: RowArray, j: RowArray, bound: float, p: FloatArray
) -> npt.NDArray[np.bool_]:
    """Tell for which pairs w * bound < p.

    The high half of a draw says between which two numbers `w` is, and so do rounded products. The
    few pairs that it does not decide take the other half, at the cost of as much again.
    """
    high = running_words(key, i, j).astype(np.float64)
    is_below = (high + 1.0) * 2.0**-32 * bound < p
    is_open = ~is_below & (high * 2.0**-32 * bound < p)
    pairs = np.flatnonzero(is_open)
    is_below[pairs] = uniform(draws_at(key, i[pairs], j[pairs])) * bound < p[pairs]
    return is_below


def probability(rule: Rule) -> Computed:
    """Return the `p` of a rule for which it is an expression."""
    value = rule.parameter("p").value
    assert isinstance(value, Computed)
    return value


def check_range(rule: Rule, p: FloatArray, most: float, i: RowArray, j: RowArray) -> None:
    """Refuse probabilities out of their range.

    Raises:
        SpecError: There are; names the first pair.
    """
    bad = np.flatnonzero(~((p >= 0.0) & (p <= most)))
    if bad.size:
        number, pair = float(p.flat[bad[0]]), (int(i.flat[bad[0]]), int(j.flat[bad[0]]))
        limit = "between 0 and 1" if most == 1.0 else f"between 0 and 'p_max', {most!r}"
        raise problem(
            "out-of-range",
            rule.parameter("p").path,
            f"a probability lies {limit}, got {number!r} for the pair [{pair[0]}, {pair[1]}]",
        )
