"""Expressions as Brian2's abstract code, which reads like Python with units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from netspec.expr.math import DEFINITIONS
from netspec.expr.nodes import Binary, Call, Constant, Expression, Integer, Name, names
from netspec.expr.printer import ExpressionPrinter, Precedence, Printed
from netspec.ir.kinds import kind_of
from netspec.ir.nodes import Kind
from netspec_brian2.functions import NUMBER, QUOTIENT, WHERE_INTEGER, WHOLE, brian2_name
from netspec_brian2.units import quantity_text


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names of a cell are in Brian2.

    Attributes:
        texts: Brian2's name by name of the IR.
        kinds: Of every name.
        never_zero: Names of constants that are not 0 for any neuron.
        plain: Names that can hold one of Python's own numbers, which raise where IEEE 754 gives an
            infinity; `None` if the target is compiled.
        is_cython: The target is Cython, which raises for every division by zero, and computes with
            Python's integers where a literal may not fit into 32 bits.
    """

    texts: Mapping[str, str]
    kinds: Mapping[str, Kind]
    never_zero: frozenset[str]
    plain: frozenset[str] | None
    is_cython: bool

    def is_plain(self, expression: Expression) -> bool:
        """Tell whether an expression can be computed by Python and not by NumPy."""
        return self.plain is not None and names(expression) <= self.plain

    def print(self, expression: Expression) -> str:
        """Return an expression as text."""
        return Brian2Printer(self).print(expression)

    def with_names(self, texts: Mapping[str, str], kinds: Mapping[str, Kind]) -> Scope:
        """Return a scope that knows more names."""
        return replace(self, texts={**self.texts, **texts}, kinds={**self.kinds, **kinds})

    def functions(self, expressions: Iterable[Expression]) -> set[str]:
        """Return Brian2's names of the functions that the texts of expressions call."""
        printer = Brian2Printer(self)
        for expression in expressions:
            printer.print(expression)
        return printer.called


class Brian2Printer(ExpressionPrinter):
    """Prints over the variables of a group, with constants as quantities."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.called: set[str] = set()

    def visit(self, node: Expression) -> Printed:
        """Print a node; selections and divisions depend on what their operands are."""
        match node:
            case Integer(value) if self.scope.is_cython and abs(value) >= 2**31:
                return self._named(WHOLE, [super().visit(node)])
            case Call("where", arguments) if kind_of(node, self.scope.kinds) == "integer":
                return self._named(WHERE_INTEGER, [self.visit(each) for each in arguments])
            case Binary("/", left, right) if self.scope.is_plain(node) or self._may_be_zero(right):
                return self._named(QUOTIENT, [self.visit(left), self.visit(right)])
            case Call(function, arguments) if function in DEFINITIONS:
                return self._named(brian2_name(function), map(self._argument, arguments))
            case _:
                return super().visit(node)

    def name(self, name: str) -> str:
        """Return what the scope calls a variable."""
        return self.scope.texts[name]

    def quantity(self, node: Constant) -> Printed:
        """Return a double in SI with its unit, whose factor is 1."""
        number = super().quantity(node)
        text = quantity_text(number.text, node.dimension)
        return number if text == number.text else Printed(text, Precedence.MULTIPLY)

    def call(self, function: str, arguments: tuple[Printed, ...]) -> Printed:
        """Return the call of a function of the script."""
        return self._named(brian2_name(function), arguments)

    def _named(self, name: str, arguments: Iterable[Printed]) -> Printed:
        self.called.add(name)
        return Printed(f"{name}({', '.join(each.text for each in arguments)})")

    def _argument(self, node: Expression) -> Printed:
        printed = self.visit(node)
        return self._named(NUMBER, [printed]) if self.scope.is_plain(node) else printed

    def _may_be_zero(self, denominator: Expression) -> bool:
        if not self.scope.is_cython:
            return False
        match denominator:
            case Constant(value):
                return value == 0.0
            case Name(name):
                return name not in self.scope.never_zero
            case _:
                return True
