"""Propagators of linear systems: exp(A dt), in a fixed order of plain operations.

No BLAS and no library functions, so every machine gets the same bits.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from netspec.ir.nodes import Propagator
from netspec.realise.evaluate import evaluate
from netspec.realise.network import FloatArray
from netspec.realise.values import Known

_TERMS = 20
"""Of the Taylor series; with a norm of at most 1/2 the rest is below 2**-80."""

_SWEEPS = 12
"""Of balancing; each takes the square root of an imbalance."""


def propagators(derived: Propagator, known: Known, dt: float) -> dict[str, FloatArray]:
    """Return the entries of P and q by parameter name, shape () or one per neuron.

    x(t + dt) = P x(t) + q solves dx/dt = A x + b. Both come from the exponential of the matrix
    [[A, b], [0, 0]] dt.
    """
    rows = [
        [*(evaluate(entry, known) for entry in row), evaluate(offset, known)]
        for row, offset in zip(derived.matrix, derived.offset, strict=True)
    ]
    rows.append([np.zeros(())] * len(rows[0]))
    shape = np.broadcast_shapes(*(np.shape(entry) for row in rows for entry in row))
    matrix = np.zeros((len(rows), len(rows), *shape))
    for number, row in enumerate(rows):
        for position, entry in enumerate(row):
            matrix[number, position] = entry * dt
    with np.errstate(all="ignore"):
        solution = exponential(matrix)
    return {
        name: np.asarray(solution[number, position])
        for number, targets in enumerate(derived.targets)
        for position, name in enumerate(targets)
        if name is not None
    }


def exponential(matrix: FloatArray) -> FloatArray:
    """Return exp(A) of square matrices, shape (n, n, …), by scaling, Taylor series and squaring.

    Each matrix is balanced by powers of two first, so that entries of very different units do
    not spoil the scaling.
    """
    scale = _balance(matrix)
    balanced = matrix * scale[np.newaxis, :] / scale[:, np.newaxis]
    halvings = _halvings(balanced)
    scaled = balanced * np.ldexp(1.0, -halvings)
    size = matrix.shape[0]
    identity = np.zeros_like(matrix)
    for number in range(size):
        identity[number, number] = 1.0
    result = identity.copy()
    for term in range(_TERMS, 0, -1):  # Horner: 1 + A/1 (1 + A/2 (1 + …))
        result = identity + _product(scaled, result) / term
    for number in range(int(halvings.max(initial=0))):
        squared = _product(result, result)
        result = np.where(number < halvings, squared, result)
    return result * scale[:, np.newaxis] / scale[np.newaxis, :]


def _product(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return matrix products, each sum in the order of the index."""
    size = left.shape[0]
    result = np.zeros_like(left)
    for row in range(size):
        for column in range(size):
            total = left[row, 0] * right[0, column]
            for inner in range(1, size):
                total = total + left[row, inner] * right[inner, column]
            result[row, column] = total
    return result


def _balance(matrix: FloatArray) -> FloatArray:
    """Return powers of two d such that the entries of A d_j / d_i have like size.

    Entries off the diagonal are brought down to the size of the largest on it where the structure
    allows, as it does in a cascade of receptors into a membrane.
    """
    size = matrix.shape[0]
    scale = np.ones(matrix.shape[1:])
    floor = np.ldexp(1.0, -10) + np.zeros(matrix.shape[2:])
    for number in range(size):
        floor = np.maximum(floor, np.abs(matrix[number, number]))
    for _ in range(_SWEEPS):
        for number in range(size):
            weighted = np.abs(matrix) * scale[np.newaxis, :] / scale[:, np.newaxis]
            row = _sum_without(weighted[number], number)
            column = _sum_without(weighted[:, number], number)
            _, exponent = np.frexp((row + floor) / (column + floor))
            scale[number] = scale[number] * np.ldexp(1.0, exponent // 2)
    return scale


def _sum_without(values: FloatArray, left_out: int) -> FloatArray:
    total = np.zeros(values.shape[1:])
    for number in range(values.shape[0]):
        if number != left_out:
            total = total + values[number]
    return total


def _halvings(matrix: FloatArray) -> npt.NDArray[np.int32]:
    """Return how often each matrix must be halved for a norm of at most 1/2."""
    norm = np.zeros(matrix.shape[2:])
    for row in range(matrix.shape[0]):
        total = np.zeros(matrix.shape[2:])
        for column in range(matrix.shape[1]):
            total = total + np.abs(matrix[row, column])
        norm = np.maximum(norm, total)
    _, exponent = np.frexp(norm)
    return np.clip(exponent + 1, 0, 1000)
