"""Values that the schema and docstrings show are values: they are read, and what is whole works."""

from __future__ import annotations

import doctest
import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from docs.fences import CHECKOUT
from library.networks import alone, cell_with, models
from pydantic import TypeAdapter

from netspec import library
from netspec.passes import pipeline
from netspec.schema import json_schema
from netspec.spec.base import SpecModel
from netspec.spec.network import Network

SCHEMA = json_schema()
OBJECT = re.compile(r"(?:e\.g\.|such as|by name:|or) `([\[{].*?[\]}])`")


def classes(base: type[SpecModel] = SpecModel) -> Iterator[type[SpecModel]]:
    for each in base.__subclasses__():
        yield each
        yield from classes(each)


CLASSES = {each.__name__: each for each in classes()}
DEFINED = {"Network": SCHEMA, **SCHEMA["$defs"]}


def shown(schema: Any) -> Iterator[Any]:
    """Yield values of a schema with its examples in them."""
    if not isinstance(schema, dict):
        return
    yield from schema.get("examples", ())
    yield from ([schema["default"]] if "default" in schema else ())
    for each in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from shown(each)
    if items := list(shown(schema.get("items"))):
        yield items[: schema.get("maxItems")]
    for each in schema.get("patternProperties", {}).values():
        yield from ({"name": value} for value in shown(each))


def fields(name: str) -> dict[str, Any]:
    properties = DEFINED[name].get("properties", {})
    return {field: schema for field, schema in properties.items() if schema is not True}


def shows_values(name: str) -> bool:
    return any(list(shown(schema)) for schema in fields(name).values())


SHOWING = sorted(name for name in DEFINED.keys() & CLASSES if shows_values(name))


@pytest.mark.parametrize("name", SHOWING)
def test_examples_of_fields_are_read(name: str) -> None:
    known = {each.alias or key: each for key, each in CLASSES[name].model_fields.items()}
    for field, schema in fields(name).items():
        for value in shown(schema):
            TypeAdapter(known[field].rebuild_annotation()).validate_python(value)


def of_descriptions() -> Iterator[Any]:
    for name in sorted(DEFINED.keys() & CLASSES):
        for text in OBJECT.findall(DEFINED[name].get("description", "")):
            yield pytest.param(CLASSES[name], text, id=f"{name}-{text}")


@pytest.mark.parametrize(("model", "text"), of_descriptions())
def test_objects_in_descriptions_are_read(model: type[SpecModel], text: str) -> None:
    assert model.model_validate_json(text)


@pytest.mark.parametrize(("kind", "name"), models())
def test_examples_of_parameters_compile(kind: str, name: str) -> None:
    branches = SCHEMA["$defs"][kind.removesuffix("s").capitalize()]["allOf"]
    (own,) = (
        each["then"]["properties"]
        for each in branches
        if each["if"]["properties"]["model"]["const"] == name
    )
    replaces = {
        new: old
        for old, others in library.declarations(kind)[name].alternatives.items()
        for new in others
    }
    cell = cell_with(kind, name) | {"integrator": "heun"}
    model = cell if kind == "cells" else cell[kind]["X"]
    values = {each: own[each]["examples"] for each in own if own[each] is not True}
    assert values.keys() >= library.declarations(kind)[name].declared_parameters.keys()
    model |= {each: found for each, (found,) in values.items() if each not in replaces}
    assert pipeline.check(Network(**alone(cell))).ok
    for new, old in replaces.items():
        others = {**model, new: values[new][0]}
        del others[old]
        changed = others if kind == "cells" else cell | {kind: {"X": others}}
        assert pipeline.check(Network(**alone(changed))).ok


MODULES = [
    ".".join(path.relative_to(folder).with_suffix("").parts)
    for folder, packages in ((CHECKOUT, "netspec"), (CHECKOUT / "backends", "netspec_*"))
    for path in sorted(folder.glob(f"{packages}/**/*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_sessions_in_docstrings_give_what_they_show(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert (result.failed, result.attempted > 0) == (0, True)
