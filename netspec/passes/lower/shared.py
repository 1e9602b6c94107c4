"""What exists once per population: made from such things, and by the update only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from netspec.errors import Diagnostic, SpecError
from netspec.expr.nodes import names
from netspec.ir import nodes as ir
from netspec.ir.recipe import PerItem, names_in
from netspec.passes.resolved import Symbol


def check_shared(cell: ir.Cell, initial: Iterable[Symbol], path: str) -> ir.Cell:
    """Return the cell with its locals and draws shared where something shared reads them.

    Args:
        cell: As lowered.
        initial: Its state variables with their values before step 0.
        path: Its place in the document.

    Raises:
        SpecError: Something shared is made from what every neuron has its own of, or one neuron
            would assign it for all.
    """
    shared = {variable.name for variable in cell.state if variable.shared}
    if not shared:
        return cell
    made = {each.name for each in cell.locals} | {each.name for each in cell.draws}
    known = {each.name for each in cell.parameters if not each.per_neuron}
    known |= {ir.TIME, ir.TIME_STEP}
    statements = [statement for stage in cell.stages for statement in stage.statements]
    found = set(shared)
    while True:  # what something shared reads must be shared
        read = frozenset().union(*(names(s.value) for s in statements if s.target in found))
        more = (read & made) - found
        if not more:
            break
        found |= more
    for statement in statements:
        wrong = sorted(names(statement.value) - found - known)
        if statement.target in found and wrong:
            raise _problem(
                path,
                f"'{statement.target}' is shared by the population, but what it becomes reads "
                f"'{wrong[0]}', of which each neuron has its own",
            )
    for each in initial:
        is_list, reads = isinstance(each.value, PerItem), names_in(each.value)
        if each.shared and (is_list or not reads <= known | shared):
            message = f"'{each.name}' is shared by the population and needs one value for all"
            raise SpecError([Diagnostic("shared-state", each.path, message)])
    for statement in _later(cell):
        if statement.target in shared:
            raise _problem(
                path,
                f"'{statement.target}' is shared by the population, so a statement of one neuron "
                "cannot assign it",
            )
    return replace(
        cell,
        locals=tuple(replace(each, shared=each.name in found) for each in cell.locals),
        draws=tuple(replace(each, shared=each.name in found) for each in cell.draws),
    )


def _later(cell: ir.Cell) -> Iterator[ir.Statement]:
    for port in cell.ports:
        yield from port.statements
    for event in cell.events:
        yield from event.statements


def _problem(path: str, message: str) -> SpecError:
    return SpecError([Diagnostic("shared-state", f"{path}.model", message)])
