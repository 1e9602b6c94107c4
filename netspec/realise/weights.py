"""Weights on their grids, so that sums of arriving weights are exact in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import FloatArray, RealisedProjection
from netspec.realise.values import problem

_EXACT_INTEGERS = 2.0**53

_SMALLEST = 2.0**-1074
"""Every double is a multiple of this one."""


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


def check_exact_sums(
    network: ir.Network,
    projections: Mapping[str, RealisedProjection],
    stretches: Mapping[str, list[tuple[FloatArray, float]]],
) -> None:
    """Check that the weights that can arrive at a port in one step add up exactly.

    Per target, the sum of |w| over its edges must stay below 2**53 of the smallest quantum; an
    edge delivers at most one event per step.

    Args:
        network: The IR.
        projections: Edges.
        stretches: Weights and quantum of each projection, for each stretch of the timeline.

    Raises:
        SpecError: Weights on one port are too different in size.
    """
    for population in network.populations:
        for port in population.cell.ports:
            arriving = [
                each
                for each in network.projections
                if each.target == population.name and each.port == port.name
            ]
            quanta = [q for each in arriving for _, q in stretches[each.name] if q > 0.0]
            if not quanta:
                continue
            load = np.zeros(population.size)
            for each in arriving:
                edges = projections[each.name]
                load += _largest_load(edges, stretches[each.name], population.size)
            if float(load.max(initial=0.0)) >= _EXACT_INTEGERS * min(quanta):
                raise problem(
                    "weight-range",
                    f"projections.{arriving[0].name}.weight",
                    f"the weights onto '{population.name}.{port.name}' differ too much in size "
                    "to be added exactly",
                    notes=(f"projections onto it: {', '.join(repr(e.name) for e in arriving)}",),
                    hints=("give the projection with the smallest weights a receptor of its own",),
                )


def _largest_load(
    edges: RealisedProjection, stretches: Iterable[tuple[FloatArray, float]], size: int
) -> FloatArray:
    """Return per target the largest sum of |w| over the stretches."""
    largest = np.zeros(size)
    for weights, _ in stretches:
        absolute = np.abs(np.broadcast_to(weights, edges.targets.shape))
        largest = np.maximum(largest, np.bincount(edges.targets, absolute, minlength=size))
    return largest
