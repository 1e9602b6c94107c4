"""Functions that are no arithmetic, and where each of them has a meaning."""

from __future__ import annotations

from collections.abc import Callable, Collection

from netspec.expr.errors import ExpressionError
from netspec.expr.functions import FUNCTIONS, Kind
from netspec.expr.nodes import Call, Expression, Name, children, transform, walk, with_children
from netspec.expr.text import write
from netspec.ir.nodes import source_name

_REASONS = {
    "draw": "random numbers are drawn in conditions and statements; noise in derivatives is 'xi'",
    "history": "the step before can be looked at in derivatives, conditions and statements",
    "source": "other neurons are read where a receptor gathers",
}


def refuse_special(expression: Expression, allowed: Collection[Kind] = ()) -> None:
    """Refuse functions that have no meaning where an expression stands.

    Raises:
        ExpressionError: It calls one whose kind is not allowed.
    """
    for node in walk(expression):
        if not isinstance(node, Call):
            continue
        kind = FUNCTIONS[node.function].kind
        if kind in _REASONS and kind not in allowed:
            raise ExpressionError(
                "not-here", f"'{write(node)}' cannot stand here: {_REASONS[kind]}", write(node)
            )
        if node.function == "previous" and not isinstance(node.arguments[0], Name):
            raise ExpressionError(
                "not-here", f"'{write(node)}': 'previous' takes the name of a state variable"
            )


def with_source_names(expression: Expression) -> Expression:
    """Put a name in place of every `source(x)`.

    Raises:
        ExpressionError: It looks for something that has no name.
    """

    def named(node: Expression) -> Expression:
        match node:
            case Call("source", (Name(name),)):
                return Name(source_name(name))
            case Call("source"):
                message = f"'{write(node)}': 'source' takes a name"
                raise ExpressionError("not-here", message, write(node))
            case _:
                return node

    return transform(expression, named)


def replace_draws(expression: Expression, new_draw: Callable[[str], Expression]) -> Expression:
    """Put something in place of every `uniform()` and `normal()`, left to right."""
    if isinstance(expression, Call) and FUNCTIONS[expression.function].kind == "draw":
        return new_draw(expression.function)
    inner = tuple(replace_draws(child, new_draw) for child in children(expression))
    return with_children(expression, inner)
