"""Text to expression tree, through a whitelist of Python's own syntax tree.

Nothing is ever evaluated. The text is capped in length, depth and exponents before anything that
could take time or memory, and whatever the whitelist does not name is refused.
"""

from __future__ import annotations

import ast
import re
import warnings

from netspec.expr.errors import ExpressionError
from netspec.expr.exact import exact_number, exact_value
from netspec.expr.functions import AUTHOR_FUNCTIONS, MAX_WHOLE_POWER
from netspec.expr.nodes import (
    Binary,
    Call,
    Compare,
    Expression,
    Literal,
    Logical,
    Name,
    Negate,
    Not,
    Unit,
)
from netspec.units import (
    EXPRESSION_UNITS,
    UnitError,
    check_double,
    decimal_fraction,
    looks_like_quantity,
)

MAX_LENGTH = 2000
MAX_DEPTH = 100

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)

_BLANKS_WITHIN = re.compile(r"(?<=\S)\s+(?=\S)")
_STATEMENT = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=(?!=)(.*)", re.ASCII | re.DOTALL)

_NUMBER_AND_UNIT = re.compile(
    r"(?<![\w.])([0-9]++(?:\.[0-9]*+)?(?:[eE][+-]?[0-9]++)?)\s*+([A-Za-z]++)(?![0-9_])", re.ASCII
)

_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_SPACE = " \t\n\r"

_SIGNS = {
    "\u00b5": "u",  # micro
    "\u03bc": "u",  # mu
    "\u03a9": "ohm",
    "\u2212": "-",
    "\u00d7": "*",
    "\u00b7": "*",
    "\u22c5": "*",
    "\u00b2": "**2",
    "\u00b3": "**3",
    "\u2264": "<=",
    "\u2265": ">=",
}
"""What to write for signs that are not ASCII."""

_COMPARISONS = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


_MEANT = {
    ast.BitXor: "powers are written 'x**2'",
    ast.BitAnd: "write 'and'",
    ast.BitOr: "write 'or'",
    ast.Invert: "write 'not'",
    ast.IfExp: "write 'where(condition, value, otherwise)'",
}
"""Hints for syntax of Python that has another form here."""


