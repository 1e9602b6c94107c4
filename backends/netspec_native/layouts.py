"""How the edges of a projection are laid out: in lists, or as a row of weights for each source.

In a list an edge is the place of its target and its weight, so an event takes a look at a place of
its own. A row has a weight for each neuron of the target population, 0 where there is no edge: all
of it is added at once, by instructions that add many numbers. That is for nearly all edges that
there can be, with one delay. What takes less time is chosen, unless it takes far more memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netspec.codegen.arrays import is_uniform
from netspec.realise.network import RealisedProjection

_EVENT, _PLACE = 1.0, 0.2
"""Nanoseconds to add an event in a place of its own, and one place of a row: as measured."""

_BYTE = 0.1
"""Nanoseconds to read a byte of edges or rows, which come from memory."""

_MOST_ROOM = 2.0
"""Rows may take so many times the memory of lists."""

_INDEX = 2
"""Bytes of the place of a target."""

_ONE = 2
"""Bytes that say in a row whether there is an edge, where all have the same weight."""

_PAIRS = 1 << 22
"""Pairs of neurons that are looked at together."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What a layout takes if every source emits once.

    Attributes:
        bytes: Memory.
        nanoseconds: Time to deliver.
    """

    bytes: float
    nanoseconds: float


def of_lists(edges: float, weight_bytes: int) -> Costs:
    """Return the costs of lists.

    Args:
        edges: How many there are.
        weight_bytes: Of the weight of an edge, 0 if all have the same.
    """
    size = edges * (_INDEX + weight_bytes)
    return Costs(size, edges * _EVENT + size * _BYTE)


def of_rows(pairs: float, weight_bytes: int) -> Costs:
    """Return the costs of rows.

    Args:
        pairs: Neurons of the source times those of the target.
        weight_bytes: Of the weight of an edge, 0 if all have the same.
    """
    size = pairs * (weight_bytes or _ONE)
    return Costs(size, pairs * _PLACE + size * _BYTE)


def are_rows_cheaper(edges: float, pairs: float, weight_bytes: int) -> bool:
    """Tell whether rows are better than lists, if they are possible at all."""
    lists, rows = of_lists(edges, weight_bytes), of_rows(pairs, weight_bytes)
    return rows.nanoseconds < lists.nanoseconds and rows.bytes <= _MOST_ROOM * lists.bytes


def in_rows(values: RealisedProjection, sources: int, targets: int, weight_bytes: int) -> bool:
    """Tell whether the edges of a projection are laid out in rows.

    Args:
        values: The edges.
        sources: Neurons of the source.
        targets: Neurons of the target population.
        weight_bytes: Of the weight of an edge, 0 if all have the same.
    """
    if not are_rows_cheaper(len(values), sources * targets, weight_bytes):
        return False
    has_one_delay = values.narrow_delays.ndim == 0 or is_uniform(values.narrow_delays)
    return has_one_delay and not _are_repeated(values, targets)


def _are_repeated(values: RealisedProjection, targets: int) -> bool:
    """Tell whether two edges have the same ends."""
    step = max(1, _PAIRS // targets)
    for first in range(0, values.firsts.size - 1, step):
        starts = values.firsts[first : first + step + 1]
        own = values.narrow_targets[starts[0] : starts[-1]].astype(np.int64)
        own += np.repeat(np.arange(starts.size - 1) * targets, np.diff(starts))
        if np.bincount(own).max(initial=0) > 1:
            return True
    return False
