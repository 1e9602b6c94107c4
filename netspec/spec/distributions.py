"""Distributions: what a value per neuron or edge can be drawn from, once, before step 0."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from netspec.spec.base import Items, SpecModel, require_one
from netspec.spec.formulas import Formula, quantity_or_formula, write_one
from netspec.units import Quantity

Given = Quantity | Formula
"""What a parameter of a distribution can be."""

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


def _bound_of(data: object) -> Given | None:
    return None if data is None else quantity_or_formula(data)


def _write_bound(value: Given | None) -> str | float | None:
    return None if value is None else write_one(value)


_Bound = Annotated[
    Given | None, PlainValidator(_bound_of), PlainSerializer(_write_bound, return_type=object)
]


def _check_bounds(bounds: tuple[Given | None, ...]) -> tuple[Given | None, ...]:
    if len(bounds) != 2:
        raise PydanticCustomError(
            "bad-bounds",
            "expected the least and the largest value, got a list of {count}",
            {"count": len(bounds)},
        )
    if bounds == (None, None):
        raise PydanticCustomError("bad-bounds", "expected at least one bound, got none")
    return bounds


Bounds = Annotated[
    Items[_Bound],
    AfterValidator(_check_bounds),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": ["string", "number", "null"]},
            "minItems": 2,
            "maxItems": 2,
            "examples": [["0 pA", None], ["-80 mV", "-50 mV"]],
        }
    ),
]
"""The least and the largest value; `None` where there is none."""

BOUNDS: tuple[Literal["redraw", "clip"], ...] = ("redraw", "clip")
"""The fields of distributions that are bounds."""

PLAIN_NUMBERS = frozenset({"sigma", "shape", "alpha", "beta", "probabilities"})
"""The parameters that are plain numbers; the others are like the value that is drawn."""

Redraw = Annotated[
    Bounds | None,
    Field(
        description='Bounds, e.g. `["0 pA", null]`: the distribution is truncated, a value outside '
        "of them is drawn again."
    ),
]

Clip = Annotated[
    Bounds | None,
    Field(description='Bounds, e.g. `["0 pA", null]`: a value outside becomes the nearest inside.'),
]


class DistributionModel(SpecModel):
    """Base of the distributions."""

    def parameters(self) -> Iterator[tuple[tuple[str | int, ...], Given]]:
        """Yield the parameters and bounds that are given, each with its place."""
        for name in type(self).model_fields:
            given = getattr(self, name)
            if isinstance(given, tuple):
                yield from (
                    ((name, number), each) for number, each in enumerate(given) if each is not None
                )
            elif given is not None:
                yield (name,), given

    def with_formulas(self, rewrite: Callable[[Formula], Formula]) -> Self:
        """Return the distribution with every expression rewritten."""

        def rewritten(given: Given | None) -> Given | None:
            return rewrite(given) if isinstance(given, Formula) else given

        changed = {
            name: tuple(map(rewritten, given)) if isinstance(given, tuple) else rewritten(given)
            for name, given in self
        }
        return self.model_copy(update=changed)

    @model_validator(mode="after")
    def _bounds_once(self) -> Self:
        bounds = [getattr(self, name, None) for name in BOUNDS]
        if None not in bounds:
            raise PydanticCustomError("bad-bounds", "expected 'redraw' or 'clip', got both")
        return self


class Normal(DistributionModel):
    """The normal distribution."""

    mean: Parameter
    """Mean."""

    sd: Parameter
    """Standard deviation, at least 0."""

    redraw: Redraw = None

    clip: Clip = None


class Lognormal(DistributionModel):
    """Values whose logarithms have a normal distribution: `median*exp(sigma*z)`."""

    median: Parameter
    """Median, e^mu where others give the mean mu of the logarithms; negative for inhibition."""

    sigma: Parameter
    """Standard deviation of the logarithms, a plain number of at least 0."""

    redraw: Redraw = None

    clip: Clip = None


class Uniform(DistributionModel):
    """Every value between two bounds alike."""

    low: Parameter
    """Least value."""

    high: Parameter
    """Largest value."""


class Exponential(DistributionModel):
    """The exponential distribution."""

    mean: Parameter
    """Mean; negative values have a negative mean."""

    redraw: Redraw = None

    clip: Clip = None


class Gamma(DistributionModel):
    """The gamma distribution; its mean is `shape*scale`."""

    shape: Parameter
    """Shape, a plain number above 0."""

    scale: Parameter
    """Scale; negative values have a negative scale."""

    redraw: Redraw = None

    clip: Clip = None


class Beta(DistributionModel):
    """The beta distribution, stretched from (0, 1) to an interval."""

    alpha: Parameter
    """Shape at the low end, a plain number above 0."""

    beta: Parameter
    """Shape at the high end, a plain number above 0."""

    low: Parameter
    """Least value."""

    high: Parameter
    """Largest value."""


class Weibull(DistributionModel):
    """The Weibull distribution: `scale` times the power `1/shape` of an exponential number."""

    shape: Parameter
    """Shape, a plain number above 0."""

    scale: Parameter
    """Scale; negative values have a negative scale."""

    redraw: Redraw = None

    clip: Clip = None


class Discrete(DistributionModel):
    """One of several values."""

    values: Annotated[Items[Parameter], Field(min_length=1)]
    """The values."""

    probabilities: Annotated[Items[Parameter], Field(min_length=1)]
    """The probability of each, plain numbers that add up to 1."""

    @model_validator(mode="after")
    def _one_probability_each(self) -> Self:
        if len(self.values) != len(self.probabilities):
            raise PydanticCustomError(
                "wrong-length",
                "expected one probability for each of {values} values, got {probabilities}",
                {"values": len(self.values), "probabilities": len(self.probabilities)},
            )
        return self


def form_of(name: str) -> str | None:
    """Return the form of a distribution, `{"normal": {"mean": "…", "sd": "…"}}`, if it is one."""
    for each in DistributionModel.__subclasses__():
        if each.__name__.lower() == name:
            needed = (own for own, field in each.model_fields.items() if field.is_required())
            return json.dumps({name: dict.fromkeys(needed, "…")}, ensure_ascii=False)
    return None


class Distribution(SpecModel):
    """A distribution to draw from, e.g. `{"normal": {"mean": "87.8 pA", "sd": "8.8 pA"}}`.

    Exactly one of the fields. Each neuron or edge has a value of its own, drawn before step 0.
    """

    normal: Normal | None = None
    """Symmetric about a mean; truncated with `redraw`."""

    lognormal: Lognormal | None = None
    """Positive, with a long tail."""

    uniform: Uniform | None = None
    """Every value of an interval alike."""

    exponential: Exponential | None = None
    """Positive, the smaller the more likely."""

    gamma: Gamma | None = None
    """Positive, with two parameters."""

    beta: Beta | None = None
    """Within an interval, with two shapes."""

    weibull: Weibull | None = None
    """Positive, with two parameters."""

    discrete: Discrete | None = None
    """Listed values with their probabilities."""

    @model_validator(mode="before")
    @classmethod
    def _by_its_class(cls, data: object) -> object:
        return {type(data).__name__.lower(): data} if isinstance(data, DistributionModel) else data

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        require_one("one-distribution", "distribution", self)
        return self

    @property
    def name(self) -> str:
        """Which distribution it is, such as `normal`."""
        return next(name for name, given in self if given is not None)

    @property
    def choice(self) -> DistributionModel:
        """The distribution itself."""
        chosen = getattr(self, self.name)
        assert isinstance(chosen, DistributionModel)
        return chosen

    def with_formulas(self, rewrite: Callable[[Formula], Formula]) -> Distribution:
        """Return the distribution with every expression rewritten."""
        return self.model_copy(update={self.name: self.choice.with_formulas(rewrite)})

    def __str__(self) -> str:
        """Return words for people: `normal, mean 87.8 pA, sd 8.8 pA`."""
        fields = ((name, given) for name, given in self.choice if given is not None)
        return ", ".join((self.name, *(f"{name} {_words(given)}" for name, given in fields)))


def _words(given: Given | tuple[Given | None, ...]) -> str:
    if isinstance(given, tuple):
        return f"[{', '.join('none' if each is None else each.text for each in given)}]"
    return given.text
