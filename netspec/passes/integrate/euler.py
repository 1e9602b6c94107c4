"""Forward Euler: x becomes x + dt*(dx/dt), all variables from the values before."""

from __future__ import annotations

from netspec.expr.nodes import Name
from netspec.ir import nodes as ir
from netspec.passes.integrate.system import System, Update, step_along


def euler(system: System) -> Update:
    """Return one stage.

    Raises:
        ExpressionError: The equations contain noise.
    """
    system.refuse_noise("euler")
    statements = []
    for variable, derivative in system.derivatives.items():
        value = step_along(Name(variable), Name(ir.TIME_STEP), derivative)
        statements.append(system.advance(variable, value))
    return Update((ir.Stage(tuple(statements)),) if statements else ())
