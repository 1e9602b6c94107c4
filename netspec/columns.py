"""Plain text in columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset()) -> str:
    """Return rows as aligned columns; those whose number is in `right` end at one place."""
    found = [tuple(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*found, strict=True)]
    lines = (
        "  ".join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in found
    )
    return "\n".join(line.rstrip() for line in lines)
