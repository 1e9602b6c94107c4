"""Sums of products with one rounding: what compilers make of them if they may."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from math import isfinite

from netspec.compare.step import Number
from netspec.expr.nodes import (
    Binary,
    Constant,
    Expression,
    Integer,
    Name,
    children,
    walk,
    with_children,
)
from netspec.realise.evaluate import evaluate


def fusible(expression: Expression) -> tuple[Expression, ...]:
    """Return the sums and differences in an expression of which one side is a product."""
    return tuple(dict.fromkeys(node for node in walk(expression) if _product_of(node)))


def fused_values(
    expression: Expression, values: Mapping[str, Number]
) -> Iterator[tuple[tuple[Expression, ...], Number]]:
    """Yield what an expression is if a sum in it is fused with its product: each, then all.

    Args:
        expression: A lowered tree.
        values: Of its names.

    Yields:
        The sums that are fused, and the value.
    """
    found = fusible(expression)
    for each in found:
        yield (each,), _value(expression, values, (each,))
    if len(found) > 1:
        yield found, _value(expression, values, found)


def _value(
    expression: Expression, values: Mapping[str, Number], fused: Collection[Expression]
) -> Number:
    match expression:
        case Name(name):
            return values[name]
        case Constant(number) | Integer(number):
            return number
    if expression in fused:
        product, other = _product_of(expression) or (expression, expression)
        a, b = (_value(each, values, fused) for each in children(product))
        c = _value(other, values, fused)
        if all(isinstance(each, float) and isfinite(each) for each in (a, b, c)):
            return _rounded_once(expression, product, Fraction(a) * Fraction(b), Fraction(c))
    operands = children(expression)
    stand_ins = tuple(Name(f"operand {number}") for number in range(len(operands)))
    known = {
        stand_in.name: _value(each, values, fused)
        for stand_in, each in zip(stand_ins, operands, strict=True)
    }
    found: Number = evaluate(with_children(expression, stand_ins), known).item()
    return found


def _product_of(node: Expression) -> tuple[Expression, Expression] | None:
    """Return the product in a sum or difference, and the other side."""
    match node:
        case Binary("+" | "-", left, Binary("*") as right):
            return right, left
        case Binary("+" | "-", Binary("*") as left, right):
            return left, right
        case _:
            return None


def _rounded_once(node: Expression, product: Expression, exact: Fraction, other: Fraction) -> float:
    assert isinstance(node, Binary)
    if node.operator == "+":
        return float(exact + other)
    return float(exact - other) if product is node.left else float(other - exact)
