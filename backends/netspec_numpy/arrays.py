"""The arrays of a program, collected while its text is made."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from netspec_numpy.printer import number

AnyArray = npt.NDArray[Any]


class Arrays:
    """Arrays by name, and the text that loads them."""

    def __init__(self) -> None:
        self.stored: dict[str, AnyArray] = {}

    def load(self, name: str, values: AnyArray) -> str:
        """Store an array; return the expression that reads it."""
        self.stored[name] = values
        return f'arrays["{name}"]'

    def load_own(self, name: str, values: AnyArray) -> str:
        """Store an array; return an expression for a copy that the program may change."""
        return f"{self.load(name, values)}.copy()"

    def filled(self, name: str, values: AnyArray, size: str) -> str:
        """Return an expression for a new array: written out if all its values are one.

        Args:
            name: Of the array if it has to be stored.
            values: Shape (n,).
            size: Text of n.
        """
        if is_uniform(values):
            return f"np.full({size}, {number(values[0])})"
        return self.load_own(name, values)

    def number_or_load(self, name: str, values: AnyArray) -> str:
        """Return a number if all values are one, else an expression that reads the array."""
        if values.size and is_uniform(values.reshape(-1)):
            return number(values.reshape(-1)[0])
        return self.load(name, values)


def is_uniform(values: AnyArray) -> bool:
    """Tell whether an array holds one value, to the bit (0.0 and -0.0 differ)."""
    if not values.size or not (values == values[0]).all():
        return False
    return values.dtype.kind != "f" or bool((np.signbit(values) == np.signbit(values[0])).all())
