"""Weights that an author wrote down and the grid moves noticeably."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Computed, Drawn, DriveRecipe, FromFile, Item, ProjectionRecipe, Scalar
from netspec.realise.network import FloatArray
from netspec.realise.values import more_in_list, place_of, realise_value
from netspec.realise.weights import MAX_BITS, Grid, in_unit, on_grid, w_max_of, written_grid

Weighted = ProjectionRecipe | DriveRecipe
"""What has weights."""

NOTICEABLE = 1e-3
"""Of itself, that a weight may be moved without a warning."""


def rounding_warning(item: Item, own: Weighted) -> Diagnostic | None:
    """Return a warning if a weight that is written down becomes 0 or moves noticeably.

    Args:
        item: A value of the weights of a projection, or of the weight of a drive.
        own: What has the weights.
    """
    if isinstance(item.value, Computed | Drawn | FromFile):  # not by hand
        return None
    written = np.atleast_1d(realise_value(item.value, {}, item.path))
    rounded = on_grid(written, own.weight_bits, w_max_of(own))
    moved = np.flatnonzero(np.abs(rounded - written) > NOTICEABLE * np.abs(written))
    if not moved.size:
        return None
    first = int(moved[0])
    exact = item.value.value if isinstance(item.value, Scalar) else item.value.values[first]
    grid = written_grid([item.value], own)
    return Diagnostic(
        "weight-rounded",
        place_of(item, first),
        _message(exact, float(rounded[first]), own),
        notes=(_about(grid, written, own), *more_in_list(moved.size - 1)),
        hints=_hints(item, own),
        severity="warning",
    )


def _message(written: Fraction, rounded: float, own: Weighted) -> str:
    unit = own.weight_unit
    text = in_unit(float(written), unit, digits=15)
    if rounded == 0.0:
        return f"the weight {text} becomes 0 on the grid of its {_kind(own)}"
    share = abs(rounded - float(written)) / abs(float(written))
    return (
        f"the weight {text} becomes {in_unit(rounded, unit, digits=6)} on the grid of its "
        f"{_kind(own)}, which moves it by {100 * share:.2g} %"
    )


def _about(grid: Grid, written: FloatArray, own: Weighted) -> str:
    bits, w_max = own.weight_bits, w_max_of(own)
    size = float(np.abs(written).max() if w_max is None else w_max)
    name, largest = "w_max" if w_max else "the largest", in_unit(size, own.weight_unit, digits=6)
    return f"its weights are multiples of {grid}: {name} is {largest}, weight_bits is {bits}"


def _hints(item: Item, own: Weighted) -> tuple[str, ...]:
    more = (f"raise 'weight_bits' of the {_kind(own)}",) if own.weight_bits < MAX_BITS else ()
    if isinstance(item.value, Scalar):
        return more
    return (*more, f"give the small weights a {_kind(own)} of their own")


def _kind(own: Weighted) -> str:
    return "projection" if isinstance(own, ProjectionRecipe) else "drive"
