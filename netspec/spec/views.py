"""Views: a population or input, or part of it, as in `exc[0:100]`; and what such parts emit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from netspec.expr.parse import shorten

_NAME = "[A-Za-z][A-Za-z0-9_]{0,63}"
_PATTERN = rf"({_NAME})(?:\[([0-9]{{0,10}}):([0-9]{{0,10}})\])?"
_VIEW = re.compile(_PATTERN, re.ASCII)
_ONE_NEURON = re.compile(rf"({_NAME})\[([0-9]{{1,10}})\]((?:\.{_NAME})?)", re.ASCII)
_EVENTS = re.compile(rf"({_PATTERN})(?:\.({_NAME}))?", re.ASCII)


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


def parse_events(text: str) -> tuple[str, str] | None:
    """Return the view and the event of a text such as `exc[0:100].burst`, `spike` if unnamed."""
    match = _EVENTS.fullmatch(text)
    return (match.group(1), match.group(5) or "spike") if match else None


def view_hints(text: str) -> tuple[str, ...]:
    """Return the hint for a text that addresses one neuron by its index alone."""
    match = _ONE_NEURON.fullmatch(text)
    if not match:
        return ()
    name, index, event = match.groups()
    return (f"one neuron is '{name}[{index}:{int(index) + 1}]{event}'",)


def _check_view(text: str) -> str:
    if parse_view(text) is None:
        raise PydanticCustomError(
            "bad-view",
            "'{text}' is not a name or a part such as 'exc[0:100]'",
            {"text": shorten(text), "hints": view_hints(text)},
        )
    return text


ViewText = Annotated[
    str,
    AfterValidator(_check_view),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^{_NAME}(\[[0-9]*:[0-9]*\])?$",
            "examples": ["exc", "exc[0:100]"],
        }
    ),
]


def _check_events(text: str) -> str:
    if parse_events(text) is None:
        raise PydanticCustomError(
            "bad-view",
            "'{text}' is not a name, a part such as 'exc[0:100]' or an event such as 'exc.burst'",
            {"text": shorten(text), "hints": _event_hints(text)},
        )
    return text


def _event_hints(text: str) -> tuple[str, ...]:
    """Return the hint for a text that has the part behind the event, or addresses one neuron."""
    name, _, event = text.partition(".")
    event, bracket, bounds = event.partition("[")
    swapped = f"{name}{bracket}{bounds}.{event}"
    if not bracket:
        return view_hints(text)
    if not parse_events(swapped):
        return view_hints(swapped)
    return (f"the part stands before the event: '{swapped}'",)


EventsText = Annotated[
    str,
    AfterValidator(_check_events),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^{_NAME}(\[[0-9]*:[0-9]*\])?(\.{_NAME})?$",
            "examples": ["exc", "exc[0:100]", "exc.burst"],
        }
    ),
]
