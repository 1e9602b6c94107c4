"""Inputs: sources of spikes that no cell computes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field

from netspec.spec.base import Duration, Items, KindModel
from netspec.spec.trains import Trains
from netspec.spec.values import ValueField

Rounding = Literal["error", "nearest"]
"""What happens to a time that is no multiple of dt."""


class Poisson(KindModel):
    """Independent Poisson trains: at most one spike per neuron and step, p = rate * dt."""

    model: Literal["poisson"] = "poisson"
    """`poisson`."""

    size: int = Field(ge=1, le=2**32 - 1)
    """Number of neurons."""

    rate: ValueField
    """Rate of each neuron, e.g. `90 Hz`; a list has one per neuron."""


class SpikeTimes(KindModel):
    """Spikes at given times."""

    model: Literal["spike_times"] = "spike_times"
    """`spike_times`."""

    times: Items[Items[Duration]]
    """For each neuron the times of its spikes, in any order, no two in one step."""

    rounding: Rounding = "error"
    """`nearest` moves times that are no multiple of dt to the nearest step."""


Source = Poisson | SpikeTimes | Trains

Input = Annotated[Source, Discriminator("model")]
