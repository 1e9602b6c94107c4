"""Trains of spikes that are known before step 0: what documents say of each kind."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from netspec.limits import MAX_NEURONS
from netspec.spec.base import Duration, Items, Size, require_one
from netspec.spec.space import PlacedInput
from netspec.spec.values import ValueField
from netspec.units import parse_quantity

NO_TIME = parse_quantity("0 ms")


class TrainModel(PlacedInput):
    """Base of the kinds of trains.

    Beside `size`, `positions`, `start` and `stop` a field is a value for each neuron, whose
    expressions may read the values before it, or a whole number, a switch, or a list of times.
    """

    size: Size
    """Number of neurons."""


class LastingTrainModel(TrainModel):
    """Base of trains that go on and on."""

    start: Duration = NO_TIME
    """When the trains begin, a multiple of dt."""

    stop: Duration | None = None
    """When they end, a multiple of dt: no spike then or later; without it, when the run ends."""


class Regular(LastingTrainModel):
    """One spike every period."""

    model: Literal["regular"] = "regular"
    """`regular`."""

    rate: ValueField | None = None
    """Rate of each neuron, e.g. `20 Hz`, at most one spike per step; in place of `period`."""

    period: ValueField | None = None
    """Time from spike to spike of each neuron, at least dt; in place of `rate`."""

    phase: ValueField = NO_TIME
    """Time of the first spike of each neuron after `start`; may read `rate` or `period`."""

    @model_validator(mode="after")
    def _rate_or_period(self) -> Self:
        require_one("rate-or-period", "field", self, ("rate", "period"))
        return self


class GammaRenewal(LastingTrainModel):
    """Independent intervals from a gamma distribution: more regular than Poisson's, or less."""

    model: Literal["gamma_renewal"] = "gamma_renewal"
    """`gamma_renewal`."""

    rate: ValueField
    """Mean rate of each neuron, e.g. `20 Hz`."""

    shape: ValueField
    """Shape of the intervals, a plain number: 1 is a Poisson process, the CV is 1/sqrt(shape)."""

    dead_time: ValueField = NO_TIME
    """Least interval of each neuron; what an interval is longer has the gamma distribution, and
    `rate` is the rate all the same."""

    equilibrium: bool = True
    """Whether the trains begin as if they had always been going on; else `start` is the time of a
    spike, which is not one of the train."""


class PulsePacket(TrainModel):
    """Volleys: in each, the spikes of every neuron are scattered normally about a time."""

    model: Literal["pulse_packet"] = "pulse_packet"
    """`pulse_packet`."""

    centres: Items[Duration]
    """Times about which the spikes of a packet lie, one for each packet."""

    spikes: int = Field(ge=0, le=MAX_NEURONS)
    """Spikes of each neuron in each packet."""

    sd: ValueField
    """Standard deviation of the times of spikes, for each neuron."""


Trains = Regular | GammaRenewal | PulsePacket
"""The kinds, each with its meaning in `netspec.realise.trains`."""
