"""Where neurons are, and what the space is like."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from netspec.limits import MAX_NEURONS
from netspec.spec.base import Items, KindModel, SpecModel, quantity_of, write_quantity
from netspec.spec.formulas import Parameter
from netspec.spec.values import ValueField
from netspec.units import LENGTH, Quantity, describe

COORDINATES = ("x", "y", "z")


def _length_of(data: object) -> Quantity | None:
    if data is None:
        return None
    length = quantity_of(data)
    if length.dimension != LENGTH:
        raise PydanticCustomError(
            "wrong-dimension",
            "expected a length (m), got '{text}', {given}",
            {"text": length.text, "given": describe(length.dimension)},
        )
    if length.value <= 0:
        raise PydanticCustomError(
            "out-of-range", "a period is above 0, got '{text}'", {"text": length.text}
        )
    return length


Period = Annotated[
    Quantity | None,
    PlainValidator(_length_of),
    PlainSerializer(lambda length: None if length is None else write_quantity(length)),
    WithJsonSchema({"type": ["string", "null"], "examples": ["1 mm", None]}),
]


def _one_to_three(items: tuple[object, ...]) -> tuple[object, ...]:
    if not 1 <= len(items) <= 3:
        raise PydanticCustomError(
            "wrong-length", "expected 1 to 3 dimensions, got {count}", {"count": len(items)}
        )
    return items


class Space(SpecModel):
    """The space of all positions."""

    period: Annotated[Items[Period], AfterValidator(_one_to_three)]
    """For each dimension the length after which it begins again, `null` where it does not.
    Distances are those of the shortest way."""


class Grid(SpecModel):
    """The points of a grid: neuron 0 at the origin, the last coordinate changes first."""

    shape: Annotated[
        Items[Annotated[int, Field(ge=1, le=MAX_NEURONS)]], AfterValidator(_one_to_three)
    ]
    """Number of points along each dimension; their product is the number of neurons."""

    spacing: Items[Parameter]
    """Distance of neighbouring points along each dimension."""

    origin: Items[Parameter] = ()
    """Position of neuron 0, `[0 mm, …]` if left out."""

    @model_validator(mode="after")
    def _as_many_dimensions(self) -> Self:
        for name, given in (("spacing", self.spacing), ("origin", self.origin)):
            if len(given) != len(self.shape) and (given or name == "spacing"):
                raise PydanticCustomError(
                    "wrong-length",
                    "expected {shape} values of '{name}', one per dimension, got {given}",
                    {"name": name, "shape": len(self.shape), "given": len(given)},
                )
        return self


class Positions(SpecModel):
    """Where neurons are: coordinates as values of neurons, or a grid."""

    x: ValueField | None = None
    """First coordinate, a length: a value, a list, an expression over `i` or a distribution."""

    y: ValueField | None = None
    """Second coordinate."""

    z: ValueField | None = None
    """Third coordinate."""

    grid: Grid | None = None
    """A grid in place of coordinates."""

    @model_validator(mode="after")
    def _grid_or_coordinates(self) -> Self:
        given = [name for name in COORDINATES if getattr(self, name) is not None]
        if bool(given) == (self.grid is not None) or given != list(COORDINATES[: len(given)]):
            raise PydanticCustomError(
                "bad-positions",
                "expected 'grid', or 'x', 'x' and 'y', or 'x', 'y' and 'z', got {given}",
                {
                    "given": " and ".join(
                        f"'{each}'" for each in (*given, *(["grid"] if self.grid else []))
                    )
                    or "none"
                },
            )
        return self


class PlacedInput(KindModel):
    """Base of inputs that emit spikes: their neurons can have positions."""

    positions: Positions | None = None
    """Where the neurons are. Expressions read them as `pos_x`, `pos_y` and `pos_z`."""
