"""Edges: the weights of a projection or a gather, and the switch that the timeline turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import NumberArray, RealisedEntry, RealisedProjection
from netspec.units import Dimension
from netspec_brian2 import models
from netspec_brian2.arrays import ScriptArrays
from netspec_brian2.changes import at_steps
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
        first = values.weights
        self._numbers = {first.tobytes(): 0}
        self.weights: list[NumberArray] = [first]
        switches: dict[int, int] = {}
        later: dict[int, NumberArray] = {}
        for entry in timeline:
            match entry.action, entry.values:
                case ir.Connect(name), _ if name == link.name:
                    switches[entry.step] = 1
                case ir.Disconnect(name), _ if name == link.name:
                    switches[entry.step] = 0
                case ir.SetWeight(name), weights if name == link.name and dimension is not None:
                    assert isinstance(weights, np.ndarray)
                    later[entry.step] = weights
        self.switches = _steps_of(switches)
        self.stretches = _steps_of({step: self._number(each) for step, each in later.items()})

    def _number(self, weights: NumberArray) -> int:
        """Return the number of some weights, which they keep where they come again."""
        content = weights.tobytes()
        number = self._numbers.setdefault(content, len(self.weights))
        if number == len(self.weights):
            self.weights.append(weights.astype(np.float64))
        return number

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
        for number in range(1, len(self.weights)):
            now = self._stretch if self.is_numbered else "t_in_timesteps"
            first = number if self.is_numbered else self.stretches[number][0]
            text = f"{WHERE}({now} < {first}, {text}, {self._weight(number)})"
        return text

    @property
    def is_numbered(self) -> bool:
        """Whether weights come again, so that a number says which of them hold."""
        return 0 in self.stretches or any(len(each) > 1 for each in self.stretches.values())

    @property
    def _stretch(self) -> str:
        return self.names.synaptic(self.link.name, "stretch")

    def functions(self) -> set[str]:
        """Return Brian2's names of the functions that weights and switch call."""
        found = {WHERE} if len(self.weights) > 1 else set()
        return found | ({WHERE_INTEGER} if self.switches or self.is_numbered else set())

    def declarations(self) -> Iterator[str]:
        """Yield the lines of the model."""
        flags = "(constant)" if self.weights[0].ndim else "(constant, shared)"
        for name, dimension, _ in self._all_weights():
            yield f"{name} : {unit_text(dimension)} {flags}"
        for name in self.integers():
            yield f"{name} : integer (shared)"

    def integers(self) -> tuple[str, ...]:
        """Return the names of 64-bit variables."""
        connected = (self.connected,) if self.switches else ()
        return (*connected, self._stretch) if self.is_numbered else connected

    def assigned(self, arrays: ScriptArrays) -> Iterator[models.Assigned]:
        """Yield the values before step 0."""
        for name, dimension, weights in self._all_weights():
            text = arrays.quantity(f"{self.object}.{name}", weights, dimension)
            yield models.Assigned(name, text)
        if self.switches:
            yield models.Assigned(self.connected, str(int(self.link.connected)))
        if self.is_numbered:
            yield models.Assigned(self._stretch, "0")

    def operations(self) -> Iterator[models.Operation]:
        """Yield what turns the switch and counts the stretches."""
        changes: list[tuple[str, dict[int, list[int]]]] = []
        if self.switches:
            changes.append((self.connected, self.switches))
        if self.is_numbered:
            changes.append((self._stretch, self.stretches))
        code = tuple(
            f"{name} = {WHERE_INTEGER}({at_steps(steps)}, {new}, {name})"
            for name, values in changes
            for new, steps in values.items()
        )
        if code:
            name = self.names.object("connection", self.link.name)
            yield models.Operation(name, code, "before_start")

    def _all_weights(self) -> Iterator[tuple[str, Dimension, NumberArray]]:
        """Yield name, dimension and values of the weights of each stretch of the timeline."""
        if self.dimension is not None:
            for number, weights in enumerate(self.weights):
                yield self._weight(number), self.dimension, weights

    def _weight(self, number: int) -> str:
        return self.names.synaptic(self.link.name, f"weight_{number}")


def _steps_of(values: Mapping[int, int]) -> dict[int, list[int]]:
    """Return the steps at which each value comes, from the value of each step."""
    found: dict[int, list[int]] = {}
    for step, value in values.items():
        found.setdefault(value, []).append(step)
    return found
