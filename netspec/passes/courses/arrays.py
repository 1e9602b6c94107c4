"""Time courses whose numbers are listed, in the document or in a data file."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.nodes import Expression, Name
from netspec.ir import nodes as ir
from netspec.ir.recipe import FromFile, TableRecipe
from netspec.passes.courses.making import Making
from netspec.passes.data import resolve_numbers
from netspec.spec import data as spec
from netspec.spec.base import written_unit
from netspec.spec.courses import TimedArray
from netspec.units import UnitDefinition, UnitError, describe, quantity_in


def listed_numbers(course: TimedArray, making: Making, path: str) -> Expression | None:
    """Return the numbers of an array, or `None` once a problem with them was reported."""
    hold = making.steps(course.interval, f"{path}.interval")
    unit = _unit(course, making, path)
    if hold is None or unit is None:
        return None
    rows: tuple[tuple[Fraction, ...], ...] | FromFile | None
    if course.file is not None:
        rows, width = _rows_of_file(course, making, path)
        place = f"{path}.file"
    else:
        rows = _rows(course, unit, making, path)
        width, place = len(rows[0]) if rows else 0, f"{path}.values"
    if rows is None:
        return None
    owner = making.owner
    name = owner.called(making.own)
    table = ir.Table(name, making.dimension, width > 1 or not owner.is_whole, hold)
    making.tables.append((table, TableRecipe(name, rows, owner.view, place)))
    return Name(name)


def _unit(course: TimedArray, making: Making, path: str) -> UnitDefinition | None:
    unit = written_unit(course.unit)
    if unit.dimension == making.dimension:
        return unit
    making.problems.error(
        "wrong-dimension",
        f"{path}.unit",
        f"expected {describe(making.dimension)}, got '{course.unit}', {describe(unit.dimension)}",
    )
    return None


def _rows_of_file(
    course: TimedArray, making: Making, path: str
) -> tuple[FromFile, int] | tuple[None, int]:
    """Return the numbers of a data file, and how many a row has."""
    assert course.file is not None
    given = spec.FromFile(file=course.file, column=course.column, unit=course.unit)
    found = resolve_numbers(given, making.dimension, path, making.problems, dimensions=(1, 2))
    if found is None:
        return None, 0
    count, *others = found.data.shape
    width, size = (others or [1])[0], len(making.owner.view)
    if not count:
        making.problems.error("wrong-length", f"{path}.file", f"'{course.file}' has no numbers")
        return None, 0
    if making.refuse_difference(making.owner.alike and bool(others), f"{path}.file"):
        return None, 0
    if others and width != size:
        message = f"expected {size} columns, one per neuron, but '{course.file}' has {width}"
        making.problems.error("wrong-length", f"{path}.file", message)
        return None, 0
    return found, width


def _rows(
    course: TimedArray, unit: UnitDefinition, making: Making, path: str
) -> tuple[tuple[Fraction, ...], ...] | None:
    """Return the numbers of an array in SI, a row of one or of one per neuron."""
    problems, size = making.problems, len(making.owner.view)
    rows = []
    for number, given in enumerate(course.values or ()):
        row = given if isinstance(given, tuple) else (given,)
        where = f"{path}.values[{number}]"
        if making.refuse_difference(making.owner.alike and isinstance(given, tuple), where):
            return None
        if isinstance(given, tuple) and len(row) != size:
            message = f"expected {size} values, one per neuron, got {len(row)}"
            problems.error("wrong-length", where, message)
            return None
        try:
            rows.append(tuple(quantity_in(each, course.unit, unit).value for each in row))
        except UnitError as error:
            problems.error("bad-quantity", where, str(error))
            return None
    width = max(map(len, rows))
    return tuple(row * width if len(row) < width else row for row in rows)
