"""Weights that would make a conductance negative."""

from __future__ import annotations

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Computed, Drawn, FromFile, Item, PerItem
from netspec.realise.narrow import WeightArray
from netspec.realise.values import more_in_list, place_of, realise_value
from netspec.realise.weights import in_unit
from netspec.units import CONDUCTANCE, parse_unit


def negative_conductance(
    projection: str, item: Item, unit: str, realised: WeightArray | None
) -> Diagnostic | None:
    """Return a warning if weights of a receptor that takes conductances are negative.

    Args:
        projection: Its name.
        item: A value of its weights.
        unit: Of its weights.
        realised: The weights, one or as many as there are edges; `None` if they are not drawn.
    """
    if parse_unit(unit).dimension != CONDUCTANCE:
        return None
    is_written = not isinstance(item.value, Computed | Drawn | FromFile)
    if is_written:
        realised = realise_value(item.value, {}, item.path)
    if realised is None:
        return None
    weights = np.atleast_1d(realised)
    are_negative = weights < 0.0
    negative = int(np.count_nonzero(are_negative))
    if not negative:
        return None
    first = int(np.argmax(are_negative))
    if is_written or not realised.ndim:
        what = f"the weight {in_unit(float(weights[first]), unit)} of '{projection}' is"
    else:
        least = in_unit(float(weights.min()), unit)
        what = f"{negative} of {weights.size} weights of '{projection}', down to {least}, are"
    return Diagnostic(
        "negative-conductance",
        place_of(item, first),
        f"{what} negative, but its receptor takes conductances",
        notes=more_in_list(negative - 1) if isinstance(item.value, PerItem) else (),
        hints=(*_bound(item, unit), _HINT),
        severity="warning",
    )


_HINT = "write conductances positive: whether they inhibit is a matter of the reversal potential"


def _bound(item: Item, unit: str) -> tuple[str, ...]:
    """Return the hint for a distribution that reaches below 0."""
    if not isinstance(item.value, Drawn) or item.value.outside is not None:
        return ()
    return (f'bound the distribution: "redraw": ["0 {unit}", null]',)
