"""`fixed_outdegree`: every source has `outdegree` edges, to targets that it chooses at random.

Row `r` of the stream belongs to source `r`. It has `n` choices, numbered from 0: the targets in
ascending order; where autapses are excluded, without the source itself. With the draws `u_0`,
`u_1`, … of the row:

    c_m = floor( u_m · n / 2^64 )        in integers

With multapses, its targets are the choices `c_0`, …, `c_(outdegree−1)`. Without them, they are the
first `outdegree` different ones of the sequence `c_0`, `c_1`, …; but if they are more than half of
all, `2 · outdegree > n`, the first `n − outdegree` different ones are those that the source does
*not* connect to. Edges of a source are in ascending order of their targets. No choice is off its
probability by more than 2^−64. The cost is in proportion to the edges, and rows can be made in any
order.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule
from netspec.realise.rules.degrees import chosen_targets, degree_faults
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends, Streams

_FIELD = "outdegree"


class FixedOutdegree(ConnectionRule):
    """The rule `fixed_outdegree`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield more targets than a source can have."""
        yield from degree_faults(rule, _FIELD, ends, "source", "targets")

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the number of all sources' edges."""
        return Count(ends.sources * int(rule.number(_FIELD)))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Let every source choose."""
        degree = int(rule.number(_FIELD))
        targets = np.empty((ends.sources, degree), dtype=np.uint32)
        for rows, chosen in chosen_targets(rule, _FIELD, ends, streams("connectivity")):
            targets[rows[0] : rows[-1] + 1] = chosen
        sources = np.repeat(np.arange(ends.sources, dtype=np.uint32), degree)
        return sources, targets.reshape(-1)
