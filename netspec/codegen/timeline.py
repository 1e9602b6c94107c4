"""The timeline of a Python program: lines that it carries out at the beginning of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from netspec.codegen.steps import pattern
from netspec.realise.network import RealisedEntry


@dataclass(frozen=True, slots=True)
class Change:
    """The lines of a step of the timeline, or of several that have the same.

    Attributes:
        case: The pattern that takes these steps.
    """

    steps: tuple[int, ...]
    case: str
    lines: tuple[str, ...]


def changes(
    timeline: Iterable[RealisedEntry], lines_of: Callable[[int, RealisedEntry], Iterable[str]]
) -> tuple[Change, ...]:
    """Return the lines of every step with some, those of steps with the same lines once.

    Args:
        timeline: Its entries, by step.
        lines_of: Gives the lines of an entry, which is told by its number.
    """
    found: dict[tuple[str, ...], list[int]] = {}
    for step, entries in groupby(enumerate(timeline), key=lambda pair: pair[1].step):
        lines = tuple(line for index, entry in entries for line in lines_of(index, entry))
        if lines:
            found.setdefault(lines, []).append(step)
    return tuple(Change(tuple(steps), pattern(steps), lines) for lines, steps in found.items())
