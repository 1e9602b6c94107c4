"""Pairs as numbers that are in order of their sources, and then of their targets."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from netspec.realise.rules.rule import Edges

PairArray = npt.NDArray[np.uint64]

_HALF = np.uint64(32)


def pair_numbers(sources: npt.NDArray[np.integer], targets: npt.NDArray[np.integer]) -> PairArray:
    """Return source * 2**32 + target of every pair."""
    return np.asarray((sources.astype(np.uint64) << _HALF) | targets.astype(np.uint64))


def edges_in_order(pairs: PairArray) -> Edges:
    """Sort numbers of pairs, in place, and return the edges."""
    pairs.sort()
    sources = np.empty(pairs.size, dtype=np.uint32)
    np.right_shift(pairs, _HALF, out=sources, casting="unsafe")
    return sources, pairs.astype(np.uint32)
