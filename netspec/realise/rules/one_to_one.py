"""`one_to_one`: edge `m` goes from source `m` to target `m`; there are as many of both."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends, Streams


class OneToOne(ConnectionRule):
    """The rule `one_to_one`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield a mismatch of sizes."""
        if ends.sources != ends.targets:
            yield Diagnostic(
                "size-mismatch",
                rule.path,
                f"'one_to_one' needs as many sources as targets, got {ends.sources} and "
                f"{ends.targets}",
            )

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the number of sources."""
        return Count(ends.sources)

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Return the diagonal."""
        indices = np.arange(ends.sources, dtype=np.uint32)
        return indices, indices.copy()
