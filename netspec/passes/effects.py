"""What acts on cells from outside becomes a part of them: currents, and events without edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from netspec.expr.nodes import Binary, Call, Constant, Expression, Name, substitute
from netspec.ir import nodes as ir
from netspec.passes.compose.composer import sum_of
from netspec.passes.compose.parts import CURRENT
from netspec.passes.problems import Problems
from netspec.passes.resolved import ComposedCell, CoursePart, Definition, GridWeight, Symbol
from netspec.units import Dimension


def with_current(
    cell: ComposedCell, name: str, into: str, dimension: Dimension, value: Expression
) -> ComposedCell:
    """Return a cell with a current into one of its inputs.

    Args:
        cell: Has the parameters that the value reads.
        name: Of the current.
        into: The input; what is added to it is added in code-point order.
        dimension: Of both.
        value: At the beginning of each step.
    """
    current = f"{CURRENT}_{name}"
    added = {
        each: tuple(sorted((*others, current))) if each == into else others
        for each, others in cell.inputs
    }
    total = sum_of(added[into], dimension)
    definitions = (
        replace(each, value=total) if each.name == into else each for each in cell.definitions
    )
    by_name = sorted(
        (Definition(current, dimension, value, sampled=True), *definitions), key=_first
    )
    return replace(
        cell,
        definitions=tuple(by_name),
        inputs=tuple(added.items()),
    )


def _first(definition: Definition) -> tuple[bool, str]:
    """Return what sorts by name what is sampled, and leaves the others in order behind it."""
    return not definition.sampled, definition.name * definition.sampled


def with_drive(
    cell: ComposedCell, weight: GridWeight, mean: Expression, place: str
) -> ComposedCell:
    """Return a cell to one of whose ports a Poisson number of events comes in every step.

    Args:
        cell: Has the parameters that are read.
        weight: Of each event.
        mean: Number of events per step.
        place: Of what the mean is made from.
    """
    events = f"_events_{weight.owner}"
    draw = ir.Draw(events, "poisson", "events", mean=mean, origin=f"inputs.{weight.owner}")
    more: dict[str, Expression] = {
        ir.ACCUMULATOR: Binary(
            "+", Name(ir.ACCUMULATOR), Binary("*", Name(weight.on_grid), Name(events))
        ),
        ir.N_EVENTS: Binary("+", Name(ir.N_EVENTS), Call("integer", (Name(events),))),
    }
    ports = (
        replace(port, value=substitute(port.value, more)) if port.name == weight.port else port
        for port in cell.ports
    )
    return replace(
        cell,
        ports=tuple(ports),
        draws=(*cell.draws, draw),
        weights=(*cell.weights, weight),
        means=(*cell.means, (events, place)),
    )


def with_course(cell: ComposedCell, part: CoursePart, symbols: Iterable[Symbol]) -> ComposedCell:
    """Return a cell that has what a time course is made of, and more parameters."""
    parameters = (*cell.parameters, *part.parameters, *symbols)
    return replace(
        cell,
        parameters=tuple(sorted(parameters, key=lambda symbol: symbol.name)),
        tables=(*cell.tables, *part.tables),
        draws=(*cell.draws, *part.draws),
    )


def while_on(condition: Expression | None, value: Expression, dimension: Dimension) -> Expression:
    """Return a value where a condition holds, 0 elsewhere; always, without a condition."""
    if condition is None:
        return value
    return Call("where", (condition, value, Constant(0.0, dimension)))


def check_new_names(
    cell: ComposedCell, new: Iterable[str], population: str, path: str, problems: Problems
) -> bool:
    """Tell whether names are new to a cell; one that is not is reported."""
    taken = set(_names(cell))
    for name in new:
        if name in taken:
            problems.error(
                "duplicate-name",
                path,
                f"the cell of '{population}' would have two symbols '{name}'",
                hints=("give the input another name",),
            )
            return False
        taken.add(name)
    return True


def _names(cell: ComposedCell) -> Iterator[str]:
    yield from (each.name for each in (*cell.parameters, *cell.state))
    yield from (each.name for each in cell.definitions)
    yield from (each.target for each in cell.gathers)
    yield from (table.name for table, _ in cell.tables)
