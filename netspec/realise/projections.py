"""Edges, weights and delays of a projection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard, TypeVar

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir import nodes as ir
from netspec.ir.recipe import (
    Computed,
    Drawn,
    Item,
    ProjectionRecipe,
    Recipe,
    Value,
    length_of,
    names_in,
)
from netspec.limits import MAX_DELAY
from netspec.realise.blocks import blocks
from netspec.realise.conductances import negative_conductance
from netspec.realise.distributions import edge_stream
from netspec.realise.durations import realise_steps
from netspec.realise.edges import EdgeScope
from netspec.realise.network import (
    FloatArray,
    IndexArray,
    IntegerArray,
    NumberArray,
    RealisedProjection,
)
from netspec.realise.rounding import rounding_warning
from netspec.realise.rules import RULES, Ends
from netspec.realise.streams import stream_key
from netspec.realise.values import check_finite, problem, realise_value
from netspec.realise.weights import (
    Grid,
    ProjectionWeights,
    grid_quantum,
    in_unit,
    largest_load,
    on_grid,
)

RealisedEdges = tuple[RealisedProjection | None, ProjectionWeights, list[Diagnostic]]
"""Edges, unless they are not drawn; what else is known of their weights; warnings."""

ArrayT = TypeVar("ArrayT", FloatArray, IntegerArray)


def realise_projection(
    projection: ir.Projection | ir.Gather,
    recipe: Recipe,
    seed: int,
    given: Sequence[Item],
    scope: EdgeScope,
) -> RealisedEdges:
    """Return the edges of a projection, its weights as the timeline changes them, and warnings.

    A sum over a pool has one edge per target, from no neuron in particular.

    Args:
        projection: From the IR.
        recipe: Of the network.
        seed: Of the network.
        given: Values of its weights: before step 0, and those that the timeline brings, in order.
        scope: What values of its edges read.

    Raises:
        SpecError: A list has the wrong length, or a weight or delay is out of range.
    """
    own = recipe.projections[projection.name]
    path = f"projections.{projection.name}"
    views = own.source_view, own.target_view
    ends = Ends.between(projection.source, views[0], projection.target, views[1], scope)
    rule = RULES[own.rule.name]
    sources, targets = rule.connect(own.rule, ends, lambda purpose: stream_key(seed, path, purpose))
    order = _canonical_order(sources)
    if order is not None:
        sources, targets = sources[order], targets[order]
    edges = _Edges(sources, targets, order, scope)
    quanta, stretches = [], []
    for item in given:
        weights = edges.values(item, seed, path)
        _check_within(weights, own, item)
        quanta.append(grid_quantum(weights, own.weight_bits, own.w_max))
        stretches.append(on_grid(weights, own.weight_bits, own.w_max))
        del weights  # as they were before, which nobody needs
    if any(weights.ndim for weights in stretches):
        stretches = [_per_edge(weights, sources.size) for weights in stretches]
    delays = edges.delays(own, seed, path)
    sources += np.uint32(own.source_view.start)
    targets += np.uint32(own.target_view.start)
    warnings = weight_warnings_of(own, projection.name, given, stretches)
    size = own.target_view.stop
    load = largest_load(targets, stretches, size) if isinstance(projection, ir.Projection) else None
    beside = ProjectionWeights(
        Grid(own.weight_unit, tuple(quanta)), load, tuple(stretches[1:]), is_drawn=True
    )
    realised = RealisedProjection.of(sources, targets, stretches[0], delays)
    return realised, beside, warnings


def weight_warnings_of(
    own: ProjectionRecipe, name: str, given: Sequence[Item], stretches: Sequence[FloatArray] | None
) -> list[Diagnostic]:
    """Return what is noteworthy about the weights of a projection.

    Args:
        own: How it is made.
        name: Its name.
        given: Values of its weights.
        stretches: What became of each; `None` if the edges are not drawn.
    """
    found = []
    for item, weights in zip(given, stretches or (None,) * len(given), strict=True):
        found.append(rounding_warning(item, own))
        found.append(negative_conductance(name, item, own.weight_unit, weights))
    return [each for each in found if each is not None]


def _check_within(weights: FloatArray, own: ProjectionRecipe, item: Item) -> None:
    """Refuse weights beyond a stated largest size.

    Raises:
        SpecError: Some are; names the first.
    """
    if own.w_max is None:
        return
    flat = np.atleast_1d(weights)
    beyond = np.flatnonzero(np.abs(flat) > float(own.w_max))
    if beyond.size:
        first = in_unit(float(flat[beyond[0]]), own.weight_unit)
        most = in_unit(float(own.w_max), own.weight_unit)
        message = f"the weight {first} goes beyond 'w_max', {most}"
        if weights.ndim:
            which = f"{beyond.size} of {flat.size} weights go"
            message = f"{which} beyond 'w_max', {most}, the first with {first}"
        raise problem("beyond-w-max", item.path, message)


def _per_edge(weights: FloatArray, count: int) -> FloatArray:
    return weights if weights.ndim else np.full(count, weights)


def _canonical_order(sources: IndexArray) -> IntegerArray | None:
    """Return what sorts edges by source and keeps the rule's order within, if it is needed."""
    if np.all(sources[:-1] <= sources[1:]):
        return None
    return np.argsort(sources, kind="stable")


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Indices of edges in canonical order, and how that follows from the rule's own order."""

    sources: IndexArray
    targets: IndexArray
    order: IntegerArray | None
    scope: EdgeScope

    def values(self, item: Item, seed: int, owner: str) -> FloatArray:
        value = item.value
        if self._is_per_edge(value):
            values = np.empty(self.sources.size)
            for block in blocks(values.size):
                values[block] = self.scope.evaluate(value, self.sources[block], self.targets[block])
            check_finite(values, item.path)
            return values
        stream = None
        if isinstance(value, Drawn):
            stream = edge_stream(seed, owner, item, self.sources)
        return self._ordered(
            value, realise_value(value, self._known(value), item.path, stream), item.path
        )

    def delays(self, own: ProjectionRecipe, seed: int, owner: str) -> IntegerArray:
        value, path = own.delay, own.delay_path
        if isinstance(value, Drawn):
            return self._rounded(
                self.values(Item("delay", value, path), seed, owner), own.min_delay
            )
        if self._is_per_edge(value):
            steps = np.empty(self.sources.size, dtype=np.int64)
            for block in blocks(steps.size):
                known = self._known(value, block)
                steps[block] = realise_steps(value, known, self.scope.dt, own.rounding, path)
        else:
            steps = realise_steps(value, self._known(value), self.scope.dt, own.rounding, path)
        if steps.max(initial=0) > MAX_DELAY:
            raise problem("delay-too-long", path, f"a delay is more than {MAX_DELAY} steps")
        return self._ordered(value, steps, path)

    def _is_per_edge(self, value: Value) -> TypeGuard[Computed]:
        """Tell whether a value is computed for each edge by itself."""
        return isinstance(value, Computed) and self.scope.differs(value)

    def _rounded(self, seconds: FloatArray, least: int) -> IntegerArray:
        """Turn drawn delays into steps, in their place: the nearest, of those that there are."""
        steps = seconds.view(np.int64)
        for block in blocks(seconds.size):
            nearest = np.floor(seconds[block] / float(self.scope.dt) + 0.5)
            steps[block] = np.clip(nearest, least, MAX_DELAY)
        return steps

    def _known(self, value: Value, edges: slice = slice(None)) -> dict[str, NumberArray]:
        """Return what a value of some edges reads."""
        return self.scope.known(names_in(value), self.sources[edges], self.targets[edges])

    def _ordered(self, value: Value, values: ArrayT, path: str) -> ArrayT:
        count = self.sources.size
        if length_of(value) not in (None, count):
            raise problem("wrong-length", path, f"expected {count} values, got {values.size}")
        if length_of(value) is None or self.order is None:
            return values
        return values[self.order]
