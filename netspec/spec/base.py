"""What all models of a document share, and the small types that fields are made of."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from numbers import Integral, Real
from typing import Annotated, Any, LiteralString, NoReturn, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from netspec.errors import SpecError
from netspec.expr.parse import IDENTIFIER, shorten
from netspec.limits import LONGEST_STEP, MAX_NEURONS, SHORTEST_STEP
from netspec.spec.foreign import foreign_quantity
from netspec.spec.names import reserved_reason
from netspec.spec.problems import diagnostics_of
from netspec.units import (
    TIME,
    Quantity,
    UnitDefinition,
    UnitError,
    bare_quantity,
    describe,
    parse_quantity,
    parse_unit,
)

_DERIVATIVE = re.compile(rf"d({IDENTIFIER.pattern})/dt", re.ASCII)


class SpecModel(BaseModel):
    """Base of all models: frozen, strict, no unknown fields, no NaN or infinity.

    Raises:
        SpecError: A field is missing, unknown or wrong; carries all problems.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        populate_by_name=True,
        defer_build=True,
    )

    def __init__(self, /, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise SpecError(diagnostics_of(error, data, type(self))) from None

    # Pydantic need not call it for the parts of a document, whose problems it gathers itself.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]


class KindModel(SpecModel):
    """Base of objects with a `model`: Python objects know theirs, documents have to say it."""

    model: str

    def model_post_init(self, _context: object, /) -> None:
        """Count the model as given."""
        self.model_fields_set.add("model")


def require_one(
    code: LiteralString, what: LiteralString, model: SpecModel, among: tuple[str, ...] = ()
) -> None:
    """Refuse a choice, a model that does not give exactly one of its optional fields.

    Args:
        code: Of the problem.
        what: A field is, for the message.
        model: The choice.
        among: The fields, if not all that are optional.

    Raises:
        PydanticCustomError: It gives none or several.
    """
    fields = type(model).model_fields.items()
    choices = among or tuple(name for name, field in fields if not field.is_required())
    given = [name for name in choices if getattr(model, name) is not None]
    if len(given) != 1:
        raise PydanticCustomError(
            code,
            "expected exactly one {what} of {names}, got {given}",
            {
                "what": what,
                "names": ", ".join(f"'{name}'" for name in choices),
                "given": " and ".join(f"'{name}'" for name in given) or "none",
            },
        )


def written_as(
    text: str, an_object: str, *classes: type, read: type = str
) -> Callable[[object], str | None]:
    """Return what tells the two forms of a field apart: a text, or an object.

    Args:
        text: Tag of a text.
        an_object: Tag of an object.
        classes: What an object becomes.
        read: What a text becomes.
    """

    def tag(data: object) -> str | None:
        if isinstance(data, (str, read)):
            return text
        return an_object if isinstance(data, (dict, *classes)) else None

    return tag


def check_identifier(name: str) -> str:
    """Return a name that may be given to something.

    Raises:
        PydanticCustomError: It breaks the rule for names or is reserved.
    """
    if not IDENTIFIER.fullmatch(name):
        raise PydanticCustomError(
            "bad-name",
            "'{name}' is not a name; use a letter and then letters, digits or '_', at most 64",
            {"name": shorten(name), "hints": _derivative_hints(name)},
        )
    if reason := reserved_reason(name):
        raise PydanticCustomError(
            "reserved-name",
            "'{name}' cannot be used as a name: {reason}",
            {"name": name, "reason": reason},
        )
    return name


def _derivative_hints(name: str) -> tuple[str, ...]:
    """Return the hint for a derivative where the name of its variable belongs."""
    match = _DERIVATIVE.fullmatch(name)
    return (f"write '{match[1]}'",) if match else ()


def _check_symbol(name: str) -> str:
    if keyword.iskeyword(name):
        raise PydanticCustomError(
            "reserved-name",
            "'{name}' cannot be used as a name: it is a word of Python, in whose syntax equations "
            "are written",
            {"name": name},
        )
    return name


def quantity_of(data: object) -> Quantity:
    """Return the quantity that a value of a document or of another library stands for.

    Quantities of Brian2, pint and quantities are known by their shape.

    Raises:
        PydanticCustomError: It is not one.
    """
    try:
        if isinstance(data, Quantity):
            return data
        if isinstance(data, str):
            return parse_quantity(data)
        if type(data) is not bool and isinstance(data, Real):
            return bare_quantity(int(data) if isinstance(data, Integral) else float(data))
        if foreign := foreign_quantity(data):
            return foreign
    except UnitError as error:
        raise unit_problem("bad-quantity", error) from None
    raise PydanticCustomError(
        "bad-quantity", "expected a quantity such as '20 ms', got {kind}", {"kind": kind_of(data)}
    )


def unit_problem(code: LiteralString, error: UnitError) -> PydanticCustomError:
    """Return a problem with a unit or quantity in the form that Pydantic gathers."""
    context = {"reason": shorten(str(error), 200), "hints": error.hints}
    return PydanticCustomError(code, "{reason}", context)


def kind_of(data: object) -> str:
    """Return words for the kind of a JSON value."""
    words = {dict: "an object", list: "a list", str: "a text", bool: "a truth value"}
    if data is None:
        return "nothing"
    words |= {int: "a number", float: "a number"}
    return words.get(type(data), f"a Python object of type {type(data).__name__}")


def written_unit(text: str) -> UnitDefinition:
    """Return the unit that a field of its own names.

    Raises:
        UnitError: The text is not a unit, or blank.
    """
    if not text.strip():
        raise UnitError("a unit is missing", "write '1' for plain numbers")
    return parse_unit(text)


def write_quantity(quantity: Quantity) -> str | float:
    """Return what a document holds for a quantity: its text, or the number that it was."""
    return number_of(quantity.text) if quantity.is_number else quantity.text


def number_of(text: str) -> float:
    """Return the number that a text was made from: an integer stays one."""
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _check_duration(quantity: Quantity) -> Quantity:
    if quantity.dimension != TIME:
        given = f"'{shorten(quantity.text)}', {describe(quantity.dimension)}"
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


def _check_step(quantity: Quantity) -> Quantity:
    if not SHORTEST_STEP <= float(quantity.value) <= LONGEST_STEP:
        raise PydanticCustomError(
            "out-of-range",
            "a step lasts from 1 ps to 10^6 s, got '{text}'",
            {"text": shorten(quantity.text)},
        )
    return quantity


def _check_interval(times: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    if len(times) != 2:
        raise PydanticCustomError(
            "bad-interval",
            "expected two times such as ['0 ms', '250 ms'], got {count}",
            {"count": len(times)},
        )
    return times


def _check_unit(text: str) -> str:
    try:
        written_unit(text)
    except UnitError as error:
        raise unit_problem("bad-unit", error) from None
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

KeyT = TypeVar("KeyT")


class Frozen(dict[KeyT, ItemT]):
    """A dictionary that stays as it was made."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a description does not change; `Network.replace` makes another one")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[Frozen[KeyT, ItemT]], tuple[dict[KeyT, ItemT]]]:
        return Frozen, (dict(self),)  # a copy is not filled item by item


Items = Annotated[tuple[ItemT, ...], Field(strict=False)]
"""A JSON list, kept as a tuple."""

Identifier = Annotated[
    str,
    AfterValidator(check_identifier),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]{0,63}$"}),
]
"""A name given to something."""

SymbolName = Annotated[Identifier, AfterValidator(_check_symbol)]
"""A name given to something that equations read."""

Named = Annotated[dict[Identifier, ItemT], AfterValidator(Frozen), Field(validate_default=True)]
"""A JSON object that gives names to things."""

Symbols = Annotated[dict[SymbolName, ItemT], AfterValidator(Frozen), Field(validate_default=True)]
"""A JSON object that gives names to what equations read."""

QuantityField = Annotated[
    Quantity,
    PlainValidator(quantity_of),
    PlainSerializer(write_quantity),
    WithJsonSchema(QUANTITY_SCHEMA),
]
"""A number with its unit."""

Duration = Annotated[
    Quantity,
    PlainValidator(quantity_of),
    AfterValidator(_check_duration),
    PlainSerializer(write_quantity),
    WithJsonSchema(DURATION_SCHEMA),
]
"""A time of at least 0."""

Size = Annotated[int, Field(ge=1, le=MAX_NEURONS)]
"""Number of neurons."""

Interval = Annotated[
    tuple[Duration, ...],
    AfterValidator(_check_interval),
    Field(strict=False, json_schema_extra={"minItems": 2, "maxItems": 2}),
]
"""From a time to before another."""

PositiveDuration = Annotated[Duration, AfterValidator(_check_positive)]

TimeStep = Annotated[PositiveDuration, AfterValidator(_check_step)]
"""Duration of a step."""

UnitText = Annotated[
    str,
    AfterValidator(_check_unit),
    WithJsonSchema({"type": "string", "examples": ["mV", "1/ms", "nS", "1"]}),
]
"""A unit; `1` for a plain number."""
