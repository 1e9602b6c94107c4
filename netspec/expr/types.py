"""The check of dimensions: what an expression is, or why it makes no sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from netspec.expr.errors import ExpressionError
from netspec.expr.functions import FUNCTIONS
from netspec.expr.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    Expression,
    Integer,
    Literal,
    Logical,
    Name,
    Negate,
    Not,
    Unit,
    walk,
)
from netspec.expr.parse import shorten
from netspec.expr.text import write
from netspec.units import DIMENSIONLESS, UNITS, Dimension, describe


@dataclass(frozen=True, slots=True)
class Truth:
    """The type of comparisons and of what is made from them."""


TRUTH = Truth()

ValueType = Dimension | Truth


@dataclass(frozen=True, slots=True)
class Hidden:
    """In place of the type of a name that exists but cannot be read at some place."""

    reason: str


Symbols = Mapping[str, ValueType | Hidden]
"""What names stand for where an expression is written."""


def type_of(expression: Expression, symbols: Symbols) -> ValueType:
    """Return the dimension of an expression, or `TRUTH`.

    Raises:
        ExpressionError: Names are unknown, or an operation is applied to things that do not go
            together; the message shows the sub-expression and both dimensions.
    """
    require_known((node.name for node in walk(expression) if isinstance(node, Name)), symbols)
    return _type(expression, symbols)


def require_known(names: Iterable[str], symbols: Symbols) -> None:
    """Check that names can be read.

    Raises:
        ExpressionError: Some cannot; the first, and the others as its `more`.
    """
    found = [error for name in dict.fromkeys(names) if (error := _unknown(name, symbols))]
    if found:
        found[0].more = tuple(found[1:])
        raise found[0]


def _type(expression: Expression, symbols: Symbols) -> ValueType:
    match expression:
        case Literal() | Integer():
            return DIMENSIONLESS
        case Constant(_, dimension):
            return dimension
        case Unit(name):
            return UNITS[name].dimension
        case Name(name):
            found = symbols[name]
            assert not isinstance(found, Hidden)
            return found
        case Negate(operand):
            return _number(operand, expression, symbols)
        case Not(operand):
            return _truth(operand, expression, symbols)
        case Logical(_, left, right):
            _truth(left, expression, symbols)
            return _truth(right, expression, symbols)
        case Compare(_, left, right):
            _same(left, right, expression, symbols)
            return TRUTH
        case Binary(operator, left, right):
            return _binary_type(operator, left, right, expression, symbols)
        case Call(function, arguments):
            return _RULES[FUNCTIONS[function].dimensions](arguments, expression, symbols)


def require_dimension(expression: Expression, expected: Dimension, symbols: Symbols) -> None:
    """Check that an expression is a number of the expected dimension.

    Raises:
        ExpressionError: It is not.
    """
    given = type_of(expression, symbols)
    if given == expected:
        return
    got = "a truth value" if isinstance(given, Truth) else describe(given)
    raise ExpressionError(
        "wrong-dimension",
        f"'{_shown(expression)}': expected {describe(expected)}, got {got}",
        write(expression),
    )


def _shown(expression: Expression) -> str:
    return shorten(write(expression))


def _unknown(name: str, symbols: Symbols) -> ExpressionError | None:
    """Return what is wrong with a name that cannot be read."""
    if name in symbols:
        found = symbols[name]
        if not isinstance(found, Hidden):
            return None
        message = f"'{name}' cannot be read here: {found.reason}"
        return ExpressionError("unknown-name", message, name)
    hints = []
    if name == "pi":
        hints.append("the language has no constants: write 3.141592653589793")
    elif close := get_close_matches(name, sorted(symbols), n=1):
        hints.append(f"did you mean '{close[0]}'?")
    if name in UNITS:
        hints.append("in expressions units have a prefix or their full name, e.g. 'mV' or 'volt'")
    return ExpressionError("unknown-name", f"'{name}' is not defined here", name, tuple(hints))


def _number(operand: Expression, whole: Expression, symbols: Symbols) -> Dimension:
    given = _type(operand, symbols)
    if isinstance(given, Truth):
        message = f"'{_shown(whole)}': '{_shown(operand)}' is a truth value, not a number"
        raise ExpressionError("wrong-type", message, write(whole))
    return given


def _truth(operand: Expression, whole: Expression, symbols: Symbols) -> Truth:
    given = _type(operand, symbols)
    if not isinstance(given, Truth):
        message = f"'{_shown(whole)}': '{_shown(operand)}' is a number, not a truth value"
        raise ExpressionError("wrong-type", message, write(whole))
    return given


def _same(left: Expression, right: Expression, whole: Expression, symbols: Symbols) -> Dimension:
    return _all_same((left, right), whole, symbols)


def _all_same(operands: tuple[Expression, ...], whole: Expression, symbols: Symbols) -> Dimension:
    """Return the one dimension of several numbers; each is looked at once."""
    given = [_number(operand, whole, symbols) for operand in operands]
    for operand, dimension in zip(operands, given, strict=True):
        if dimension != given[0]:
            message = (
                f"'{_shown(whole)}': '{_shown(operands[0])}' is {describe(given[0])}, "
                f"but '{_shown(operand)}' is {describe(dimension)}"
            )
            raise ExpressionError("wrong-dimension", message, write(whole))
    return given[0]


def _plain(operand: Expression, whole: Expression, symbols: Symbols) -> Dimension:
    given = _number(operand, whole, symbols)
    if given != DIMENSIONLESS:
        message = (
            f"'{_shown(whole)}': '{_shown(operand)}' must be a plain number, not {describe(given)}"
        )
        raise ExpressionError("wrong-dimension", message, write(whole))
    return given


def _binary_type(
    operator: str,
    left: Expression,
    right: Expression,
    whole: Expression,
    symbols: Symbols,
) -> Dimension:
    match operator:
        case "+" | "-":
            return _same(left, right, whole, symbols)
        case "*":
            return _number(left, whole, symbols) * _number(right, whole, symbols)
        case "/":
            return _number(left, whole, symbols) / _number(right, whole, symbols)
        case _:
            return _power_type(left, right, whole, symbols)


def _power_type(
    base: Expression, exponent: Expression, whole: Expression, symbols: Symbols
) -> Dimension:
    """Return the dimension of a power: of a plain number unless it is whole or a square root."""
    given = _number(base, whole, symbols)
    if isinstance(exponent, Literal) and (2 * abs(exponent.value) == 1 or _is_whole(exponent)):
        return given**exponent.value
    if given != DIMENSIONLESS:
        raise ExpressionError(
            "wrong-dimension",
            f"'{_shown(whole)}': '{_shown(base)}' must be a plain number, not {describe(given)}",
            write(whole),
            ("quantities have whole powers and square roots; divide by a unit before others",),
        )
    return _plain(exponent, whole, symbols)


def _is_whole(literal: Literal) -> bool:
    return literal.value.denominator == 1


def _plain_rule(
    arguments: tuple[Expression, ...], whole: Expression, symbols: Symbols
) -> Dimension:
    for argument in arguments:
        _plain(argument, whole, symbols)
    return DIMENSIONLESS


def _same_rule(arguments: tuple[Expression, ...], whole: Expression, symbols: Symbols) -> Dimension:
    return _all_same(arguments, whole, symbols)


def _where_rule(
    arguments: tuple[Expression, ...], whole: Expression, symbols: Symbols
) -> Dimension:
    _truth(arguments[0], whole, symbols)
    return _same(arguments[1], arguments[2], whole, symbols)


def _power_rule(
    arguments: tuple[Expression, ...], whole: Expression, symbols: Symbols
) -> Dimension:
    assert isinstance(whole, Call)
    return _number(arguments[0], whole, symbols) ** FUNCTIONS[whole.function].exponent


def _crossing_rule(arguments: tuple[Expression, ...], whole: Expression, symbols: Symbols) -> Truth:
    _number(arguments[0], whole, symbols)
    return TRUTH


def _sign_rule(arguments: tuple[Expression, ...], whole: Expression, symbols: Symbols) -> Dimension:
    _number(arguments[0], whole, symbols)
    return DIMENSIONLESS


_Rule = Callable[[tuple[Expression, ...], Expression, Symbols], ValueType]

_RULES: Mapping[str, _Rule] = {
    "plain": _plain_rule,
    "same": _same_rule,
    "where": _where_rule,
    "power": _power_rule,
    "sign": _sign_rule,
    "crossing": _crossing_rule,
}
