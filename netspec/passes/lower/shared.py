"""What exists once per population: made from such things, and by the update only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from netspec.errors import Diagnostic, SpecError
from netspec.expr.nodes import Expression, names
from netspec.ir import nodes as ir
from netspec.ir.recipe import length_of, names_in
from netspec.passes.resolved import Assigned, ComposedCell


def check_shared(cell: ComposedCell, parameters: Iterable[ir.Parameter]) -> None:
    """Check that what a population shares is the same for all of its neurons.

    Args:
        cell: With its abbreviations written out.
        parameters: The author's.

    Raises:
        SpecError: Something shared is made from what every neuron has its own of, or one neuron
            would assign it for all.
    """
    shared = {variable.name for variable in cell.state if variable.shared}
    known = {each.name for each in parameters if not each.per_neuron}
    known |= {ir.TIME, ir.TIME_STEP, *shared}
    drawn = {*cell.noise, *(each.name for each in cell.draws)}
    for name, becomes, value in _moving(cell):
        wrong = sorted(names(value) - known - drawn)
        if name in shared and wrong:
            raise _problem(
                f"{cell.path}.model",
                f"'{name}' is shared by the population, but {becomes} reads '{wrong[0]}', of which "
                "each neuron has its own",
            )
    for each in cell.state:
        is_list, reads = length_of(each.value) is not None, names_in(each.value)
        if each.shared and (is_list or not reads <= known):
            message = f"'{each.name}' is shared by the population and needs one value for all"
            raise _problem(each.path, message)
    for name, _ in _by_one_neuron(cell):
        if name in shared:
            raise _problem(
                f"{cell.path}.model",
                f"'{name}' is shared by the population, so a statement of one neuron cannot "
                "assign it",
            )


def share_what_is_read(cell: ir.Cell) -> ir.Cell:
    """Return the cell with its locals and draws shared where something shared reads them."""
    found = {variable.name for variable in cell.state if variable.shared}
    if not found:
        return cell
    made = {each.name for each in cell.locals} | {each.name for each in cell.draws}
    statements = [statement for stage in cell.stages for statement in stage.statements]
    while more := _read_by(found, statements) & made - found:
        found |= more
    return replace(
        cell,
        locals=tuple(replace(each, shared=each.name in found) for each in cell.locals),
        draws=tuple(replace(each, shared=each.shared or each.name in found) for each in cell.draws),
    )


def _read_by(targets: set[str], statements: Sequence[ir.Statement]) -> frozenset[str]:
    values = (names(each.value) for each in statements if each.target in targets)
    return frozenset().union(*values)


def _moving(cell: ComposedCell) -> Iterator[tuple[str, str, Expression]]:
    """Yield what the update moves: the variable, what of it a value is, and the value."""
    for name, value in cell.derivatives:
        yield name, "its derivative", value
    for name, value in (each for stage in cell.update for each in stage):
        yield name, "what it becomes", value
    for name, value in cell.increments:
        yield name, "its increment", value


def _by_one_neuron(cell: ComposedCell) -> Iterator[Assigned]:
    for port in cell.ports:
        yield port.target, port.value
    for event in cell.events:
        yield from event.statements
        for action in event.later:
            yield from action.statements


def _problem(path: str, message: str) -> SpecError:
    return SpecError([Diagnostic("shared-state", path, message)])
