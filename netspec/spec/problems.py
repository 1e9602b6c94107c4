"""Validation errors of Pydantic as netspec's diagnostics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from netspec.errors import Diagnostic
from netspec.expr.parse import shorten as shown
from netspec.spec.fields import fields_at
from netspec.spec.names import ADVICE, RATIOS, own_names
from netspec.spec.reader import Document, format_path, location_path

_KEY_PROBLEMS = frozenset(
    {"unknown-field", "unknown-parameter", "unknown-state", "bad-name", "reserved-name"}
)

MAX_NAME = 64
"""Longer words are not compared with names."""

_MESSAGES: Mapping[str, tuple[str, str]] = {
    "missing": ("missing-field", "the field '{field}' is missing"),
    "extra_forbidden": ("unknown-field", "'{field}' is not a field here"),
    "string_type": ("wrong-type", "expected a text, got {given}"),
    "int_type": ("wrong-type", "expected a whole number, got {given}"),
    "int_from_float": ("wrong-type", "expected a whole number, got {given}"),
    "float_type": ("wrong-type", "expected a number, got {given}"),
    "int_parsing": ("wrong-type", "expected a whole number, got {given}"),
    "bool_parsing": ("wrong-type", "expected true or false, got {given}"),
    "value_error": ("wrong-value", "{error}"),
    "bool_type": ("wrong-type", "expected true or false, got {given}"),
    "dict_type": ("wrong-type", "expected an object with named fields, got {given}"),
    "tuple_type": ("wrong-type", "expected a list, got {given}"),
    "model_type": ("wrong-type", "expected an object with named fields, got {given}"),
    "model_attributes_type": ("wrong-type", "expected an object with named fields, got {given}"),
    "finite_number": ("not-finite", "expected a finite number, got {given}"),
    "greater_than_equal": ("out-of-range", "expected at least {limit}, got {given}"),
    "greater_than": ("out-of-range", "expected more than {limit}, got {given}"),
    "less_than_equal": ("out-of-range", "expected at most {limit}, got {given}"),
    "too_short": ("too-short", "expected at least {min_length} item, got {actual_length}"),
    "string_too_long": ("too-long", "expected at most {max_length} characters"),
    "literal_error": ("unknown-choice", "expected {expected}, got {given}"),
    "union_tag_invalid": ("unknown-choice", "expected {expected_tags}, got '{tag}'"),
    "union_tag_not_found": ("missing-field", "the field 'model' is missing"),
    "wrong-model-type": (
        "wrong-type",
        "expected the name of a model or an object with 'equations', got {given}",
    ),
    "wrong-declaration-type": (
        "wrong-type",
        "expected a unit or an object with 'unit', got {given}",
    ),
    "wrong-refractory-type": (
        "wrong-type",
        "expected an expression or an object with 'while', got {given}",
    ),
    "wrong-rule-type": ("wrong-type", "expected an object with one rule in it, got {given}"),
}

MAX_SHOWN = 100
"""Problems of a document that are shown."""


def no_such_place(path: object) -> Diagnostic:
    """Return the problem of a path that leads nowhere."""
    text = str(path)
    return Diagnostic("unknown-place", text, f"there is no place '{shown(text)}' in the document")


def worded(details: ErrorDetails) -> tuple[str, str]:
    """Return the code and the message of a problem that Pydantic found."""
    kind, context = details["type"], details.get("ctx", {})
    code, template = _MESSAGES.get(
        kind, (kind, details["msg"].replace("{", "{{").replace("}", "}}"))
    )
    limit = next((context[name] for name in ("ge", "gt", "le") if name in context), 0)
    field = str(details["loc"][-1]) if details["loc"] else ""
    values = {
        **context,
        "field": shown(field),
        "given": given(details["input"]),
        "limit": int(limit) if limit == limit // 1 else limit,
        "tag": shown(str(context.get("tag"))),
        "expected_tags": str(context.get("expected_tags")).replace(", ", " or "),
    }
    return code, template.format(**values)


def nulls_in(data: object, path: tuple[int | str, ...] = ()) -> Iterator[Diagnostic]:
    """Yield the problem of each field of a valid document that holds nothing.

    In Python `None` is as good as left out; who writes `"spike": null` may mean something by it.
    """
    match data:
        case dict():
            for name, value in data.items():
                yield from nulls_in(value, (*path, name))
        case list():
            for number, item in enumerate(data):
                if isinstance(item, (dict, list)):
                    yield from nulls_in(item, (*path, number))
        case None:
            message = f"the field '{path[-1]}' holds nothing"
            hints = ("leave the field out",)
            yield Diagnostic("null-field", format_path(path), message, hints=hints)


def diagnostics_of(
    error: ValidationError, data: Mapping[str, Any], model: type[BaseModel]
) -> tuple[Diagnostic, ...]:
    """Return one diagnostic per problem, in the order of the document.

    Args:
        error: What Pydantic found.
        data: What it was given.
        model: What the data should have become.
    """
    found: dict[tuple[str, str], Diagnostic] = {}
    misspelt = set()
    all_details = error.errors(include_url=False)
    for details in all_details[: 2 * MAX_SHOWN]:  # each takes its time
        if _only_seems_short(details):
            continue
        diagnostic = _diagnostic(details, data)
        if diagnostic.code == "unknown-field":
            *parent, name = location_path(diagnostic.path)
            known = fields_at(model, parent, data)
            notes = (f"fields here: {listed(known)}",)
            diagnostic = replace(diagnostic, notes=notes, hints=nearest(str(name), known))
            misspelt.add(format_path([*parent, meant(str(name), known) or ""]))
        found.setdefault((diagnostic.path, diagnostic.code), diagnostic)
    # A field that is misspelt is not also missing.
    return first_of(
        (
            each
            for each in found.values()
            if each.code != "missing-field" or each.path not in misspelt
        ),
        left_out=max(len(all_details) - 2 * MAX_SHOWN, 0),
    )


def _only_seems_short(details: ErrorDetails) -> bool:
    """Tell whether a list is as long as it must be, but has items with problems of their own."""
    if details["type"] != "too_short":
        return False
    given = details["input"]
    return isinstance(given, (list, tuple)) and len(given) >= details["ctx"]["min_length"]


def first_of(diagnostics: Iterable[Diagnostic], left_out: int = 0) -> tuple[Diagnostic, ...]:
    """Return as many diagnostics as anybody reads, and one that counts the others."""
    found = tuple(diagnostics)
    left_out += max(len(found) - MAX_SHOWN, 0)
    if not left_out:
        return found
    are = "problem is" if left_out == 1 else "problems are"
    more = Diagnostic("more-problems", "", f"{left_out} more {are} not shown")
    return (*found[:MAX_SHOWN], more)


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
    kind, context = details["type"], dict(details.get("ctx", {}))
    is_member = kind in ("missing", "extra_forbidden")
    path = _path_in_data(details["loc"], data, keep_last=is_member)
    if "at" in context:  # a place within what Pydantic took as one value
        at = context["at"]
        path = (*path, *at) if isinstance(at, tuple) else (*path, at)
    if kind.startswith("union_tag"):
        path = (*path, "model")
    code, message = worded(details)
    hints = tuple(context.get("hints", ()))
    if code == "unknown-choice":
        hints = _choice_hints(context.get("tag", details["input"]), context)
    return Diagnostic(code, format_path(path), message, hints=hints)


def _choice_hints(word: object, context: Mapping[str, Any]) -> tuple[str, ...]:
    """Return hints for a word that is none of those expected."""
    expected = re.findall("'([^']*)'", f"{context.get('expected')} {context.get('expected_tags')}")
    if isinstance(word, int) and str(word) in expected:
        return (f'write it as a text: "{word}"',)
    return nearest(str(word), expected)


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
            place = getattr(place, str(step)) if isinstance(place, BaseModel) else place[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            if not (keep_last and number == len(loc) - 1):
                continue
        path.append(step)
    return tuple(path)


def given(value: object) -> str:
    """Return words for what stood in the wrong place."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case int():
            return str(value) if abs(value) < 10**20 else "a very large number"
        case str():
            return f"'{shown(value)}'"
        case dict():
            return "an object"
        case list() | tuple():
            return "a list"
        case _:
            return f"a Python object of type {type(value).__name__}"


