"""Fenced blocks of Markdown pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^( *)```(\S*)[ \t]*\n(.*?)^\1```[ \t]*$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"`([^`\n]+)`[^`\n]*:\s*\Z")


@dataclass(frozen=True)
class Fence:
    """A fenced block.

    Attributes:
        tag: The language that stands behind the opening fence.
        line: Where it opens, counted from 1.
        file: The last name in backquotes of a paragraph before it that ends in a colon.
    """

    tag: str
    text: str
    line: int
    file: str


def fences(text: str) -> Iterator[Fence]:
    """Yield the fenced blocks of a page."""
    for block in _FENCE.finditer(text):
        before = text[: block.start()]
        named = _FILE.search(before)
        yield Fence(block[2], block[3], before.count("\n") + 1, named[1] if named else "")
