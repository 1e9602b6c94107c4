"""A value of the wrong type is refused in every place, whatever it could be read as."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from errors.corpus import FOLDER

from netspec.errors import Diagnostic, SpecError
from netspec.passes import pipeline
from netspec.schema import json_schema
from netspec.spec.network import Network

DOCUMENT: dict[str, Any] = json.loads(
    Path(__file__).with_name("everything.json").read_text(encoding="utf-8")
)
STRANGERS = [None, True, 0.5, "0.1", "0/0", [], {}]
SCHEMA = jsonschema.Draft202012Validator(json_schema())

Steps = tuple[str | int, ...]


def paths(data: Any, path: Steps = ()) -> Iterator[Steps]:
    if path:
        yield path
    if isinstance(data, (dict, list)):
        for step, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from paths(value, (*path, step))


def changed(path: Steps, value: Any) -> dict[str, Any]:
    """Return the document with another value in one place."""
    document = copy.deepcopy(DOCUMENT)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


def problems(document: dict[str, Any]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a document."""
    try:
        return pipeline.check(Network.loads(json.dumps(document)).in_folder(FOLDER)).diagnostics
    except SpecError as error:
        return error.diagnostics


SHARE = 8
"""Of the places, one in so many is tried with each value; all of them in the long form."""


@pytest.mark.parametrize("number", range(len(STRANGERS)), ids=map(json.dumps, STRANGERS))
def test_what_the_schema_refuses_is_refused(number: int) -> None:
    check_refused(STRANGERS[number], list(paths(DOCUMENT))[number % SHARE :: SHARE])


@pytest.mark.long
@pytest.mark.parametrize("stranger", STRANGERS, ids=json.dumps)
def test_what_the_schema_refuses_is_refused_everywhere(stranger: Any) -> None:
    check_refused(stranger, list(paths(DOCUMENT)))


def check_refused(stranger: Any, tried: list[Steps]) -> None:
    """Put a value into some places; what the schema refuses is refused in words of netspec."""
    places = [path for path in tried if not SCHEMA.is_valid(changed(path, stranger))]
    assert len(places) > 20
    said = {path: problems(changed(path, stranger)) for path in places}
    assert [path for path, found in said.items() if not found] == []
    # The library that checks fields has codes with underscores for what it says by itself.
    assert [each for found in said.values() for each in found if "_" in each.code] == []
