"""Edges by their sources, with targets in the narrowest type that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from netspec.realise.blocks import blocks

FirstArray = npt.NDArray[np.int64]
SourceArray = npt.NDArray[np.uint32]
TargetArray = npt.NDArray[np.unsignedinteger]
"""uint16 or uint32."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Edges in order of their sources.

    Attributes:
        firsts: int64, shape (n + 1,): the edges of source i are firsts[i] ... firsts[i + 1] - 1; no
            edge has a source from n on.
        targets: uint16 if all are below 2**16, else uint32; shape (e,).
    """

    firsts: FirstArray
    targets: TargetArray

    @classmethod
    def of(cls, sources: SourceArray, targets: TargetArray) -> Rows:
        """Return edges; sources are ascending."""
        count = int(sources[-1]) + 1 if sources.size else 0
        firsts = np.searchsorted(sources, np.arange(count + 1, dtype=np.uint32))
        return cls(np.asarray(firsts, dtype=np.int64), _narrowed(targets, 0))

    @classmethod
    def counted(cls, firsts: FirstArray, targets: TargetArray) -> Rows:
        """Return edges; sources at the end may have none, and types may be wider than needed."""
        end = int(np.searchsorted(firsts, targets.size))
        return cls(firsts[: end + 1].copy(), _narrowed(targets, 0))

    def __len__(self) -> int:
        return self.targets.size

    def sources(self, edges: slice) -> SourceArray:
        """Return the sources of consecutive edges."""
        return sources_of(self.firsts, np.arange(edges.start, edges.stop))

    def blocks(self) -> Iterator[tuple[slice, SourceArray, TargetArray]]:
        """Yield all edges, some at a time, with their sources and targets."""
        for edges in blocks(len(self)):
            yield edges, self.sources(edges), self.targets[edges]

    def shifted(self, source: int, target: int) -> Rows:
        """Return the same edges between neurons with other numbers; it may use the same memory."""
        if not len(self):
            return self
        firsts = np.concatenate((np.zeros(source, dtype=np.int64), self.firsts))
        return Rows(firsts, _narrowed(self.targets, target))


def sources_of(firsts: FirstArray, edges: npt.NDArray[np.int64]) -> SourceArray:
    """Return the sources of some edges, whose numbers are ascending.

    Args:
        firsts: Of `Rows`.
        edges: Their numbers.
    """
    if not edges.size:
        return np.zeros(0, dtype=np.uint32)
    least, most = np.searchsorted(firsts, edges[[0, -1]], side="right") - 1
    ends = np.searchsorted(edges, firsts[least + 1 : most + 1])
    counts = np.diff(ends, prepend=0, append=edges.size)
    return np.repeat(np.arange(least, most + 1, dtype=np.uint32), counts)


def _narrowed(targets: TargetArray, more: int) -> TargetArray:
    """Return targets plus a number, in the narrowest type, in their place if they have it."""
    kind = np.uint16 if int(targets.max(initial=0)) + more < 2**16 else np.uint32
    narrow: TargetArray = targets.astype(kind, copy=False)
    if more:
        np.add(narrow, kind(more), out=narrow)
    return narrow
