"""Of which kind the value of an expression is."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.expr.nodes import (
    Call,
    Compare,
    Constant,
    Expression,
    Integer,
    Logical,
    Name,
    Negate,
    Not,
    children,
)
from netspec.ir.cell import Kind


def kind_of(expression: Expression, kinds: Mapping[str, Kind]) -> Kind:
    """Return the kind of a verified expression."""
    match expression:
        case Name(name):
            return kinds[name]
        case Constant():
            return "real"
        case Integer() | Call("integer"):
            return "integer"
        case Compare() | Logical() | Not():
            return "truth"
        case Call("where", (_, chosen, _)):
            return kind_of(chosen, kinds)
        case Call():
            return "real"
        case Negate(operand):
            return kind_of(operand, kinds)
        case _:
            return kind_of(children(expression)[0], kinds)
