"""Rows whose edges follow each other at distances that are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.realise.philox import Key
from netspec.realise.streams import WORDS_PER_BLOCK, FloatArray, draws, open_uniform

RowArray = npt.NDArray[np.int64]
PositionArray = npt.NDArray[Any]

# Draws held at a time: about fifty bytes each, small enough for the cache, large enough to hide
# the cost of a NumPy call.
_BATCH = 2**17


@dataclass(frozen=True, slots=True)
class Renewal:
    """How the positions of a row come about.

    Attributes:
        before: Where the row begins: what the first distance is added to. The type of positions.
        distances: Returns distances for uniform numbers, of the type of positions.
        density: Mean number of positions per unit of length.
        variance: Of the number of positions, per unit of length.
    """

    before: np.int64 | np.float64
    distances: Callable[[FloatArray], PositionArray]
    density: float
    variance: float


def positions_in_rows(
    key: Key, lengths: RowArray, renewal: Renewal, numbers: RowArray | None = None
) -> Iterator[tuple[RowArray, PositionArray]]:
    """Yield the positions of all rows, some rows at a time.

    A row depends on the key, its number and its length only: not on the other rows.

    Args:
        key: Of the stream.
        lengths: Of the rows; none is longer than the one before it, so that rows that are made
            together have about as many positions.
        renewal: How positions come about.
        numbers: Of the rows, 0 ... n - 1 if left out.

    Yields:
        Places of rows in `lengths`, and their positions, ascending in a row: shape (rows, as many
        as the longest row needs). Those that are not below the length of the row are padding.
    """
    start = 0
    while start < len(lengths):
        size = max(1, _BATCH // _batch_size(int(lengths[start]), renewal))
        rows = np.arange(start, min(start + size, len(lengths)), dtype=np.int64)
        own = rows if numbers is None else numbers[rows]
        yield rows, _positions(key, own, lengths[rows], renewal)
        start += size


def _positions(key: Key, rows: RowArray, lengths: RowArray, renewal: Renewal) -> PositionArray:
    padding = lengths.max()
    last = np.full(len(rows), renewal.before)
    columns = [np.zeros((len(rows), 0), dtype=last.dtype)]
    first = 0
    while (is_open := last < lengths).any():
        # All open rows go on together, as far as the one furthest behind is likely to need.
        count = _batch_size(math.ceil((lengths - last).max()), renewal)
        v = open_uniform(draws(key, rows[is_open], first, count))
        distances = renewal.distances(v)
        distances[:, 0] += last[is_open]
        column = np.full((len(rows), count), padding, dtype=last.dtype)
        column[is_open] = np.cumsum(distances, axis=1)
        columns.append(column)
        last = column[:, -1]
        first += count
    return np.concatenate(columns, axis=1)


def _batch_size(length: int, renewal: Renewal) -> int:
    """Return how many draws to make at once for a row: enough in most cases, whole blocks.

    Speed depends on it and results do not. Two standard deviations above the mean leave 2 % of
    the rows for another round.
    """
    mean, sd = length * renewal.density, math.sqrt(length * renewal.variance)
    wanted = int(min(mean + 2.0 * sd, _BATCH)) + 1
    return min(-(-wanted // WORDS_PER_BLOCK) * WORDS_PER_BLOCK, _BATCH)
