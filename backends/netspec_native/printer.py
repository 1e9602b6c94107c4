"""Printing statements of the IR as C, one neuron at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from netspec.codegen.c_printer import CPrinter
from netspec.codegen.lines import LINE_LENGTH, pieces
from netspec.expr.nodes import Expression
from netspec.ir import nodes as ir

C_TYPES: Mapping[ir.Kind, str] = {"real": "double", "integer": "int64_t", "truth": "bool"}

Texts = Mapping[str, str]
"""C text by name of the IR, e.g. `exc_V[n]`."""


class TextPrinter(CPrinter):
    """Prints expressions whose names stand for some text."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def name(self, name: str) -> str:
        """Return what stands for a variable."""
        return self.texts[name]


def c_text(expression: Expression, texts: Texts) -> str:
    """Return an expression as C."""
    return TextPrinter(texts).print(expression)


def assigned(place: str, value: str, indent: int) -> list[str]:
    """Return the lines of `place = value;`, cut where they are too long.

    Args:
        place: What stands left of the sign.
        value: Text of the value.
        indent: Spaces that will stand in front of each line.
    """
    line = f"{place} = {value};"
    if indent + len(line) <= LINE_LENGTH:
        return [line]
    cut = list(pieces(value + ";", LINE_LENGTH - indent - 4))
    return [f"{place} =", *(f"    {piece}" for piece in cut)]


def identifiers_in(lines: Iterable[str]) -> set[str]:
    """Return what some lines name, without the fields of structures.

    >>> sorted(identifiers_in(["part->a = b[n];"]))
    ['b', 'n', 'part']
    """
    return set(re.findall(r"(?<!->)\b[A-Za-z_]\w*", "\n".join(lines)))


class Assignments:
    """Statements of one neuron as constants, each assigned once, and what is stored at the end.

    Args:
        texts: What names stand for before the first statement.
        versions: The constants that each name becomes, in the order of its assignments.
        types: C type by name.
        indent: Spaces that will stand in front of each line.
    """

    def __init__(
        self,
        texts: Texts,
        versions: Mapping[str, Iterable[str]],
        types: Mapping[str, str],
        indent: int,
    ) -> None:
        self.texts = dict(texts)
        self._versions = {name: iter(each) for name, each in versions.items()}
        self._types = types
        self._indent = indent
        self.lines: list[str] = []
        self.assigned: list[str] = []

    def together(self, statements: Iterable[ir.Statement]) -> None:
        """Add statements that all read what was there before them."""
        before = dict(self.texts)
        for statement in statements:
            self._add(statement, before)

    def in_sequence(self, statements: Iterable[ir.Statement]) -> None:
        """Add statements that follow one another."""
        for statement in statements:
            self._add(statement, self.texts)

    def _add(self, statement: ir.Statement, read: Texts) -> None:
        target, value = statement.target, c_text(statement.value, read)
        constant = next(self._versions[target])
        self.lines += assigned(f"const {self._types[target]} {constant}", value, self._indent)
        self.texts[target] = constant
        if target not in self.assigned:
            self.assigned.append(target)