def nearest(name: str, known: Iterable[str], given: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the hint that a misspelt name deserves, if there is one; arguments as of `meant`."""
    known = frozenset(known)
    beside, advice = ADVICE.get(name, ("", ""))
    if beside in known:
        return (advice,)
    probably = meant(name, known, given)
    if probably is None:
        return _ratio_hints(name, known)
    is_synonym = probably in own_names(name)
    return (f"netspec calls it '{probably}'" if is_synonym else f"did you mean '{probably}'?",)


def _ratio_hints(name: str, known: Set[str]) -> tuple[str, ...]:
    """Return the hint for a name that stands for a ratio of things that have names."""
    for own in (name, *own_names(name)):
        parts = re.findall("[A-Za-z_]+", RATIOS.get(own, ""))
        if parts and known >= set(parts):
            return (f"'{own}' is {RATIOS[own]} here: give {' and '.join(map(repr, parts))}",)
    return ()


def listed(names: Iterable[str], limit: int = 30) -> str:
    """Return names in quotes and in order, for a note; not too many."""
    quoted = [f"'{name}'" for name in sorted(names)]
    more = [f"{len(quoted) - limit} more"] if len(quoted) > limit else []
    return ", ".join(quoted[:limit] + more) or "none"


def meant(name: str, known: Iterable[str], given: Iterable[str] = ()) -> str | None:
    """Return what a name that is not known was probably meant to be.

    Args:
        name: The name.
        known: Those that it could be.
        given: Those that are there as well, so that only a synonym could be one of them.
    """
    own, known = own_names(name), frozenset(known)
    if synonym := next((each for each in own if each in known), None):
        return synonym
    if len(name) > MAX_NAME or RATIOS.keys() & {name, *own}:
        return None
    candidates = sorted(known.difference(given))
    by_case = [each for each in candidates if each.lower() == name.lower()]
    return next(iter(by_case or get_close_matches(name, candidates, n=1)), None)
