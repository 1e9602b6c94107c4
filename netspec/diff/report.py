"""What differs, as text for a terminal and as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from netspec.columns import printable, table
from netspec.diff.changes import Change
from netspec.diff.difference import DescriptionDiff
from netspec.diff.realised import Redrawn

_SHOWN = 12
"""Characters of a fingerprint."""

_MOST_LINES = 100
"""Of a section; what a change of thousands of values does to a page helps nobody."""

_WIDE = 60
"""Characters of a change from which on notes are not put below each other: it is a formula."""

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: rows of as many cells, and lines below."""

    title: str
    rows: tuple[tuple[str, str, str], ...]
    lines: tuple[str, ...] = ()


def as_text(found: DescriptionDiff, old: str, new: str) -> str:
    """Return the report for a terminal; `old` and `new` are the names of the descriptions."""
    blocks = [table(map(_clean_row, _heads(found, old, new))), _verdict(found)]
    for section in _sections(found):
        rows = [_clean_row(row) for row in section.rows]
        width = max((len(what) for _, what, _ in rows if len(what) <= _WIDE), default=0)
        aligned = [
            (f"  {place}", f"{what.ljust(width)}  {note}".rstrip()) for place, what, note in rows
        ]
        lines = [f"  {printable(line)}" for line in section.lines]
        blocks.append("\n".join([section.title, *([table(aligned)] if rows else []), *lines]))
    return "\n\n".join(blocks)


def as_markdown(found: DescriptionDiff, old: str, new: str) -> str:
    """Return the report in Markdown; nothing in a description can become markup."""
    blocks = [f"**{_verdict(found)}**"]
    heads = [("description", "fingerprint"), *(row[1:] for row in _heads(found, old, new))]
    blocks.append(_markdown_table(heads[0], heads[1:]))
    for section in _sections(found):
        parts = [f"#### {section.title}"]
        if section.rows:
            parts.append(_markdown_table(("place", "what", "note"), section.rows))
        parts += [_code(line) for line in section.lines]
        blocks += parts
    return "\n\n".join(blocks)


def _heads(found: DescriptionDiff, old: str, new: str) -> list[Row]:
    """Return which descriptions are compared."""
    prints = [each[:_SHOWN] for each in found.fingerprints]
    return [("old", old, prints[0]), ("new", new, prints[1])]


def _verdict(found: DescriptionDiff) -> str:
    if not found.same_meaning:
        count = len(found.changes)
        return f"another meaning: {count} {'change' if count == 1 else 'changes'}"
    if found.writing.recorded:
        return "the same meaning: the same spikes, of which something else is recorded"
    if found.writing.spelling:
        return "the same meaning: only the writing differs"
    return "the same meaning, in the same words"


def _sections(found: DescriptionDiff) -> Iterator[Section]:
    for title, group in groupby(found.changes, key=lambda each: each.section):
        yield _of_changes(title, group)
    if found.realised is not None:
        yield _of_arrays(found)
    if found.writing.recorded:
        yield _of_changes("what is recorded (no part of the meaning)", found.writing.recorded)
    if found.writing.spelling:
        yield _of_changes("only the writing", found.writing.spelling)


def _of_changes(title: str, changes: Iterable[Change]) -> Section:
    rows = [(each.place, _what(each), each.note) for each in changes]
    left = len(rows) - _MOST_LINES
    lines = (f"and {left} more",) if left > 0 else ()
    return Section(title, tuple(rows[:_MOST_LINES]), lines)


def _what(change: Change) -> str:
    match change.kind:
        case "renamed":
            return f"renamed, was {change.old}"
        case "added":
            return f"added: {change.new}" if change.new else "added"
        case "removed":
            return f"removed: {change.old}" if change.old else "removed"
        case _:
            return f"{change.old} → {change.new}" if change.old or change.new else "changed"


def _of_arrays(found: DescriptionDiff) -> Section:
    """Return which arrays differ, and what is drawn anew since seeds or names are others."""
    assert found.realised is not None
    title = "what is made before step 0"
    if not found.drawn:
        title += " (not drawn, since there is very much of it)"
    rows = [
        (f"{each.section}.{each.name}", ", ".join(each.parts), _why(each, found))
        for each in found.realised.redrawn
    ]
    same = found.realised.same
    lines = [f"as before: {', '.join(same)}"] if same else []
    if not rows:
        lines.append("nothing of what both have differs")
    left = len(rows) - _MOST_LINES
    if left > 0:
        lines.insert(0, f"and {left} more")
    return Section(title, tuple(rows[:_MOST_LINES]), tuple(lines))


def _why(redrawn: Redrawn, found: DescriptionDiff) -> str:
    why = []
    if found.other_seed:
        why.append("the seed is another")
    if redrawn.before != redrawn.name:
        why.append(f"it was called {redrawn.before}, and names are part of seeds")
    return f"what it draws is drawn anew: {' and '.join(why)}" if why else ""


# text of a user in text of ours


def _clean_row(row: Row) -> Row:
    return tuple(map(printable, row))


def _markdown_table(titles: Row, rows: Sequence[Row]) -> str:
    lines = [_line(titles, str), _line(["--"] * len(titles), str)]
    return "\n".join([*lines, *(_line(row, _code) for row in rows)])


def _line(cells: Iterable[str], write: Callable[[str], str]) -> str:
    return f"| {' | '.join(map(write, cells))} |"


def _code(text: str) -> str:
    """Return a text as code, in which nothing is markup, fit for a cell of a table.

    What could end the code or the cell, or begin a tag, is written as the number of its character.
    """
    clean = printable(text).strip()
    if not clean:
        return ""
    if not set(clean) & set("`|<&\\"):
        return f"`{clean}`"
    plain = (each if each.isalnum() or each == " " else f"&#{ord(each)};" for each in clean)
    return f"<code>{''.join(plain)}</code>"
