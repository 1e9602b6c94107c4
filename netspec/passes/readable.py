"""What values read before step 0: the names of neurons and their types, for every place alike."""

from __future__ import annotations

from collections.abc import Iterable

from netspec.expr.types import Hidden, ValueType
from netspec.ir.nodes import TIME_STEP
from netspec.ir.recipe import Item
from netspec.passes.resolved import ComposedCell
from netspec.passes.values import ALL_ALIKE
from netspec.units import DIMENSIONLESS, LENGTH, TIME

INDEX = "i"

MOVING = Hidden("it changes while running")
"""In place of state where values before step 0 are written."""

NeuronSymbols = dict[str, ValueType | Hidden]


def own_symbols(
    cell: ComposedCell | None, positions: Iterable[Item], moving: Hidden = MOVING
) -> NeuronSymbols:
    """Return what neurons have: parameters and positions; state, which cannot be read.

    Args:
        cell: That the neurons are; `None` for an input.
        positions: Coordinates of the neurons.
        moving: Says why state cannot be read.
    """
    symbols: NeuronSymbols = {each.name: LENGTH for each in positions}
    if cell is not None:
        symbols |= dict.fromkeys((each.name for each in cell.state), moving)
        symbols |= {each.name: each.dimension for each in cell.own_parameters}
    return symbols


def neuron_symbols(
    cell: ComposedCell | None,
    positions: Iterable[Item],
    moving: Hidden = MOVING,
    *,
    alike: bool = False,
) -> NeuronSymbols:
    """Return what a value of neurons reads: what they have, their index `i`, and `dt`.

    Args:
        cell: That the neurons are; `None` for an input.
        positions: Coordinates of the neurons.
        moving: Says why state cannot be read.
        alike: All neurons share the value, so it reads nothing by which they differ in place.
    """
    symbols = {**own_symbols(cell, positions, moving), INDEX: DIMENSIONLESS, TIME_STEP: TIME}
    if alike:
        symbols |= dict.fromkeys((INDEX, *(each.name for each in positions)), ALL_ALIKE)
    return symbols
