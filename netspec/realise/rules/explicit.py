"""`explicit`: the listed pairs; edges of one source keep the order of the list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends, Streams
from netspec.realise.values import more_in_list


class Explicit(ConnectionRule):
    """The rule `explicit`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield the first pair that does not exist, and how many others there are."""
        pairs = enumerate(rule.pairs)
        bad = [m for m, (i, j) in pairs if i >= ends.sources or j >= ends.targets]
        for number in bad[:1]:
            source, target = rule.pairs[number]
            yield Diagnostic(
                "index-out-of-range",
                f"{rule.path}.pairs[{number}]",
                f"the pair [{source}, {target}] does not exist: there are {ends.sources} sources "
                f"and {ends.targets} targets",
                more_in_list(len(bad) - 1),
            )

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the length of the list."""
        return Count(len(rule.pairs))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Return the list."""
        pairs = np.array(rule.pairs, dtype=np.uint32).reshape(-1, 2)
        return pairs[:, 0].copy(), pairs[:, 1].copy()
