"""Expression trees: what every stage of the compiler after the parser works on.

A tree as parsed holds `Literal` and `Unit` leaves; `fold` turns each maximal subtree of them into
one `Constant`, a double in SI. Trees are never text again until a backend prints them, and they
are evaluated exactly as they stand: no reassociation, no contraction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter
from typing import Any, Literal as OneOf

from netspec.units import DIMENSIONLESS, Dimension

ArithmeticOperator = OneOf["+", "-", "*", "/", "**"]
ComparisonOperator = OneOf["<", "<=", ">", ">=", "==", "!="]
LogicalOperator = OneOf["and", "or"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A number as written, exact."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit name as written, e.g. `mV`."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A folded real number in SI with its dimension."""

    value: float
    dimension: Dimension = DIMENSIONLESS


@dataclass(frozen=True, slots=True)
class Integer:
    """An integer constant; appears only where integers are computed with."""

    value: int


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, parameter, index or local."""

    name: str


@dataclass(frozen=True, slots=True)
class Negate:
    """Arithmetic negation (the sign bit of a double)."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Not:
    """Logical negation."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """An arithmetic operation on two numbers."""

    operator: ArithmeticOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two numbers; gives a truth value."""

    operator: ComparisonOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Logical:
    """`and` or `or` of two truth values, both always evaluated."""

    operator: LogicalOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the closed list in `netspec.expr.functions`."""

    function: str
    arguments: tuple[Expression, ...]


Expression = (
    Literal | Unit | Constant | Integer | Name | Negate | Not | Binary | Compare | Logical | Call
)


def _no_children(_leaf: Expression) -> tuple[Expression, ...]:
    return ()


_CHILDREN: Mapping[type, Callable[[Any], tuple[Expression, ...]]] = {
    **dict.fromkeys((Literal, Unit, Constant, Integer, Name), _no_children),
    **dict.fromkeys((Negate, Not), lambda node: (node.operand,)),
    **dict.fromkeys((Binary, Compare, Logical), attrgetter("left", "right")),
    Call: attrgetter("arguments"),
}
"""By kind of node: large trees are walked through many times, and a table is twice as fast as a
`match`."""


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the direct sub-expressions, left to right."""
    return _CHILDREN[type(expression)](expression)


def with_children(expression: Expression, new: tuple[Expression, ...]) -> Expression:
    """Return a node of the same kind over other sub-expressions."""
    match expression:
        case Negate():
            return Negate(*new)
        case Not():
            return Not(*new)
        case Binary(operator):
            return Binary(operator, *new)
        case Compare(operator):
            return Compare(operator, *new)
        case Logical(operator):
            return Logical(operator, *new)
        case Call(function):
            return Call(function, new)
        case _:
            return expression


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield the expression and everything in it, parents first, left to right."""
    waiting = [expression]  # no recursion: a sum over many receptors is a deep tree
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def transform(expression: Expression, rewrite: Callable[[Expression], Expression]) -> Expression:
    """Rebuild a tree bottom-up, passing every node through `rewrite`.

    A part that stands in several places is rebuilt once and stays one object.
    """
    known: dict[int, Expression] = {}

    def rebuilt(node: Expression) -> Expression:
        if id(node) not in known:
            before = children(node)
            parts = tuple(map(rebuilt, before))
            is_new = any(one is not other for one, other in zip(parts, before, strict=True))
            known[id(node)] = rewrite(with_children(node, parts) if is_new else node)
        return known[id(node)]

    return rebuilt(expression)


def substitute(expression: Expression, replacements: dict[str, Expression]) -> Expression:
    """Replace names by trees, all at once."""

    def replace_name(node: Expression) -> Expression:
        return replacements.get(node.name, node) if isinstance(node, Name) else node

    return transform(expression, replace_name)


def names(expression: Expression) -> frozenset[str]:
    """Return the names that an expression reads."""
    return frozenset(node.name for node in walk(expression) if isinstance(node, Name))
