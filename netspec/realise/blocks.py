"""Very long arrays in pieces, so that what is needed on the way stays small."""

from __future__ import annotations

from collections.abc import Iterator

SIZE = 2**18
"""Items of a piece: a few megabytes."""


def blocks(count: int) -> Iterator[slice]:
    """Yield the pieces of an array of so many items."""
    for start in range(0, count, SIZE):
        yield slice(start, min(start + SIZE, count))