def parse_expression(text: str) -> Expression:
    """Return the tree of an arithmetic or logical expression in Python's syntax.

    Raises:
        ExpressionError: The text is too long, too deep, not an expression, or uses anything but
            numbers, names, units, arithmetic, comparisons, `and`, `or`, `not` and known functions.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            "expression-too-large",
            f"an expression of {len(text)} characters is longer than the limit of {MAX_LENGTH}",
        )
    _refuse_signs(text)
    source = " ".join(text.split())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        message = f"'{shorten(text)}' is not an expression{_unbalanced(text)}"
        raise ExpressionError("bad-expression", message, hints=_quantity_hints(text)) from None
    return _Converter(source).convert(tree.body, 1)


def _refuse_signs(text: str) -> None:
    """Refuse control characters, comments and what is not ASCII, e.g. letters that look alike."""
    for sign in text:
        if not (" " <= sign <= "~" or sign in _SPACE):
            shown = f"'{sign}' (U+{ord(sign):04X})" if sign.isprintable() else f"U+{ord(sign):04X}"
            hints = (f"write '{_SIGNS[sign]}'",) if sign in _SIGNS else ()
            message = f"an expression is written in ASCII characters, got {shown}"
            raise ExpressionError("bad-expression", message, hints=hints)
    if "#" in text:
        raise ExpressionError("bad-expression", "an expression has no comments, got '#'")


def _unbalanced(text: str) -> str:
    """Return what is wrong with the parentheses of a text; nothing if they are balanced."""
    opened = 0
    for sign in text:
        opened += (sign == "(") - (sign == ")")
        if opened < 0:
            return ": a ')' closes nothing"
    return ": a '(' is not closed" if opened else ""


def multiplied_hints(text: str) -> tuple[str, ...]:
    """Return the hint for a text that is an expression once its units are multiplied."""

    def multiply(match: re.Match[str]) -> str:
        number, unit = match.groups()
        return f"{number}*{unit}" if unit in EXPRESSION_UNITS else match[0]

    changed = _NUMBER_AND_UNIT.sub(multiply, text)
    if changed == text:
        return ()
    try:
        exact_value(parse_expression(changed))  # which refuses to divide by zero
    except ExpressionError:
        return ()
    return (f"in expressions units are multiplied: '{shorten(changed)}'",)


def _quantity_hints(text: str) -> tuple[str, ...]:
    if hints := multiplied_hints(text):
        return hints
    if looks_like_quantity(text):
        return ("in expressions units are multiplied, e.g. '2*ms'",)
    with_point = re.sub("([0-9]),([0-9])", r"\1.\2", text, count=1)
    return ("decimals are written with a point",) if looks_like_quantity(with_point) else ()


def parse_statement(text: str) -> tuple[str, Expression]:
    """Return target and value of an assignment such as `V = V_reset`.

    Raises:
        ExpressionError: The text is not one assignment to a plain name.
    """
    match = _STATEMENT.fullmatch(text)
    if not match or not IDENTIFIER.fullmatch(match.group(1)):
        raise ExpressionError(
            "bad-statement",
            f"'{shorten(text)}' is not a statement",
            hints=("write an assignment such as 'V = V_reset' or 'w = w + b'",),
        )
    return match.group(1), parse_expression(match.group(2))


def shorten(text: str, limit: int = 60) -> str:
    """Return a text for a message: on one line, printable, cut in the middle where it is long.

    Blanks within are one space; those at its ends, which may be what is wrong with it, are kept.
    """
    near = text if len(text) <= 20 * limit else f"{text[: 10 * limit]}{text[-10 * limit :]}"
    plain = _BLANKS_WITHIN.sub(" ", near)
    if len(plain) > limit:
        plain = f"{plain[: limit // 2]} … {plain[-limit // 4 :]}"
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in plain)


class _Converter:
    """Python's tree to netspec's, node by node; anything without a rule is refused."""

    def __init__(self, source: str) -> None:
        self.source = source

    def convert(self, node: ast.expr, depth: int) -> Expression:  # noqa: C901 - a case per node
        if depth > MAX_DEPTH:
            raise ExpressionError(
                "expression-too-large", f"an expression is nested deeper than {MAX_DEPTH} levels"
            )
        below = depth + 1
        match node:
            case ast.Constant(value=bool() | None):
                raise self.refusal(node, "truth values and None are not numbers")
            case ast.Constant(value=int() | float()):
                return self.number(node)
            case ast.Name(id=name):
                return self.name(node, name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Negate(self.convert(operand, below))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.convert(operand, below)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.convert(operand, below))
            case ast.BinOp(op=ast.Pow()):
                return self.power(node, below)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _ARITHMETIC:
                symbol = _ARITHMETIC[type(operator)]
                return Binary(symbol, self.convert(left, below), self.convert(right, below))  # type: ignore[arg-type]
            case ast.Compare(left=left, ops=[operator], comparators=[right]) if (
                type(operator) in _COMPARISONS
            ):
                symbol = _COMPARISONS[type(operator)]
                return Compare(symbol, self.convert(left, below), self.convert(right, below))  # type: ignore[arg-type]
            case ast.Compare():
                raise self.refusal(node, "comparisons are written one at a time, joined by 'and'")
            case ast.BoolOp(op=operator, values=values):
                symbol = "and" if isinstance(operator, ast.And) else "or"
                deepest = depth + len(values) - 1
                result = self.convert(values[0], deepest)
                for value in values[1:]:
                    result = Logical(symbol, result, self.convert(value, deepest))  # type: ignore[arg-type]
                return result
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.call(node, name, arguments, below)
            case ast.Call():
                raise self.refusal(node, "only netspec's own functions can be called")
            case _:
                error = self.refusal(node, "this has no meaning in an expression")
                meant = _MEANT.get(type(getattr(node, "op", node)))
                error.hints = (meant,) if meant else ()
                raise error

    def refusal(self, node: ast.expr, reason: str, code: str = "bad-expression") -> ExpressionError:
        excerpt = shorten(ast.get_source_segment(self.source, node) or "")
        return ExpressionError(code, f"'{excerpt}': {reason}", excerpt)

    def number(self, node: ast.Constant) -> Literal:
        text = ast.get_source_segment(self.source, node) or ""
        if "_" in text or not (text.isdecimal() or isinstance(node.value, float)):
            raise self.refusal(node, "numbers are written in decimal digits")
        try:
            value = decimal_fraction(text)
            check_double(value, text)
        except UnitError:
            raise self.refusal(node, "the number is out of range", "number-out-of-range") from None
        return Literal(value)

    def name(self, node: ast.Name, name: str) -> Expression:
        if name in EXPRESSION_UNITS:
            return Unit(name)
        if not IDENTIFIER.fullmatch(name):
            raise self.refusal(node, "names are a letter and then letters, digits or '_'")
        return Name(name)

    def power(self, node: ast.BinOp, depth: int) -> Expression:
        base = self.convert(node.left, depth)
        exponent = self.convert(node.right, depth)
        exact = exact_number(exponent)
        if exact is None:
            return Binary("**", base, exponent)
        if exact.denominator == 1 and abs(exact) > MAX_WHOLE_POWER:
            raise self.refusal(
                node, f"whole exponents go up to {MAX_WHOLE_POWER}", code="expression-too-large"
            )
        return Binary("**", base, Literal(exact))

    def call(self, node: ast.Call, name: str, arguments: list[ast.expr], depth: int) -> Expression:
        function = AUTHOR_FUNCTIONS.get(name)
        if function is None:
            known = ", ".join(sorted(AUTHOR_FUNCTIONS))
            error = self.refusal(node, f"calls to '{shorten(name)}' are not allowed")
            error.hints = (f"the functions are: {known}",)
            raise error
        if len(arguments) != function.arity:
            raise self.refusal(
                node,
                f"'{name}' takes {function.arity or 'no'} argument{'s' * (function.arity != 1)}, "
                f"got {len(arguments)}",
            )
        return Call(name, tuple(self.convert(argument, depth) for argument in arguments))
