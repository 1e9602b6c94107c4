"""What is recorded, and what changes while the network runs."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from netspec.spec.base import Duration, Frozen, Items, SpecModel, require_one
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

    connect: str | None = None
    """A projection whose events are delivered from now on."""

    disconnect: str | None = None
    """A projection whose events are dropped from now on."""

    set: Annotated[dict[str, ValueField], Field(min_length=1), AfterValidator(Frozen)] | None = None
    """New values: `"exc.I_e"`, `"exc[0:10].V"`, `"ext.rate"` or `"inh_exc.weight"` to a value."""

    @model_validator(mode="after")
    def _exactly_one(self) -> TimelineEntry:
        require_one("one-action", "action", self)
        return self
