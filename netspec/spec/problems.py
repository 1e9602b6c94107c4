"""Validation errors of Pydantic as netspec's diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from netspec.errors import Diagnostic
from netspec.expr.parse import shorten as shown
from netspec.spec.base import SpecModel
from netspec.spec.names import SYNONYMS
from netspec.spec.reader import Document, format_path, location_path

_KEY_PROBLEMS = frozenset({"unknown-field", "bad-name", "reserved-name"})

_MESSAGES: Mapping[str, tuple[str, str]] = {
    "missing": ("missing-field", "the field '{field}' is missing"),
    "extra_forbidden": ("unknown-field", "'{field}' is not a field here"),
    "string_type": ("wrong-type", "expected a text, got {given}"),
    "int_type": ("wrong-type", "expected a whole number, got {given}"),
    "int_from_float": ("wrong-type", "expected a whole number, got {given}"),
    "float_type": ("wrong-type", "expected a number, got {given}"),
    "bool_type": ("wrong-type", "expected true or false, got {given}"),
    "dict_type": ("wrong-type", "expected an object with named fields, got {given}"),
    "tuple_type": ("wrong-type", "expected a list, got {given}"),
    "model_type": ("wrong-type", "expected an object with named fields, got {given}"),
    "model_attributes_type": ("wrong-type", "expected an object with named fields, got {given}"),
    "finite_number": ("not-finite", "expected a finite number, got {given}"),
    "greater_than_equal": ("out-of-range", "expected at least {ge}, got {given}"),
    "less_than_equal": ("out-of-range", "expected at most {le}, got {given}"),
    "too_short": ("too-short", "expected at least {min_length} item"),
    "string_too_long": ("too-long", "expected at most {max_length} characters"),
    "literal_error": ("unknown-choice", "expected {expected}, got {given}"),
    "union_tag_invalid": ("unknown-choice", "'{tag}' is not a model of inputs"),
    "union_tag_not_found": ("missing-field", "the field 'model' is missing"),
}


def no_such_place(path: str) -> Diagnostic:
    """Return the problem of a path that leads nowhere."""
    return Diagnostic("unknown-place", path, f"there is no place '{shown(path)}' in the document")


def diagnostics_of(error: ValidationError, data: Mapping[str, Any]) -> tuple[Diagnostic, ...]:
    """Return one diagnostic per problem, in the order of the document."""
    found: dict[tuple[str, str], Diagnostic] = {}
    for details in error.errors(include_url=False):
        diagnostic = _diagnostic(details, data)
        found.setdefault((diagnostic.path, diagnostic.code), diagnostic)
    return tuple(found.values())


def located(diagnostics: Iterable[Diagnostic], document: Document) -> tuple[Diagnostic, ...]:
    """Return the diagnostics with line and column."""
    result = []
    for diagnostic in diagnostics:
        path = location_path(diagnostic.path)
        at_key = diagnostic.code in _KEY_PROBLEMS
        place = document.locate_key(path) if at_key else document.locate(path)
        result.append(diagnostic if diagnostic.location else diagnostic.at(place))
    return tuple(result)


def _diagnostic(details: ErrorDetails, data: Mapping[str, Any]) -> Diagnostic:
    kind, context = details["type"], details.get("ctx", {})
    missing = kind in ("missing", "extra_forbidden")
    path = _path_in_data(details["loc"], data, keep_last=missing)
    field = str(details["loc"][-1]) if details["loc"] else ""
    code, template = _MESSAGES.get(
        kind, (kind, details["msg"].replace("{", "{{").replace("}", "}}"))
    )
    values = {**context, "field": shown(field), "given": _given(details["input"])}
    hints = tuple(context.get("hints", ()))
    if kind == "union_tag_invalid":
        hints = (f"known are {context['expected_tags']}",)
    if name := SYNONYMS.get(str(details["input"]) if code == "unknown-choice" else field):
        hints = (*hints, f"netspec calls it '{name}'")
    if kind == "union_tag_not_found":
        values["field"] = "model"
    return Diagnostic(code, format_path(path), template.format(**values), hints=hints)


def _path_in_data(
    loc: tuple[int | str, ...], data: Any, *, keep_last: bool
) -> tuple[int | str, ...]:
    """Return the part of a Pydantic location that names places of the data.

    Pydantic puts names of union members and of keys between; they are no places.
    """
    path: list[int | str] = []
    place = data
    for number, step in enumerate(loc):
        try:
            place = getattr(place, str(step)) if isinstance(place, SpecModel) else place[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            if not (keep_last and number == len(loc) - 1):
                continue
        path.append(step)
    return tuple(path)


def _given(value: object) -> str:
    """Return words for what stood in the wrong place."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return format(value, "") if abs(value) < 10**20 else "a very large number"
        case str():
            return f"'{shown(value)}'"
        case dict():
            return "an object"
        case list() | tuple():
            return "a list"
        case _:
            return "something else"


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the hint that a misspelt name deserves, if there is one."""
    candidates = sorted(known)
    if SYNONYMS.get(name) in candidates:
        return (f"netspec calls it '{SYNONYMS[name]}'",)
    close = get_close_matches(name, candidates, n=1)
    return (f"did you mean '{close[0]}'?",) if close else ()
