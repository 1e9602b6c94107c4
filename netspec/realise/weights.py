"""Weights on their grids, so that sums of arriving weights are exact in any order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir import nodes as ir
from netspec.ir.recipe import DriveRecipe, PerItem, ProjectionRecipe, Scalar, Value
from netspec.limits import EXACT_INTEGERS
from netspec.realise.blocks import blocks
from netspec.realise.narrow import WeightArray
from netspec.realise.network import FloatArray
from netspec.realise.rows import TargetArray
from netspec.realise.values import realise_value
from netspec.units import DIMENSIONLESS, parse_unit

_SMALLEST = 2.0**-1074
"""Every double is a multiple of this one."""

MAX_BITS = 32
"""The most that a description may give a grid."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The grid of the weights of a projection or drive, for each stretch of the timeline.

    Attributes:
        unit: Of the weights, as their receptor declares it.
        quanta: Distance of neighbouring weights in SI; 0 where all weights are 0, `None` where
            they depend on edges that are not drawn.
    """

    unit: str
    quanta: tuple[float | None, ...]

    def __str__(self) -> str:
        """Return the distances that differ, in the order of the stretches: `2.22e-07 nS`."""
        return ", ".join(self._text(quantum) for quantum in dict.fromkeys(self.quanta))

    def _text(self, quantum: float | None) -> str:
        if quantum is None:
            return "not drawn"
        return in_unit(quantum, self.unit) if quantum else "none"


def in_unit(value: float, unit: str, *, digits: int = 3) -> str:
    """Return a value in SI as text in a unit.

    >>> in_unit(2e-9, "nS")
    '2 nS'
    """
    number = f"{value / float(parse_unit(unit).factor):.{digits}g}"
    return number if parse_unit(unit).dimension == DIMENSIONLESS else f"{number} {unit}"


@dataclass(frozen=True, slots=True, eq=False)
class ProjectionWeights:
    """What is known of the weights of a projection beside those before step 0.

    Attributes:
        grid: That the weights lie on, for each stretch of the timeline.
        load: Of each target, the largest sum of |w| over the stretches; `None` of a gather, and if
            the edges are not drawn. It ends with the last neuron that the projection addresses.
        changes: What the timeline sets, in order, all of one shape.
        is_drawn: Whether there are edges.
    """

    grid: Grid
    load: FloatArray | None = None
    changes: tuple[FloatArray, ...] = ()
    is_drawn: bool = False


@dataclass(frozen=True, slots=True)
class DrivenWeights:
    """Weights of events that come from no edge.

    Attributes:
        name: Of the input.
        path: Place of the weights.
        grid: That the weights lie on.
        largest: Largest |w|.
    """

    name: str
    path: str
    grid: Grid
    largest: float


MOST_EVENTS = 256.0
"""More than a Poisson number with the largest mean that is legal can be."""


def on_grid(weights: FloatArray, bits: int, w_max: Fraction | None = None) -> FloatArray:
    """Return weights rounded to the grid of a projection, ties to even.

    With W the largest |w|, or `w_max`, and (m, e) = frexp(W) the quantum is 2**(e - bits).
    """
    rounded = np.array(weights)
    put_on_grid(rounded, grid_quantum(weights, bits, w_max))
    return rounded


def put_on_grid(weights: FloatArray, quantum: float) -> None:
    """Round weights to multiples of a quantum, where they are; if it is 0, all are 0."""
    flat = weights.reshape(-1)
    for own in (flat[block] for block in blocks(flat.size)):
        if quantum:
            own /= quantum
            np.rint(own, out=own)
            own *= quantum
        own += 0.0  # turns -0 into +0


def grid_quantum(weights: FloatArray, bits: int, w_max: Fraction | None = None) -> float:
    """Return the quantum of the grid that weights are put on; 0 if all are 0.

    Of the weights before rounding: the largest may be rounded up to the next power of two.
    """
    largest = largest_size(weights) if w_max is None else float(w_max)
    if largest == 0.0:
        return 0.0
    _, exponent = np.frexp(largest)
    return max(float(np.ldexp(1.0, int(exponent) - bits)), _SMALLEST)


def largest_size(weights: FloatArray) -> float:
    """Return the largest |w|, 0 if there are no weights."""
    flat = weights.reshape(-1)
    return max((float(np.abs(flat[block]).max()) for block in blocks(flat.size)), default=0.0)


def written_grid(values: Iterable[Value], own: ProjectionRecipe | DriveRecipe) -> Grid:
    """Return the grid of weights, as far as it is known without the edges."""
    w_max = w_max_of(own)
    quanta = (_written_quantum(each, own.weight_bits, w_max) for each in values)
    return Grid(own.weight_unit, tuple(quanta))


def w_max_of(own: ProjectionRecipe | DriveRecipe) -> Fraction | None:
    """Return the size that no weight exceeds, if it is stated."""
    return own.w_max if isinstance(own, ProjectionRecipe) else None


def _written_quantum(value: Value, bits: int, w_max: Fraction | None) -> float | None:
    if w_max is not None:
        return grid_quantum(np.zeros(0), bits, w_max)
    is_written = isinstance(value, Scalar | PerItem)
    return grid_quantum(realise_value(value, {}, ""), bits) if is_written else None


def inexact_sums(
    network: ir.Network,
    weights: Mapping[str, ProjectionWeights],
    driven: Mapping[tuple[str, str], Sequence[DrivenWeights]],
) -> Iterator[Diagnostic]:
    """Yield a problem for each port where the weights that arrive in a step may not add up exactly.

    Per target, the sum of |w| over its edges must stay below 2**53 of the smallest quantum; an
    edge delivers at most one event per step. What is missing can only make it worse. Events that
    come from no edge count with the most that can come in a step.

    Args:
        network: The IR.
        weights: Of each projection, as far as they are known.
        driven: Weights that no edge has, by population and port.
    """
    for population in network.populations:
        for port in population.cell.ports:
            arriving = [
                each.name
                for each in network.projections
                if each.target == population.name and each.port == port.name
            ]
            others = driven.get((population.name, port.name), ())
            if not _is_exact(arriving, weights, others, population.size):
                written = _written(arriving)
                paths = [f"projections.{name}.weight" for name in written]
                names = [*written, *(each.name for each in others)]
                yield Diagnostic(
                    "weight-range",
                    [*paths, *(each.path for each in others)][0],
                    f"the weights onto '{population.name}.{port.name}' differ too much in size "
                    "to be added exactly",
                    notes=(f"what leads to it: {', '.join(map(repr, names))}",),
                    hints=("give what has the smallest weights a receptor of its own",),
                )


def _written(names: Sequence[str]) -> list[str]:
    """Return the names of projections that a document has: without edges that are added to them."""
    return [name for name in names if not name.startswith("_")]


def _is_exact(
    arriving: Iterable[str],
    weights: Mapping[str, ProjectionWeights],
    driven: Sequence[DrivenWeights],
    size: int,
) -> bool:
    known = [name for name in arriving if name in weights]
    quanta = [quantum for name in known for quantum in weights[name].grid.quanta if quantum]
    quanta += [quantum for each in driven for quantum in each.grid.quanta if quantum]
    if not quanta:
        return True
    load = np.full(size, math.fsum(each.largest * MOST_EVENTS for each in driven))
    for own in (weights[name].load for name in known):
        if own is not None:
            load[: own.size] += own
    return float(load.max(initial=0.0)) < EXACT_INTEGERS * min(quanta)


def largest_load(targets: TargetArray, stretches: Iterable[WeightArray], size: int) -> FloatArray:
    """Return per target the largest sum of |w| over the stretches.

    Args:
        targets: Of the edges.
        stretches: Their weights, shape (e,) or ().
        size: Of the target population.
    """
    largest = np.zeros(size)
    for weights in stretches:
        every, load = np.broadcast_to(weights, targets.shape), np.zeros(size)
        for block in blocks(every.size):
            load += np.bincount(targets[block], np.abs(every[block]), minlength=size)
        largest = np.maximum(largest, load)
    return largest
