"""What must hold of any text that netspec reads: it is understood, or refused with a reason.

A check takes a text and returns whether it was understood. Whatever else happens is a fault:
another exception, a message that nobody can read, or a text that reads as something else once it
has been written again.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from pydantic_core import PydanticCustomError

from netspec.errors import Diagnostic, SpecError
from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Expression
from netspec.expr.parse import MAX_LENGTH, parse_expression, parse_statement
from netspec.expr.text import write
from netspec.passes.pipeline import prepare
from netspec.spec.formulas import quantity_or_formula
from netspec.spec.network import Network
from netspec.spec.reader import Syntax
from netspec.units import (
    MAX_UNIT_EXPONENT,
    Dimension,
    Quantity,
    UnitError,
    parse_quantity,
    parse_unit,
)

Check = Callable[[str], bool]

_LONGEST_MESSAGE = 2000


def check_json(text: str) -> bool:
    """Read a text as a description in JSON."""
    return _check_network(text, "json")


def check_yaml(text: str) -> bool:
    """Read a text as a description in YAML."""
    return _check_network(text, "yaml")


def _check_network(text: str, syntax: Syntax) -> bool:
    try:
        network = Network.loads(text, syntax=syntax, file="text")
    except SpecError as error:
        _assert_readable(error.diagnostics)
        return False
    written = network.to_json()
    again = Network.loads(written, file="written")
    assert again == network
    assert again.to_json() == written
    try:
        prepare(network)
    except SpecError as error:
        _assert_readable(error.diagnostics)
    return True


def _assert_readable(diagnostics: tuple[Diagnostic, ...]) -> None:
    assert diagnostics
    for diagnostic in diagnostics:
        _assert_message(diagnostic.render())
        assert diagnostic.location is not None or diagnostic.code == "text-too-large"


def _assert_message(message: str) -> None:
    assert 0 < len(message) < _LONGEST_MESSAGE
    assert all(line.isprintable() for line in message.split("\n")), ascii(message)


def check_expression(text: str) -> bool:
    """Read a text as an expression and as a statement."""
    try:
        parse_statement(text)
    except ExpressionError as error:
        _assert_message(str(error))
    try:
        tree = parse_expression(text)
    except ExpressionError as error:
        for each in (str(error), *error.hints):
            _assert_message(each)
        return False
    _assert_same_when_written(tree)
    return True


def _assert_same_when_written(tree: Expression) -> None:
    written = write(tree)
    if len(written) <= MAX_LENGTH:  # spaces and parentheses may make it longer than it was
        assert parse_expression(written) == tree, written


def check_quantity(text: str) -> bool:
    """Read a text as a quantity, as a unit, and as what stands where either or a formula may."""
    _check_unit(text)
    try:
        quantity_or_formula(text)
    except PydanticCustomError as error:
        _assert_message(error.message())
    try:
        quantity = parse_quantity(text)
    except UnitError as error:
        for each in (str(error), *error.hints):
            assert 0 < len(each) < _LONGEST_MESSAGE
        return False
    assert parse_quantity(str(quantity)) == quantity
    _assert_unit_of(quantity.dimension)
    _assert_arithmetic(quantity)
    return True


def _check_unit(text: str) -> None:
    try:
        unit = parse_unit(text)
    except UnitError:
        return
    _assert_unit_of(unit.dimension)


def _assert_unit_of(dimension: Dimension) -> None:
    """The SI unit that messages write for a dimension is that, if it needs no kilograms."""
    text = str(dimension)
    if "kg" not in text and max(map(abs, dimension.exponents)) <= MAX_UNIT_EXPONENT:
        assert parse_unit(text).dimension == dimension, text


def _assert_arithmetic(quantity: Quantity) -> None:
    """The result of arithmetic is written as a text; its value is right to the last double."""
    try:
        results = {
            -1: -quantity,
            1: quantity * 1,
            2: quantity + quantity,
            Fraction(1, 2): quantity / 2,
            Fraction(-1, 2): quantity / -2,
            3: quantity - quantity * -2,
        }
    except UnitError:
        return  # too long, or out of range
    for factor, result in results.items():
        assert result.dimension == quantity.dimension
        wanted = quantity.value * factor
        if abs(quantity.value) > Fraction(1, 10**250):  # what is smaller may be no normal double
            assert abs(result.value - wanted) <= abs(wanted) / 2**50, str(result)


CHECKS: dict[str, Check] = {
    "json": check_json,
    "yaml": check_yaml,
    "expression": check_expression,
    "quantity": check_quantity,
}
