"""`all_to_all`: edges of a source go to every target in ascending order.

Where autapses are excluded, the pairs of a neuron with itself are left out.
"""

from __future__ import annotations

import numpy as np

from netspec.ir.recipe import Rule
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends, Streams


class AllToAll(ConnectionRule):
    """The rule `all_to_all`."""

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the number of pairs."""
        return Count(ends.pairs(autapses=rule.allows("autapses")))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Return all pairs."""
        sources = np.repeat(np.arange(ends.sources, dtype=np.uint32), ends.targets)
        targets = np.tile(np.arange(ends.targets, dtype=np.uint32), ends.sources)
        if rule.allows("autapses") or ends.diagonal is None:
            return sources, targets
        rows = np.arange(ends.shared.start, ends.shared.stop)
        autapses = rows * ends.targets + rows + ends.diagonal
        return np.delete(sources, autapses), np.delete(targets, autapses)
