"""A document that was read: plain data, and where each part of it stands in the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from netspec.errors import Location
from netspec.spec.reading.paths import Step
from netspec.spec.reading.source import Source


class Place(NamedTuple):
    """Offsets of a key and of its value; an item of a list has the place of its value as key."""

    key: int
    value: int


@dataclass(frozen=True, slots=True)
class Marks:
    """Where things stand: the offset of the top value, and how to find a member of any other.

    A list or object is named by its own offset.
    """

    root: int
    find: Callable[[int, Step], Place | None]


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data read from a text.

    Attributes:
        data: Nested dict, list, str, int, float, bool and None.
        file: The file, as the user named it.
        text: What was read, without a byte order mark.
    """

    data: dict[str, object]
    file: str
    text: str
    marks: Marks = field(repr=False, compare=False)

    def locate(self, path: Sequence[Step]) -> Location:
        """Return the place of the value at a path, or of its nearest ancestor that exists."""
        return self._location(self._find(path).value)

    def locate_key(self, path: Sequence[Step]) -> Location:
        """Return the place of the key at a path, or of the nearest ancestor's key."""
        return self._location(self._find(path).key)

    def _find(self, path: Sequence[Step]) -> Place:
        place = Place(self.marks.root, self.marks.root)
        for step in path:
            inner = self.marks.find(place.value, step)
            if inner is None:
                break
            place = inner
        return place

    def _location(self, offset: int) -> Location:
        return Source(self.file, self.text).location(offset)
