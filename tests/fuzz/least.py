"""Few texts that make netspec do all that many make it do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import netspec

_OWN = str(Path(netspec.__file__).parent)

Step = tuple[object, int, int]
"""Code, and two lines of it that are run one after the other."""


def least(check: Callable[[str], object], texts: Iterable[str]) -> list[str]:
    """Return those texts, of the shortest first, that take steps which none before has taken."""
    kept, known = [], set[Step]()
    for text in sorted(set(texts), key=lambda text: (len(text), text)):
        taken = _steps(check, text)
        if taken - known:
            kept.append(text)
            known |= taken
    return kept


def _steps(check: Callable[[str], object], text: str) -> set[Step]:
    taken: set[Step] = set()
    last: dict[FrameType, int] = {}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(_OWN):
            return None
        if event == "line":
            taken.add((frame.f_code, last.get(frame, 0), frame.f_lineno))
            last[frame] = frame.f_lineno
        elif event == "return":
            last.pop(frame, None)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        check(text)
    finally:
        sys.settrace(before)
    return taken
