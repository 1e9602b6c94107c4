"""What a kind of trains is.

A spike is a step and a neuron. Spikes need no order, steps outside of those of the input are left
out, and several spikes of one neuron in one step count once: `realise_trains` sees to all that.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from netspec.errors import Diagnostic
from netspec.ir.recipe import PerItem, TrainsRecipe
from netspec.realise.count import Count as Count
from netspec.realise.network import FloatArray, IntegerArray
from netspec.realise.philox import Key
from netspec.realise.values import more_in_list, place_of
from netspec.units import Dimension

Spikes = tuple[IntegerArray, IntegerArray]
"""Steps and neurons, int64, shape (spikes,) each."""

Streams = Callable[[str], Key]
"""Returns the key of an input's stream by its purpose."""


@dataclass(frozen=True, slots=True, eq=False)
class Neurons:
    """The neurons of an input and what their trains depend on.

    Attributes:
        recipe: How the trains are made.
        size: Number of neurons.
        dt: Seconds.
        start: The first step in which there can be a spike.
        steps: How many such steps there are.
        values: Of the parameters by name, float64 in SI, shape () or (size,); (times,) of a list.
    """

    recipe: TrainsRecipe
    size: int
    dt: Fraction
    start: int
    steps: int
    values: Mapping[str, FloatArray]

    def each(self, name: str) -> FloatArray:
        """Return a value of all neurons, shape (size,)."""
        return np.broadcast_to(self.values[name], (self.size,))

    def faults(
        self,
        code: str,
        name: str,
        holds: npt.NDArray[np.bool_],
        message: str,
        shown: FloatArray,
        unit: str = "",
        *,
        notes: tuple[str, ...] = (),
    ) -> Iterator[Diagnostic]:
        """Yield the problem with a value for which something does not hold.

        Args:
            code: Of the problem.
            name: Of the value.
            holds: Whether it does, shape () or (size,).
            message: What must hold, in words.
            shown: What is shown of the value, of the same shape.
            unit: Of what is shown.
            notes: Facts.
        """
        bad = np.flatnonzero(~np.atleast_1d(holds))
        if not bad.size:
            return
        first = int(bad[0])
        text = f"{np.atleast_1d(shown)[first]:.6g} {unit}".rstrip()
        which = f" for neuron {first}" if holds.ndim else ""
        item = self.recipe.parameter(name)
        if isinstance(item.value, PerItem):
            notes += more_in_list(bad.size - 1)
        yield Diagnostic(code, place_of(item, first), f"{message}, got {text}{which}", notes)


class SpikeTrains(ABC):
    """How one kind of trains is checked, counted and made."""

    dimensions: ClassVar[Mapping[str, Dimension]] = {}
    """Of the values that a document gives for neurons, by name."""

    def faults(self, neurons: Neurons) -> Iterator[Diagnostic]:
        """Yield what makes no sense, before any train is made."""
        yield from ()

    @abstractmethod
    def count(self, neurons: Neurons) -> Count:
        """Return how many spikes there will be; more where some will count once."""

    @abstractmethod
    def spikes(self, neurons: Neurons, streams: Streams) -> Iterator[Spikes]:
        """Yield the spikes, so many at a time that memory stays small."""


def rate_faults(neurons: Neurons) -> Iterator[Diagnostic]:
    """Yield a rate that is negative, or more than one spike per step."""
    per_step = neurons.values["rate"] * float(neurons.dt)
    holds = (per_step >= 0.0) & (per_step <= 1.0)
    message = "rate * dt must lie between 0 and 1"
    notes = ("a neuron has at most one spike per step",)
    yield from neurons.faults("out-of-range", "rate", holds, message, per_step, notes=notes)
