"""Recorded weights, as users see them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from netspec.results.traces import IntegerArray, Trace

_NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False, repr=False)
class WeightTrace(Trace):
    """Samples of the weights of edges.

    Attributes:
        i: int64, shape (edges,); numbers of the edges in their projection.
        source: int64, shape (edges,); where each edge comes from, in the whole source.
        target: int64, shape (edges,); where it ends, in the whole target.
    """

    source: IntegerArray = field(default_factory=lambda: _NOBODY)
    target: IntegerArray = field(default_factory=lambda: _NOBODY)

    def __repr__(self) -> str:
        samples, edges = self.shape
        return f"<WeightTrace: {samples} samples of {edges} edges in {self.unit}>"
