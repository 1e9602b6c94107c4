"""Values of edges in the narrowest types that hold them to the bit."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from netspec.realise.blocks import blocks

FloatArray = npt.NDArray[np.float64]
IntegerArray = npt.NDArray[np.int64]
WeightArray = npt.NDArray[np.floating]
"""float32 or float64."""

StepArray = npt.NDArray[np.unsignedinteger]
"""uint8 or uint16."""

SINGLE_BITS = 24
"""A grid of so many bits or fewer is kept in float32, but for the smallest and largest weights."""


def narrow_weights(weights: FloatArray) -> WeightArray:
    """Return weights as float32 if that changes none of them.

    Args:
        weights: Shape (e,) or (). Those of many edges must belong to nobody else: they become
            narrow where they are, so that they are never there twice.
    """
    flat = weights.reshape(-1)
    if not all(_fits(flat[block]) for block in blocks(flat.size)):
        return weights
    return in_single_precision(weights) if weights.ndim else weights.astype(np.float32)


def _fits(weights: FloatArray) -> bool:
    with np.errstate(over="ignore", under="ignore"):
        return np.array_equal(weights.astype(np.float32), weights)


def in_single_precision(weights: FloatArray) -> WeightArray:
    """Turn the weights of edges into float32, where they are."""
    count, narrow = weights.size, weights.view(np.float32)
    for block in blocks(count):  # nothing is written over that is still to be read
        narrow[block] = weights[block]
    del narrow
    weights.resize(-(-count // 2), refcheck=False)  # gives half of the memory back
    return weights.view(np.float32)[:count]


def narrow_steps(steps: IntegerArray) -> StepArray:
    """Return steps from 0 to 65,535 as uint8 if all are below 256, else as uint16."""
    return steps.astype(np.uint8 if int(steps.max(initial=0)) < 2**8 else np.uint16)


def narrow_steps_of(
    count: int, pieces: Iterable[tuple[slice, FloatArray | IntegerArray]]
) -> StepArray:
    """Return many steps, whole numbers that come some at a time, as `narrow_steps` does."""
    narrow: StepArray = np.empty(count, dtype=np.uint8)
    for block, steps in pieces:
        if narrow.dtype == np.uint8 and int(steps.max(initial=0)) >= 2**8:
            narrow = narrow.astype(np.uint16)
        narrow[block] = steps
    return narrow
