"""Values: what may stand for a parameter, an initial value, a weight or a delay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from netspec.expr.nodes import Expression
from netspec.expr.parse import ExpressionError, parse_expression, parse_statement
from netspec.spec.base import kind_of, quantity_of, write_quantity
from netspec.units import Quantity, looks_like_quantity


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


@dataclass(frozen=True, slots=True)
class QuantityList:
    """One quantity per neuron or edge.

    Attributes:
        quantities: In the order of the document.
        unit: Set if the list was written as bare numbers beside one unit.
    """

    quantities: tuple[Quantity, ...]
    unit: str | None = None


Value = Quantity | QuantityList | Formula


def value_of(data: object) -> Value:
    """Read a value: a quantity, a list of them, `{"values": […], "unit": …}` or an expression.

    A text is a quantity where it looks like one, else an expression.

    Raises:
        PydanticCustomError: It is none of these.
    """
    match data:
        case Formula() | QuantityList():
            return data
        case str() if not looks_like_quantity(data):
            return formula_of(data)
        case dict():
            return _list_with_unit(data)
        case list() | tuple():
            return QuantityList(tuple(quantity_of(item) for item in data))
        case _ if _is_array(data):
            return QuantityList(tuple(quantity_of(item) for item in _items(data)))
        case _:
            return quantity_of(data)


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
        error.code,  # type: ignore[arg-type]
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


def _list_with_unit(data: dict[str, object]) -> QuantityList:
    unit, values = data.get("unit"), data.get("values")
    if data.keys() != {"values", "unit"} or not isinstance(unit, str):
        raise PydanticCustomError(
            "bad-value", "expected 'values' (a list of numbers) and 'unit' (a text)", {}
        )
    if not isinstance(values, Sequence) or not all(type(item) in (int, float) for item in values):
        raise PydanticCustomError("bad-value", "'values' must be a list of plain numbers", {})
    quantities = (quantity_of(f"{quantity_of(item).text} {unit}") for item in values)
    return QuantityList(tuple(quantities), unit)


def _is_array(data: object) -> bool:
    """Know a NumPy array of one dimension by its shape, without importing NumPy."""
    return hasattr(data, "tolist") and len(getattr(data, "shape", ())) == 1


def _items(array: Any) -> list[object]:
    return list(array.tolist())


def write_value(value: Value) -> object:
    """Return what a document holds for a value."""
    match value:
        case Quantity():
            return write_quantity(value)
        case Formula(text=text):
            return text
        case QuantityList(quantities, None):
            return [write_quantity(quantity) for quantity in quantities]
        case QuantityList(quantities, unit):
            numbers = [float(quantity.text.removesuffix(f" {unit}")) for quantity in quantities]
            return {"values": [int(n) if n.is_integer() else n for n in numbers], "unit": unit}


VALUE_SCHEMA: dict[str, Any] = {
    "description": "A quantity, a list with one per neuron or edge, or an expression.",
    "anyOf": [
        {"type": ["string", "number"]},
        {"type": "array", "items": {"type": ["string", "number"]}},
        {
            "type": "object",
            "properties": {
                "values": {"type": "array", "items": {"type": "number"}},
                "unit": {"type": "string"},
            },
            "required": ["values", "unit"],
            "additionalProperties": False,
        },
    ],
    "examples": ["281 pF", ["1 nS", "2 nS"], {"values": [1, 2], "unit": "nS"}, "E_L + i*0.1*mV"],
}

ValueField = Annotated[
    Value, PlainValidator(value_of), PlainSerializer(write_value), WithJsonSchema(VALUE_SCHEMA)
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
