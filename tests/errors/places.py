"""All places of a document where the JSON Schema lets a text stand, as value or as key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Change = Callable[[str], Any]
"""Returns a whole document with a text put into one place."""


@dataclass(frozen=True)
class Place:
    """Where a text can stand.

    Attributes:
        name: For people, e.g. `cells.lif.model`; `{}` stands for a new key.
        put: Puts a text there.
    """

    name: str
    put: Change


def text_places(schema: dict[str, Any], document: Any) -> list[Place]:
    """Return every place of a document, and of the fields it could have more, that takes a text.

    Raises:
        AssertionError: The language has an object of which the document has none: it must be
            given one, so that the texts of the object are seen.
    """
    walker = _Walker(schema)
    found = walker.places(schema, document, (), lambda new: new)
    unique = {place.name: place for place in found}
    missing = schema["$defs"].keys() - walker.seen
    assert not missing, f"everything.json has no {sorted(missing)}"
    return list(unique.values())


class _Walker:
    """Walks through schema and document side by side.

    Attributes:
        seen: Objects of the language that the document has.
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        self.definitions = schema["$defs"]
        self.seen: set[str] = set()

    def places(
        self, schema: Any, instance: Any, path: tuple[str, ...], rebuild: Change
    ) -> Iterator[Place]:
        """Yield the places at and below an instance; `rebuild` puts another in its stead."""
        for form in self.forms(schema, instance):
            if _takes_text(form):
                yield Place(".".join(path), rebuild)
            if "object" in _types(form) and instance is not None:
                yield from self.in_object(form, instance, path, rebuild)
            if "array" in _types(form) and instance is not None:
                yield from self.in_list(form, instance, path, rebuild)

    def forms(self, schema: Any, instance: Any) -> Iterator[dict[str, Any]]:
        """Yield the schemas that a value may satisfy; objects only where there is one."""
        if not isinstance(schema, dict):
            return
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if isinstance(instance, dict):
                self.seen.add(name)
                yield from self.forms(self.definitions[name], instance)
            return
        for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            yield from self.forms(each, instance)
        if not schema.keys() & {"anyOf", "oneOf"}:
            yield schema

    def in_object(
        self, schema: dict[str, Any], instance: Any, path: tuple[str, ...], rebuild: Change
    ) -> Iterator[Place]:
        given = instance if isinstance(instance, dict) else {}
        properties = schema.get("properties", {})

        def member(key: str) -> Change:
            return lambda new: rebuild({**given, key: new})

        for key, inner in properties.items():
            yield from self.places(inner, given.get(key), (*path, key), member(key))
        more = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
        for inner in (each for each in more if isinstance(each, dict)):
            others = {key: value for key, value in given.items() if key not in properties}
            for key, value in _first_of_each_kind(others.items()):
                yield from self.places(inner, value, (*path, key), member(key))
            yield from self.places(inner, None, (*path, "new"), member("new"))
        yield Place(
            ".".join((*path, "{}")),
            lambda key: rebuild({**given, key: next(iter(given.values()), "1 mV")}),
        )

    def in_list(
        self, schema: dict[str, Any], instance: Any, path: tuple[str, ...], rebuild: Change
    ) -> Iterator[Place]:
        given = instance if isinstance(instance, list) and instance else [None]
        inner = schema.get("items", {})
        for number, value in _first_of_each_kind(enumerate(given)):
            yield from self.places(
                inner,
                value,
                (*path, str(number)),
                lambda new, number=number: rebuild([*given[:number], new, *given[number + 1 :]]),
            )


def _first_of_each_kind(members: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield all objects and lists, but of plain values only one: the others are alike."""
    is_first = True
    for key, value in members:
        if is_first or isinstance(value, (dict, list)):
            yield key, value
        is_first &= isinstance(value, (dict, list))


def _types(schema: dict[str, Any]) -> list[str]:
    declared = schema.get("type", [])
    return declared if isinstance(declared, list) else [declared]


def _takes_text(schema: dict[str, Any]) -> bool:
    fixed = [*schema.get("enum", ()), schema.get("const")]
    return "string" in _types(schema) or any(isinstance(each, str) for each in fixed)
