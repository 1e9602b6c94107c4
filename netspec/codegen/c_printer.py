"""Expressions in the common part of C99 and C++."""

from __future__ import annotations

from netspec.codegen.program_printer import ProgramPrinter
from netspec.expr.fold import LEAST_INTEGER
from netspec.expr.printer import Precedence, Printed

_OWN_NAMES = {
    "abs": "fabs",
    "ceil": "ceil",
    "copysign": "copysign",
    "floor": "floor",
    "sqrt": "sqrt",
}

_CONVERSIONS = {"real": "double", "integer": "int64_t"}


class CPrinter(ProgramPrinter):
    """Prints expressions over `double`, `int64_t` and truth values.

    The text needs `C_INCLUDES` and the functions of `netspec.codegen.math_text`, and a compiler
    that was told `-ffp-contract=off`, `-fwrapv` and nothing like `-ffast-math`.
    """

    def integer(self, value: int) -> str:
        """Return a 64-bit literal, so that products of two of them are 64-bit as well."""
        # C has no negative literals, and the magnitude of the least one is no `long long`.
        return f"({value + 1}LL - 1LL)" if value == LEAST_INTEGER else f"{value}LL"

    def function_name(self, function: str) -> str:
        """Return C's name where it is exactly the operation that is meant, else netspec's."""
        return _OWN_NAMES.get(function, f"netspec_{function}")

    def call(self, function: str, arguments: tuple[Printed, ...]) -> Printed:
        """Return the call of a function; selections and conversions have a syntax of their own."""
        if function == "where":
            condition, chosen, otherwise = (argument.text for argument in arguments)
            return Printed(f"({condition} ? {chosen} : {otherwise})")
        if function in _CONVERSIONS:
            operand = arguments[0].within(Precedence.ATOM)
            return Printed(f"({_CONVERSIONS[function]}){operand}", Precedence.NEGATE)
        return super().call(function, arguments)

    def negation(self, operand: Printed) -> Printed:
        """Return `!`, which binds tighter than anything it is applied to."""
        return Printed(f"!{operand.within(Precedence.ATOM)}", Precedence.NEGATE)

    def logical(self, operator: str, left: Printed, right: Printed) -> Printed:
        """Return `&&` or `||`; compilers warn of a mixture without parentheses."""
        own = Precedence.AND if operator == "and" else Precedence.OR
        symbol = "&&" if operator == "and" else "||"
        first = left.text if left.precedence == own else left.within(Precedence.NOT)
        return Printed(f"{first} {symbol} {right.within(Precedence.NOT)}", own)
