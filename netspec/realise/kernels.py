"""Faster arithmetic for realisation, where somebody offers it: the same results, to the bit.

Realising a large network is mostly drawing words and applying functions to them. NumPy does both in
many passes over memory. A backend that can compile may do them in one; it is asked for its kernels
before a large network is realised. Nothing else in `realise` knows of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

import numpy as np
import numpy.typing as npt

from netspec.realise.philox import Key
from netspec.realise.rows import TargetArray

DrawArray = npt.NDArray[np.uint64]
WordArray = npt.NDArray[np.uint32]
Indices = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


class Kernels(Protocol):
    """What realisation does most often."""

    def draws_at(self, key: Key, rows: DrawArray, indices: DrawArray) -> DrawArray:
        """Return the draws at (row, index) addresses, as `streams.draws_at`; shape (n,) all."""
        ...

    def words_at(self, key: Key, rows: DrawArray, indices: DrawArray) -> WordArray:
        """Return the high halves of the draws at (row, index) addresses; shape (n,) all."""
        ...

    def numbers_of_edges(
        self, key: Key, firsts: Indices, edges: Indices, row: int, index: int
    ) -> FloatArray:
        """Return a number between 0 and 1, `streams.open_uniform`, for each of some edges.

        Args:
            key: Of the stream.
            firsts: The first edge of each source and the end, see `Rows`; the source of an edge is
                its row.
            edges: Some of them, ascending; the index of each is its place in its source.
            row: Added to the rows.
            index: Added to the indices.
        """
        ...

    def chosen_pairs(
        self, key: Key, count: int, sources: int, targets: int, selves: range
    ) -> tuple[Indices, TargetArray]:
        """Return edges between pairs that are chosen with repetition, as `fixed_total_number` does.

        Args:
            key: Of the stream; draws are those of row 0.
            count: How many.
            sources: Number of sources.
            targets: Number of targets.
            selves: Numbers of the pairs, counted by sources and then by targets, that are no
                choices: those of a neuron and itself.

        Returns:
            `firsts`, shape (sources + 1,), and `targets` of `Rows`, of any type that holds them.
        """
        ...

    def applied(self, function: str, x: FloatArray) -> FloatArray | None:
        """Return a function of netspec's of each number, or `None` if this is none of its own."""
        ...


_CURRENT: ContextVar[Kernels | None] = ContextVar("kernels", default=None)


def current() -> Kernels | None:
    """Return the kernels in use, `None` if NumPy does everything."""
    return _CURRENT.get()


@contextmanager
def using(kernels: Kernels | None) -> Iterator[None]:
    """Use kernels within the block."""
    token = _CURRENT.set(kernels)
    try:
        yield
    finally:
        _CURRENT.reset(token)
