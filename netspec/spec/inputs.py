"""Inputs: sources of spikes that no cell computes."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from netspec.spec.base import Duration, Items, KindModel
from netspec.spec.data import SpikeFile
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


def _form_of(data: object) -> str:
    return "from file" if isinstance(data, (dict, SpikeFile)) else "listed"


Spikes = Annotated[
    Annotated[Items[Items[Duration]], Tag("listed")] | Annotated[SpikeFile, Tag("from file")],
    Discriminator(_form_of),
]
"""A list of times for each neuron, or a data file with them."""


class SpikeTimes(KindModel):
    """Spikes at given times."""

    model: Literal["spike_times"] = "spike_times"
    """`spike_times`."""

    times: Spikes
    """For each neuron the times of its spikes, in any order, no two in one step; or a data file."""

    size: int | None = Field(default=None, ge=1, le=2**32 - 1)
    """Number of neurons, where `times` is a data file; a list has one item per neuron."""

    rounding: Rounding = "error"
    """`nearest` moves times that are no multiple of dt to the nearest step."""

    @model_validator(mode="after")
    def _has_size(self) -> Self:
        if isinstance(self.times, SpikeFile) == (self.size is None):
            message = (
                "spikes of a data file need 'size', the number of neurons"
                if self.size is None
                else "'size' belongs to a data file; a list of times has one item per neuron"
            )
            raise PydanticCustomError("spikes-size", "{message}", {"message": message})
        return self


Source = Poisson | SpikeTimes | Trains

Input = Annotated[Source, Discriminator("model")]
