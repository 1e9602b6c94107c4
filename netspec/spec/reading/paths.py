"""Paths into a document, as steps and as text: `projections.inh_exc.target`, `timeline[0].at`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

Step = str | int

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]{0,63}")
_STEP = re.compile(r'\[(?P<index>\d+)\]|\[(?P<quoted>"(?:[^"\\]++|\\.)*+")\]|\.?(?P<key>[^.\[\]]+)')


def format_path(path: Sequence[Step]) -> str:
    """Return a path as text.

    >>> format_path(["timeline", 0, "at"]), format_path(["cells", "my cell"])
    ('timeline[0].at', 'cells["my cell"]')
    """
    text = ""
    for step in path:
        if isinstance(step, str) and _PLAIN_KEY.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step)}]"
    return text


def location_path(text: str) -> tuple[Step, ...]:
    """Return the steps of a path text; an index may also be written `timeline.0.at`.

    Raises:
        ValueError: The text is not a path.

    >>> location_path("timeline[0].at")
    ('timeline', 0, 'at')
    """
    steps: list[Step] = []
    end = 0
    while end < len(text):
        match = _STEP.match(text, end)
        if match is None:
            raise ValueError(f"expected a path like 'timeline[0].at', got {text!r}")
        index, key = match["index"], match["key"]
        if match["quoted"] is not None:
            steps.append(json.loads(match["quoted"]))
        elif index is not None or key.isdecimal():
            steps.append(int(index or key))
        else:
            steps.append(key)
        end = match.end()
    return tuple(steps)
