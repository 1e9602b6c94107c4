"""Values: what may stand for a parameter, an initial value, a weight or a delay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Discriminator, Field, PlainSerializer, PlainValidator, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from netspec.expr.parse import shorten
from netspec.spec.base import (
    kind_of,
    number_of,
    quantity_of,
    unit_problem,
    write_quantity,
    written_unit,
)
from netspec.spec.data import FromFile
from netspec.spec.distributions import Distribution, DistributionModel, form_of
from netspec.spec.foreign import foreign_quantities
from netspec.spec.formulas import Formula, quantity_or_formula, write_one
from netspec.units import Quantity, UnitError, quantity_in


@dataclass(frozen=True, slots=True)
class QuantityList:
    """One quantity per neuron or edge.

    Attributes:
        quantities: In the order of the document.
        unit: Set if the list was written as bare numbers beside one unit.
    """

    quantities: tuple[Quantity, ...]
    unit: str | None = None


WrittenValue = Quantity | QuantityList | Formula
"""A value that is not drawn."""


def with_formulas(value: ValueField, rewrite: Callable[[Formula], Formula]) -> ValueField:
    """Return a value with every expression in it rewritten."""
    match value:
        case Formula():
            return rewrite(value)
        case Distribution():
            return value.with_formulas(rewrite)
        case _:
            return value


def value_of(data: object) -> WrittenValue:
    """Read a value: a quantity, a list of them, `{"values": […], "unit": …}` or an expression.

    A text is a quantity where it is or looks like one, else an expression.

    Raises:
        PydanticCustomError: It is none of these.
    """
    match data:
        case Formula() | QuantityList():
            return data
        case dict():
            return _list_with_unit(data)
        case list() | tuple():
            return _list(data)
        case _ if _is_array(data):
            return _array(data)
        case str():
            with _distributions_explained(data):
                return quantity_or_formula(data)
        case _:
            return quantity_or_formula(data)


@contextmanager
def _distributions_explained(text: str) -> Iterator[None]:
    """Give a wrong text such as `normal(-65 mV, 1 mV)` the form in which values are drawn."""
    try:
        yield
    except PydanticCustomError as error:
        name, bracket, _ = text.partition("(")
        form = form_of(name.strip()) if bracket else None
        if form is None:
            raise
        context = {**(error.context or {}), "hints": (f"write {form}",)}
        raise PydanticCustomError(error.type, error.message_template, context) from None


def _list(items: Sequence[object]) -> QuantityList:
    quantities = []
    for number, item in enumerate(items):
        try:
            quantities.append(quantity_of(item))
        except PydanticCustomError as error:
            context = {**(error.context or {}), "at": number}
            raise PydanticCustomError(error.type, error.message_template, context) from None
    return QuantityList(tuple(quantities))


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


def write_value(value: WrittenValue) -> object:
    """Return what a document holds for a value."""
    match value:
        case Quantity() | Formula():
            return write_one(value)
        case QuantityList(quantities, None):
            return [write_quantity(quantity) for quantity in quantities]
        case QuantityList(quantities, unit):
            texts = (quantity.text.partition(" ")[0] for quantity in quantities)
            return {"values": [number_of(text) for text in texts], "unit": unit}


def text_of(value: ValueField) -> str:
    """Return a value in words, for people."""
    match value:
        case Distribution():
            return str(value)
        case FromFile():
            return f"from '{value.file}'"
        case _:
            return str(write_value(value))


def form_of_value(data: object) -> str:
    """Tell a distribution and a file from the other forms of a value."""
    match data:
        case FromFile():
            return "from file"
        case Distribution() | DistributionModel():
            return "drawn"
        case dict() if "file" in data:
            return "from file"
        case dict() if data and not data.keys() & {"values", "unit"}:
            return "drawn"
        case _:
            return "written"


WRITTEN_SCHEMA: dict[str, Any] = {
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
}

VALUE_SCHEMA: dict[str, Any] = {
    "description": (
        "A quantity, a list with one per neuron or edge, an expression, a distribution, or "
        "numbers of a data file."
    ),
    "examples": [
        "281 pF",
        ["1 nS", "2 nS"],
        {"values": [1, 2], "unit": "nS"},
        "E_L + i*0.1*mV",
        {"normal": {"mean": "87.8 pA", "sd": "8.8 pA", "redraw": ["0 pA", None]}},
        {"file": "edges.csv", "column": "weight", "unit": "nS"},
    ],
    "oneOf": [WRITTEN_SCHEMA, {"$ref": "#/$defs/Distribution"}, {"$ref": "#/$defs/FromFile"}],
}

WrittenField = Annotated[
    WrittenValue,
    PlainValidator(value_of),
    PlainSerializer(write_value),
    WithJsonSchema(WRITTEN_SCHEMA),
    Tag("written"),
]
"""A value that is not drawn, among other forms."""

ValueField = Annotated[
    WrittenField | Annotated[Distribution, Tag("drawn")] | Annotated[FromFile, Tag("from file")],
    Discriminator(form_of_value),
    Field(examples=VALUE_SCHEMA["examples"]),
]
"""What may stand for a parameter, an initial value, a weight or a delay."""
