"""Positions: coordinates become values of neurons, whatever they are written as."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from netspec.expr.fold import fold, real_indices
from netspec.expr.nodes import Binary, Call, Constant, Expression, Literal, Name
from netspec.ir.recipe import Computed, Item, Scalar, Value
from netspec.passes.problems import Problems
from netspec.passes.values import INDICES, resolve_value
from netspec.spec.cells import Population
from netspec.spec.space import COORDINATES, Grid, Space
from netspec.units import DIMENSIONLESS, LENGTH


def resolve_period(space: Space | None) -> tuple[Fraction | None, ...]:
    """Return for each dimension the length after which space begins again, in metres."""
    if space is None:
        return ()
    return tuple(None if each is None else each.value for each in space.period)


def resolve_positions(population: Population, path: str, problems: Problems) -> tuple[Item, ...]:
    """Return the coordinates of a population as `pos_x`, …; none if it has none or they are wrong.

    Args:
        population: As in the document.
        path: Its place.
        problems: Where problems go.
    """
    given = population.positions
    if given is None:
        return ()
    place = f"{path}.positions"
    values = (
        _on_grid(given.grid, population.size, f"{place}.grid", problems)
        if given.grid
        else (
            resolve_value(
                value,
                LENGTH,
                {"i": DIMENSIONLESS},
                f"{place}.{axis}",
                problems,
                count=population.size,
            )
            for axis in COORDINATES
            if (value := getattr(given, axis)) is not None
        )
    )
    places = [f"{place}.grid"] * 3 if given.grid else [f"{place}.{axis}" for axis in COORDINATES]
    found = [
        Item(f"pos_{axis}", value, where)
        for axis, where, value in zip(COORDINATES, places, values, strict=False)
        if value is not None
    ]
    return tuple(found)


def _on_grid(grid: Grid, size: int, path: str, problems: Problems) -> Iterator[Value | None]:
    points = math.prod(grid.shape)
    if points != size:
        problems.error(
            "wrong-length",
            f"{path}.shape",
            f"a grid of {' x '.join(map(str, grid.shape))} has {points} points, but there are "
            f"{size} neurons",
        )
        return
    for axis, count in enumerate(grid.shape):
        spacing = _length(grid, "spacing", axis, path, problems)
        origin = _length(grid, "origin", axis, path, problems) if grid.origin else Fraction(0)
        if spacing is None or origin is None:
            yield None
            continue
        place = _remainder(_quotient(Name("i"), math.prod(grid.shape[axis + 1 :])), count)
        step = Binary("*", Constant(float(spacing), LENGTH), place)
        yield Computed(
            fold(real_indices(Binary("+", Constant(float(origin), LENGTH), step), INDICES))
        )


def _length(grid: Grid, field: str, axis: int, path: str, problems: Problems) -> Fraction | None:
    where = f"{path}.{field}[{axis}]"
    value = resolve_value(getattr(grid, field)[axis], LENGTH, {}, where, problems, count=None)
    return value.value if isinstance(value, Scalar) else None


def _quotient(number: Expression, divisor: int) -> Expression:
    return Call("floor", (Binary("/", number, Literal(Fraction(divisor))),))


def _remainder(number: Expression, divisor: int) -> Expression:
    multiple = Binary("*", Literal(Fraction(divisor)), _quotient(number, divisor))
    return Binary("-", number, multiple)
