"""Time courses whose numbers are listed, in the document or in a data file."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.nodes import Expression, Name
from netspec.ir import nodes as ir
from netspec.ir.recipe import FromFile, TableRecipe
from netspec.passes.courses.builder import CourseBuilder
from netspec.passes.data import resolve_numbers
from netspec.spec import data as spec
from netspec.spec.base import written_unit
from netspec.spec.courses import TimedArray
from netspec.units import UnitDefinition, UnitError, describe, quantity_in


def listed_numbers(course: TimedArray, builder: CourseBuilder, path: str) -> Expression | None:
    """Return the numbers of an array, or `None` once a problem with them was reported."""
    hold = builder.steps(course.interval, f"{path}.interval")
    unit = _unit(course, builder, path)
    if hold is None or unit is None:
        return None
    rows: tuple[tuple[Fraction, ...], ...] | FromFile | None
    if course.file is not None:
        rows, width = _rows_of_file(course, builder, path)
        place = f"{path}.file"
    else:
        rows = _rows(course, unit, builder, path)
        width, place = len(rows[0]) if rows else 0, f"{path}.values"
    if rows is None:
        return None
    owner = builder.owner
    name = owner.called(builder.own)
    table = ir.Table(name, builder.dimension, width > 1 or not owner.is_whole, hold)
    builder.tables.append((table, TableRecipe(name, rows, owner.view, place)))
    return Name(name)


def _unit(course: TimedArray, builder: CourseBuilder, path: str) -> UnitDefinition | None:
    unit = written_unit(course.unit)
    if unit.dimension == builder.dimension:
        return unit
    builder.problems.error(
        "wrong-dimension",
        f"{path}.unit",
        f"expected {describe(builder.dimension)}, got '{course.unit}', {describe(unit.dimension)}",
    )
    return None


def _rows_of_file(
    course: TimedArray, builder: CourseBuilder, path: str
) -> tuple[FromFile, int] | tuple[None, int]:
    """Return the numbers of a data file, and how many a row has."""
    assert course.file is not None
    given = spec.FromFile(file=course.file, column=course.column, unit=course.unit)
    found = resolve_numbers(given, builder.dimension, path, builder.problems, dimensions=(1, 2))
    if found is None:
        return None, 0
    count, *others = found.data.shape
    width, size = (others or [1])[0], len(builder.owner.view)
    if not count:
        builder.problems.error("wrong-length", f"{path}.file", f"'{course.file}' has no numbers")
        return None, 0
    if builder.refuse_difference(builder.owner.alike and bool(others), f"{path}.file"):
        return None, 0
    if others and width != size:
        message = f"expected {size} columns, one per neuron, but '{course.file}' has {width}"
        builder.problems.error("wrong-length", f"{path}.file", message)
        return None, 0
    return found, width


def _rows(
    course: TimedArray, unit: UnitDefinition, builder: CourseBuilder, path: str
) -> tuple[tuple[Fraction, ...], ...] | None:
    """Return the numbers of an array in SI, a row of one or of one per neuron."""
    problems, size = builder.problems, len(builder.owner.view)
    rows = []
    for number, given in enumerate(course.values or ()):
        row = given if isinstance(given, tuple) else (given,)
        where = f"{path}.values[{number}]"
        if builder.refuse_difference(builder.owner.alike and isinstance(given, tuple), where):
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
