"""Pairs of a source and a target of a table, and the projections that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netspec.spec.connectivity import Projection, Table, TableException
from netspec.spec.reading.paths import Step
from netspec.spec.varied import Varied, picked, varied_in

_OF_THE_TABLE = frozenset({"sources", "targets", "exceptions"})
"""Fields that are not about a single pair."""

EXCEPTIONAL = ("receptor", "rule", "weight", "delay")
"""Fields that an exception can have."""

Exceptions = Mapping[tuple[str, str], int]
"""Numbers of exceptions by source and target."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A source and a target of a table.

    Attributes:
        of: Name of the table.
        row, column: Of the target, of the source.
        exception: Number of the exception that the pair is, if it is one.
    """

    of: str
    table: Table
    row: int
    column: int
    exception: int | None

    @property
    def name(self) -> str:
        """The name of its projection: those of the table, the source and the target."""
        texts = (self.table.sources[self.column], self.table.targets[self.row])
        ends = (re.sub(r"[^A-Za-z0-9]", "_", each).rstrip("_") for each in texts)
        return "_".join((self.of, *ends))

    def projection(self) -> Projection:
        """Return what it stands for."""
        table, parts = self.table, self._parts()
        values = {name: picked(each, self.row, self.column) for name, each in parts.items()}
        return Projection(
            source=table.sources[self.column], target=table.targets[self.row], **values
        )

    @property
    def is_connected(self) -> bool:
        """Whether it stands for anything."""
        parts = self._parts()
        varied = [each for part in parts.values() for _, each in varied_in(part)]
        if any(each.of(self.row, self.column) is None for each in varied):
            return False
        return not picked(parts["rule"], self.row, self.column).choice.makes_nothing

    def place(self, within: Iterable[Step]) -> tuple[Step, ...]:
        """Return where the document has a part of its projection."""
        within = tuple(within)
        found: tuple[Step, ...] = ("tables", self.of)
        match within:
            case ("source", *_):
                return (*found, "sources", self.column)
            case ("target", *_):
                return (*found, "targets", self.row)
            case (str(field), *_) if field in self._own():
                assert self.exception is not None
                return (*found, "exceptions", self.exception, *within)
        part: object = self.table
        for step in within:
            found, part = (*found, step), getattr(part, str(step), None)
            if isinstance(part, Varied):
                found = (*found, *part.steps(self.row, self.column))
        return found

    def _parts(self) -> dict[str, Any]:
        """Return the fields of the projection as they are written, some of them for many pairs."""
        names = self.table.model_fields_set - _OF_THE_TABLE
        return {name: getattr(self.table, name) for name in names} | self._own()

    def _own(self) -> dict[str, Any]:
        """Return the fields that are different for this pair."""
        if self.exception is None:
            return {}
        return different(self.table.exceptions[self.exception])


def different(exception: TableException) -> dict[str, Any]:
    """Return the fields that an exception has in place of the table's."""
    given = {name: getattr(exception, name) for name in EXCEPTIONAL}
    return {name: value for name, value in given.items() if value is not None}


def connected_pairs(of: str, table: Table, exceptions: Exceptions) -> list[Pair]:
    """Return the pairs of a table that stand for a projection, row by row."""
    pairs = (
        Pair(of, table, row, column, exceptions.get((source, target)))
        for row, target in enumerate(table.targets)
        for column, source in enumerate(table.sources)
    )
    return [each for each in pairs if each.is_connected]
