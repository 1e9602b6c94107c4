"""Edges, weights and delays of a projection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard, TypeVar

import numpy as np
import numpy.typing as npt

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
from netspec.realise.distributions import Parameters, draw_in_blocks, edge_stream
from netspec.realise.durations import realise_steps
from netspec.realise.edges import EdgeScope
from netspec.realise.narrow import (
    StepArray,
    WeightArray,
    narrow_steps,
    narrow_steps_of,
    narrow_weights,
)
from netspec.realise.network import FloatArray, IntegerArray, NumberArray, RealisedProjection
from netspec.realise.rounding import rounding_warning
from netspec.realise.rows import Rows
from netspec.realise.rules import RULES, Ends
from netspec.realise.streams import stream_key
from netspec.realise.values import check_finite, problem, realise_value
from netspec.realise.weights import (
    Grid,
    ProjectionWeights,
    grid_quantum,
    in_unit,
    largest_load,
    largest_size,
    put_on_grid,
)

RealisedEdges = tuple[RealisedProjection | None, ProjectionWeights, list[Diagnostic]]
"""Edges, unless they are not drawn; what else is known of their weights; warnings."""

ArrayT = TypeVar("ArrayT", FloatArray, IntegerArray)
FloatT = TypeVar("FloatT", bound=np.floating)


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
    rows, order = rule.rows(own.rule, ends, lambda purpose: stream_key(seed, path, purpose))
    edges = _Edges(rows, order, scope)
    weights, quantum = edges.weights(given[0], own, seed, path)
    before = narrow_weights(weights)
    del weights  # half of its memory, with other numbers
    changed = [edges.weights(item, own, seed, path) for item in given[1:]]
    changes = [each for each, _ in changed]
    if before.ndim or any(each.ndim for each in changes):
        before = _per_edge(before, len(rows))
        changes = [_per_edge(each, len(rows)) for each in changes]
    stretches = [before, *changes]
    delays = edges.delays(own, seed, path)
    rows = rows.shifted(own.source_view.start, own.target_view.start)
    warnings = weight_warnings_of(own, projection.name, given, stretches)
    size, is_summed = own.target_view.stop, isinstance(projection, ir.Projection)
    load = largest_load(rows.targets, stretches, size) if is_summed else None
    grid = Grid(own.weight_unit, (quantum, *(each for _, each in changed)))
    beside = ProjectionWeights(grid, load, tuple(changes), is_drawn=True)
    return RealisedProjection(rows.firsts, rows.targets, before, delays), beside, warnings


def weight_warnings_of(
    own: ProjectionRecipe, name: str, given: Sequence[Item], stretches: Sequence[WeightArray] | None
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
    if largest_size(weights) > float(own.w_max):
        flat = np.atleast_1d(weights)
        beyond = np.flatnonzero(np.abs(flat) > float(own.w_max))
        first = in_unit(float(flat[beyond[0]]), own.weight_unit)
        most = in_unit(float(own.w_max), own.weight_unit)
        message = f"the weight {first} goes beyond 'w_max', {most}"
        if weights.ndim:
            which = f"{beyond.size} of {flat.size} weights go"
            message = f"{which} beyond 'w_max', {most}, the first with {first}"
        raise problem("beyond-w-max", item.path, message)


def _per_edge(weights: npt.NDArray[FloatT], count: int) -> npt.NDArray[FloatT]:
    return weights if weights.ndim else np.full(count, weights)


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Edges in canonical order, and how that follows from the rule's own order."""

    rows: Rows
    order: IntegerArray | None
    scope: EdgeScope

    def weights(
        self, item: Item, own: ProjectionRecipe, seed: int, owner: str
    ) -> tuple[FloatArray, float]:
        """Return weights on their grid, shape (e,) or (), and its quantum."""
        weights = self.values(item, seed, owner)
        _check_within(weights, own, item)
        quantum = grid_quantum(weights, own.weight_bits, own.w_max)
        put_on_grid(weights, quantum)
        return weights, quantum

    def values(self, item: Item, seed: int, owner: str) -> FloatArray:
        """Return the values of an item: shape () for one that is for all, else one per edge."""
        value = item.value
        if isinstance(value, Drawn) or self._is_per_edge(value):
            values = np.empty(len(self.rows))
            for block, own in self._in_blocks(value, item, seed, owner):
                values[block] = own
            return values
        return self._ordered(value, realise_value(value, self._shared(value), item.path), item.path)

    def _in_blocks(
        self, value: Drawn | Computed, item: Item, seed: int, owner: str
    ) -> Iterator[tuple[slice, FloatArray]]:
        """Yield values that are drawn or computed, some edges at a time."""
        pieces: Iterable[tuple[slice, FloatArray]]
        if isinstance(value, Drawn):
            stream = edge_stream(seed, owner, item, self.rows.firsts)
            pieces = draw_in_blocks(value, self._parameters(value), stream, item.path)
        else:
            pieces = (
                (edges, self.scope.evaluate(value, sources, targets))
                for edges, sources, targets in self.rows.blocks()
            )
        for edges, values in pieces:
            check_finite(values, item.path, edges.start)
            yield edges, values

    def _parameters(self, value: Drawn) -> Callable[[slice], Parameters]:
        """Return what returns the parameters of some edges."""

        def computed(known: Mapping[str, NumberArray], first: int = 0) -> Parameters:
            return {
                each.name: realise_value(each.value, known, each.path, first=first)
                for each in value.parameters
            }

        if self.scope.differs(value):
            return lambda edges: computed(self._known(value, edges), edges.start)
        shared = computed(self._shared(value))
        return lambda edges: shared

    def delays(self, own: ProjectionRecipe, seed: int, owner: str) -> StepArray:
        """Return delays in steps: shape () for one that is for all, else one per edge."""
        value, path, count = own.delay, own.delay_path, len(self.rows)
        if isinstance(value, Drawn):
            drawn = self._in_blocks(value, Item("delay", value, path), seed, owner)
            least = own.min_delay
            return narrow_steps_of(count, ((at, self._rounded(each, least)) for at, each in drawn))

        def steps_of(known: Mapping[str, NumberArray]) -> IntegerArray:
            steps = realise_steps(value, known, self.scope.dt, own.rounding, path)
            if steps.max(initial=0) > MAX_DELAY:
                raise problem("delay-too-long", path, f"a delay is more than {MAX_DELAY} steps")
            return steps

        if self._is_per_edge(value):
            known = ((edges, self._known(value, edges)) for edges in blocks(count))
            return narrow_steps_of(count, ((edges, steps_of(each)) for edges, each in known))
        return narrow_steps(self._ordered(value, steps_of(self._shared(value)), path))

    def _is_per_edge(self, value: Value) -> TypeGuard[Computed]:
        """Tell whether a value is computed for each edge by itself."""
        return isinstance(value, Computed) and self.scope.differs(value)

    def _rounded(self, seconds: FloatArray, least: int) -> FloatArray:
        """Turn drawn delays into steps, where they are: the nearest, of those that there are."""
        seconds /= float(self.scope.dt)
        seconds += 0.5
        np.floor(seconds, out=seconds)
        return np.clip(seconds, least, MAX_DELAY, out=seconds)

    def _known(self, value: Value, edges: slice) -> dict[str, NumberArray]:
        """Return what a value of some edges reads."""
        sources, targets = self.rows.sources(edges), self.rows.targets[edges]
        return self.scope.known(names_in(value), sources, targets)

    def _shared(self, value: Value) -> dict[str, NumberArray]:
        """Return what a value reads that is the same for all edges."""
        none = np.zeros(0, dtype=np.uint32)
        return self.scope.known(names_in(value), none, none)

    def _ordered(self, value: Value, values: ArrayT, path: str) -> ArrayT:
        count = len(self.rows)
        if length_of(value) not in (None, count):
            raise problem("wrong-length", path, f"expected {count} values, got {values.size}")
        if length_of(value) is None or self.order is None:
            return values
        return values[self.order]
