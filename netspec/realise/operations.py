"""The operations that expressions are made of, on NumPy arrays and scalars."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from netspec.errors import InternalError

Array = Any
"""A NumPy array or, of no dimension, a NumPy scalar: NumPy is much faster with those."""


def _divide(left: Array, right: Array) -> Array:
    if left.dtype.kind == right.dtype.kind == "i":
        raise InternalError("a quotient of integers means something else in C")
    return operator.truediv(left, right)


def _pow2(exponent: Array) -> Array:
    # Added to 2**52 + 2**51, a whole number lies in the low bits; its biased form moves up from
    # there to where the exponent of a double lives, and everything above falls off.
    bits = np.asarray(exponent + np.float64(2.0**52 + 2.0**51 + 1023.0)).view(np.uint64)
    return np.left_shift(bits, np.uint64(52)).view(np.float64)


def _where(condition: Array, chosen: Array, otherwise: Array) -> Array:
    return np.where(condition, chosen, otherwise)[()]


def _exponent(x: Array) -> Array:
    return np.right_shift(np.asarray(x).view(np.int64), np.int64(52)) - np.float64(1023.0)


def _mantissa(x: Array) -> Array:
    fraction = np.asarray(x).view(np.uint64) & np.uint64(0x000F_FFFF_FFFF_FFFF)
    return (fraction | np.uint64(0x3FF0_0000_0000_0000)).view(np.float64)


OPERATIONS: Mapping[str, Callable[[Array, Array], Array]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "and": operator.and_,
    "or": operator.or_,
}
"""By the symbol of the node."""

BASIC_FUNCTIONS: Mapping[str, Callable[..., Array]] = {
    "abs": np.abs,
    "ceil": np.ceil,
    "copysign": np.copysign,
    "exponent": _exponent,
    "floor": np.floor,
    "integer": np.int64,
    "mantissa": _mantissa,
    "pow2": _pow2,
    "real": np.float64,
    "sqrt": np.sqrt,
    "where": _where,
}
"""The functions that have no definition, by name."""
