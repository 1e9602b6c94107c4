"""Time courses: what may stand for a rate or a current that changes while the network runs."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from typing import Annotated, Self

from pydantic import (
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from netspec.spec.base import Duration, Items, PositiveDuration, SpecModel, UnitText, require_one
from netspec.spec.choice import Choice
from netspec.spec.data import ColumnName, FileName, FromFile
from netspec.spec.distributions import Clip, Distribution
from netspec.spec.formulas import Given, Parameter
from netspec.spec.values import (
    ValueField,
    WrittenField,
    form_of_value,
)

_Number = float | int
"""Kept as it is written, `1` or `1.0`."""


def _is_row(data: object) -> str:
    return "row" if isinstance(data, Sized) and not isinstance(data, str) else "number"


_Row = Annotated[
    Annotated[_Number, Tag("number")] | Annotated[Items[_Number], Tag("row")],
    Discriminator(_is_row),
]
"""One number, or one for each neuron."""


class Piecewise(SpecModel):
    """Values that hold from given times on; what comes before the first time is 0."""

    times: Annotated[Items[Duration], Field(min_length=1)]
    """Multiples of dt, ascending."""

    values: Annotated[Items[ValueField], Field(min_length=1)]
    """As many values; each may be a list with one value per neuron, or drawn."""

    @model_validator(mode="after")
    def _as_many_values(self) -> Self:
        if len(self.times) != len(self.values):
            raise PydanticCustomError(
                "wrong-length",
                "expected one value for each time, {times} in all, got {values}",
                {"times": len(self.times), "values": len(self.values)},
            )
        return self


class Ramp(SpecModel):
    """A straight line from one value to another one, which are kept before and after it."""

    first: Parameter
    """Value until `start`."""

    last: Parameter
    """Value from `stop` on."""

    start: Duration
    """When the ramp begins."""

    stop: Duration
    """When it ends."""


class Sine(SpecModel):
    """offset + amplitude*sin(2*pi*frequency*t + phase)."""

    amplitude: Parameter
    """Half of the way between the least and the largest value."""

    frequency: Parameter
    """Cycles per second."""

    phase: Parameter | None = None
    """In radians, 0 if left out."""

    offset: Parameter | None = None
    """Mean value, 0 if left out."""


class Noise(SpecModel):
    """Normal numbers that are drawn anew after every interval and hold for it."""

    mean: Parameter
    """Mean."""

    sd: Parameter
    """Standard deviation."""

    interval: PositiveDuration
    """How long a number holds, a multiple of dt."""

    shared: bool = False
    """Whether all neurons have the same number."""

    clip: Clip = None

    def given(self) -> Iterator[tuple[str, Given]]:
        """Yield the values, each with its place."""
        yield "mean", self.mean
        yield "sd", self.sd
        for number, bound in enumerate(self.clip or ()):
            if bound is not None:
                yield f"clip[{number}]", bound


class TimedArray(SpecModel):
    """Numbers listed for each interval; the last ones hold until the end."""

    values: Annotated[Items[_Row], Field(min_length=1)] | None = None
    """A number for each interval, or a list with one for each neuron."""

    file: FileName | None = None
    """A data file with the numbers, in place of `values`: a list of them, or a table with a row for
    each interval and a column for each neuron."""

    column: ColumnName | None = None
    """Column or array of the file; may be left out if there is only one, or if all are meant."""

    unit: UnitText
    """Unit of the numbers."""

    interval: PositiveDuration
    """How long each holds, a multiple of dt."""

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if (self.values is None) == (self.file is None):
            raise PydanticCustomError(
                "one-list",
                "expected either 'values' or a 'file' with them, got {given}",
                {"given": "none" if self.file is None else "both"},
            )
        if self.column is not None and self.file is None:
            raise PydanticCustomError("one-list", "'column' belongs to a 'file'")
        return self


class Course(Choice):
    """A time course: exactly one of the fields."""

    piecewise: Piecewise | None = None
    """Values that hold from given times on."""

    ramp: Ramp | None = None
    """A straight line between two values."""

    sine: Sine | None = None
    """A sine wave."""

    noise: Noise | None = None
    """Normal numbers that are drawn anew now and then."""

    array: TimedArray | None = None
    """Numbers listed for each interval."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        require_one("one-course", "time course", self)
        return self


def _form_of(data: object) -> str:
    """Tell a time course from the forms of a value."""
    courses = tuple(Course.model_fields)
    classes = (Course, Piecewise, Ramp, Sine, Noise, TimedArray)
    if isinstance(data, classes) or (isinstance(data, dict) and data.keys() & set(courses)):
        return "course"
    return form_of_value(data)


CourseField = Annotated[
    WrittenField
    | Annotated[Distribution, Tag("drawn")]
    | Annotated[FromFile, Tag("from file")]
    | Annotated[Course, Tag("course")],
    Discriminator(_form_of),
    Field(
        examples=[
            "90 Hz",
            "20*hertz*(1 + sin(2*t/(7*ms)))",
            {"piecewise": {"times": ["0 ms", "250 ms"], "values": ["20 Hz", "90 Hz"]}},
        ]
    ),
]
"""What may stand for a rate or a current: a value, an expression that reads `t`, or a course."""
