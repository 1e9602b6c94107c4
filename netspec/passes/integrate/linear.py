"""Finding the structure of a linear expression: coefficients of variables and a remainder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Binary, Constant, Expression, Name, Negate, names
from netspec.expr.parse import shorten
from netspec.expr.text import write
from netspec.units import DIMENSIONLESS


@dataclass(frozen=True, slots=True)
class LinearForm:
    """sum over x of coefficients[x] * x, plus `offset`; what is absent is 0."""

    coefficients: Mapping[str, Expression]
    offset: Expression | None


def linear_form(expression: Expression, variables: Set[str]) -> LinearForm:
    """Return the linear form of an expression in some of its names.

    Raises:
        ExpressionError: It is not linear in them; names the part that is not.
    """
    if not names(expression) & variables:
        return LinearForm({}, None if _is_zero(expression) else expression)
    match expression:
        case Name(name):
            return LinearForm({name: Constant(1.0)}, None)
        case Negate(operand):
            return _map(linear_form(operand, variables), _negative)
        case Binary("+" | "-" as operator, left, right):
            first, second = linear_form(left, variables), linear_form(right, variables)
            return _add(first, second if operator == "+" else _map(second, _negative))
        case Binary("*", factor, term) if not names(factor) & variables:
            return _map(linear_form(term, variables), lambda each: _times(factor, each))
        case Binary("*", term, factor) if not names(factor) & variables:
            return _map(linear_form(term, variables), lambda each: _times(each, factor))
        case Binary("/", term, divisor) if not names(divisor) & variables:
            return _map(linear_form(term, variables), lambda each: over(each, divisor))
        case _:
            raise ExpressionError(
                "not-linear",
                f"'{shorten(write(expression))}' is not linear in {_listed(variables)}",
                write(expression),
                ("use another integrator, e.g. 'euler'",),
            )


def _listed(variables: Set[str]) -> str:
    return " and ".join(f"'{name}'" for name in sorted(variables))


def _is_zero(expression: Expression) -> bool:
    return isinstance(expression, Constant) and expression.value == 0.0


def _is_one(expression: Expression) -> bool:
    return expression == Constant(1.0, DIMENSIONLESS)


# Signs are brought outward, which changes no bit of a value other than 0: there are fewer of them
# then, and readers see -(g_L + g) instead of g_L*(-1) + g*(-1).


def _negative(value: Expression) -> Expression:
    return value.operand if isinstance(value, Negate) else Negate(value)


def _times(left: Expression, right: Expression) -> Expression:
    if isinstance(left, Negate):
        return _negative(_times(left.operand, right))
    if isinstance(right, Negate):
        return _negative(_times(left, right.operand))
    if _is_one(left):
        return right
    return left if _is_one(right) else Binary("*", left, right)


def over(dividend: Expression, divisor: Expression) -> Expression:
    """Return dividend/divisor, with the sign of the dividend outside."""
    if isinstance(dividend, Negate):
        return _negative(over(dividend.operand, divisor))
    return Binary("/", dividend, divisor)


def _plus(left: Expression, right: Expression) -> Expression:
    match left, right:
        case Negate(first), Negate(second):
            return Negate(Binary("+", first, second))
        case _, Negate(second):
            return Binary("-", left, second)
        case Negate(first), _:
            return Binary("-", right, first)
        case _:
            return Binary("+", left, right)


def _map(form: LinearForm, change: Callable[[Expression], Expression]) -> LinearForm:
    coefficients = {name: change(value) for name, value in form.coefficients.items()}
    return LinearForm(coefficients, None if form.offset is None else change(form.offset))


def _add(first: LinearForm, second: LinearForm) -> LinearForm:
    coefficients = dict(first.coefficients)
    for name, value in second.coefficients.items():
        before = coefficients.get(name)
        coefficients[name] = value if before is None else _plus(before, value)
    if first.offset is None or second.offset is None:
        return LinearForm(coefficients, first.offset or second.offset)
    return LinearForm(coefficients, _plus(first.offset, second.offset))
