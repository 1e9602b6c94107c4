"""Edges: the weights of a projection or a gather, and the switch that the timeline turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import NumberArray, RealisedEntry, RealisedProjection
from netspec.units import Dimension
from netspec_brian2 import models
from netspec_brian2.arrays import ScriptArrays
from netspec_brian2.functions import WHERE, WHERE_INTEGER
from netspec_brian2.names import Names
from netspec_brian2.units import unit_text


class EdgePrinter:
    """What the `Synapses` of a projection or gather hold.

    Args:
        link: Of the IR.
        values: Its edges.
        timeline: Entries of the whole network.
        names: Identifiers of the script.
        dimension: Of the weights, or `None` if nothing reads them.
    """

    def __init__(
        self,
        link: ir.Projection | ir.Gather,
        values: RealisedProjection,
        timeline: Sequence[RealisedEntry],
        names: Names,
        dimension: Dimension | None,
    ) -> None:
        self.link = link
        self.values = values
        self.names = names
        self.dimension = dimension
        self.switches: list[tuple[int, int]] = []
        self.later: list[tuple[int, NumberArray]] = []
        for entry in timeline:
            match entry.action, entry.values:
                case ir.Connect(name), _ if name == link.name:
                    self.switches.append((entry.step, 1))
                case ir.Disconnect(name), _ if name == link.name:
                    self.switches.append((entry.step, 0))
                case ir.SetWeight(name), weights if name == link.name and dimension is not None:
                    assert isinstance(weights, np.ndarray)
                    self.later.append((entry.step, weights.astype(np.float64)))

    @property
    def object(self) -> str:
        """Identifier of the object in the script."""
        return self.names.object("projection", self.link.name)

    @property
    def connected(self) -> str:
        """Brian2's name of the switch."""
        return self.names.synaptic(self.link.name, "connected")

    @property
    def weight(self) -> str:
        """The weights of this moment, as text."""
        text = self._weight(0)
        for number, (step, _) in enumerate(self.later, 1):
            text = f"{WHERE}(t_in_timesteps < {step}, {text}, {self._weight(number)})"
        return text

    def functions(self) -> set[str]:
        """Return Brian2's names of the functions that weights and switch call."""
        return ({WHERE} if self.later else set()) | ({WHERE_INTEGER} if self.switches else set())

    def declarations(self) -> Iterator[str]:
        """Yield the lines of the model."""
        flags = "(constant)" if self.values.weights.ndim else "(constant, shared)"
        for name, dimension, _ in self._all_weights():
            yield f"{name} : {unit_text(dimension)} {flags}"
        if self.switches:
            yield f"{self.connected} : integer (shared)"

    def integers(self) -> tuple[str, ...]:
        """Return the names of 64-bit variables."""
        return (self.connected,) if self.switches else ()

    def assigned(self, arrays: ScriptArrays) -> Iterator[models.Assigned]:
        """Yield the values before step 0."""
        for name, dimension, weights in self._all_weights():
            text = arrays.quantity(f"{self.object}.{name}", weights, dimension)
            yield models.Assigned(name, text)
        if self.switches:
            yield models.Assigned(self.connected, str(int(self.link.connected)))

    def operations(self) -> Iterator[models.Operation]:
        """Yield what turns the switch."""
        if self.switches:
            flag = self.connected
            code = tuple(
                f"{flag} = {WHERE_INTEGER}(t_in_timesteps == {step}, {new}, {flag})"
                for step, new in self.switches
            )
            name = self.names.object("connection", self.link.name)
            yield models.Operation(name, code, "before_start")

    def _all_weights(self) -> Iterator[tuple[str, Dimension, NumberArray]]:
        """Yield name, dimension and values of the weights of each stretch of the timeline."""
        if self.dimension is not None:
            every = (self.values.weights, *(weights for _, weights in self.later))
            for number, weights in enumerate(every):
                yield self._weight(number), self.dimension, weights

    def _weight(self, number: int) -> str:
        return self.names.synaptic(self.link.name, f"weight_{number}")
