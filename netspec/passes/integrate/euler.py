"""Forward Euler: x becomes x + dt*(dx/dt), all variables from the values before."""

from __future__ import annotations

from netspec.expr.nodes import Binary, Name
from netspec.ir import nodes as ir
from netspec.passes.integrate.system import System, Update


def euler(system: System) -> Update:
    """Return one stage."""
    statements = []
    for variable, derivative in system.derivatives.items():
        change = Binary("*", Name(ir.TIME_STEP), derivative)
        statements.append(system.advance(variable, Binary("+", Name(variable), change)))
    return Update((ir.Stage(tuple(statements)),) if statements else ())
