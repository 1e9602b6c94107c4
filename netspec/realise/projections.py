"""Edges, weights and delays of a projection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np

from netspec.ir import nodes as ir
from netspec.ir.recipe import Drawn, Item, PerItem, ProjectionRecipe, Recipe, Value, names_in
from netspec.realise.connectivity import Pairing, connect
from netspec.realise.distributions import edge_stream
from netspec.realise.durations import MAX_DELAY, realise_steps
from netspec.realise.network import (
    FloatArray,
    IndexArray,
    IntegerArray,
    NumberArray,
    RealisedProjection,
)
from netspec.realise.streams import stream_key
from netspec.realise.values import problem, realise_value
from netspec.realise.weights import Grid, ProjectionWeights, grid_quantum, on_grid

ArrayT = TypeVar("ArrayT", FloatArray, IntegerArray)


def realise_projection(
    projection: ir.Projection | ir.Gather,
    recipe: Recipe,
    seed: int,
    given: Sequence[Item],
    parameters: Mapping[str, NumberArray],
) -> tuple[RealisedProjection, ProjectionWeights]:
    """Return the edges of a projection, and its weights as the timeline changes them.

    A sum over a pool has one edge per target, from no neuron in particular.

    Args:
        projection: From the IR.
        recipe: Of the network.
        seed: Of the network.
        given: Values of its weights: before step 0, and those that the timeline brings, in order.
        parameters: Of the target population.

    Raises:
        SpecError: A list has the wrong length, or a weight or delay is out of range.
    """
    own = recipe.projections[projection.name]
    path = f"projections.{projection.name}"
    pairing = Pairing(
        sources=len(own.source_view),
        targets=len(own.target_view),
        diagonal=_diagonal(projection, own),
        key=stream_key(seed, path, "connectivity"),
    )
    sources, targets = connect(own.rule, pairing)
    order = _canonical_order(sources)
    if order is not None:
        sources, targets = sources[order], targets[order]
    edges = _Edges({"i": sources, "j": targets}, order, parameters, recipe.dt)
    written = [edges.values(item, seed, path) for item in given]
    grid = Grid(
        own.weight_unit, tuple(grid_quantum(weights, own.weight_bits) for weights in written)
    )
    stretches = [on_grid(weights, own.weight_bits) for weights in written]
    if any(weights.ndim for weights in stretches):
        stretches = [np.broadcast_to(weights, sources.shape).copy() for weights in stretches]
    realised = RealisedProjection(
        sources=sources + np.uint32(own.source_view.start),
        targets=targets + np.uint32(own.target_view.start),
        weights=stretches[0],
        delays=edges.delays(own),
    )
    return realised, ProjectionWeights(grid, tuple(stretches))


def reads_parameters(value: Value) -> bool:
    """Tell whether a value per edge reads parameters of the target."""
    return not names_in(value) <= {"i", "j", ir.TIME_STEP}


def _diagonal(projection: ir.Projection | ir.Gather, own: ProjectionRecipe) -> int | None:
    if projection.source != projection.target:
        return None
    return own.source_view.start - own.target_view.start


def _canonical_order(sources: IndexArray) -> IntegerArray | None:
    """Return what sorts edges by source and keeps the rule's order within, if it is needed."""
    if np.all(sources[:-1] <= sources[1:]):
        return None
    return np.argsort(sources, kind="stable")


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Indices of edges in canonical order, and how that follows from the rule's own order."""

    indices: dict[str, IndexArray]
    order: IntegerArray | None
    parameters: Mapping[str, NumberArray]
    dt: Fraction

    def values(self, item: Item, seed: int, owner: str) -> FloatArray:
        value, stream = item.value, None
        if isinstance(value, Drawn):
            stream = edge_stream(seed, owner, item, self.indices["i"])
        values = realise_value(value, self._known(value), item.path, stream)
        return self._ordered(value, values, item.path)

    def delays(self, own: ProjectionRecipe) -> IntegerArray:
        known, path = self._known(own.delay), own.delay_path
        steps = realise_steps(own.delay, known, self.dt, own.rounding, path)
        if steps.max(initial=0) > MAX_DELAY:
            raise problem("delay-too-long", path, f"a delay is more than {MAX_DELAY} steps")
        return self._ordered(own.delay, steps, path)

    def _known(self, value: Value) -> dict[str, NumberArray]:
        read = names_in(value)
        if not read:
            return {}
        known: dict[str, NumberArray] = {
            name: each.astype(np.int64) for name, each in self.indices.items()
        }
        known[ir.TIME_STEP] = np.asarray(float(self.dt))
        for name in read & self.parameters.keys():
            own = self.parameters[name]
            known[name] = own[known["j"]] if own.ndim else own
        return known

    def _ordered(self, value: Value, values: ArrayT, path: str) -> ArrayT:
        count = self.indices["i"].size
        if isinstance(value, PerItem) and values.size != count:
            raise problem("wrong-length", path, f"expected {count} values, got {values.size}")
        if not isinstance(value, PerItem) or self.order is None:
            return values
        return values[self.order]
