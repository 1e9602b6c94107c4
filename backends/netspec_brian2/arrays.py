"""Values of a script: written out where one number says it, else kept in `arrays.npz`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.units import DIMENSIONLESS, Dimension
from netspec_brian2.units import quantity_text

AnyArray = npt.NDArray[Any]


def number(value: float | np.generic) -> str:
    """Return a literal of a double or an integer."""
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float) and plain - plain != 0.0:
        return "np.nan" if plain != plain else f"{'-' if plain < 0 else ''}np.inf"
    return repr(plain)


def is_uniform(values: AnyArray) -> bool:
    """Tell whether an array holds one value, to the bit (0.0 and -0.0 differ)."""
    if not values.size or not (values == values[0]).all():
        return False
    return values.dtype.kind != "f" or bool((np.signbit(values) == np.signbit(values[0])).all())


class Arrays:
    """Arrays by name, and the text that reads them."""

    def __init__(self) -> None:
        self.stored: dict[str, AnyArray] = {}

    def load(self, name: str, values: AnyArray) -> str:
        """Store an array; return the expression that reads it."""
        self.stored[name] = values
        return f'arrays["{name}"]'

    def quantity(self, name: str, values: AnyArray, dimension: Dimension = DIMENSIONLESS) -> str:
        """Return the text of values in SI with their unit.

        Args:
            name: Of the array if it has to be stored.
            values: Shape () or (n,).
            dimension: Of the values.
        """
        flat = values.reshape(-1)
        if values.ndim == 0 or is_uniform(flat):
            return quantity_text(number(flat[0]), dimension)
        return quantity_text(self.load(name, values), dimension)
