"""Weights on their grids, so that sums of arriving weights are exact in any order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir import nodes as ir
from netspec.realise.network import FloatArray, RealisedProjection

_EXACT_INTEGERS = 2.0**53

_SMALLEST = 2.0**-1074
"""Every double is a multiple of this one."""


@dataclass(frozen=True, slots=True, eq=False)
class ProjectionWeights:
    """Weights of a projection on their grids, for each stretch of the timeline.

    Attributes:
        quanta: Distance of neighbouring weights in SI; 0 where all weights are 0, `None` where
            they depend on edges that are not drawn.
        stretches: The weights, all of one shape; empty if the edges are not drawn.
    """

    quanta: tuple[float | None, ...]
    stretches: tuple[FloatArray, ...] = ()


def on_grid(weights: FloatArray, bits: int) -> FloatArray:
    """Return weights rounded to the grid of a projection, ties to even.

    With W the largest |w| and (m, e) = frexp(W) the quantum is 2**(e - bits).
    """
    if not weights.size:
        return weights
    quantum = grid_quantum(weights, bits)
    if quantum == 0.0:
        return weights + 0.0
    return np.asarray(np.rint(weights / quantum) * quantum + 0.0)  # + 0.0 turns -0 into +0


def grid_quantum(weights: FloatArray, bits: int) -> float:
    """Return the quantum of the grid that weights are put on; 0 if all are 0.

    Of the weights before rounding: the largest may be rounded up to the next power of two.
    """
    largest = float(np.max(np.abs(weights), initial=0.0))
    if largest == 0.0:
        return 0.0
    _, exponent = np.frexp(largest)
    return max(float(np.ldexp(1.0, int(exponent) - bits)), _SMALLEST)


def inexact_sums(
    network: ir.Network,
    projections: Mapping[str, RealisedProjection],
    weights: Mapping[str, ProjectionWeights],
) -> Iterator[Diagnostic]:
    """Yield a problem for each port where the weights that arrive in a step may not add up exactly.

    Per target, the sum of |w| over its edges must stay below 2**53 of the smallest quantum; an
    edge delivers at most one event per step. What is missing can only make it worse.

    Args:
        network: The IR.
        projections: Edges, as far as they are drawn.
        weights: Of each projection, as far as they are known.
    """
    for population in network.populations:
        for port in population.cell.ports:
            arriving = [
                each.name
                for each in network.projections
                if each.target == population.name and each.port == port.name
            ]
            if not _is_exact(arriving, projections, weights, population.size):
                yield Diagnostic(
                    "weight-range",
                    f"projections.{arriving[0]}.weight",
                    f"the weights onto '{population.name}.{port.name}' differ too much in size "
                    "to be added exactly",
                    notes=(f"projections onto it: {', '.join(map(repr, arriving))}",),
                    hints=("give the projection with the smallest weights a receptor of its own",),
                )


def _is_exact(
    arriving: Iterable[str],
    projections: Mapping[str, RealisedProjection],
    weights: Mapping[str, ProjectionWeights],
    size: int,
) -> bool:
    known = [name for name in arriving if name in weights]
    quanta = [quantum for name in known for quantum in weights[name].quanta if quantum]
    if not quanta:
        return True
    load = np.zeros(size)
    for name in known:
        if name in projections:
            load += _largest_load(projections[name], weights[name].stretches, size)
    return float(load.max(initial=0.0)) < _EXACT_INTEGERS * min(quanta)


def _largest_load(
    edges: RealisedProjection, stretches: Iterable[FloatArray], size: int
) -> FloatArray:
    """Return per target the largest sum of |w| over the stretches."""
    largest = np.zeros(size)
    for weights in stretches:
        absolute = np.abs(np.broadcast_to(weights, edges.targets.shape))
        largest = np.maximum(largest, np.bincount(edges.targets, absolute, minlength=size))
    return largest
