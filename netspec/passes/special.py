"""Functions that are no arithmetic, and where each of them has a meaning."""

from __future__ import annotations

from collections.abc import Callable, Collection

from netspec.expr.errors import ExpressionError
from netspec.expr.functions import FUNCTIONS, Kind
from netspec.expr.nodes import Call, Expression, Name, children, walk, with_children
from netspec.expr.text import write

_REASONS = {
    "draw": "random numbers are drawn in conditions and statements; noise in derivatives is 'xi'",
    "history": "the step before can be looked at in derivatives, conditions and statements",
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


def replace_draws(expression: Expression, new_draw: Callable[[str], Expression]) -> Expression:
    """Put something in place of every `uniform()` and `normal()`, left to right."""
    if isinstance(expression, Call) and FUNCTIONS[expression.function].kind == "draw":
        return new_draw(expression.function)
    inner = tuple(replace_draws(child, new_draw) for child in children(expression))
    return with_children(expression, inner)
