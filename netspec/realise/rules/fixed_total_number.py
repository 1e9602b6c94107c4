"""`fixed_total_number`: there are `number` edges, between pairs that are chosen at random.

All draws `u_0`, `u_1`, … are those of row 0. There are `P` choices, numbered from 0: the pairs in
ascending order of their sources and then of their targets; where autapses are excluded, without
those of a neuron and itself.

    c_m = floor( u_m · P / 2^64 )        in integers

With multapses, the edges are the choices `c_0`, …, `c_(number−1)`. Without them, they are the first
`number` different ones of the sequence `c_0`, `c_1`, …; but if they are more than half of all,
`2 · number > P`, the first `P − number` different ones are the pairs that are *not* connected.
Edges of a source are in ascending order of their targets. No choice is off its probability by more
than 2^−64. The cost is in proportion to the edges.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule
from netspec.realise import kernels
from netspec.realise.blocks import blocks
from netspec.realise.network import IntegerArray
from netspec.realise.rows import Rows
from netspec.realise.rules.choices import ChoiceArray, choose, too_many
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends, Streams

_FIELD = "number"


class FixedTotalNumber(ConnectionRule):
    """The rule `fixed_total_number`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield more edges than there are pairs, if each may have one."""
        choices = ends.pairs(autapses=rule.allows("autapses"))
        is_unlimited = choices > 0 and rule.allows("multapses")
        if not is_unlimited and rule.number(_FIELD) > choices:
            has_self = len(ends.shared) > 0
            yield too_many(rule, _FIELD, choices, f"there are {choices} pairs", has_self=has_self)

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the number."""
        return Count(int(rule.number(_FIELD)))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Choose pairs."""
        autapses = rule.allows("autapses")
        row = np.zeros(1, dtype=np.int64)
        choices, count = ends.pairs(autapses=autapses), int(rule.number(_FIELD))
        key, repeats = streams("connectivity"), rule.allows("multapses")
        chosen = choose(key, row, choices, count, repeats=repeats).reshape(-1)
        sources, targets = np.empty((2, count), dtype=np.uint32)
        for block in blocks(count):
            pairs = chosen[block] if autapses else _with_autapses(chosen[block], ends)
            sources[block], targets[block] = np.divmod(pairs, np.uint64(ends.targets))
        return sources, targets

    def rows(self, rule: Rule, ends: Ends, streams: Streams) -> tuple[Rows, IntegerArray | None]:
        """Choose pairs, with repetition in no more memory than the edges take."""
        faster = kernels.current()
        if faster is None or not rule.allows("multapses") or not rule.number(_FIELD):
            return super().rows(rule, ends, streams)
        selves = range(0) if rule.allows("autapses") else _selves(ends)
        count, sizes = int(rule.number(_FIELD)), (ends.sources, ends.targets)
        made = faster.chosen_pairs(streams("connectivity"), count, *sizes, selves)
        return Rows.counted(*made), None


def _selves(ends: Ends) -> range:
    """Return the numbers of the pairs of a neuron and itself."""
    shared = ends.shared
    if not shared:
        return range(0)
    assert ends.diagonal is not None
    first = shared.start * ends.targets + shared.start + ends.diagonal
    return range(first, first + len(shared) * (ends.targets + 1), ends.targets + 1)


def _with_autapses(chosen: ChoiceArray, ends: Ends) -> ChoiceArray:
    """Return the numbers that pairs have if those of a neuron and itself are counted too."""
    selves = _selves(ends)
    if not selves:
        return chosen
    # Number k of them is pair `first + k * (targets + 1)`: `first + k * targets` others are before.
    first = np.uint64(selves.start)
    passed = (chosen - first) // np.uint64(ends.targets) + np.uint64(1)
    passed[chosen < first] = 0
    return np.asarray(chosen + np.minimum(passed, np.uint64(len(selves))))
