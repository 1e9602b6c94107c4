"""The oracle's sums over edges and over pools of neurons."""

from __future__ import annotations

from netspec.ir import nodes as ir
from netspec.realise.network import RealisedProjection
from netspec.testing.oracle.scalar import Evaluator, Values

LANES = 16


def sums(
    gather: ir.Gather,
    value: Evaluator,
    edges: RealisedProjection,
    weights: list[float],
    sources: list[Values],
    targets: list[Values],
) -> dict[int, float]:
    """Return what a gather adds to its targets, by index.

    Args:
        gather: From the IR.
        value: Computes what one edge or one neuron of the pool adds.
        edges: Of the gather; of a pool one per target.
        weights: By edge.
        sources: All neurons of the population that is looked at.
        targets: All neurons of the population that sums.
    """
    totals: dict[int, float] = {}
    ends = zip(edges.sources.tolist(), edges.targets.tolist(), weights, strict=True)
    if gather.pool is None:
        for i, j, weight in ends:
            seen = {**targets[j], **of_source(sources[i]), ir.WEIGHT: weight}
            totals[j] = totals.get(j, 0.0) + value(seen)
        return totals
    pool = sources[gather.pool.start : gather.pool.stop]
    total = in_lanes([float(value(of_source(neuron))) for neuron in pool])
    for _, j, weight in ends:
        totals[j] = weight * total
    return totals


def of_source(neuron: Values) -> Values:
    """Return the values of a neuron under the names by which others read them."""
    shared = {name: neuron[name] for name in (ir.TIME, ir.TIME_STEP)}
    return {**{ir.source_name(name): each for name, each in neuron.items()}, **shared}


def in_lanes(terms: list[float]) -> float:
    """Return the sum of terms: sixteen lanes, then pairs of lanes."""
    lanes = [0.0] * LANES
    for index, term in enumerate(terms):
        lanes[index % LANES] = lanes[index % LANES] + term
    while len(lanes) > 1:
        half = len(lanes) // 2
        lanes = [lanes[number] + lanes[number + half] for number in range(half)]
    return lanes[0]
