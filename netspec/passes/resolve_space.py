"""Positions: coordinates become values of neurons, whatever they are written as."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from netspec.expr.fold import fold, real_indices
from netspec.expr.nodes import Binary, Call, Constant, Expression, Literal, Name
from netspec.ir.recipe import Computed, Item, Scalar, Value
from netspec.passes.problems import Problems
from netspec.passes.readable import neuron_symbols
from netspec.passes.values import INDICES, resolve_value
from netspec.realise.neurons import AXES
from netspec.spec.inputs import Effect, EmittingInput, SpikeTimes
from netspec.spec.network import Network
from netspec.spec.space import COORDINATES, Grid, Positions, Space
from netspec.units import LENGTH


def resolve_period(space: Space | None) -> tuple[Fraction | None, ...]:
    """Return for each dimension the length after which space begins again, in metres."""
    if space is None:
        return ()
    return tuple(None if each is None else each.value for each in space.period)


def resolve_positions(network: Network, problems: Problems) -> dict[str, tuple[Item, ...]]:
    """Return the coordinates of populations and inputs that have positions, as `pos_x`, ….

    Args:
        network: As written.
        problems: Where problems go; a coordinate that has one is left out.
    """
    found = {}
    for name, population in sorted(network.populations.items()):
        if population.positions is not None:
            found[name] = _coordinates(
                population.positions, population.size, f"populations.{name}.positions", problems
            )
    for name, source in sorted(network.inputs.items()):
        if not isinstance(source, Effect) and source.positions is not None:
            found[name] = _coordinates(
                source.positions, _size(source), f"inputs.{name}.positions", problems
            )
    return found


def _size(source: EmittingInput) -> int:
    if isinstance(source, SpikeTimes) and isinstance(source.times, tuple):
        return len(source.times)
    assert source.size is not None
    return source.size


def _coordinates(given: Positions, size: int, path: str, problems: Problems) -> tuple[Item, ...]:
    symbols = neuron_symbols(None, ())
    values = (
        _on_grid(given.grid, size, f"{path}.grid", problems)
        if given.grid
        else (
            resolve_value(value, LENGTH, symbols, f"{path}.{axis}", problems, count=size)
            for axis in COORDINATES
            if (value := getattr(given, axis)) is not None
        )
    )
    places = [f"{path}.grid"] * 3 if given.grid else [f"{path}.{axis}" for axis in COORDINATES]
    found = [
        Item(axis, value, where)
        for axis, where, value in zip(AXES, places, values, strict=False)
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
