"""What differs in the writing alone: spelling, defaults spelled out, free text, monitors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netspec.diff.changes import Change
from netspec.expr.parse import shorten
from netspec.passes.pipeline import Prepared
from netspec.spec.reader import format_path
from netspec.units import Quantity, UnitError, bare_quantity, parse_quantity

_FREE_TEXT = ("$schema", "name", "description")
_RECORDED = ("monitors", "phases")
_RECORDING = ("start_recording", "stop_recording")


@dataclass(frozen=True, slots=True)
class Writing:
    """What differs between two documents and changes no spike.

    Attributes:
        recorded: Monitors and phases.
        spelling: The same in other words.
    """

    recorded: tuple[Change, ...]
    spelling: tuple[Change, ...]


def writing(old: Prepared, new: Prepared, *, same_meaning: bool) -> Writing:
    """Return what differs in the writing.

    Args:
        old: As it was.
        new: As it is.
        same_meaning: The fingerprints agree, so whatever else differs is spelling.
    """
    documents = [each.expanded.source.to_document() for each in (old, new)]
    before, after = (
        dict(_leaves((), each, other)) for each, other in (documents, reversed(documents))
    )
    defaults = [dict(each.resolved.defaults) for each in (old, new)]
    recorded, spelling = [], []
    for steps in dict.fromkeys((*before, *after)):
        one, other = before.get(steps, _MISSING), after.get(steps, _MISSING)
        if one == other and type(one) is type(other):
            continue
        place = format_path(steps)
        if steps[0] in _RECORDED or steps[-1] in _RECORDING:
            recorded.append(_change("monitors", place, one, other))
        elif len(steps) == 1 and steps[0] in _FREE_TEXT:
            spelling.append(Change("changed", "spelling", place, note="free text"))
        elif note := _spelling_note(place, one, other, defaults, same_meaning=same_meaning):
            spelling.append(_change("spelling", place, one, other, note))
    return Writing(tuple(recorded), tuple(spelling))


_MISSING = object()
"""In place of what a document does not say."""


def _spelling_note(
    place: str, one: Any, other: Any, defaults: list[dict[str, str]], *, same_meaning: bool
) -> str:
    """Return why a difference changes nothing; empty if it may."""
    if one is _MISSING and place in defaults[0] and _is_same(defaults[0][place], other):
        return "a default, spelled out"
    if other is _MISSING and place in defaults[1] and _is_same(one, defaults[1][place]):
        return "left to the default, which is the same"
    if one is not _MISSING and other is not _MISSING and _is_same(one, other):
        return "the same value"
    return "the same meaning" if same_meaning else ""


def _is_same(one: Any, other: Any) -> bool:
    """Tell whether two values that are written differently are equal."""
    quantities = _quantity(one), _quantity(other)
    if None in quantities:
        return bool(_plain(one) == _plain(other))
    first, second = quantities
    assert first is not None
    assert second is not None
    return (first.value, first.dimension) == (second.value, second.dimension)


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _quantity(value: Any) -> Quantity | None:
    try:
        if isinstance(value, str):
            return parse_quantity(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return bare_quantity(value) if is_number else None
    except UnitError:
        return None


def _change(section: str, place: str, one: Any, other: Any, note: str = "") -> Change:
    if one is _MISSING:
        return Change("added", section, place, new=_text(other), note=note)
    if other is _MISSING:
        return Change("removed", section, place, old=_text(one), note=note)
    return Change("changed", section, place, _text(one), _text(other), note)


def _text(value: Any) -> str:
    return shorten(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


Steps = tuple[str | int, ...]

_OF_OBJECTS = 2
"""Steps to an object that has a name: `cells.lif`."""


def _leaves(steps: Steps, data: Any, other: Any) -> Iterator[tuple[Steps, Any]]:
    """Yield the values of a document by their places.

    Args:
        steps: The place of `data`.
        data: A part of the document.
        other: What the other document has there; an object that it lacks is one value.
    """
    match data:
        case Mapping() if len(steps) == _OF_OBJECTS and other is _MISSING:
            yield steps, ""
        case Mapping():
            for name, each in data.items():
                inner = other.get(name, _MISSING) if isinstance(other, Mapping) else _MISSING
                yield from _leaves((*steps, name), each, inner)
        case list():
            for number, each in enumerate(data):
                yield from _leaves((*steps, number), each, other)
        case _:
            yield steps, data
