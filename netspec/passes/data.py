"""`resolve`, data files: what a document refers to is there and has the right form."""

from __future__ import annotations

from netspec.ir.recipe import FromFile
from netspec.passes.problems import Problems
from netspec.spec import data as spec
from netspec.spec.base import written_unit
from netspec.units import Dimension, UnitDefinition, describe


def resolve_numbers(
    given: spec.FromFile,
    dimension: Dimension,
    path: str,
    problems: Problems,
    *,
    dimensions: tuple[int, ...] = (1,),
) -> FromFile | None:
    """Return numbers of a data file, or `None` once a problem with them was reported.

    Args:
        given: As in the document.
        dimension: What they must be.
        path: Its place, for messages.
        problems: Where problems go.
        dimensions: 1 for a list of numbers, 2 for a table.
    """
    unit = written_unit(given.unit)
    if unit.dimension != dimension:
        expected = f"expected the unit of {describe(dimension)}"
        got = f"got '{given.unit}', that of {describe(unit.dimension)}"
        problems.error("wrong-dimension", f"{path}.unit", f"{expected}, {got}")
    with problems.data_at(f"{path}.file"):
        file = problems.data_file(given.file)
        with problems.data_at(f"{path}.column" if given.column else path):
            data = file.array(given.column, population=given.population, dimensions=dimensions)
            return FromFile(data, power_of(unit)) if unit.dimension == dimension else None
    return None


def power_of(unit: UnitDefinition) -> int:
    """Return n for a unit of 10**n in SI; all units of the table are powers of ten."""
    factor = unit.factor
    return len(str(factor.numerator)) - len(str(factor.denominator))
