"""Edges as the program wants them: those of one source, or of one source and delay, together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netspec.realise.network import IndexArray, IntegerArray, NumberArray, RealisedProjection


@dataclass(frozen=True, slots=True, eq=False)
class EdgeTable:
    """Edges of one projection, sorted by (source, delay, edge number).

    Attributes:
        order: Numbers of the edges in canonical order.
        targets: Sorted like `order`.
        delay: In steps, if all edges have one delay; else `None`.
        stretches: Only with several delays: rows (delay, first edge, edge after the last), sorted
            by source.
        first: By source, the number of its first edge, or of its first stretch if there are any.
        longest: The largest delay in steps.
    """

    order: IntegerArray
    targets: IndexArray
    delay: int | None
    stretches: IntegerArray | None
    first: IntegerArray
    longest: int

    def sort(self, per_edge: NumberArray) -> NumberArray:
        """Return values in canonical order in the order of the table."""
        return per_edge[self.order]


def edge_table(projection: RealisedProjection, source_size: int) -> EdgeTable:
    """Arrange the edges of a projection that has some."""
    edges, targets = len(projection), projection.targets
    sources = np.arange(source_size + 1)
    delays = np.broadcast_to(projection.delays, (edges,))
    longest = int(delays.max())
    if int(delays.min()) == longest:
        first = np.searchsorted(projection.sources, sources)
        return EdgeTable(np.arange(edges), targets, longest, None, first, longest)
    of_edges = projection.sources
    order = np.lexsort((delays, of_edges))
    by_source, by_delay = of_edges[order], delays[order]
    is_start = np.ones(edges, np.bool_)
    is_start[1:] = (by_source[1:] != by_source[:-1]) | (by_delay[1:] != by_delay[:-1])
    starts = np.flatnonzero(is_start)
    stretches = np.stack((by_delay[starts], starts, np.append(starts[1:], edges)), axis=1)
    first = np.searchsorted(by_source[starts], sources)
    return EdgeTable(order, targets[order], None, stretches, first, longest)
