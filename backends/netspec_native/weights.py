"""How weights are stored, and what they are added up in.

Weights lie on grids, so that sums are exact in any order. Where one unit divides all weights that
reach a port, and no sum in a step needs more than 32 bits of it, weights are whole numbers of that
unit, and so are sums until the port reads them. Everything else stays a number of binary64.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from netspec.codegen.arrays import AnyArray, is_uniform
from netspec.realise.blocks import blocks
from netspec.realise.network import RealisedProjection
from netspec_native.arrays import c_number

_LARGEST_SUM = (1 << 31) - 1
_LARGEST_NARROW = (1 << 15) - 1
_SIGNIFICANT = 53
"""Bits of a binary64 number."""

_WIDEST = 2.0**900
"""Weights are far from the ends of binary64, or no whole numbers are made of them."""

_WIDEST_SCALE = 100
"""Bits by which a number of binary32 can be moved."""

_BITS = 31
"""Of a whole number in 32 bits, beside its sign."""

DTYPES: Mapping[str, np.dtype[Any]] = {
    "int16_t": np.dtype(np.int16),
    "int32_t": np.dtype(np.int32),
    "float": np.dtype(np.float32),
    "double": np.dtype(np.float64),
}
"""Of the C types of weights."""


@dataclass(frozen=True, slots=True)
class Multiples:
    """Weights as whole numbers of a unit.

    Attributes:
        unit: The largest that divides all of them, 0 if all are 0. Of several weights only powers
            of two are looked at.
        largest: Size of the largest in units.
    """

    unit: Fraction
    largest: int

    def joined(self, other: Multiples) -> Multiples:
        """Return what is true of these weights and of others."""
        unit = _common(self.unit, other.unit)
        if not unit:
            return self
        sizes = (each.unit * each.largest / unit for each in (self, other))
        return Multiples(unit, max(map(int, sizes)))


def _common(a: Fraction, b: Fraction) -> Fraction:
    """Return the largest number that divides both; 0 is a multiple of everything."""
    scale = math.lcm(a.denominator, b.denominator)
    return Fraction(math.gcd(int(a * scale), int(b * scale)), scale)


def multiples(weights: AnyArray) -> Multiples | None:
    """Return weights as multiples, `None` if they would need more than 31 bits and a sign.

    Args:
        weights: Shape (e,) or ().
    """
    if weights.ndim == 0:
        one = abs(float(weights))
        is_whole = one == 0.0 or 1 / _WIDEST < one < _WIDEST
        return Multiples(Fraction(one), int(one > 0.0)) if is_whole else None
    largest = float(max(weights.max(initial=0), -weights.min(initial=0)))
    if largest == 0.0:
        return Multiples(Fraction(0), 0)
    if not 1 / _WIDEST < largest < _WIDEST:
        return None
    exponent = math.frexp(largest)[1] - _BITS
    is_small = weights.dtype == np.float32 and exponent > -_WIDEST_SCALE
    scale = (np.float32 if is_small else np.float64)(2.0**-exponent)
    combined = 0
    for block in blocks(weights.size):
        scaled = weights[block] * scale
        whole = scaled.astype(np.int32)
        if not np.array_equal(whole.astype(scaled.dtype), scaled):
            return None
        combined |= int(np.bitwise_or.reduce(whole))
    unit = Fraction(2) ** exponent * (combined & -combined)
    return Multiples(unit, int(Fraction(largest) / unit))


@dataclass(frozen=True, slots=True)
class Feed:
    """What is known of the weights of a projection, now and later.

    Attributes:
        weights: All that it will have, in order.
        multiples: Of all of them, if there are such.
        edges: So many end at one neuron at most, if there are multiples.
    """

    weights: tuple[AnyArray, ...]
    multiples: Multiples | None
    edges: int

    @property
    def largest_sum(self) -> Fraction:
        """What it delivers to a neuron in one step at most, in SI."""
        own = self.multiples
        return Fraction(0) if own is None else own.unit * own.largest * self.edges


def feed(values: RealisedProjection, changes: Iterable[AnyArray]) -> Feed:
    """Look at the weights of a projection.

    Args:
        values: Its edges.
        changes: Weights that the timeline sets.
    """
    weights = tuple(map(_condensed, (values.narrow_weights, *changes)))
    found: Multiples | None = Multiples(Fraction(0), 0)
    for each in weights:
        own = multiples(each)
        found = None if own is None or found is None else found.joined(own)
    return Feed(weights, found, 0 if found is None else _most_at_one_target(values))


def _condensed(weights: AnyArray) -> AnyArray:
    """Return weights that are all one as that one."""
    if weights.ndim and weights[0] == weights[-1] and is_uniform(weights):
        return np.asarray(weights[0])
    return weights


def _most_at_one_target(values: RealisedProjection) -> int:
    counts = np.zeros(0, np.int64)
    for block in blocks(values.narrow_targets.size):
        own = np.bincount(values.narrow_targets[block], minlength=counts.size)
        own[: counts.size] += counts
        counts = own
    return int(counts.max(initial=0))


@dataclass(frozen=True, slots=True)
class Row:
    """What the weights are added up in that arrive at a port in a step.

    Attributes:
        unit: Of a whole number, in SI; `None` if sums are numbers of binary64.
    """

    unit: Fraction | None = None

    @property
    def kind(self) -> str:
        """C type of a sum."""
        return "double" if self.unit is None else "int32_t"

    def value(self, text: str) -> str:
        """Return the C text of a sum in SI, from that of an item of the row."""
        return text if self.unit is None else f"((double){text} * {c_number(float(self.unit))})"


def row(feeds: Sequence[Feed]) -> Row:
    """Return what the weights of some projections are added up in.

    Whole numbers are taken if no sum is too long for them, and if each comes to the very number of
    binary64 that it stands for.
    """
    unit = Fraction(0)
    for each in feeds:
        if each.multiples is None:
            return Row()
        unit = _common(unit, each.multiples.unit)
    if not unit:
        return Row()
    most = int(sum(each.largest_sum for each in feeds) / unit)
    significant = (unit.numerator // (unit.numerator & -unit.numerator)).bit_length()
    if most > _LARGEST_SUM or most.bit_length() + significant > _SIGNIFICANT:
        return Row()
    return Row(unit)


@dataclass(frozen=True, slots=True)
class Stored:
    """How the weights of a projection are stored.

    Attributes:
        kind: C type in which each edge has a weight; empty if all have the same.
        unit: What is stored is a whole number of it, in SI; `None` for numbers of binary64.
        factor: What is stored is added so many times.
        only: The one weight that all edges have, always.
    """

    kind: str
    unit: Fraction | None = None
    factor: int = 1
    only: int | float | None = None

    @property
    def size(self) -> int:
        """Bytes of the weight of an edge, 0 if all have the same."""
        return DTYPES[self.kind].itemsize if self.kind else 0

    def numbers(self, weights: AnyArray) -> AnyArray:
        """Return weights as they are stored, in the type of `kind` if there is one."""
        if self.unit is None:
            return np.asarray(weights, DTYPES[self.kind or "double"])
        return np.asarray(np.rint(weights / float(self.unit)), DTYPES[self.kind or "int32_t"])


def _is_narrow(weights: AnyArray) -> bool:
    """Tell whether binary32 holds weights to the bit."""
    with np.errstate(over="ignore"):  # what becomes infinite is not equal
        return weights.dtype == np.float32 or np.array_equal(weights, weights.astype(np.float32))


def stored(feed: Feed, row: Row) -> Stored:
    """Return how the weights of a projection are stored that are added up in a row."""
    several = any(each.ndim for each in feed.weights)
    constant = len(feed.weights) == 1
    if row.unit is None:
        narrow = all(map(_is_narrow, feed.weights))
        kind = ("float" if narrow else "double") if several else ""
        only = float(feed.weights[0]) if constant and not several else None
        return Stored(kind, only=only)
    assert feed.multiples is not None
    if not several:
        own = Fraction(float(feed.weights[0])) / row.unit
        return Stored("", row.unit, only=int(own) if constant else None)
    # Weights too long for 16 bits in the unit of the row may be short enough in their own.
    factor = int(feed.multiples.unit / row.unit) or 1
    largest = int(feed.multiples.largest) * factor
    if largest <= _LARGEST_NARROW:
        return Stored("int16_t", row.unit)
    if feed.multiples.largest <= _LARGEST_NARROW:
        return Stored("int16_t", row.unit * factor, factor)
    return Stored("int32_t", row.unit)
