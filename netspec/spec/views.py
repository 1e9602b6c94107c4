"""Views: a population or input, or part of it, as in `exc[0:100]`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from netspec.expr.parse import shorten

_VIEW = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,63})(?:\[([0-9]{0,10}):([0-9]{0,10})\])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ViewReference:
    """A name with optional bounds, as written; `None` is the start or the end."""

    name: str
    start: int | None
    stop: int | None


def parse_view(text: str) -> ViewReference | None:
    """Return what a view text addresses, or `None` if it is not one."""
    match = _VIEW.fullmatch(text)
    if not match:
        return None
    name, start, stop = match.groups()
    return ViewReference(name, int(start) if start else None, int(stop) if stop else None)


def _check_view(text: str) -> str:
    if parse_view(text) is None:
        raise PydanticCustomError(
            "bad-view",
            "'{text}' is not a name or a part such as 'exc[0:100]'",
            {"text": shorten(text)},
        )
    return text


ViewText = Annotated[
    str,
    AfterValidator(_check_view),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[A-Za-z][A-Za-z0-9_]{0,63}(\[[0-9]*:[0-9]*\])?$",
            "examples": ["exc", "exc[0:100]"],
        }
    ),
]
