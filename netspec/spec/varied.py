"""Values that differ between the pairs of a table of projections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import (
    BeforeValidator,
    Discriminator,
    GetJsonSchemaHandler,
    Tag,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from netspec.spec.base import Items, SpecModel, require_one
from netspec.spec.choice import Choice
from netspec.spec.reading.paths import Step

ItemT = TypeVar("ItemT")
OneT = TypeVar("OneT")
VariedT = TypeVar("VariedT")


def _plain(data: Any) -> object:
    """Return a NumPy array as lists, without importing NumPy."""
    return data.tolist() if hasattr(data, "tolist") else data


class Varied(SpecModel, Generic[ItemT]):
    """Values that differ from pair to pair of a table: exactly one of the fields."""

    by_source: Annotated[Items[ItemT] | None, BeforeValidator(_plain)] = None
    """One for each source."""

    by_target: Annotated[Items[ItemT] | None, BeforeValidator(_plain)] = None
    """One for each target."""

    table: Annotated[Items[Items[ItemT | None]] | None, BeforeValidator(_plain)] = None
    """A row for each target, with one for each source; `null` where the two are not connected."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        require_one("one-form", "form", self)
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        found = handler(schema)
        rows = handler.resolve_ref_schema(found)["properties"]["table"]["items"]
        rows["items"] = {"anyOf": [rows["items"], {"type": "null"}]}
        return found

    def steps(self, row: int, column: int) -> tuple[Step, ...]:
        """Return the place of the value of a pair, from here."""
        if self.by_source is not None:
            return "by_source", column
        return ("by_target", row) if self.by_target is not None else ("table", row, column)

    def of(self, row: int, column: int) -> ItemT | None:
        """Return the value for a target, a row, and a source, a column."""
        if self.by_source is not None:
            return self.by_source[column]
        if self.by_target is not None:
            return self.by_target[row]
        assert self.table is not None
        return self.table[row][column]

    def misfits(self, rows: int, columns: int) -> Iterator[tuple[tuple[Step, ...], str]]:
        """Yield where there are more or fewer values than there should be, and what is wrong."""
        for field, values, count, what in (
            ("by_source", self.by_source, columns, "values, one for each source"),
            ("by_target", self.by_target, rows, "values, one for each target"),
            ("table", self.table, rows, "rows, one for each target"),
        ):
            if values is not None and len(values) != count:
                yield (field,), f"expected {count} {what}, got {len(values)}"
        for number, row in enumerate(self.table or ()):
            if len(row) != columns:
                message = f"expected {columns} values, one for each source, got {len(row)}"
                yield ("table", number), message


def _form(data: object) -> str:
    is_varied = isinstance(data, Varied) or (
        isinstance(data, dict) and bool(data.keys() & Varied.model_fields.keys())
    )
    return "varied" if is_varied else "one"


Each = Annotated[
    Annotated[OneT, Tag("one")] | Annotated[VariedT, Tag("varied")], Discriminator(_form)
]
"""A value for all pairs, or values that differ between them."""


def varied_in(model: object, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Yield what differs in a part of a document, with its place from there."""
    if isinstance(model, Varied):
        yield path, model
    elif isinstance(model, SpecModel):
        for name in type(model).model_fields:
            yield from varied_in(getattr(model, name), (*path, name))


def picked(value: Any, row: int, column: int) -> Any:
    """Return a part of a document as it is for one pair."""
    if isinstance(value, Varied):
        return value.of(row, column)
    if not any(True for _ in varied_in(value)):
        return value
    given = {name: getattr(value, name) for name in value.model_fields_set}
    return type(value)(**{name: picked(each, row, column) for name, each in given.items()})


def refuse_varied(choice: Choice) -> Choice:
    """Refuse values that differ where there are no pairs of a table.

    Raises:
        PydanticCustomError: There are some.
    """
    for path, _ in varied_in(choice):
        raise PydanticCustomError(
            "only-in-table",
            "values differ between projections in a table only",
            {"at": path, "hints": ("one projection has one value",)},
        )
    return choice
