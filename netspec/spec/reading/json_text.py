"""JSON to plain data, strictly after RFC 8259.

The standard library parses; the hooks only say that something is wrong. What is wrong, and where,
is found by reading the text a second time (`json_problems`), so that a valid text pays for nothing.
In the same way positions are found only when somebody asks for one.
"""

from __future__ import annotations

import json
import math
import re
from array import array
from collections.abc import Iterator

from netspec.errors import InternalError
from netspec.spec.reading.document import Marks, Place
from netspec.spec.reading.json_problems import STRING, raise_first_problem
from netspec.spec.reading.limits import MAX_DEPTH, MAX_NUMBER_LENGTH
from netspec.spec.reading.paths import Step
from netspec.spec.reading.source import Source

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SPACE = re.compile(r"[ \t\n\r]*+")
_COLON = re.compile(r"[ \t\n\r]*+:[ \t\n\r]*+")
_COMMA = re.compile(r"[ \t\n\r]*+,?[ \t\n\r]*+")
_STRING = re.compile(STRING)
_SCALAR = re.compile(rf"{STRING}|[^ \t\n\r,\]}}]++")
_NEXT_BRACKET = re.compile(rf'(?:[^"\[\]{{}}]++|{STRING})*+[\[\]{{}}]')
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def read_json(source: Source) -> tuple[object, Marks]:
    """Return the data of a JSON text, and where its parts stand.

    Raises:
        SpecError: The text is not JSON, or past a limit.
    """
    if _may_nest_too_deep(source.text) or _SURROGATE_ESCAPE.search(source.text):
        raise_first_problem(source)
    try:
        data = _DECODER.decode(source.text)
    except ValueError as error:
        raise_first_problem(source)
        raise InternalError(f"JSON was refused without a problem: {error}") from error
    return data, Marks(_end(_SPACE, source.text, 0), _Finder(source.text).find)


def _may_nest_too_deep(text: str) -> bool:
    """Return whether brackets are nested past the limit or unbalanced; nothing recurses yet."""
    bare = _STRING.sub("", text)  # a text may hold brackets
    brackets = bare.encode("ascii", "ignore").translate(_BRACKETS, _NO_BRACKETS)
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace(b"[]", b"")  # peels the innermost level
    return bool(brackets)


class _Finder:
    """Finds members in a valid text; what was found in a list or object once is kept."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.items: dict[int, array[int]] = {}
        self.members: dict[int, dict[str, Place]] = {}

    def find(self, offset: int, step: Step) -> Place | None:
        """Return the place of a member of the list or object at `offset`."""
        if self.text[offset] == "[" and isinstance(step, int):
            if offset not in self.items:
                places = _places_inside(self.text, offset)
                self.items[offset] = array("q", (place.value for place in places))
            items = self.items[offset]
            return Place(items[step], items[step]) if 0 <= step < len(items) else None
        if self.text[offset] == "{" and isinstance(step, str):
            if offset not in self.members:
                places = _places_inside(self.text, offset)
                self.members[offset] = {_text_at(self.text, place.key): place for place in places}
            return self.members[offset].get(step)
        return None


def _places_inside(text: str, offset: int) -> Iterator[Place]:
    """Yield the places of what the list or object at `offset` holds."""
    in_object = text[offset] == "{"
    position = _end(_SPACE, text, offset + 1)
    while text[position] not in "]}":
        start = position
        if in_object:
            position = _end(_COLON, text, _end(_STRING, text, start))
        yield Place(start, position)
        position = _end(_COMMA, text, _end_of_value(text, position))


def _text_at(text: str, offset: int) -> str:
    value: str = json.loads(text[offset : _end(_STRING, text, offset)])
    return value


def _end_of_value(text: str, position: int) -> int:
    if text[position] not in "[{":
        return _end(_SCALAR, text, position)
    depth = 0
    while True:
        position = _end(_NEXT_BRACKET, text, position)
        depth += 1 if text[position - 1] in "[{" else -1
        if depth == 0:
            return position


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    if match is None:
        raise InternalError(f"a valid JSON text has no {pattern.pattern} at {position}")
    return match.end()


def _integer(digits: str) -> int:
    if len(digits) > MAX_NUMBER_LENGTH:
        raise ValueError("too many digits")
    return int(digits)


def _float(digits: str) -> float:
    if len(digits) > MAX_NUMBER_LENGTH or math.isinf(value := float(digits)):
        raise ValueError("too many digits, or too large")
    return value


def _constant(name: str) -> None:
    raise ValueError(name)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate key")
    return members


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
