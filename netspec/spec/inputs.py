"""Inputs: sources of spikes that no cell computes, and what acts on cells from outside."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from netspec.spec.base import Duration, Items, KindModel, Size
from netspec.spec.courses import CourseField
from netspec.spec.data import SpikeFile
from netspec.spec.space import PlacedInput
from netspec.spec.trains import Trains
from netspec.spec.values import ValueField
from netspec.spec.views import ViewText

Rounding = Literal["error", "nearest"]
"""What happens to a time that is no multiple of dt."""


class Poisson(PlacedInput):
    """Independent Poisson trains: at most one spike per neuron and step, p = rate*dt."""

    model: Literal["poisson"] = "poisson"
    """`poisson`."""

    size: Size
    """Number of neurons."""

    rate: CourseField
    """Rate of each neuron, e.g. `90 Hz`; a list has one per neuron, an expression may read `i` and
    `t`, and a time course says how it changes."""


class CorrelatedPoisson(PlacedInput):
    """Poisson trains of one rate that share some of their spikes."""

    model: Literal["correlated_poisson"] = "correlated_poisson"
    """`correlated_poisson`."""

    size: Size
    """Number of neurons."""

    rate: CourseField
    """Rate of every neuron; all have the same."""

    correlation: float | int = Field(gt=0, le=1)
    """Correlation of the spike counts of any two neurons."""

    method: Literal["common_source", "multiple_interaction"]
    """`common_source`: some spikes are those of one train that all have, the others each neuron's
    own. `multiple_interaction`: each spike of a faster train reaches every neuron with the
    probability `correlation`, so that spikes of several neurons coincide."""


class _OntoCells(KindModel):
    """Base of inputs that act on the neurons of a population in a window of time."""

    target: ViewText
    """A population, or part of it."""

    start: Duration | None = None
    """When it begins, at once if left out."""

    stop: Duration | None = None
    """When it ends, with the run if left out."""


class PoissonDrive(_OntoCells):
    """A Poisson process of its own for each neuron of a population, without edges or delay.

    In each step a receptor of neuron i gets a Poisson number of events with mean rate*dt.
    """

    model: Literal["poisson_drive"] = "poisson_drive"
    """`poisson_drive`."""

    receptor: str
    """Receptor of the target's cell at which events arrive."""

    rate: CourseField
    """Events per second for each neuron, e.g. `12.8 kHz`; up to 64 per step."""

    weight: ValueField
    """Weight of each event, in the unit of the receptor."""

    weight_bits: int = Field(default=24, ge=8, le=32)
    """Bits of the grid on which weights lie."""


class Current(_OntoCells):
    """A current into each neuron of a population, or another input of its cell.

    Its value at the beginning of a step holds for the step.
    """

    model: Literal["current"] = "current"
    """`current`."""

    amplitude: CourseField
    """The current, e.g. `200 pA`; a list has one value per neuron, an expression may read `i`, `t`
    and parameters of the cell, and a time course says how it changes."""

    into: str = "I_syn"
    """Input of the cell that it is added to."""


def _form_of(data: object) -> str:
    return "from file" if isinstance(data, (dict, SpikeFile)) else "listed"


Spikes = Annotated[
    Annotated[Items[Items[Duration]], Tag("listed")] | Annotated[SpikeFile, Tag("from file")],
    Discriminator(_form_of),
]
"""A list of times for each neuron, or a data file with them."""


class SpikeTimes(PlacedInput):
    """Spikes at given times."""

    model: Literal["spike_times"] = "spike_times"
    """`spike_times`."""

    times: Spikes
    """For each neuron the times of its spikes, in any order, no two in one step; or a data file."""

    size: Size | None = None
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


Effect = PoissonDrive | Current
"""An input that acts on the neurons of a population and emits no spikes."""

EmittingInput = Poisson | CorrelatedPoisson | SpikeTimes | Trains
"""An input that emits spikes."""

Source = EmittingInput | Effect

Input = Annotated[Source, Discriminator("model")]
