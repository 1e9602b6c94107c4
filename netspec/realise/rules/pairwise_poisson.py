"""`pairwise_poisson`: each pair has a Poisson number of edges, independently of the others.

Row `r` of the stream belongs to source `r`; `n` is the number of targets. The edges of the row are
a Poisson process that is cut into stretches of length 1, one per target. With the draws `u_0`,
`u_1`, … of the row, every operation rounded:

    v_m      = ((u_m div 2^12) + 0.5) · 2^−52        never 0 or 1
    y_0      = −log(v_0) / mean                      netspec's own log
    y_(m+1)  = y_m − log(v_(m+1)) / mean
    target_m = floor(y_m)

The edges of the row are those whose `y` is below `n`; the row ends at the first that is not.
`mean = 0` makes no edge, without a draw. Where autapses are excluded the edges of a neuron with
itself are dropped afterwards, so the others are the same as with autapses. The cost is in
proportion to the edges, and rows can be made in any order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule, Scalar
from netspec.realise.evaluate import evaluate_function
from netspec.realise.rules.growing import Growing
from netspec.realise.rules.renewal import PositionArray, Renewal, positions_in_rows
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends, Streams
from netspec.realise.streams import FloatArray

MAX_MEAN = 2**32
"""More than memory holds in any case; doubles have room for sums of such numbers."""


class PairwisePoisson(ConnectionRule):
    """The rule `pairwise_poisson`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield a mean that is negative or beyond all sense."""
        given = rule.parameter("mean")
        if isinstance(given.value, Scalar) and not 0 <= given.value.value <= MAX_MEAN:
            yield Diagnostic(
                "out-of-range",
                given.path,
                f"a mean number of edges lies between 0 and 2^32, got {_written(given.value)}",
            )

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the Poisson number of edges."""
        mean = float(ends.pairs(autapses=rule.allows("autapses")) * rule.number("mean"))
        return Count(mean, math.sqrt(mean))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Draw the rows."""
        mean = float(rule.number("mean"))
        diagonal = None if rule.allows("autapses") else ends.diagonal
        lengths = np.broadcast_to(np.int64(ends.targets), (ends.sources if mean > 0.0 else 0,))

        def distances(v: FloatArray) -> PositionArray:
            with np.errstate(over="ignore"):
                return np.asarray(evaluate_function("log", v) / -mean)

        sources, targets = Growing(np.uint32), Growing(np.uint32)
        renewal = Renewal(np.float64(0.0), distances, mean, mean)
        for rows, positions in positions_in_rows(streams("connectivity"), lengths, renewal):
            is_edge = positions < ends.targets
            if diagonal is not None:
                is_edge &= np.floor(positions) != rows[:, np.newaxis] + diagonal
            # Truncation is floor: no position is negative.
            targets.extend(positions[is_edge])
            sources.extend(np.repeat(rows, np.count_nonzero(is_edge, axis=1)))
        return sources.whole(), targets.whole()


def _written(value: Scalar) -> str:
    try:
        return repr(float(value.value))
    except OverflowError:
        return "more than a double holds"
