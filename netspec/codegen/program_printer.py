"""Expressions of a program: what printers for every language have in common."""

from __future__ import annotations

from netspec.errors import InternalError
from netspec.expr.nodes import Binary
from netspec.expr.printer import ExpressionPrinter, Printed


class ProgramPrinter(ExpressionPrinter):
    """Prints lowered expressions, in which netspec's own functions stand for powers."""

    def binary(self, node: Binary) -> Printed:
        """Return an arithmetic operation."""
        if node.operator == "**":
            raise InternalError("a power was left for a backend to compute")
        return super().binary(node)
