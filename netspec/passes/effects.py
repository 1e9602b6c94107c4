"""What acts on cells from outside becomes a part of them: currents, and events without edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from netspec.expr.fold import fold, real_indices
from netspec.expr.nodes import Binary, Call, Compare, Constant, Expression, Name, substitute
from netspec.expr.parse import parse_expression
from netspec.ir import nodes as ir
from netspec.ir.recipe import Computed, Range, RangeRecipe, Scalar, Value
from netspec.passes.compose.composer import sum_of
from netspec.passes.compose.parts import CURRENT
from netspec.passes.courses import CourseOwner
from netspec.passes.problems import Problems
from netspec.passes.resolved import (
    Assign,
    ComposedCell,
    CoursePart,
    Definition,
    GridWeight,
    Symbol,
)
from netspec.passes.values import INDICES
from netspec.realise.ranges import MAX_MEAN
from netspec.units import DIMENSIONLESS, Dimension


@dataclass(frozen=True, slots=True)
class Gate:
    """What opens while an input acts on a neuron.

    Attributes:
        condition: It is open.
        symbol: The parameter that the condition reads.
        changes: How the timeline changes the parameter.
    """

    condition: Expression
    symbol: Symbol
    changes: tuple[Assign, ...]


def gate(owner: CourseOwner, start: int, stop: int | None) -> Gate | None:
    """Return the gate of an input, or `None` if it always acts on all neurons.

    Args:
        owner: Of the input.
        start: First step in which it acts.
        stop: First step in which it no longer does; `None` for the end of the run.
    """
    if owner.is_whole and start == 0 and stop is None:
        return None
    name, view = owner.called("on"), owner.view
    value: Value = Scalar(Fraction(start == 0))
    if not owner.is_whole and start == 0:
        text = f"where(i >= {view.start} and i < {view.stop}, 1, 0)"
        value = Computed(fold(real_indices(parse_expression(text), INDICES)))
    changes = (
        Assign(step, "parameter", owner.population, name, view, Scalar(Fraction(on)), owner.path)
        for step, on in ((start, 1), (stop, 0))
        if step is not None and step > 0
    )
    condition = Compare(">", Name(name), Constant(0.5))
    return Gate(
        condition, Symbol(name, DIMENSIONLESS, value, owner.path, of_input=True), tuple(changes)
    )


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
        place: Of the rate.
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
        ranges=(*cell.ranges, RangeRecipe(Range(weight.owner, MAX_MEAN), mean, place)),
    )


def with_course(cell: ComposedCell, part: CoursePart, symbols: Iterable[Symbol]) -> ComposedCell:
    """Return a cell that has what a time course is made of, and more parameters."""
    parameters = (*cell.parameters, *part.parameters, *symbols)
    return replace(
        cell,
        parameters=tuple(sorted(parameters, key=lambda symbol: symbol.name)),
        tables=(*cell.tables, *part.tables),
        draws=(*cell.draws, *part.draws),
        distributions=(*cell.distributions, *part.distributions),
    )


def while_on(condition: Expression | None, value: Expression, dimension: Dimension) -> Expression:
    """Return a value where a condition holds, 0 elsewhere; always, without a condition."""
    if condition is None:
        return value
    return Call("where", (condition, value, Constant(0.0, dimension)))


def check_new_names(
    cell: ComposedCell, new: Iterable[str], owner: CourseOwner, problems: Problems
) -> bool:
    """Tell whether names are new to a cell; one that is not is reported."""
    taken = set(_names(cell))
    for name in new:
        if name in taken:
            problems.error(
                "duplicate-name",
                owner.path,
                f"what input '{owner.name}' adds to the cell of '{owner.population}' would be "
                f"called '{name}', a name that is taken",
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
