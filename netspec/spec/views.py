"""Views: a population or input, or part of it, as in `exc[0:100]`; and what such parts emit."""

from __future__ import annotations

import re
from collections.abc import Callable
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


def _text(
    parse: Callable[[str], object],
    what: str,
    pattern: str,
    examples: list[str],
    hints: Callable[[str], tuple[str, ...]] = view_hints,
) -> tuple[AfterValidator, WithJsonSchema]:
    """Return what makes a field take the texts that a function can parse.

    Args:
        parse: Returns `None` for any other text.
        what: Words for the texts.
        pattern: Of them, for the JSON Schema.
        examples: Some of them.
        hints: Returns what to write in place of a wrong one.
    """

    def check(text: str) -> str:
        if parse(text) is None:
            raise PydanticCustomError(
                "bad-view",
                "'{text}' is not {what}",
                {"text": shorten(text), "what": what, "hints": hints(text)},
            )
        return text

    schema = {"type": "string", "pattern": pattern, "examples": examples}
    return AfterValidator(check), WithJsonSchema(schema)


_VIEW_SCHEMA = rf"^{_NAME}(\[[0-9]*:[0-9]*\])?"

ViewText = Annotated[
    str,
    *_text(
        parse_view,
        "a name or a part such as 'exc[0:100]'",
        rf"{_VIEW_SCHEMA}$",
        ["exc", "exc[0:100]"],
    ),
]

EventsText = Annotated[
    str,
    *_text(
        parse_events,
        "a name, a part such as 'exc[0:100]' or an event such as 'exc.burst'",
        rf"{_VIEW_SCHEMA}(\.{_NAME})?$",
        ["exc", "exc[0:100]", "exc.burst"],
        _event_hints,
    ),
]
