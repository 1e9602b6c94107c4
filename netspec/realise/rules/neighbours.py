"""Pairs of neurons that are near each other, found in time proportional to their number.

Space is cut into cells so that neighbours are no more than a few cells apart. Neither the cells nor
the order of work can be seen in what is found: pairs are compared by their distance, as expressions
have it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt

from netspec.ir.nodes import source_name
from netspec.realise import blocks
from netspec.realise.network import FloatArray
from netspec.realise.rules.pairs import PairArray, edges_in_order, pair_numbers
from netspec.realise.rules.renewal import RowArray
from netspec.realise.rules.rule import Ends

_MOST_CELLS = 2**10
"""Along one axis."""

_REACH = 2
"""Cells between neighbours at most: more of them are looked into, but less around the distance."""

_MARGIN = 1.0 + 2.0**-20
"""So many cells are wider by this than the distance, more than coordinates can be rounded."""

_LOOKED_AT = 2**16
"""Pairs whose distances are computed at once: few enough for the cache."""

_MANY_PERIODS = 2.0**18
"""Coordinates so far out may be rounded by more; all neurons are in one cell then."""

CellArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Axis:
    """Cells along one axis.

    Attributes:
        count: How many.
        is_ring: Whether the first and the last touch.
        sources, targets: The cell that each neuron is in.
    """

    count: int
    is_ring: bool
    sources: CellArray
    targets: CellArray

    @property
    def ways(self) -> tuple[int, ...]:
        """Where cells with neighbours are from one; each once."""
        if self.count <= 2 * _REACH and self.is_ring:
            return tuple(range(self.count))
        return tuple(range(-_REACH, _REACH + 1))

    def reached(self, way: int, rows: RowArray) -> tuple[CellArray, npt.NDArray[np.bool_]]:
        """Return the cells in some way from those of some sources, and whether they are there."""
        cells = self.sources[rows] + way
        if self.is_ring:
            return cells % self.count, np.ones(cells.shape, dtype=np.bool_)
        return cells, (cells >= 0) & (cells < self.count)

    def stretches(self, rows: RowArray) -> Iterator[tuple[CellArray, CellArray]]:
        """Yield the first and the last cell of those with neighbours; none where it is before."""
        low, high = self.sources[rows] - _REACH, self.sources[rows] + _REACH
        if self.is_ring and self.count <= 2 * _REACH:
            yield np.zeros_like(low), np.full_like(high, self.count - 1)
            return
        yield np.maximum(low, 0), np.minimum(high, self.count - 1)
        if self.is_ring:  # beyond one of its ends, if any
            is_before = low < 0
            first = np.where(is_before, low + self.count, 0)
            yield first, np.where(is_before, self.count, high + 1 - self.count) - 1


def _ring(x: FloatArray, y: FloatArray, width: float, period: float) -> _Axis:
    far = max(np.abs(x).max(initial=0.0), np.abs(y).max(initial=0.0))
    count = 1 if far > _MANY_PERIODS * period else _cells(period, width)

    def cells(each: FloatArray) -> CellArray:
        turns = each / period
        return _whole((turns - np.floor(turns)) * count, count)

    return _Axis(count, True, cells(x), cells(y))


def _line(x: FloatArray, y: FloatArray, width: float) -> _Axis:
    low = float(min(x.min(initial=np.inf), y.min(initial=np.inf)))
    extent = float(max(x.max(initial=-np.inf), y.max(initial=-np.inf))) - low
    count = _cells(extent, width)

    def cells(each: FloatArray) -> CellArray:
        place = (each - low) / extent if count > 1 else np.zeros(each.shape)
        return _whole(place * count, count)

    return _Axis(count, False, cells(x), cells(y))


def _whole(places: FloatArray, count: int) -> CellArray:
    return np.asarray(np.minimum(places.astype(np.int64), count - 1))


def _cells(extent: float, width: float) -> int:
    """Return how many cells fit, of which none is narrower than its share of a width."""
    if width == 0.0 or math.isinf(extent):
        return 1
    return int(max(1.0, min(extent / width * _REACH, _MOST_CELLS)))


class Neighbours:
    """Pairs of a source and a target up to some distance of each other.

    Attributes:
        counts: For each source the targets that are looked at: the pairs, and some that are not.
    """

    def __init__(self, ends: Ends, distance: float) -> None:
        self._distance = distance
        self._axes = list(_axes(ends, distance * _MARGIN))
        cells = np.zeros(ends.targets, dtype=np.int64)
        for axis in self._axes:
            cells = cells * axis.count + axis.targets
        self._targets = np.argsort(cells, kind="stable")
        self._cells = cells[self._targets]
        # What is together in space is together in memory.
        near = {name: ends.scope.at_target[name][self._targets] for name in ends.scope.axes}
        self._scope = replace(ends.scope, at_target=near)
        every = (np.arange(part.start, part.stop) for part in blocks.blocks(ends.sources))
        counts = [self._spans(rows)[1].sum(axis=0) for rows in every]
        self.counts: RowArray = np.concatenate([np.zeros(0, dtype=np.int64), *counts])

    def pairs(self, rows: RowArray) -> Iterator[tuple[RowArray, RowArray, RowArray]]:
        """Yield sources, and their pairs by source and then by target; some sources at a time.

        Args:
            rows: The sources, ascending.
        """
        found: list[PairArray] = []
        first = 0
        for start, stop in _groups(self.counts[rows], _LOOKED_AT):
            found.append(self._near(rows[start:stop]))
            if stop == len(rows) or sum(map(len, found)) >= blocks.SIZE:
                sources, targets = edges_in_order(np.concatenate(found))
                yield rows[first:stop], sources.astype(np.int64), targets.astype(np.int64)
                found, first = [], stop

    def _near(self, rows: RowArray) -> PairArray:
        """Return numbers of the pairs of some sources, in no order."""
        firsts, counts = (each.reshape(-1) for each in self._spans(rows))
        shifts = np.repeat(firsts - np.cumsum(counts) + counts, counts)
        places = shifts + np.arange(len(shifts))
        i = np.repeat(np.tile(rows, len(firsts) // len(rows)), counts)
        is_near = self._scope.distance(i, places) <= self._distance
        j = self._targets[places[is_near]]
        return pair_numbers(i[is_near], j)

    def _spans(self, rows: RowArray) -> tuple[RowArray, RowArray]:
        """Return where the targets around some sources are, shape (stretches, sources)."""
        firsts, counts = [], []
        *others, last = self._axes
        for ways in product(*(axis.ways for axis in others)):
            cells = np.zeros(len(rows), dtype=np.int64)
            is_there = np.ones(len(rows), dtype=np.bool_)
            for axis, way in zip(others, ways, strict=True):
                reached, exists = axis.reached(way, rows)
                cells = cells * axis.count + reached
                is_there &= exists
            for low, high in last.stretches(rows):
                first = np.searchsorted(self._cells, cells * last.count + low, side="left")
                end = np.searchsorted(self._cells, cells * last.count + high, side="right")
                firsts.append(first)
                counts.append(np.where(is_there & (low <= high), end - first, 0))
        return np.array(firsts), np.array(counts)


def _groups(counts: RowArray, most: int) -> Iterator[tuple[int, int]]:
    """Yield where stretches begin and end whose counts add up to so much, or that are one long."""
    start, ends = 0, np.cumsum(counts)
    while start < len(counts):
        before = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield start, stop
        start = stop


def _axes(ends: Ends, width: float) -> Iterator[_Axis]:
    scope = ends.scope
    periods = (*scope.period, None, None, None)
    for name, period in zip(scope.axes, periods, strict=False):
        x = np.asarray(scope.at_source[source_name(name)], dtype=np.float64)
        y = np.asarray(scope.at_target[name], dtype=np.float64)
        yield _line(x, y, width) if period is None else _ring(x, y, width, float(period))
