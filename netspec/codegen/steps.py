"""Sets of steps as a few regular series, so that what is repeated is said once in a program."""

from __future__ import annotations

from collections.abc import Sequence

_SHORTEST = 4
"""Fewer steps of one distance are as well written one by one."""

_MANY = 4
"""More alternatives of a pattern than this are compared one by one for too long."""

_TRIED = 8
"""Series that are woven into each other are found if there are no more than so many."""


def series(steps: Sequence[int]) -> tuple[range, ...]:
    """Return ascending steps as series of one distance each; a step on its own is one too.

    >>> series([3, 10, 20, 21, 30, 40])
    (range(3, 4), range(10, 41, 10), range(21, 22))
    """
    left = set(steps)
    found = []
    for number, start in enumerate(steps):
        if start not in left:
            continue
        seconds = steps[number + 1 : number + 1 + _TRIED]
        tried = [_longest(start, second - start, left) for second in seconds if second in left]
        best = max(tried, key=len, default=range(0))
        found.append(best if len(best) >= _SHORTEST else range(start, start + 1))
        left.difference_update(found[-1])
    return tuple(found)


def members(steps: Sequence[int]) -> str:
    """Return ascending steps as items of a Python set."""
    found = (str(each.start) if len(each) == 1 else f"*{each}" for each in series(steps))
    return ", ".join(found)


def pattern(steps: Sequence[int]) -> str:
    """Return the pattern of a Python case that takes ascending steps."""
    alone = [str(each.start) for each in series(steps) if len(each) == 1]
    regular = [f"k in {each}" for each in series(steps) if len(each) > 1]
    if not regular and len(alone) < _MANY:
        return " | ".join(alone)
    others = [f"k in {{{', '.join(alone)}}}"] if alone else []
    return "_ if " + " or ".join([*regular, *others])


def _longest(start: int, distance: int, steps: set[int]) -> range:
    """Return the steps of a series that are there without a gap."""
    stop = start
    while stop in steps:
        stop += distance
    return range(start, stop - distance + 1, distance)
