"""What values of edges read: the indices of an edge, and what the neurons at its ends have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.ir import nodes as ir
from netspec.ir.recipe import Computed, Recipe, Value, names_in
from netspec.realise.evaluate import evaluate
from netspec.realise.network import FloatArray, NumberArray
from netspec.realise.neurons import AXES

Indices = npt.NDArray[np.integer[Any]]

DISTANCE = "distance"
"""What edges call the length of the way between their ends."""

_INDICES = frozenset({"i", "j"})


@dataclass(frozen=True, slots=True, eq=False)
class EdgeScope:
    """Names of edges and their values.

    Attributes:
        dt: Seconds.
        period: Metres after which space begins again, for each dimension.
        at_source, at_target: Values by name, shape () or one per neuron of the part that the
            projection addresses. Edges call those of the source `source(name)`.
    """

    dt: Fraction = Fraction(0)
    period: tuple[Fraction | None, ...] = ()
    at_source: Mapping[str, NumberArray] = field(default_factory=dict)
    at_target: Mapping[str, NumberArray] = field(default_factory=dict)

    @classmethod
    def between(
        cls,
        recipe: Recipe,
        neurons: Mapping[str, Mapping[str, NumberArray]],
        source: str,
        source_view: ir.View,
        target: str,
        target_view: ir.View,
    ) -> EdgeScope:
        """Return the scope of a projection.

        Args:
            recipe: Of the network.
            neurons: Values by name, of each population and input that has no problems.
            source: One end.
            source_view: Neurons there that the projection addresses.
            target: The other end.
            target_view: Neurons there.
        """
        at_source = _of(neurons.get(source, {}), source_view)
        names = {ir.source_name(name): values for name, values in at_source.items()}
        return cls(recipe.dt, recipe.period, names, _of(neurons.get(target, {}), target_view))

    def knows(self, values: Iterable[Value]) -> bool:
        """Tell whether all is known that some values read."""
        known = {*_INDICES, ir.TIME_STEP, *self.at_source, *self.at_target}
        if self.axes:
            known.add(DISTANCE)
        return all(names_in(value) <= known for value in values)

    def differs(self, value: Value) -> bool:
        """Tell whether a value can be another one for each edge."""
        ends = (*self.at_source.items(), *self.at_target.items())
        differing = {*_INDICES, DISTANCE, *(name for name, each in ends if each.ndim)}
        return bool(names_in(value) & differing)

    def known(self, read: Set[str], sources: Indices, targets: Indices) -> dict[str, NumberArray]:
        """Return the values of some names for edges between some neurons.

        Args:
            read: The names.
            sources: Indices of the neurons at one end, of any shape.
            targets: At the other end, of a shape that goes with it.
        """
        found: dict[str, NumberArray] = {ir.TIME_STEP: np.asarray(float(self.dt))}
        if "i" in read:
            found["i"] = sources.astype(np.int64)
        if "j" in read:
            found["j"] = targets.astype(np.int64)
        for values, neurons in ((self.at_source, sources), (self.at_target, targets)):
            for name in read & values.keys():
                own = values[name]
                found[name] = own[neurons] if own.ndim else own
        if DISTANCE in read:
            found[DISTANCE] = self.distance(sources, targets)
        return found

    @property
    def axes(self) -> list[str]:
        """Names of the coordinates that both ends have."""
        return [axis for axis in AXES if {axis, ir.source_name(axis)} <= self._positions]

    @property
    def _positions(self) -> frozenset[str]:
        return frozenset((*self.at_source, *self.at_target))

    def distance(self, sources: Indices, targets: Indices) -> FloatArray:
        """Return sqrt((x*x + y*y) + z*z) of the shortest way from source to target."""
        period = (*self.period, None, None, None)
        ways = []
        for axis, length in zip(self.axes, period, strict=False):
            way = self.at_target[axis][targets] - self.at_source[ir.source_name(axis)][sources]
            if length is not None:
                way = way - float(length) * np.floor(way / float(length) + 0.5)
            ways.append(way)
        if len(ways) == 1:
            return np.asarray(np.abs(ways[0]))
        total = ways[0] * ways[0]
        for way in ways[1:]:
            total = total + way * way
        return np.asarray(np.sqrt(total))

    def evaluate(self, value: Computed, sources: Indices, targets: Indices) -> FloatArray:
        """Return a computed value for edges between some neurons."""
        known = self.known(names_in(value), sources, targets)
        return np.asarray(evaluate(value.expression, known), dtype=np.float64)


def _of(neurons: Mapping[str, NumberArray], view: ir.View) -> dict[str, NumberArray]:
    return {
        name: values[view.start : view.stop] if values.ndim else values
        for name, values in neurons.items()
    }
