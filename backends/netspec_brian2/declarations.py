"""What a population's group declares: its equations, and which variables have 64 bits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netspec.ir import nodes as ir
from netspec.ir.features import counts_events, sums_weights
from netspec.units import DIMENSIONLESS, Dimension
from netspec_brian2.cells import CellPrinter
from netspec_brian2.changes import Change
from netspec_brian2.names import NOT_FINITE
from netspec_brian2.units import unit_text


@dataclass(frozen=True, slots=True)
class _Declaration:
    """A variable of a group.

    Attributes:
        name: Brian2's name.
        flags: Brian2's flags.
        note: For readers.
    """

    name: str
    kind: ir.Kind
    dimension: Dimension = DIMENSIONLESS
    flags: tuple[str, ...] = ()
    note: str = ""

    @property
    def line(self) -> str:
        """The line of the equations."""
        words = {"integer": "integer", "truth": "boolean"}
        ending = f" ({', '.join(self.flags)})" if self.flags else ""
        line = f"{self.name} : {words.get(self.kind, unit_text(self.dimension))}{ending}"
        return _noted(line, self.note)


def equation_lines(cell: CellPrinter, changes: Sequence[Change]) -> Iterator[str]:
    """Yield the equations as their author wrote them, then all other variables."""
    notes = {each.name: _note(each) for each in cell.cell.state}
    for equation in cell.cell.equations:
        name = cell.name(equation.name)
        left = f"d{name}/dt" if equation.kind == "derivative" else name
        line = f"{left} = {cell.scope.print(equation.value)} : {unit_text(equation.dimension)}"
        yield _noted(line, notes.get(equation.name, ""))
    for table in cell.cell.tables:
        given = "t, i" if table.per_neuron else "t"
        value = f"{cell.table(table)}({given})"
        yield f"{cell.name(table.name)} = {value} : {unit_text(table.dimension)}"
    yield from _sums_of_several(cell)
    written = {cell.name(equation.name) for equation in cell.cell.equations}
    for declaration in _declarations(cell, changes):
        if declaration.name not in written:
            yield declaration.line


def integer_names(cell: CellPrinter, changes: Sequence[Change]) -> Iterator[str]:
    """Yield the variables that are 64-bit integers; Brian2's own have 32."""
    for declaration in _declarations(cell, changes):
        if declaration.kind == "integer":
            yield declaration.name


def _sums_of_several(cell: CellPrinter) -> Iterator[str]:
    """Yield the equations of what several gathers add to."""
    for local in cell.cell.gathered:
        if len(adding := cell.adding(local.name)) > 1:
            terms = " + ".join(map(cell.summed, adding))
            yield f"{cell.name(local.name)} = {terms} : {unit_text(local.dimension)}"


def _gathered(cell: CellPrinter) -> Iterator[_Declaration]:
    """Yield what gathers fill; what none adds to stays 0."""
    for local in cell.cell.gathered:
        adding = cell.adding(local.name)
        for gather in adding:
            note = f"summed by {gather.name}"
            yield _Declaration(cell.summed(gather), "real", local.dimension, note=note)
        if not adding:
            yield _Declaration(cell.name(local.name), "real", local.dimension, ("constant",))


def _note(variable: ir.Variable) -> str:
    """Return what Brian2 has no word for: a derivative cannot be `shared`."""
    return "shared: every neuron keeps the same value" if variable.shared else ""


def _noted(line: str, note: str) -> str:
    return f"{line}  # {note}" if note else line


def _declarations(cell: CellPrinter, changes: Sequence[Change]) -> Iterator[_Declaration]:
    for variable in (*cell.cell.state, *cell.stored_locals):
        name, note = cell.name(variable.name), _note(variable)
        yield _Declaration(name, variable.kind, variable.dimension, note=note)
    yield from _gathered(cell)
    for draw in cell.stored_draws:
        yield _Declaration(cell.name(draw.name), "real", note="drawn anew in each step")
    for parameter in cell.cell.parameters:
        flags = [*([] if parameter.varies else ["constant"])]
        flags += [] if parameter.per_neuron else ["shared"]
        name = cell.name(parameter.name)
        yield _Declaration(name, parameter.kind, parameter.dimension, tuple(flags))
    for change in changes:
        if change.is_stored:
            kind: ir.Kind = "integer" if change.is_integer else "real"
            yield _Declaration(change.later, kind, change.dimension, ("constant",))
    for name in cell.stored_spares:
        yield _Declaration(cell.name(name, "next"), "integer")
    for port in cell.cell.ports:
        if sums_weights(port):
            yield _Declaration(cell.name(port.name, "acc"), "real", port.weight_dimension)
        if counts_events(port):
            yield _Declaration(cell.name(port.name, "n_events"), "integer")
    if cell.watched:
        yield _Declaration(cell.name(NOT_FINITE, "own"), "integer")
