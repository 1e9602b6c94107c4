"""`resolve`, data files: what a document refers to is there and has the right form."""

from __future__ import annotations

from fractions import Fraction

from netspec.data import edge_names
from netspec.data.spikes import recorded_columns, spike_columns
from netspec.ir.recipe import EdgeTable, FromFile, Rounding, SpikeTable
from netspec.passes.problems import Problems
from netspec.spec import data as spec
from netspec.spec.base import written_unit
from netspec.units import TIME, Dimension, UnitDefinition, describe


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


def resolve_edges(
    file: str, population: str | None, path: str, problems: Problems
) -> EdgeTable | None:
    """Return the pairs that a data file lists, or `None` once a problem with it was reported.

    Args:
        file: Its name.
        population: Of SONATA edges.
        path: Place of the rule.
        problems: Where problems go.
    """
    with problems.data_at(f"{path}.file"):
        known = problems.data_file(file)
        sources, targets = (
            known.array(column, population=population) for column in edge_names(file).ends
        )
        if sources.shape == targets.shape:
            return EdgeTable(sources, targets)
        numbers = f"{sources.shape[0]} and {targets.shape[0]}"
        message = f"'{sources.column}' and '{targets.column}' of '{file}' have {numbers} items"
        problems.error("wrong-length", f"{path}.file", message)
    return None


def resolve_spikes(
    given: spec.SpikeFile, rounding: Rounding, dt: Fraction, path: str, problems: Problems
) -> SpikeTable | None:
    """Return the spikes that a data file lists, or `None` once a problem was reported."""
    power = None
    if given.unit is not None:
        unit = written_unit(given.unit)
        power = power_of(unit)
        if unit.dimension != TIME:
            message = f"expected a unit of time, got '{given.unit}'"
            problems.error("wrong-dimension", f"{path}.unit", message)
            return None
    with problems.data_at(f"{path}.file"):
        file = problems.data_file(given.file)
        if given.recorded is not None:
            names = recorded_columns(file, given.recorded, dt)
        else:
            names = spike_columns(given.file, steps=power is None)
        neurons, times = (file.array(name) for name in names)
        if neurons.shape == times.shape:
            return SpikeTable(neurons, times, power, rounding)
        message = f"'{names[0]}' and '{names[1]}' of '{given.file}' have different lengths"
        problems.error("wrong-length", f"{path}.file", message)
    return None


def power_of(unit: UnitDefinition) -> int:
    """Return n for a unit of 10**n in SI; all units of the table are powers of ten."""
    factor = unit.factor
    return len(str(factor.numerator)) - len(str(factor.denominator))
