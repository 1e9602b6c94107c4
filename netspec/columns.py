"""Plain text, and such text in columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def printable(text: str) -> str:
    r"""Return a line without what moves the cursor or turns the writing round.

    >>> printable("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def printable_lines(text: str) -> str:
    """Return a text of which each line is printable."""
    return "\n".join(map(printable, text.split("\n")))


def table(rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset()) -> str:
    """Return rows as aligned columns; those whose number is in `right` end at one place."""
    found = [tuple(map(printable, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*found, strict=True)]
    lines = (
        "  ".join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in found
    )
    return "\n".join(line.rstrip() for line in lines)
