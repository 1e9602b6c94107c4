"""`symmetric_pairwise_bernoulli`: two neurons are connected both ways, or not at all.

Source and target are the same `n` neurons. Each pair of different ones is connected with
probability `p`, independently of the others. Row `r` of the stream belongs to neuron `r`, and is
drawn as one of `pairwise_bernoulli` whose targets are `r + 1`, …, `n − 1`, in this order; or `r`,
…, `n − 1`, where autapses are allowed. Each of its edges is there in the other direction too; an
autapse is one edge. Edges of a source are in ascending order of their targets.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule
from netspec.realise.rules.bernoulli import bernoulli_positions, probability_faults
from netspec.realise.rules.growing import Growing
from netspec.realise.rules.pairs import edges_in_order, pair_numbers
from netspec.realise.rules.rule import (
    ConnectionRule,
    Count,
    Edges,
    Ends,
    Streams,
    one_population_faults,
)


class SymmetricPairwiseBernoulli(ConnectionRule):
    """The rule `symmetric_pairwise_bernoulli`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield a probability out of its range, and ends that are not the same neurons."""
        yield from probability_faults(rule, "p")
        hint = "the way back is part of the rule: one projection makes both"
        yield from one_population_faults(rule, ends, hint)

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return twice the binomial number of pairs, and the binomial number of autapses."""
        p = rule.number("p")
        autapses = ends.sources if rule.allows("autapses") else 0
        pairs = ends.sources * (ends.sources - 1) // 2
        variance = (4 * pairs + autapses) * p * (1 - p)
        return Count(float((2 * pairs + autapses) * p), math.sqrt(variance))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Draw the rows, and mirror them."""
        count, skipped = ends.sources, 0 if rule.allows("autapses") else 1
        lengths = np.arange(count, 0, -1, dtype=np.int64) - skipped
        key, p = streams("connectivity"), float(rule.number("p"))
        pairs = Growing(np.uint64)
        for rows, positions in bernoulli_positions(key, lengths, p):
            is_edge = positions < lengths[rows, np.newaxis]
            sources = np.repeat(rows, np.count_nonzero(is_edge, axis=1))
            targets = positions[is_edge] + sources + skipped
            is_pair = sources != targets
            pairs.extend(pair_numbers(sources, targets))
            pairs.extend(pair_numbers(targets[is_pair], sources[is_pair]))
        return edges_in_order(pairs.whole())
