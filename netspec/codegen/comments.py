"""What comments of programs say of equations and units."""

from __future__ import annotations

from netspec.expr.text import write
from netspec.ir import nodes as ir
from netspec.units import DIMENSIONLESS, Dimension


def unit_text(dimension: Dimension) -> str:
    """Return the SI unit, empty for a plain number."""
    return "" if dimension == DIMENSIONLESS else str(dimension)


def equation_text(equation: ir.Equation) -> str:
    """Return an equation as its author wrote it, after what it defines."""
    left = f"d{equation.name}/dt" if equation.kind == "derivative" else equation.name
    return f"{left} = {write(equation.value)}"
