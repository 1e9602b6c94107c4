"""The realised network: every array that a backend loads before step 0.

Shapes: `n` is the size of a population or source, `e` the number of edges of a projection. An
array of shape `()` holds one value for all. Arrays are read-only and have the dtype named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from netspec.ir import nodes as ir

FloatArray = npt.NDArray[np.float64]
IntegerArray = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.uint32]
NumberArray = FloatArray | IntegerArray


@dataclass(frozen=True, slots=True, eq=False)
class Thresholds:
    """Poisson thresholds T = ceil(p * 2**64), split so that they fit: T = high * 2**32 + low.

    A draw with halves (h, l) fires if h < high, or h == high and l < low. `high` may be 2**32
    (always fires).

    Attributes:
        high: uint64, shape (n,).
        low: uint32, shape (n,).
    """

    high: npt.NDArray[np.uint64]
    low: npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class RealisedPopulation:
    """Values of one population.

    Attributes:
        parameters: By name; float64 or int64, shape (n,) if `per_neuron`, else ().
        initial: State before step 0 by name; float64 or int64, shape (n,), or () if shared.
        keys: The two words of the Philox key of each draw, by name.
        tables: By name; float64, shape (rows, n) if `per_neuron`, else (rows,).
    """

    parameters: Mapping[str, NumberArray]
    initial: Mapping[str, NumberArray]
    keys: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    tables: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class RealisedPoisson:
    """A Poisson source.

    Attributes:
        key: The two words of its stream's Philox key.
        thresholds: From step 0 until a `SetRate`.
    """

    key: tuple[int, int]
    thresholds: Thresholds


@dataclass(frozen=True, slots=True, eq=False)
class RealisedListed:
    """Listed events, sorted by (step, index), without repetition.

    Attributes:
        steps: int64, shape (events,); only steps of the run.
        indices: uint32, shape (events,).
    """

    steps: IntegerArray
    indices: IndexArray


RealisedSource = RealisedPoisson | RealisedListed


@dataclass(frozen=True, slots=True, eq=False)
class RealisedProjection:
    """Edges in canonical order (source, edge number), of a projection or of a gather.

    Attributes:
        sources: uint32, shape (e,), ascending; indices in the whole source. A gather over a pool
            has one edge per target, and these mean nothing.
        targets: uint32, shape (e,); indices in the whole target population.
        weights: float64 on the projection's grid, in SI, shape (e,) or ().
        delays: int64 steps >= 0, shape (e,) or ().
    """

    sources: IndexArray
    targets: IndexArray
    weights: FloatArray
    delays: IntegerArray


@dataclass(frozen=True, slots=True, eq=False)
class RealisedEntry:
    """A timeline entry with its values.

    Attributes:
        values: `None` for connect and disconnect; `Thresholds` over the view for a rate; for a
            parameter shape () if the parameter is scalar, else the length of the view; for state
            the length of the view; for weights the shape of the projection's.
    """

    step: int
    action: ir.Action
    values: NumberArray | Thresholds | None


@dataclass(frozen=True, slots=True, eq=False)
class RealisedNetwork:
    """The IR with every array.

    Derived parameters have been computed, and in both timelines, which go together entry by entry,
    the last `SetParameter` of a step and population is followed by entries that set those which
    depend on what the step has set.

    Attributes:
        fingerprint: Of the description, for program headers and results.
        positions: Coordinates in metres of the populations and inputs that have some, by name and
            `pos_x` and so on, shape (n,) each.
    """

    ir: ir.Network
    fingerprint: str
    populations: Mapping[str, RealisedPopulation]
    sources: Mapping[str, RealisedSource]
    projections: Mapping[str, RealisedProjection]
    timeline: tuple[RealisedEntry, ...]
    positions: Mapping[str, Mapping[str, FloatArray]] = field(default_factory=dict)
