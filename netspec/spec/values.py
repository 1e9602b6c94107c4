"""Values: what may stand for a parameter, an initial value, a weight or a delay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Expression
from netspec.expr.parse import multiplied_hints, parse_expression, parse_statement, shorten
from netspec.spec.base import (
    kind_of,
    number_of,
    quantity_of,
    unit_problem,
    write_quantity,
    written_unit,
)
from netspec.spec.foreign import foreign_quantities
from netspec.units import (
    Quantity,
    UnitError,
    looks_like_quantity,
    parse_quantity,
    quantity_in,
)


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

    A text is a quantity where it is or looks like one, else an expression.

    Raises:
        PydanticCustomError: It is none of these.
    """
    match data:
        case Formula() | QuantityList():
            return data
        case str():
            return _quantity_or_formula(data)
        case dict():
            return _list_with_unit(data)
        case list() | tuple():
            return _list(data)
        case _ if _is_array(data):
            return _array(data)
        case _:
            return quantity_of(data)


def _quantity_or_formula(text: str) -> Quantity | Formula:
    """Read a text as a quantity if it is one, or looks like one and is wrong, as `3 mW` is."""
    try:
        return parse_quantity(text)
    except UnitError as error:
        if looks_like_quantity(text):
            error.hints += multiplied_hints(text)
            raise unit_problem("bad-quantity", error) from None
    return formula_of(text)


def _list(items: Sequence[object]) -> QuantityList:
    quantities = []
    for number, item in enumerate(items):
        try:
            quantities.append(quantity_of(item))
        except PydanticCustomError as error:
            context = {**(error.context or {}), "at": number}
            raise PydanticCustomError(error.type, error.message_template, context) from None
    return QuantityList(tuple(quantities))


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


def _list_with_unit(data: dict[str, object]) -> QuantityList:
    unit, values = data.get("unit"), data.get("values")
    if data.keys() != {"values", "unit"}:
        raise PydanticCustomError(
            "bad-value",
            "an object that stands for values has the fields 'values' and 'unit', got {fields}",
            {"fields": ", ".join(f"'{shorten(str(field))}'" for field in data) or "none"},
        )
    if not isinstance(unit, str):
        raise PydanticCustomError(
            "bad-value", "'unit' is a text such as 'mV', got {kind}", {"kind": kind_of(unit)}
        )
    if not isinstance(values, list | tuple):
        raise PydanticCustomError(
            "bad-value", "'values' is a list of numbers, got {kind}", {"kind": kind_of(values)}
        )
    strange = [number for number, item in enumerate(values) if type(item) not in (int, float)]
    if strange:
        raise PydanticCustomError(
            "bad-value",
            "'values' is a list of numbers, got {kind} at place {number}",
            {"kind": kind_of(values[strange[0]]), "number": strange[0]},
        )
    try:
        known = written_unit(unit)
        return QuantityList(tuple(quantity_in(number, unit, known) for number in values), unit)
    except UnitError as error:
        raise unit_problem("bad-quantity", error) from None


def _is_array(data: object) -> bool:
    """Know a NumPy array of one dimension by its shape, without importing NumPy."""
    return hasattr(data, "tolist") and len(getattr(data, "shape", ())) == 1


def _array(array: Any) -> QuantityList:
    try:
        with_units = foreign_quantities(array)
    except UnitError as error:
        raise unit_problem("bad-quantity", error) from None
    return QuantityList(with_units) if with_units is not None else _list(array.tolist())


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
            texts = (quantity.text.partition(" ")[0] for quantity in quantities)
            return {"values": [number_of(text) for text in texts], "unit": unit}


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
