"""Which fields the language has at a place of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from netspec.spec.reading.paths import Step


def fields_at(model: type[BaseModel], path: Sequence[Step]) -> frozenset[str]:
    """Return the names of the fields that an object at a path may have, of all its forms.

    Args:
        model: Of the whole document.
        path: Steps to the object.
    """
    found = _models_at(model, tuple(path))
    return frozenset(
        field.alias or name for each in found for name, field in each.model_fields.items()
    )


def _models_at(annotation: Any, path: tuple[Step, ...]) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not path:
            yield annotation
            return
        for name, field in annotation.model_fields.items():
            if path[0] == (field.alias or name):
                yield from _models_at(field.annotation, path[1:])
        return
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _models_at(arguments[0], path)
    elif origin is dict and path:
        yield from _models_at(arguments[1], path[1:])
    elif origin is tuple and path:
        yield from _models_at(arguments[0], path[1:])
    elif origin is not dict and origin is not tuple:
        for each in arguments:  # the members of a union
            yield from _models_at(each, path)
