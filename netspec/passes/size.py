"""Limits on expressions that the compiler has put together from several of the author's."""

from __future__ import annotations

from collections.abc import Iterable

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Expression, children

MAX_DEPTH = 160
"""Python and C compilers refuse generated text that is nested much deeper."""

MAX_NODES = 200_000


def check_size(expressions: Iterable[Expression]) -> None:
    """Refuse expressions that are too deep or too large in all, before anybody walks through them.

    Shared parts are looked at once but count wherever they stand.

    Raises:
        ExpressionError: They are; says what is.
    """
    known: dict[int, tuple[int, int]] = {}
    total = 0
    for expression in expressions:
        depth, nodes = _size(expression, known)
        total += nodes
        if depth > MAX_DEPTH:
            message = f"the equations, put together, are nested deeper than {MAX_DEPTH} levels"
            raise ExpressionError("expression-too-large", message, hints=_HINTS)
        if total > MAX_NODES:
            message = f"the equations, put together, have more than {MAX_NODES} operations"
            raise ExpressionError("expression-too-large", message, hints=_HINTS)


_HINTS = ("write shorter equations or give the cell fewer receptors",)


def _size(root: Expression, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Return depth and number of nodes; without recursion, since the depth is what is in doubt."""
    waiting = [root]
    while waiting:
        node = waiting[-1]
        inner = children(node)
        missing = [child for child in inner if id(child) not in known]
        if missing:
            waiting += missing
            continue
        waiting.pop()
        sizes = [known[id(child)] for child in inner]
        known[id(node)] = (
            1 + max((depth for depth, _ in sizes), default=0),
            1 + sum(nodes for _, nodes in sizes),
        )
    return known[id(root)]
