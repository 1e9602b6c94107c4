"""Functions that are no arithmetic, and where each of them has a meaning."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container

from netspec.expr.errors import ExpressionError
from netspec.expr.functions import FUNCTIONS, Kind
from netspec.expr.nodes import (
    Call,
    Expression,
    Name,
    children,
    names,
    transform,
    walk,
    with_children,
)
from netspec.expr.text import write
from netspec.ir.nodes import ACCUMULATOR, N_EVENTS, source_name

_REASONS = {
    "draw": "random numbers are drawn in conditions and statements; noise in derivatives is 'xi'",
    "history": "the step before can be looked at in derivatives, conditions and statements",
    "source": "other neurons are read where a receptor gathers",
}


def refuse_special(
    expression: Expression, allowed: Collection[Kind] = (), state: Container[str] = ()
) -> None:
    """Refuse functions that have no meaning where an expression stands.

    Args:
        expression: As written.
        allowed: Kinds of functions that it may call.
        state: Variables that have a value of the step before.

    Raises:
        ExpressionError: It calls one whose kind is not allowed, or looks at the step before of
            something that has none.
    """
    for node in walk(expression):
        if not isinstance(node, Call):
            continue
        kind = FUNCTIONS[node.function].kind
        if kind in _REASONS and kind not in allowed:
            raise ExpressionError(
                "not-here", f"'{write(node)}' cannot stand here: {_REASONS[kind]}", write(node)
            )
        if kind == "history":
            _check_history(node, state)


def _check_history(call: Call, state: Container[str]) -> None:
    (value,) = call.arguments
    inside = (FUNCTIONS[node.function].kind for node in walk(value) if isinstance(node, Call))
    if "history" in inside:
        why = "it would look at the step before that of the step before"
    elif call.function == "previous" and not (isinstance(value, Name) and value.name in state):
        why = "'previous' takes the name of a state variable"
    elif names(value) & {ACCUMULATOR, N_EVENTS}:
        why = "what arrives in one step has no step before"
    else:
        return
    raise ExpressionError("not-here", f"'{write(call)}' cannot stand here: {why}", write(call))


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
