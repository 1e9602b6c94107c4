"""What comments of programs say of equations and units."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.expr.text import write
from netspec.ir import nodes as ir
from netspec.units import DIMENSIONLESS, Dimension


def unit_text(dimension: Dimension) -> str:
    """Return the SI unit, empty for a plain number."""
    return "" if dimension == DIMENSIONLESS else str(dimension)


def parameter_note(parameter: ir.Parameter) -> str:
    """Return the unit of a parameter, and what the compiler's own ones count."""
    return "steps" if parameter.name == ir.PERIOD else unit_text(parameter.dimension)


def cell_texts(cell: ir.Cell) -> Iterator[str]:
    """Yield the equations of a model as its author wrote them, and what its events do."""
    yield from map(_equation_text, cell.equations)
    yield from map(_event_text, cell.events)


def _equation_text(equation: ir.Equation) -> str:
    left = f"d{equation.name}/dt" if equation.kind == "derivative" else equation.name
    return f"{left} = {write(equation.value)}"


def _event_text(event: ir.Event) -> str:
    statements = (*event.immediate, *event.statements)
    done = ", ".join(f"{each.target} = {write(each.value)}" for each in statements)
    when = f"{event.name} when {write(event.condition)}"
    return f"{when}: {done}" if done else when
