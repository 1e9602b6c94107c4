"""Printing expression trees as the text of some language.

`ExpressionPrinter` writes the common notation of Python and of the documents. A subclass
overrides hooks, one per thing that differs between languages, and never walks the tree. The text
always parses back to the tree it came from, since another tree would round differently.
"""

from __future__ import annotations

from enum import IntEnum
from functools import singledispatchmethod
from math import isfinite
from typing import NamedTuple

from netspec.errors import InternalError
from netspec.expr.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    Expression,
    Integer,
    Logical,
    Name,
    Negate,
    Not,
)


class Precedence(IntEnum):
    """How tightly a piece of text holds together; higher is tighter."""

    OR = 1
    AND = 2
    NOT = 3
    COMPARE = 4
    ADD = 5
    MULTIPLY = 6
    NEGATE = 7
    POWER = 8
    ATOM = 9


class Printed(NamedTuple):
    """A piece of text and how tightly it holds together."""

    text: str
    precedence: Precedence = Precedence.ATOM

    def within(self, needed: Precedence) -> str:
        """Return the text, in parentheses if it holds together less than `needed`."""
        return self.text if self.precedence >= needed else f"({self.text})"


_ARITHMETIC = {
    "+": Precedence.ADD,
    "-": Precedence.ADD,
    "*": Precedence.MULTIPLY,
    "/": Precedence.MULTIPLY,
}


class ExpressionPrinter:
    """Prints lowered trees: no `Literal` and no `Unit`.

    The hooks are `name`, `constant`, `quantity`, `integer`, `function_name`, `call`, `negation`,
    `logical` and `binary`.
    """

    def print(self, expression: Expression) -> str:
        """Return the text of an expression."""
        return self.visit(expression).text

    @singledispatchmethod
    def visit(self, node: Expression) -> Printed:
        """Return the text of a node and how tightly it holds together."""
        raise InternalError(f"{type(node).__name__} cannot be printed")

    @visit.register
    def _(self, node: Name) -> Printed:
        return Printed(self.name(node.name))

    @visit.register
    def _(self, node: Constant) -> Printed:
        return self.quantity(node)

    @visit.register
    def _(self, node: Integer) -> Printed:
        return _number(self.integer(node.value))

    @visit.register
    def _(self, node: Negate) -> Printed:
        # Something tighter than another minus: `--x` would be a decrement in C.
        operand = self.visit(node.operand).within(Precedence.POWER)
        return Printed(f"-{operand}", Precedence.NEGATE)

    @visit.register
    def _(self, node: Binary) -> Printed:
        return self.binary(node)

    @visit.register
    def _(self, node: Compare) -> Printed:
        # Numbers on both sides, so comparisons never nest and chains cannot arise.
        left = self.visit(node.left).within(Precedence.ADD)
        right = self.visit(node.right).within(Precedence.ADD)
        return Printed(f"{left} {node.operator} {right}", Precedence.COMPARE)

    @visit.register
    def _(self, node: Not) -> Printed:
        return self.negation(self.visit(node.operand))

    @visit.register
    def _(self, node: Logical) -> Printed:
        return self.logical(node.operator, self.visit(node.left), self.visit(node.right))

    @visit.register
    def _(self, node: Call) -> Printed:
        return self.call(node.function, tuple(self.visit(each) for each in node.arguments))

    # --- hooks ---

    def name(self, name: str) -> str:
        """Return what a variable is called in the target."""
        return name

    def constant(self, value: float) -> str:
        """Return a literal of a finite double: the shortest that reads back as the same bits."""
        return repr(value)

    def quantity(self, node: Constant) -> Printed:
        """Return a constant; a target with units of its own writes the dimension too."""
        if not isfinite(node.value):
            raise InternalError(f"{node.value} has no literal")
        return _number(self.constant(node.value))

    def integer(self, value: int) -> str:
        """Return a literal of an integer."""
        return str(value)

    def function_name(self, function: str) -> str:
        """Return what a function of the table is called in the target."""
        return function

    def call(self, function: str, arguments: tuple[Printed, ...]) -> Printed:
        """Return the call of a function."""
        listed = ", ".join(argument.text for argument in arguments)
        return Printed(f"{self.function_name(function)}({listed})")

    def negation(self, operand: Printed) -> Printed:
        """Return the opposite of a truth value."""
        return Printed(f"not {operand.within(Precedence.NOT)}", Precedence.NOT)

    def logical(self, operator: str, left: Printed, right: Printed) -> Printed:
        """Return `and` or `or` of two truth values."""
        own = Precedence.AND if operator == "and" else Precedence.OR
        tighter = Precedence(own + 1)
        return Printed(f"{left.within(own)} {operator} {right.within(tighter)}", own)

    def binary(self, node: Binary) -> Printed:
        """Return an arithmetic operation; operators of one rank group to the left."""
        left, right = self.visit(node.left), self.visit(node.right)
        if node.operator == "**":
            base, exponent = left.within(Precedence.ATOM), right.within(Precedence.POWER)
            return Printed(f"{base}**{exponent}", Precedence.POWER)
        own = _ARITHMETIC[node.operator]
        tighter = Precedence(own + 1)
        return Printed(f"{left.within(own)} {node.operator} {right.within(tighter)}", own)


def _number(text: str) -> Printed:
    """Return a literal; with a sign it binds like a negation."""
    return Printed(text, Precedence.NEGATE if text.startswith("-") else Precedence.ATOM)
