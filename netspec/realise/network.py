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
from netspec.realise.narrow import narrow_steps, narrow_weights
from netspec.realise.rows import Rows

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

    They are kept in the narrowest types that hold them to the bit. `sources`, `targets`, `weights`
    and `delays` are made from that whenever they are asked for. A gather over a pool has one edge
    per target, and its sources mean nothing.

    Attributes:
        firsts: int64, shape (n + 1,): the edges of source i are firsts[i] ... firsts[i + 1] - 1; no
            edge has a source from n on.
        narrow_targets: uint16 or uint32, shape (e,); indices in the whole target population.
        narrow_weights: float32 or float64, on the projection's grid, in SI, shape (e,) or ().
        narrow_delays: uint8 or uint16, steps, shape (e,) or ().
    """

    firsts: IntegerArray
    narrow_targets: npt.NDArray[np.unsignedinteger]
    narrow_weights: npt.NDArray[np.floating]
    narrow_delays: npt.NDArray[np.unsignedinteger]

    @classmethod
    def of(
        cls, sources: IndexArray, targets: IndexArray, weights: FloatArray, delays: IntegerArray
    ) -> RealisedProjection:
        """Return edges.

        Args:
            sources: Shape (e,), ascending; indices in the whole source.
            targets: Shape (e,).
            weights: Shape (e,) or ().
            delays: Steps from 0 to 65,535, shape (e,) or ().
        """
        rows = Rows.of(sources, targets)
        return cls(rows.firsts, rows.targets, narrow_weights(weights.copy()), narrow_steps(delays))

    def __len__(self) -> int:
        return self.narrow_targets.size

    @property
    def sources(self) -> IndexArray:
        """uint32, shape (e,), ascending; indices in the whole source."""
        numbers = np.arange(self.firsts.size - 1, dtype=np.uint32)
        return np.repeat(numbers, np.diff(self.firsts))

    @property
    def targets(self) -> IndexArray:
        """uint32, shape (e,); indices in the whole target population."""
        return self.narrow_targets.astype(np.uint32, copy=False)

    @property
    def weights(self) -> FloatArray:
        """float64 on the projection's grid, in SI, shape (e,) or ()."""
        return self.narrow_weights.astype(np.float64, copy=False)

    @property
    def delays(self) -> IntegerArray:
        """int64 steps, shape (e,) or ()."""
        return self.narrow_delays.astype(np.int64)

    @property
    def least_delay(self) -> int:
        """The shortest delay in steps; of edges that there are."""
        return int(self.narrow_delays.min())


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
