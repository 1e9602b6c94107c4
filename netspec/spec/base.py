"""What all models of a document share, and the small types that fields are made of."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from netspec.expr.parse import IDENTIFIER
from netspec.spec.names import reserved_reason
from netspec.units import (
    DIMENSIONLESS,
    TIME,
    Quantity,
    UnitError,
    describe,
    parse_quantity,
    parse_unit,
    plain_quantity,
)


class SpecModel(BaseModel):
    """Base of all models: frozen, strict, no unknown fields, no NaN or infinity."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        populate_by_name=True,
        defer_build=True,
    )


def check_identifier(name: str) -> str:
    """Return a name that may be given to something.

    Raises:
        PydanticCustomError: It breaks the rule for names or is reserved.
    """
    if not IDENTIFIER.fullmatch(name):
        raise PydanticCustomError(
            "bad-name",
            "'{name}' is not a name; use a letter and then letters, digits or '_', at most 64",
            {"name": name[:80]},
        )
    if reason := reserved_reason(name):
        raise PydanticCustomError(
            "reserved-name",
            "'{name}' cannot be used as a name: {reason}",
            {"name": name, "reason": reason},
        )
    return name


def quantity_of(data: object) -> Quantity:
    """Return the quantity that a value of a document or of another library stands for.

    Quantities of Brian2, pint and quantities are known by their shape; their binary floats are
    read as decimals of 15 digits.

    Raises:
        PydanticCustomError: It is not one.
    """
    try:
        if isinstance(data, Quantity):
            return data
        if isinstance(data, str):
            return parse_quantity(data)
        if isinstance(data, (int, float)) and not isinstance(data, bool):
            return plain_quantity(data)
        if foreign := _foreign_quantity(data):
            return foreign
    except UnitError as error:
        raise PydanticCustomError("bad-quantity", "{reason}", {"reason": str(error)}) from None
    raise PydanticCustomError(
        "bad-quantity", "expected a quantity such as '20 ms', got {kind}", {"kind": kind_of(data)}
    )


def kind_of(data: object) -> str:
    """Return words for the kind of a JSON value."""
    words = {dict: "an object", list: "a list", str: "a text", bool: "a truth value"}
    if data is None:
        return "nothing"
    return words.get(type(data), "a number" if isinstance(data, (int, float)) else "something else")


def _foreign_quantity(data: object) -> Quantity | None:
    """Read the quantity of another library: a magnitude and a text of units."""
    if hasattr(data, "magnitude") and hasattr(data, "units"):  # pint, quantities
        units = getattr(data.units, "dimensionality", data.units)
        text = str(f"{units:~}" if hasattr(data, "to_base_units") else units)
        number = plain_quantity(float(data.magnitude))
        return parse_quantity(f"{number.text} {text.replace('^', '**').replace(' ', '')}")
    if hasattr(data, "in_best_unit") and hasattr(data, "dim"):  # Brian2
        text = data.in_best_unit(precision=15)
        return parse_quantity(text.replace("^", "**").replace(". ", " "))
    return None


def write_quantity(quantity: Quantity) -> str | float:
    """Return what a document holds for a quantity: its text, or a bare number."""
    text = quantity.text
    if quantity.dimension != DIMENSIONLESS or not _is_json_number(text):
        return text
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _is_json_number(text: str) -> bool:
    """Tell whether a bare JSON number reads back as the same text."""
    try:
        number = float(text)
    except ValueError:
        return False
    return text in (str(int(number)) if number == number // 1 else "", format(number, ".15g"))


def _check_duration(quantity: Quantity) -> Quantity:
    if quantity.dimension != TIME:
        given = f"'{quantity.text}', {describe(quantity.dimension)}"
        raise PydanticCustomError(
            "wrong-dimension", "expected a time such as '0.1 ms', got {given}", {"given": given}
        )
    if quantity.value < 0:
        raise PydanticCustomError(
            "negative-duration",
            "a duration cannot be negative, got '{text}'",
            {"text": quantity.text},
        )
    return quantity


def _check_positive(quantity: Quantity) -> Quantity:
    if quantity.value <= 0:
        raise PydanticCustomError(
            "not-positive", "expected a time above zero, got '{text}'", {"text": quantity.text}
        )
    return quantity


def _check_unit(text: str) -> str:
    try:
        parse_unit(text)
    except UnitError as error:
        raise PydanticCustomError("bad-unit", "{reason}", {"reason": str(error)}) from None
    return text


QUANTITY_SCHEMA: dict[str, Any] = {
    "type": ["string", "number"],
    "description": "A number with its unit; a plain number has none.",
    "examples": ["20 ms", "-70 mV", "0.5 nS/ms", 0.1],
}

DURATION_SCHEMA: dict[str, Any] = {
    "type": "string",
    "pattern": r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*[A-Za-z]+\s*$",
    "examples": ["0.1 ms", "1 s"],
}

ItemT = TypeVar("ItemT")

Items = Annotated[tuple[ItemT, ...], Field(strict=False)]
"""A JSON list, kept as a tuple."""

Identifier = Annotated[
    str,
    AfterValidator(check_identifier),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]{0,63}$"}),
]
"""A name given to something."""

QuantityField = Annotated[
    Quantity,
    PlainValidator(quantity_of),
    PlainSerializer(write_quantity),
    WithJsonSchema(QUANTITY_SCHEMA),
]

Duration = Annotated[
    Quantity,
    PlainValidator(quantity_of),
    AfterValidator(_check_duration),
    PlainSerializer(write_quantity),
    WithJsonSchema(DURATION_SCHEMA),
]
"""A time of at least 0."""

PositiveDuration = Annotated[Duration, AfterValidator(_check_positive)]

UnitText = Annotated[
    str,
    AfterValidator(_check_unit),
    WithJsonSchema({"type": "string", "examples": ["mV", "1/ms", "nS", "1"]}),
]
"""A unit; `1` for a plain number."""
