"""What is recorded, and what changes while the network runs."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from netspec.spec.base import Duration, Frozen, Items, PositiveDuration, SpecModel, require_one
from netspec.spec.values import ValueField
from netspec.spec.views import EventsText, ViewText


class StateMonitor(SpecModel):
    """Samples state variables at the start of steps."""

    of: ViewText
    """A population, or part of it."""

    variables: Annotated[Items[str], Field(min_length=1)]
    """State variables, e.g. `V` or `g_AMPA`."""

    every: int = Field(default=1, ge=1, le=2**53)
    """Sample in the steps that are divisible by this."""


class Monitors(SpecModel):
    """What a run keeps."""

    spikes: Items[EventsText] = ()
    """Populations and inputs, or parts of them, whose spikes are kept; `exc.burst` is an event."""

    states: Items[StateMonitor] = ()
    """State that is sampled."""


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

    @model_validator(mode="after")
    def _exactly_one(self) -> TimelineEntry:
        require_one("one-action", "action", self, beside=("every", "until"))
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
