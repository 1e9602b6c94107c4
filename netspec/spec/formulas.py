"""Expressions and statements of a document as written, and quantities that stand among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Expression
from netspec.expr.parse import multiplied_hints, parse_expression, parse_statement
from netspec.spec.base import kind_of, quantity_of, unit_problem, write_quantity
from netspec.units import Quantity, UnitError, looks_like_quantity, parse_quantity


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression as written.

    Attributes:
        text: As written.
        expression: Its tree; dimensions are checked where it is used.
    """

    text: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Assignment:
    """A statement as written, such as `V = V_reset`."""

    text: str
    target: str
    expression: Expression


def quantity_or_formula(data: object) -> Quantity | Formula:
    """Read a quantity or an expression.

    A text is a quantity where it is or looks like one, as the wrong `3 mW` does.

    Raises:
        PydanticCustomError: It is neither.
    """
    if isinstance(data, Formula):
        return data
    if not isinstance(data, str):
        return quantity_of(data)
    try:
        return parse_quantity(data)
    except UnitError as error:
        if looks_like_quantity(data):
            error.hints += multiplied_hints(data)
            raise unit_problem("bad-quantity", error) from None
    return formula_of(data)


def write_one(value: Quantity | Formula) -> str | float:
    """Return what a document holds for a quantity or an expression."""
    return value.text if isinstance(value, Formula) else write_quantity(value)


def formula_of(data: object) -> Formula:
    """Read an expression.

    Raises:
        PydanticCustomError: It is not one.
    """
    if isinstance(data, Formula):
        return data
    text = _text_of(data, "an expression such as 'E_L + 5*mV'")
    try:
        return Formula(text, parse_expression(text))
    except ExpressionError as error:
        raise expression_problem(error) from None


def assignment_of(data: object) -> Assignment:
    """Read a statement.

    Raises:
        PydanticCustomError: It is not one.
    """
    if isinstance(data, Assignment):
        return data
    text = _text_of(data, "a statement such as 'V = V_reset'")
    try:
        return Assignment(text, *parse_statement(text))
    except ExpressionError as error:
        raise expression_problem(error) from None


def expression_problem(error: ExpressionError) -> PydanticCustomError:
    """Return a problem with an expression in the form that Pydantic gathers."""
    return PydanticCustomError(
        error.code,
        "{reason}",
        {"reason": str(error), "hints": error.hints},
    )


def _text_of(data: object, expected: str) -> str:
    if not isinstance(data, str):
        raise PydanticCustomError(
            "wrong-type",
            "expected {expected}, got {kind}",
            {"expected": expected, "kind": kind_of(data)},
        )
    return data


Given = Quantity | Formula
"""What a parameter of a distribution or rule can be."""

Parameter = Annotated[
    Given,
    PlainValidator(quantity_or_formula),
    PlainSerializer(write_one, return_type=object),
    WithJsonSchema(
        {
            "type": ["string", "number"],
            "description": "A quantity or an expression over what the value could read.",
            "examples": ["87.8 pA", "0.1*I_e", 0.5],
        }
    ),
]

FormulaField = Annotated[
    Formula,
    PlainValidator(formula_of),
    PlainSerializer(lambda formula: formula.text),
    WithJsonSchema({"type": "string", "examples": ["(E_L - V)/tau_m", "V > V_th"]}),
]

AssignmentField = Annotated[
    Assignment,
    PlainValidator(assignment_of),
    PlainSerializer(lambda assignment: assignment.text),
    WithJsonSchema({"type": "string", "examples": ["V = V_reset", "g = g + acc"]}),
]
