"""Parts of a run: put together, switched on and off, and what two of them have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netspec.ir.nodes import Window
from netspec.limits import MAX_STEPS

FOREVER = MAX_STEPS + 1
"""A step that no run reaches."""


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return the same steps as windows that are ascending and apart from each other.

    >>> merged([Window(5, 9), Window(0, 2), Window(2, 6)])
    (Window(start=0, stop=9),)
    """
    found: list[Window] = []
    for each in sorted(windows, key=lambda window: window.start):
        if found and each.start <= found[-1].stop:
            found[-1] = Window(found[-1].start, max(found[-1].stop, each.stop))
        elif each.start < each.stop:
            found.append(each)
    return tuple(found)


def switched(switches: Sequence[tuple[int, bool]]) -> tuple[Window, ...]:
    """Return when something is on that is switched at some steps, in order.

    Before it is first switched it is the opposite of what it is then.

    >>> switched([(3, False), (5, True)])
    (Window(start=0, stop=3), Window(start=5, stop=281474976710656))
    """
    found, is_on, start = [], not switches[0][1], 0
    for step, on in switches:
        if is_on and not on:
            found.append(Window(start, step))
        if on and not is_on:
            start = step
        is_on = on
    return merged([*found, Window(start, FOREVER)] if is_on else found)


def common(some: Sequence[Window], others: Sequence[Window]) -> tuple[Window, ...]:
    """Return the steps that are in both.

    >>> common([Window(0, 5), Window(8, 9)], [Window(3, 20)])
    (Window(start=3, stop=5), Window(start=8, stop=9))
    """
    found, i, j = [], 0, 0
    while i < len(some) and j < len(others):
        start = max(some[i].start, others[j].start)
        found.append(Window(start, min(some[i].stop, others[j].stop)))
        if some[i].stop < others[j].stop:
            i += 1
        else:
            j += 1
    return merged(found)
