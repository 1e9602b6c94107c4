"""`fixed_indegree`: every target has `indegree` edges, from sources that it chooses at random.

This is `fixed_outdegree` with source and target exchanged: row `r` of the stream belongs to target
`r`, and its choices are the sources in ascending order; where autapses are excluded, without the
target itself. Edges of a source are in ascending order of their targets.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule
from netspec.realise.rules.degrees import chosen_targets, degree_faults
from netspec.realise.rules.pairs import edges_in_order, pair_numbers
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends, Streams

_FIELD = "indegree"


class FixedIndegree(ConnectionRule):
    """The rule `fixed_indegree`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield more sources than a target can have."""
        yield from degree_faults(rule, _FIELD, ends.reversed, "target", "sources")

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the number of all targets' edges."""
        return Count(ends.targets * int(rule.number(_FIELD)))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Let every target choose."""
        key, degree = streams("connectivity"), int(rule.number(_FIELD))
        pairs = np.empty((ends.targets, degree), dtype=np.uint64)
        for rows, chosen in chosen_targets(rule, _FIELD, ends.reversed, key):
            pairs[rows[0] : rows[-1] + 1] = pair_numbers(chosen, rows[:, np.newaxis])
        return edges_in_order(pairs.reshape(-1))
