"""Arrays whose length is known when they are whole."""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from netspec.realise import blocks

ItemT = TypeVar("ItemT", bound=np.generic)

_SHARE = 8
"""It grows by this part of itself: more memory than that is never taken in vain."""


class Growing(Generic[ItemT]):
    """An array that becomes longer in its place, so that it is never there twice, in pieces too."""

    def __init__(self, kind: type[ItemT]) -> None:
        self._values = np.empty(blocks.SIZE, dtype=kind)
        self._end = 0

    def extend(self, piece: npt.NDArray[np.generic]) -> None:
        """Write something behind what is there; it is converted."""
        end, room = self._end + piece.size, self._values.size
        if end > room:
            # Nobody else refers to the array yet.
            self._values.resize(max(end, room + room // _SHARE), refcheck=False)
        self._values[self._end : end] = piece
        self._end = end

    def whole(self) -> npt.NDArray[ItemT]:
        """Return the array, which does not grow any more."""
        self._values.resize(self._end, refcheck=False)
        return self._values
