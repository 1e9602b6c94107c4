"""`watts_strogatz`: a ring of neighbours, of whose edges some lead anywhere in their place.

Source and target are the same `n` neurons. Neuron `r` has `k = neighbours` edges, at first to
`r − k/2`, …, `r − 1`, `r + 1`, …, `r + k/2`, all modulo `n`. This is the model of Watts and
Strogatz (Nature 393, 1998) with directed edges. It departs from theirs, and from what others call
so, as follows:

- Edges are directed, and each neuron rewires its own `k`, at their targets. Its outdegree stays
  `k`; its indegree varies. There, edges are undirected, and a neuron rewires the `k/2` on one side.
- All edges of a neuron are rewired at once, and avoid only those that stay. There, they are rewired
  one after the other, and each avoids all that are there at that time.
- As there, a new target is any that makes no duplicate, so an edge may come back to where it led:
  fewer than `p_rewire` lead elsewhere, and with `p_rewire = 1` all sets of `k` others are equally
  likely. networkx never draws the old target. igraph rewires both ends of an edge.

Edge `m` of neuron `r`, in the order above, is rewired if `w < p_rewire`, where `w` is
`(u div 2^11)·2^−53` of the draw with the address (`r`, `m`) in the stream `rewiring`. The `q` edges
of `r` that are rewired lead to choices, which are numbered from 0: all neurons in ascending order;
where autapses are excluded, without `r`; and where multapses are, without those to which the other
edges of `r` still lead. With `n_r` of them and the draws `u_0`, `u_1`, … of row `r`:

    c_m = floor( u_m · n_r / 2^64 )        in integers

With multapses, the targets are the choices `c_0`, …, `c_(q−1)`. Without them, they are the first
`q` different ones of the sequence `c_0`, `c_1`, …; but if they are more than half of all,
`2 · q > n_r`, the first `n_r − q` different ones are those that are not taken. Edges of a source
are in ascending order of their targets. The cost is in proportion to the edges.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule
from netspec.realise import blocks
from netspec.realise.rules.bernoulli import probability_faults
from netspec.realise.rules.choices import choose
from netspec.realise.rules.renewal import RowArray
from netspec.realise.rules.rule import (
    ConnectionRule,
    Count,
    Edges,
    Ends,
    Streams,
    one_population_faults,
)
from netspec.realise.streams import draws, uniform

_FIELD = "neighbours"


class WattsStrogatz(ConnectionRule):
    """The rule `watts_strogatz`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield ends that are no ring, and numbers of neighbours that no ring has."""
        yield from probability_faults(rule, "p_rewire")
        yield from one_population_faults(rule, ends)
        neighbours, path = int(rule.number(_FIELD)), rule.parameter(_FIELD).path
        if neighbours % 2:
            message = f"half of the neighbours are on each side, got the odd number {neighbours}"
            yield Diagnostic("not-even", path, message)
        if neighbours > max(ends.sources - 1, 0):
            message = (
                f"a neuron has {max(ends.sources - 1, 0)} others, got '{_FIELD}': {neighbours}"
            )
            yield Diagnostic("too-many-connections", path, message)

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the number of neighbours of all."""
        return Count(int(ends.sources * rule.number(_FIELD)))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Rewire the ring."""
        count, size = int(rule.number(_FIELD)), ends.sources
        targets = np.empty((size, count), dtype=np.uint32)
        rows_at_once = max(1, blocks.SIZE // max(1, count))
        for start in range(0, size if count else 0, rows_at_once):
            rows = np.arange(start, min(start + rows_at_once, size), dtype=np.int64)
            targets[rows] = _rewired(rule, rows, size, streams)
        sources = np.repeat(np.arange(size, dtype=np.uint32), count)
        return sources, targets.reshape(-1)


def _rewired(rule: Rule, rows: RowArray, size: int, streams: Streams) -> RowArray:
    """Return the targets of some neurons, shape (rows, neighbours), ascending in a row."""
    half = int(rule.number(_FIELD)) // 2
    ways = np.concatenate((np.arange(-half, 0), np.arange(1, half + 1)))
    targets = (rows[:, np.newaxis] + ways) % size
    w = uniform(draws(streams("rewiring"), rows, 0, 2 * half))
    is_rewired = w < float(rule.number("p_rewire"))
    counts = np.count_nonzero(is_rewired, axis=1)
    for count in np.unique(counts[counts > 0]).tolist():
        places = np.flatnonzero(counts == count)
        own, moved = targets[places], is_rewired[places]
        left_out = np.zeros((len(places), 0), dtype=np.int64)
        if not rule.allows("multapses"):
            left_out = own[~moved].reshape(len(places), -1)
        if not rule.allows("autapses"):
            left_out = np.concatenate((left_out, rows[places, np.newaxis]), axis=1)
        choices, repeats = size - left_out.shape[1], rule.allows("multapses")
        chosen = choose(streams("connectivity"), rows[places], choices, count, repeats=repeats)
        own[moved] = _without(left_out, chosen.astype(np.int64), size).reshape(-1)
        targets[places] = own
    return np.sort(targets, axis=1)


def _without(left_out: RowArray, chosen: RowArray, size: int) -> RowArray:
    """Return what choices stand for if some neurons of each row are not counted.

    Args:
        left_out: Shape (rows, m), different ones in a row.
        chosen: Numbers of choices, shape (rows, k).
        size: Number of neurons.
    """
    # In a row, choice c is behind the m-th that is left out, counted from 0, if that is <= c + m.
    passed = np.sort(left_out, axis=1) - np.arange(left_out.shape[1])
    starts = size * np.arange(len(chosen), dtype=np.int64)[:, np.newaxis]
    behind = np.searchsorted((starts + passed).reshape(-1), starts + chosen, side="right")
    return np.asarray(chosen + behind - left_out.shape[1] * np.arange(len(chosen))[:, np.newaxis])
