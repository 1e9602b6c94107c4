"""YAML 1.2 to the plain data that JSON can hold, and nothing more.

The parser's events are taken one by one and the data is built here. No graph of nodes is composed:
an alias is refused where it stands, and nesting is counted instead of recursed into.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from netspec.errors import SpecError
from netspec.spec.reading.core_schema import is_number, resolve_plain
from netspec.spec.reading.document import Marks, Place
from netspec.spec.reading.limits import MAX_DEPTH, MAX_NUMBER_LENGTH
from netspec.spec.reading.paths import Step
from netspec.spec.reading.source import Source, has_surrogate, quoted
from netspec.spec.reading.yaml_events import parse_events

_CORE = "tag:yaml.org,2002:"
_FLOAT = _CORE + "float"
_SCALARS: dict[str, tuple[type, ...]] = {
    _CORE + "null": (type(None),),
    _CORE + "bool": (bool,),
    _CORE + "int": (int,),
    _FLOAT: (float, int),
}


def read_yaml(source: Source) -> tuple[object, Marks]:
    """Return the data of a YAML text, and where its parts stand.

    Raises:
        SpecError: The text is not YAML, uses what a description does not need, or is past a limit.
    """
    builder = _Builder(source)
    for event in parse_events(source):
        builder.accept(event)
    return builder.data, Marks(builder.root, builder.find)


@dataclass(slots=True)
class _Frame:
    """An open list or object; in an object, perhaps a key that waits for its value."""

    container: dict[str, object] | list[object]
    offset: int
    places: dict[Step, Place] = field(default_factory=dict)
    key: str | None = None
    key_offset: int = 0

    @property
    def awaits_key(self) -> bool:
        return isinstance(self.container, dict) and self.key is None

    @property
    def step(self) -> Step:
        """The step to the value that comes next."""
        return len(self.container) if self.key is None else self.key

    def add(self, value: object, offset: int) -> None:
        """Take in the next value."""
        if isinstance(self.container, list):
            self.places[self.step] = Place(offset, offset)
            self.container.append(value)
        elif self.key is not None:
            self.places[self.key] = Place(self.key_offset, offset)
            self.container[self.key] = value
            self.key = None


class _Builder:
    """Builds the data from events; `places` are named by the offset of their list or object."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.data: object = None
        self.root = 0
        self.places: dict[int, dict[Step, Place]] = {}
        self.frames: list[_Frame] = []
        self.documents = 0

    def accept(self, event: Any) -> None:
        """Take in one event of the parser."""
        offset: int = event.start_mark.index
        kind = type(event).__name__.removesuffix("Event")
        if kind == "Alias" or getattr(event, "anchor", None):
            raise self._unsupported("anchors and aliases", offset, "write the value out")
        match kind:
            case "DocumentStart":
                self._start_document(event, offset)
            case "Scalar" if self.frames and self.frames[-1].awaits_key:
                self._take_key(event, offset)
            case "Scalar":
                self._take_value(self._scalar(event, offset), offset)
            case "MappingStart":
                self._open(_Frame({}, offset), event.tag, "map")
            case "SequenceStart":
                self._open(_Frame([], offset), event.tag, "seq")
            case "MappingEnd" | "SequenceEnd":
                frame = self.frames.pop()
                self.places[frame.offset] = frame.places
                self._take_value(frame.container, frame.offset)

    def find(self, offset: int, step: Step) -> Place | None:
        """Return the place of a member of the list or object at `offset`."""
        return self.places.get(offset, {}).get(step)

    def _start_document(self, event: Any, offset: int) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._unsupported("several documents in one text", offset, "use one file each")
        if event.version not in (None, (1, 2)):
            raise self._unsupported("versions other than YAML 1.2", 0, "remove the line '%YAML'")

    def _take_key(self, event: Any, offset: int) -> None:
        frame = self.frames[-1]
        key = self._scalar(event, offset)
        if event.implicit[0] and key == "<<":
            raise self._unsupported("merge keys", offset, "write the fields out")
        if not isinstance(key, str):
            raise self._not_text(offset, quoted(event.value))
        if key in frame.places:
            first = frame.places[key].key
            raise self.source.duplicate_key((*self._path()[:-1], key), offset, first)
        frame.key, frame.key_offset = key, offset

    def _take_value(self, value: object, offset: int) -> None:
        if self.frames:
            self.frames[-1].add(value, offset)
        else:
            self.data, self.root = value, offset

    def _open(self, frame: _Frame, tag: str | None, kind: str) -> None:
        if tag not in (None, _CORE + kind):
            raise self._wrong_tag(tag, frame.offset)
        if self.frames and self.frames[-1].awaits_key:
            raise self._not_text(frame.offset, "a list or an object")
        if len(self.frames) == MAX_DEPTH:
            raise self.source.too_deep(frame.offset)
        self.frames.append(frame)

    def _scalar(self, event: Any, offset: int) -> str | int | float | bool | None:
        text: str = event.value
        if has_surrogate(text):
            raise self.source.surrogate(self._path(), offset)
        is_plain = event.tag is None and event.implicit[0]
        if event.tag == _CORE + "str" or not (is_plain or event.tag):
            return text
        if is_number(text) and len(text) > MAX_NUMBER_LENGTH:
            raise self.source.number_too_long(self._path(), offset, len(text))
        value = resolve_plain(text)
        if isinstance(value, float) and not math.isfinite(value):
            raise self.source.non_finite_number(self._path(), offset, text)
        if event.tag and type(value) not in _SCALARS.get(event.tag, ()):
            raise self._wrong_tag(event.tag, offset)
        return float(value) if event.tag == _FLOAT and isinstance(value, int) else value

    def _path(self) -> tuple[Step, ...]:
        """Return the path of the value that comes next."""
        return tuple(frame.step for frame in self.frames)

    def _wrong_tag(self, tag: str, offset: int) -> SpecError:
        what = f"the tag {quoted(tag.replace(_CORE, '!!'))}"
        return self._unsupported(what, offset, "remove the tag")

    def _unsupported(self, what: str, offset: int, hint: str) -> SpecError:
        message = f"{what} cannot be used in a description"
        return self.source.problem("unsupported-yaml", offset, message, hints=(hint,))

    def _not_text(self, offset: int, got: str) -> SpecError:
        message = f"expected a text as key, got {got}"
        hints = ("a key that is not read as text is written in quotes",)
        return self.source.problem("key-not-text", offset, message, hints=hints)
