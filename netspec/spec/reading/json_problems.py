"""What is wrong with a JSON text: a strict reader that builds nothing and stops at a problem.

It knows what it expects next and keeps one frame per open list or object; it does not recurse, so
no text can exhaust the stack.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import NoReturn

from netspec.spec.reading.limits import MAX_DEPTH, MAX_NUMBER_LENGTH
from netspec.spec.reading.paths import Step
from netspec.spec.reading.source import Source, has_surrogate, quoted

_OPEN_STRING = r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+'
STRING = _OPEN_STRING + '"'

_TOKEN = re.compile(
    rf"[ \t\n\r]*+(?:(?P<mark>[\[\]{{}}:,])|(?P<text>{STRING})|(?P<bare>[\w.+-]++))?"
)
_BROKEN_STRING = re.compile(_OPEN_STRING)
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]*|.)?")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?")
_NON_FINITE = re.compile(r"[-+]?(?:nan|inf|infinity)", re.IGNORECASE)
_LITERALS = {"true": "true", "false": "false", "null": "null", "none": "null"}

_VALUE, _FIRST_ITEM, _ITEM = "a value", "a value or ']'", "another value"
_BEFORE_VALUE = (_VALUE, _FIRST_ITEM, _ITEM)
_KEY, _FIRST_KEY = "a key in double quotes", "a key in double quotes or '}'"
_COLON, _END = "':'", "the end of the text"
_NEXT_ITEM, _NEXT_KEY = "',' or ']'", "',' or '}'"
_CLOSED_BY = {_FIRST_ITEM: "]", _NEXT_ITEM: "]", _FIRST_KEY: "}", _NEXT_KEY: "}"}


@dataclass(slots=True)
class _Frame:
    """An open list or object: the step being read, and the keys of an object with their places."""

    in_object: bool
    step: Step = 0
    keys: dict[str, int] = field(default_factory=dict)


def raise_first_problem(source: Source) -> None:
    """Return if the text is JSON within the limits.

    Raises:
        SpecError: The first problem, in the order of reading.
    """
    _Reader(source).read()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.frames: list[_Frame] = []
        self.expected = _VALUE

    def read(self) -> None:
        position = 0
        while True:
            token = _TOKEN.match(self.source.text, position)
            assert token is not None, "every part of the pattern is optional"
            kind, position = token.lastgroup, token.end()
            word = token[kind] if kind else ""
            start = position - len(word)
            if kind is None and start == len(self.source.text) and self.expected == _END:
                return
            self._accept(kind, word, start)

    def _accept(self, kind: str | None, word: str, start: int) -> None:
        """Move on by one token."""
        if self.expected in _BEFORE_VALUE and word in ("[", "{"):
            self._open(word, start)
        elif self.expected in _BEFORE_VALUE and kind in ("text", "bare"):
            self._check_text(word, start) if kind == "text" else self._check_bare(word, start)
            self._value_is_read()
        elif self.expected in (_KEY, _FIRST_KEY) and kind == "text":
            self._key(word, start)
        elif self.expected == _COLON and word == ":":
            self.expected = _VALUE
        elif self.expected == _NEXT_KEY and word == ",":
            self.expected = _KEY
        elif self.expected == _NEXT_ITEM and word == ",":
            self.frames[-1].step = int(self.frames[-1].step) + 1
            self.expected = _ITEM
        elif word and word == _CLOSED_BY.get(self.expected):
            self.frames.pop()
            self._value_is_read()
        else:
            self._raise_unexpected(word, start)

    def _open(self, bracket: str, start: int) -> None:
        if len(self.frames) == MAX_DEPTH:
            raise self.source.too_deep(start)
        self.frames.append(_Frame(in_object=bracket == "{"))
        self.expected = _FIRST_KEY if bracket == "{" else _FIRST_ITEM

    def _value_is_read(self) -> None:
        if not self.frames:
            self.expected = _END
        else:
            self.expected = _NEXT_KEY if self.frames[-1].in_object else _NEXT_ITEM

    def _key(self, word: str, start: int) -> None:
        frame = self.frames[-1]
        frame.step = key = json.loads(word)
        self._check_text(word, start)
        first = frame.keys.setdefault(key, start)
        if first != start:
            raise self.source.duplicate_key(self._path(), start, first)
        self.expected = _COLON

    def _check_text(self, word: str, start: int) -> None:
        if "\\u" in word and has_surrogate(json.loads(word)):
            raise self.source.surrogate(self._path(), start)

    def _check_bare(self, word: str, start: int) -> None:
        """Check a value without quotes."""
        if _NON_FINITE.fullmatch(word):
            raise self.source.non_finite_number(self._path(), start, word)
        if _NUMBER.fullmatch(word):
            if len(word) > MAX_NUMBER_LENGTH:
                raise self.source.number_too_long(self._path(), start, len(word))
            if math.isinf(float(word)):
                raise self.source.non_finite_number(self._path(), start, word)
        elif word not in ("true", "false", "null"):
            self._raise_unexpected(word, start)

    def _path(self) -> tuple[Step, ...]:
        return tuple(frame.step for frame in self.frames)

    def _raise_unexpected(self, word: str, start: int) -> NoReturn:
        got = word or self.source.text[start : start + 1]
        if got == '"':
            self._raise_broken_string(start)
        shown = quoted(got) if got else _END
        message = f"expected {self.expected}, got {shown}"
        hint = _hint(self.expected, got)
        raise self.source.problem("invalid-json", start, message, hints=(hint,) if hint else ())

    def _raise_broken_string(self, start: int) -> NoReturn:
        text = self.source.text
        broken = _BROKEN_STRING.match(text, start)
        assert broken is not None, "the text starts with a quote"
        end = broken.end()
        if end == len(text) or text[end] in "\r\n":
            where = "the end of the text" if end == len(text) else "the end of the line"
            message = f"a text is not closed: expected '\"' before {where}"
            raise self.source.problem("invalid-json", start, message)
        if text[end] == "\\":
            escape = _ESCAPE.match(text, end)
            assert escape is not None, "the text has a backslash there"
            message = f"{quoted(escape[0])} is not an escape that JSON knows"
            hints = (r"a backslash itself is written \\",)
        else:
            message = f"a text contains the control character U+{ord(text[end]):04X}"
            hints = (rf"write it as \u{ord(text[end]):04x}",)
        raise self.source.problem("invalid-json", end, message, hints=hints)


def _hint(expected: str, got: str) -> str | None:
    """Return what to do about a token that is out of place."""
    if (expected, got) in ((_ITEM, "]"), (_KEY, "}")):
        return "remove the ',' before it"
    if got[:1] in ("/", "#"):
        return "JSON has no comments"
    if not expected.startswith("a"):
        return None
    if got.lower() in _LITERALS:
        return f"write {_LITERALS[got.lower()]}"
    if got[:1] in ("'", "`") or got[:1].isalpha() or got[:1] == "_":
        return "keys and texts are written in double quotes"
    if re.match(r"[-+.0-9]", got):
        return "a number is written like 12, -0.5 or 1e-3, with no '+' or extra zero in front"
    return None
