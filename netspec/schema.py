"""The JSON Schema of the language, for editors and other validators.

Beside the models of a document it knows the names that the compiler takes in their fields.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from functools import cache
from itertools import pairwise
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from netspec import library
from netspec.passes.integrate import INTEGRATORS
from netspec.spec.base import write_quantity
from netspec.spec.inputs import Source
from netspec.spec.network import SCHEMA_ID, Network
from netspec.spec.values import VALUE_SCHEMA
from netspec.units import Quantity

VALUE_REF = "#/$defs/Value"


class _AsWritten(GenerateJsonSchema):
    """As documents are written: what may be left out is not null, and quantities are texts.

    Fields are described by the texts below them. Pydantic can read those too, but then does so
    whenever a model is imported, which took as long as importing NumPy twice.
    """

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        found = super().model_schema(schema)
        for name, field in schema["cls"].model_fields.items():
            text = _text_below(schema["cls"], name)
            if text and field.description is None:
                found["properties"][field.alias or name]["description"] = text
        return found

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        return {key: value for key, value in found.items() if (key, value) != ("default", None)}

    def encode_default(self, default: Any) -> Any:
        if isinstance(default, Quantity):
            return write_quantity(default)
        return super().encode_default(default)


def _text_below(model: type[BaseModel], field: str) -> str | None:
    """Return the text below a field in the class that declares it."""
    owner = next(each for each in model.__mro__ if field in vars(each).get("__annotations__", ()))
    return _texts_below(owner.__module__).get((owner.__name__, field))


@cache
def _texts_below(module: str) -> dict[tuple[str, str], str]:
    """Return the texts below fields of the classes of a module, by class and field."""
    found = {}
    for outer in ast.parse(inspect.getsource(sys.modules[module])).body:
        if not isinstance(outer, ast.ClassDef):
            continue
        for field, text in pairwise(outer.body):
            match field, text:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(words))),
                ):
                    found[outer.name, name] = inspect.cleandoc(words)
    return found


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a document, with the library's models in it."""
    schema = Network.model_json_schema(
        by_alias=True, mode="validation", schema_generator=_AsWritten
    )
    definitions = schema["$defs"]
    for kind in get_args(Source):
        _require_kind(definitions[kind.__name__])
    _name_integrators(definitions["Cell"])
    _describe_models(definitions["Cell"], "cells")
    _describe_models(definitions["Receptor"], "receptors")
    _describe_models(definitions["Mechanism"], "mechanisms")
    shortened: dict[str, Any] = _refer_to_value(schema)
    shortened["$defs"]["Value"] = VALUE_SCHEMA
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **shortened,
    }


def _refer_to_value(schema: Any) -> Any:
    """Return a schema with a reference wherever the form of a value is written out."""
    if isinstance(schema, list):
        return [_refer_to_value(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("oneOf") == VALUE_SCHEMA["oneOf"]:
        own = {key: schema[key] for key in ("description", "default") if key in schema}
        return {"$ref": VALUE_REF, **own}
    return {key: _refer_to_value(each) for key, each in schema.items()}


def schema_text() -> str:
    """Return the schema as it is committed and shipped."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _require_kind(schema: dict[str, Any]) -> None:
    """Make a document say what kind of input it describes, which a Python object knows."""
    del schema["properties"]["model"]["default"]
    schema["required"].insert(0, "model")


def _name_integrators(schema: dict[str, Any]) -> None:
    """List the integrators, which the models of a document know nothing about."""
    description = schema["properties"]["integrator"]["description"]
    schema["properties"]["integrator"] = {
        "description": description,
        "enum": list(INTEGRATORS),
    }


def _describe_models(schema: dict[str, Any], kind: str) -> None:
    """Add the parameters of each library model: an editor completes and checks them."""
    own = schema["properties"]
    declared = library.declarations(kind)
    schema["additionalProperties"] = {"$ref": VALUE_REF}
    own["model"] = {
        "description": own["model"]["description"],
        "anyOf": [
            {"enum": list(declared)},
            *(each for each in own["model"]["oneOf"] if "$ref" in each),
        ],
    }
    schema["allOf"] = [_condition(name, model, sorted(own)) for name, model in declared.items()]


def _condition(name: str, model: library.Equations, own: list[str]) -> dict[str, Any]:
    """Return what holds if a library model is chosen: its parameters and no others."""
    properties: dict[str, Any] = dict.fromkeys(own, True)
    for parameter, declaration in model.declared_parameters.items():
        default = declaration.default
        words = [declaration.description or parameter, f"[{declaration.unit}]"]
        if default is not None:
            words.append(f"(default {getattr(default, 'text', default)})")
        properties[parameter] = {
            "$ref": VALUE_REF,
            "description": " ".join(words),
            "examples": [_example(declaration.unit, declaration.typical, default)],
        }
        for other, one in declaration.instead.items():
            properties[other] = {
                "$ref": VALUE_REF,
                "description": f"{one.description or other} [{one.unit}] in place of {parameter}",
                "examples": [_example(one.unit)],
            }
    return {
        "if": {"properties": {"model": {"const": name}}},
        "then": {
            "description": model.description,
            "properties": properties,
            "additionalProperties": False,
        },
    }


def _example(unit: str, *values: object) -> str:
    """Return the first of some values that there is, or one of the unit."""
    given = [str(getattr(each, "text", each)) for each in values if each is not None]
    return (given or ["1" if unit == "1" else f"1 {unit}"])[0]
