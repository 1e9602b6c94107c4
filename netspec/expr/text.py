"""Trees as text for people: messages and the canonical dump."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.functions import FUNCTIONS
from netspec.expr.nodes import Binary, Call, Constant, Expression, Literal, Unit
from netspec.expr.printer import ExpressionPrinter, Precedence, Printed
from netspec.units import DIMENSIONLESS


class TextPrinter(ExpressionPrinter):
    """Prints what an author could have written; folded constants show their SI unit."""

    def visit(self, node: Expression) -> Printed:
        """Return the text of a node; an author's tree also holds literals and units."""
        match node:
            case Literal(value):
                return Printed(_decimal(value))
            case Unit(name):
                return Printed(name)
            case Call("power", (base, exponent)):
                return self.binary(Binary("**", base, exponent))
            case Call(function, (base,)) if function.startswith("power_"):
                return self.binary(Binary("**", base, Literal(FUNCTIONS[function].exponent)))
            case _:
                return super().visit(node)

    def quantity(self, node: Constant) -> Printed:
        """Return a constant with its SI unit, if it has one."""
        if node.dimension == DIMENSIONLESS:
            return super().quantity(node)
        return Printed(f"{node.value!r}[{node.dimension}]", Precedence.NEGATE)


def write(expression: Expression) -> str:
    """Return an expression as its author would write it."""
    return TextPrinter().print(expression)


def _decimal(value: Fraction) -> str:
    """Return a number as it is written: a decimal has its own digits, however many."""
    if value.denominator == 1:
        return str(value.numerator)
    text = repr(float(value))
    if Fraction(text) == value:
        return text
    places = _places(value.denominator)
    if places is None:
        return f"({value})"
    digits = str(int(abs(value) * 10**places)).zfill(places + 1)
    return f"{'-' * (value < 0)}{digits[:-places]}.{digits[-places:]}"


def _places(denominator: int) -> int | None:
    """Return how many decimals a number with this denominator has; `None` if they never end."""
    twos = (denominator & -denominator).bit_length() - 1
    fives, rest = 0, denominator >> twos
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    return max(twos, fives) if rest == 1 else None
