"""Expressions as vectorised NumPy, with NumPy imported as `np`."""

from __future__ import annotations

from netspec.codegen.program_printer import ProgramPrinter
from netspec.expr.functions import AUTHOR_FUNCTIONS, FUNCTIONS
from netspec.expr.nodes import Binary, Call, Expression, names, transform
from netspec.expr.printer import Precedence, Printed

_OWN_NAMES = {
    "abs": "np.abs",
    "ceil": "np.ceil",
    "copysign": "np.copysign",
    "floor": "np.floor",
    "sqrt": "np.sqrt",
    "where": "np.where",
    # These work on arrays and on scalars.
    "integer": "np.int64",
    "real": "np.float64",
    # Not NumPy's: those differ from netspec's in NaN and signed zeros.
    "max": "maximum",
    "min": "minimum",
}

NUMPY_NAMES = frozenset({"np", "maximum", "minimum", *AUTHOR_FUNCTIONS})
"""Names that the text uses itself: no variable of a program can be called so."""


class NumpyPrinter(ProgramPrinter):
    """Prints expressions over NumPy arrays and NumPy scalars.

    Variables must hold NumPy values: a plain Python float raises where IEEE gives an infinity.
    The functions that NumPy has not come from `netspec.codegen.math_text`.
    """

    def print(self, expression: Expression) -> str:
        """Return the text of an expression."""
        return super().print(transform(expression, _numpy_valued))

    def function_name(self, function: str) -> str:
        """Return NumPy's name where its operation is exactly the one that is meant.

        An underscore keeps netspec's inner functions apart from variables.
        """
        own = function if FUNCTIONS[function].authored else f"_{function}"
        return _OWN_NAMES.get(function, own)

    def negation(self, operand: Printed) -> Printed:
        """Return an elementwise `not`; `~` would be wrong for a plain `bool`."""
        return Printed(f"np.logical_not({operand.text})")

    def logical(self, operator: str, left: Printed, right: Printed) -> Printed:
        """Return `&` or `|`, which bind tighter than comparisons: everything in parentheses."""
        symbol = "&" if operator == "and" else "|"
        text = f"{left.within(Precedence.ATOM)} {symbol} {right.within(Precedence.ATOM)}"
        return Printed(text, Precedence.AND if operator == "and" else Precedence.OR)


def _numpy_valued(node: Expression) -> Expression:
    """Convert constants of Python to NumPy's where Python's would raise: 1.0/0.0."""
    match node:
        case Binary("/", left, right) if not names(node):
            return Binary("/", _converted(left), right)
        case Call(function, arguments):
            if FUNCTIONS[function].kind == "pinned" and not names(node):
                return Call(function, tuple(map(_converted, arguments)))
    return node


def _converted(operand: Expression) -> Expression:
    return operand if names(operand) or isinstance(operand, Call) else Call("real", (operand,))
