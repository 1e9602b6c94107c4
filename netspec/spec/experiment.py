"""What is recorded, and what changes while the network runs."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from netspec.limits import EXACT_INTEGERS
from netspec.spec.base import (
    Duration,
    Frozen,
    Identifier,
    Interval,
    Items,
    PositiveDuration,
    SpecModel,
    require_one,
    written_as,
)
from netspec.spec.rules import Rule
from netspec.spec.values import ValueField
from netspec.spec.views import EventsText, ViewText


def _time_tag(data: object) -> str | None:
    if isinstance(data, str):
        return "by name"
    return "in place" if isinstance(data, list | tuple) else None


PhaseOrInterval = Annotated[
    Annotated[str, Tag("by name")] | Annotated[Interval, Tag("in place")],
    Discriminator(
        _time_tag,
        custom_error_type="wrong-time-type",
        custom_error_message="expected a phase or an interval",
    ),
]
"""Part of a run: a phase by its name, or `["0 ms", "250 ms"]`."""


def _check_during(parts: tuple[object, ...]) -> tuple[object, ...]:
    if not parts:
        raise PydanticCustomError("too-short", "expected at least one phase or interval, got none")
    return parts


During = Annotated[
    Items[PhaseOrInterval],
    AfterValidator(_check_during),
    Field(json_schema_extra={"minItems": 1}),
]
"""Parts of a run."""


class SpikeMonitor(SpecModel):
    """Keeps spikes for a part of the run."""

    of: EventsText
    """A population or input, or part of it; `exc.burst` is an event."""

    during: During | None = None
    """Phases by name, or intervals such as `["0 ms", "250 ms"]`; the whole run if left out."""


class StateMonitor(SpecModel):
    """Samples state variables at the start of steps."""

    of: ViewText
    """A population, or part of it."""

    variables: Annotated[Items[str], Field(min_length=1)]
    """State variables, e.g. `V` or `g_AMPA`."""

    every: int = Field(default=1, ge=1, le=EXACT_INTEGERS)
    """Sample in the steps that are divisible by this."""

    during: During | None = None
    """Phases by name, or intervals such as `["0 ms", "250 ms"]`; the whole run if left out."""


class RateMonitor(SpecModel):
    """Counts the spikes of many neurons together, bin after bin."""

    of: EventsText
    """A population or input, or part of it; `exc.burst` is an event."""

    bin: PositiveDuration
    """Duration of a bin, a multiple of dt; the first begins at 0."""

    name: Identifier | None = None
    """What results call the rates; like `of` if left out."""

    @property
    def label(self) -> str:
        """What results call the rates."""
        return self.of if self.name is None else self.name


def _check_edges(edges: tuple[int, ...]) -> tuple[int, ...]:
    if len(edges) != 2 or edges[0] >= edges[1]:
        raise PydanticCustomError(
            "bad-edges",
            "expected the number of an edge and a larger one such as [0, 100], got {given}",
            {"given": list(edges[:3])},
        )
    return edges


EdgeNumbers = Annotated[
    Items[Annotated[int, Field(ge=0, le=EXACT_INTEGERS)]],
    AfterValidator(_check_edges),
    Field(json_schema_extra={"minItems": 2, "maxItems": 2}),
]
"""Some edges of a projection, in canonical order."""


class WeightMonitor(SpecModel):
    """Samples the weights of edges at the start of steps."""

    of: str
    """A projection."""

    edges: EdgeNumbers | None = None
    """The first edge and the one after the last, `[0, 100]`; all edges if left out."""

    every: int = Field(default=1, ge=1, le=EXACT_INTEGERS)
    """Sample in the steps that are divisible by this."""

    during: During | None = None
    """Phases by name, or intervals such as `["0 ms", "250 ms"]`; the whole run if left out."""


SpikeMonitorField = Annotated[
    Annotated[EventsText, Tag("by name")] | Annotated[SpikeMonitor, Tag("in full")],
    Discriminator(
        written_as("by name", "in full", SpikeMonitor),
        custom_error_type="wrong-monitor-type",
        custom_error_message="expected a monitor",
    ),
]
"""Whose spikes are kept, alone or with when."""


class Monitors(SpecModel):
    """What a run keeps."""

    spikes: Items[SpikeMonitorField] = ()
    """Populations and inputs, or parts of them, whose spikes are kept; `exc.burst` is an event."""

    states: Items[StateMonitor] = ()
    """State that is sampled."""

    counts: Items[EventsText] = ()
    """Populations and inputs, or parts of them, whose spikes are counted for each neuron, in the
    whole run and in each phase, without keeping them."""

    rates: Items[RateMonitor] = ()
    """Populations and inputs, or parts of them, whose spikes are counted over time."""

    weights: Items[WeightMonitor] = ()
    """Projections whose weights are sampled."""


class AddedEdges(SpecModel):
    """Edges that a projection has from some time on, beside those that it had."""

    projection: str
    """The projection."""

    rule: Rule
    """Which pairs are connected, within source and target as the projection addresses them."""

    weight: ValueField | None = None
    """Weight of each added edge; as in the projection if left out."""

    delay: ValueField | None = None
    """Delay of each added edge; as in the projection if left out."""


ACTIONS = ("connect", "disconnect", "set", "add_edges", "start_recording", "stop_recording")
"""Fields of an entry, of which exactly one is given."""


class TimelineEntry(SpecModel):
    """Something that happens at the start of a step; exactly one of the actions."""

    at: Duration
    """When, a multiple of dt."""

    every: PositiveDuration | None = None
    """It happens again and again, this long after the time before, as long as that is before
    `until`. What is drawn is drawn anew."""

    until: Duration | None = None
    """When an entry with `every` ends; at this time it does not happen any more."""

    connect: str | None = None
    """A projection whose events are delivered from now on."""

    disconnect: str | None = None
    """A projection whose events are dropped from now on."""

    set: Annotated[dict[str, ValueField], Field(min_length=1), AfterValidator(Frozen)] | None = None
    """New values: `"exc.I_e"`, `"exc[0:10].V"`, `"ext.rate"` or `"inh_exc.weight"` to a value."""

    add_edges: AddedEdges | None = None
    """Edges that a projection has from now on."""

    start_recording: str | None = None
    """A population or input whose spikes and state monitors record from now on."""

    stop_recording: str | None = None
    """A population or input whose spikes and state monitors record no more."""

    @model_validator(mode="after")
    def _exactly_one(self) -> TimelineEntry:
        require_one("one-action", "action", self, ACTIONS)
        return self

    @model_validator(mode="after")
    def _both_or_none(self) -> TimelineEntry:
        if (self.every is None) != (self.until is None):
            given, missing = ("every", "until") if self.every else ("until", "every")
            raise PydanticCustomError(
                "half-repeated",
                "an entry with '{given}' needs '{missing}' too",
                {"given": given, "missing": missing},
            )
        return self
