"""Printing statements of the IR as NumPy: which arrays they touch, and how a line is laid out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netspec.codegen.lines import LINE_LENGTH, pieces
from netspec.codegen.numpy_printer import NumpyPrinter
from netspec.expr.math import DEFINITIONS
from netspec.expr.nodes import Binary, Call, Expression, Name, names
from netspec.expr.printer import Precedence, Printed
from netspec.ir.nodes import Stage, Statement

_DTYPES = {"integer": "np.int64", "real": "np.float64"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names of a cell are in the program.

    Attributes:
        texts: Python text by name of the IR, e.g. `exc_V` or `exc_V[exc_fired]`.
        scalars: Names that hold one plain Python number for all neurons.
    """

    texts: Mapping[str, str]
    scalars: frozenset[str]

    def is_scalar(self, expression: Expression) -> bool:
        """Tell whether an expression has one value for all neurons."""
        return names(expression) <= self.scalars

    def print(self, expression: Expression) -> str:
        """Return an expression as text."""
        return ScopedPrinter(self).print(expression)


class ScopedPrinter(NumpyPrinter):
    """Prints over arrays and plain Python numbers.

    Python raises where it divides its own floats by zero, and they have no array methods, so where
    only scalars meet they become NumPy's.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def name(self, name: str) -> str:
        """Return what the scope calls a variable."""
        return self.scope.texts[name]

    def visit(self, node: Expression) -> Printed:
        """Print a node, with scalars made NumPy's where Python would behave differently."""
        if isinstance(node, Binary) and node.operator == "/" and self.scope.is_scalar(node):
            right = self.visit(node.right).within(Precedence.NEGATE)
            return Printed(f"{self._scalar(node.left).text} / {right}", Precedence.MULTIPLY)
        if isinstance(node, Call) and node.function in DEFINITIONS and self.scope.is_scalar(node):
            return self.call(node.function, tuple(map(self._scalar, node.arguments)))
        if isinstance(node, Call) and node.function in _DTYPES and not self.scope.is_scalar(node):
            # `np.float64` of an array with one element would be a number, which has no `nonzero`.
            array = self.visit(node.arguments[0]).within(Precedence.ATOM)
            return Printed(f"{array}.astype({_DTYPES[node.function]})")
        return super().visit(node)

    def _scalar(self, node: Expression) -> Printed:
        return Printed(f"np.float64({self.visit(node).text})")


def assignment(target: str, value: str, indent: int, separator: str = " = ") -> str:
    """Return `target = value`, broken before operators where it is too long for a line.

    Args:
        target: What stands left of the separator.
        value: Text of an expression.
        indent: Spaces that the template puts in front of the first line.
        separator: Between the two.
    """
    line = f"{target}{separator}{value}"
    if indent + len(line) <= LINE_LENGTH:
        return line
    opening, inner, closing = "(", value, ")"
    if value[0] + value[-1] in ("[]", "{}"):
        opening, inner, closing = value[0], value[1:-1], value[-1]
    margin = " " * indent
    cut = pieces(inner, LINE_LENGTH - indent - 4)
    lines = "\n".join(f"{margin}    {piece}" for piece in cut)
    return f"{target}{separator}{opening}\n{lines}\n{margin}{closing}"


def stage_lines(
    stage: Stage, scope: Scope, state: frozenset[str], later: Mapping[str, str], indent: int
) -> Iterable[str]:
    """Yield the lines of a stage: every value is computed from what was there before it.

    A target that a later statement of the stage reads is assigned at the end.

    Args:
        stage: What to print.
        scope: Of the whole population.
        state: Names whose arrays are filled; other targets, locals, are bound.
        later: A spare identifier by target.
        indent: Spaces in front of each line.
    """
    delayed: list[str] = []
    for index, statement in enumerate(stage.statements):
        target, value = statement.target, scope.print(statement.value)
        # Two names of one array would change together.
        own = f"{value}.copy()" if _is_array_name(statement, scope) else value
        place = scope.texts[target] + ("[:]" if target in state else "")
        if any(target in names(other.value) for other in stage.statements[index + 1 :]):
            yield assignment(later[target], own, indent)
            delayed.append(f"{place} = {later[target]}")
        else:
            yield assignment(place, value if target in state else own, indent)
    yield from delayed


def _is_array_name(statement: Statement, scope: Scope) -> bool:
    return isinstance(statement.value, Name) and not scope.is_scalar(statement.value)
