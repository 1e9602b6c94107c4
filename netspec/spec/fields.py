"""Which fields the language has at a place of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from netspec.spec.reading.paths import Step


def fields_at(model: type[BaseModel], path: Sequence[Step], data: Any) -> frozenset[str]:
    """Return the names of the fields that an object at a path may have.

    Where it may take one of several forms, those count that its other fields leave open.

    Args:
        model: Of the whole document.
        path: Steps to the object.
        data: The whole document.
    """
    found = _models_at(model, tuple(path), data)
    return frozenset(
        field.alias or name for each in found for name, field in each.model_fields.items()
    )


def _models_at(annotation: Any, path: tuple[Step, ...], data: Any) -> Iterator[type[BaseModel]]:
    if _is_model(annotation):
        if not path:
            yield annotation
            return
        for name, field in annotation.model_fields.items():
            if path[0] == (field.alias or name):
                yield from _models_at(field.annotation, path[1:], _member(data, path[0]))
                return
        if annotation.model_config.get("extra") == "allow":  # parameters beside the fields
            more = get_type_hints(annotation, include_extras=True)["__pydantic_extra__"]
            yield from _models_at(more, path, data)
        return
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _models_at(arguments[0], path, data)
    elif origin is dict and path:
        yield from _models_at(arguments[1], path[1:], _member(data, path[0]))
    elif origin is tuple and path:
        yield from _models_at(arguments[0], path[1:], _member(data, path[0]))
    elif origin is not dict and origin is not tuple:
        for each in _open_forms(arguments, data):
            yield from _models_at(each, path, data)


def _open_forms(members: Sequence[Any], data: Any) -> list[Any]:
    """Return the members of a union that an object may be; some are known by one of its fields."""
    marks = {number: _mark(each) for number, each in enumerate(members)}
    known = [number for number, mark in marks.items() if mark and _member(data, mark) is not None]
    return [
        each
        for number, each in enumerate(members)
        if (number in known if known else not marks[number])
        and not (_is_model(each) and _is_ruled_out(each, data))
    ]


def _mark(annotation: Any) -> str | None:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return getattr(annotation, "known_by", None) if _is_model(annotation) else None


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _member(data: Any, step: Step) -> Any:
    """Return a member of an object or list, `None` where there is none."""
    try:
        return data[step]
    except (KeyError, IndexError, TypeError):
        return None


def _is_ruled_out(model: type[BaseModel], data: Any) -> bool:
    """Tell whether an object has another word in a field where the model has a certain one."""
    return isinstance(data, Mapping) and any(
        get_origin(field.annotation) is Literal
        and name in data
        and data[name] not in get_args(field.annotation)
        for name, field in model.model_fields.items()
    )
