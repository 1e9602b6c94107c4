"""Connections: which neurons, by which rule, how strong and how late."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from netspec.spec.base import Items, SpecModel, require_one
from netspec.spec.inputs import Rounding
from netspec.spec.values import ValueField
from netspec.spec.views import EventsText, ViewText

Index = Annotated[int, Field(ge=0, le=2**32 - 1)]


def _check_pair(pair: tuple[int, ...]) -> tuple[int, ...]:
    if len(pair) != 2:
        raise PydanticCustomError(
            "bad-pair",
            "expected a pair of indices [source, target], got a list of {count}",
            {"count": len(pair)},
        )
    return pair


class OneToOne(SpecModel):
    """Neuron i of the source to neuron i of the target; both have the same size."""


class AllToAll(SpecModel):
    """Every neuron of the source to every neuron of the target."""

    allow_autapses: bool = True
    """Whether a neuron connects to itself, where source and target are one population."""


class PairwiseBernoulli(SpecModel):
    """Each pair (source, target) is connected with probability p, independently."""

    p: float = Field(ge=0, le=1)
    """Probability."""

    allow_autapses: bool = True
    """Whether a neuron connects to itself, where source and target are one population."""


class Explicit(SpecModel):
    """The pairs that are listed, as often as they are listed."""

    pairs: Items[Annotated[Items[Index], AfterValidator(_check_pair)]]
    """Pairs [source, target], counted from 0 within the source and target as addressed."""


class Rule(SpecModel):
    """A connection rule: exactly one of the fields, e.g. `{"pairwise_bernoulli": {"p": 0.2}}`."""

    one_to_one: OneToOne | None = None
    """Neuron i to neuron i."""

    all_to_all: AllToAll | None = None
    """All pairs."""

    pairwise_bernoulli: PairwiseBernoulli | None = None
    """Each pair with probability p."""

    explicit: Explicit | None = None
    """A list of pairs."""

    @model_validator(mode="before")
    @classmethod
    def _in_an_object(cls, data: object) -> object:
        if isinstance(data, str) and data in cls.model_fields:
            hints = (f'write {{"{data}": {{…}}}}, with the fields of the rule inside',)
            raise PydanticCustomError("wrong-rule-type", "expected a rule", {"hints": hints})
        return data

    @model_validator(mode="after")
    def _exactly_one(self) -> Rule:
        require_one("one-rule", "rule", self)
        return self

    @property
    def choice(self) -> OneToOne | AllToAll | PairwiseBernoulli | Explicit | None:
        """The rule itself."""
        chosen = (getattr(self, name) for name in self.model_fields_set)
        return next((rule for rule in chosen if rule is not None), None)


class Projection(SpecModel):
    """Edges from a population or input to a receptor of a population."""

    source: EventsText
    """A population or input, or part of it: `ext`, `exc[0:100]`; or an event of it: `exc.burst`."""

    target: ViewText
    """A population, or part of it."""

    receptor: str
    """Receptor of the target's cell at which events arrive."""

    rule: Rule
    """Which pairs are connected."""

    weight: ValueField
    """Weight of each edge, in the unit of the receptor. Expressions may use `i` and `j`, the
    indices within source and target as addressed; a list has one value per edge, in order."""

    delay: ValueField | None = None
    """Time from a spike to its arrival, a multiple of dt; 0 is legal. A receptor that gathers has
    none, any other needs one."""

    rounding: Rounding = "error"
    """What happens to delays in lists and expressions that are no multiple of dt."""

    connected: bool = True
    """Whether events are delivered before the timeline says otherwise."""

    weight_bits: int = Field(default=24, ge=8, le=32)
    """Bits of the grid on which weights lie."""
