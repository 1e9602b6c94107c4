"""Values of a Python program: written out where one number says it, else kept in its arrays."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

AnyArray = npt.NDArray[Any]


def number(value: float | np.generic | AnyArray) -> str:
    """Return a literal of a double or an integer, also from an array of shape ().

    >>> number(np.float64(0.1)), number(np.array(-0.0)), number(float("-inf"))
    ('0.1', '-0.0', '-np.inf')
    """
    plain = value.item() if isinstance(value, np.generic | np.ndarray) else value
    if isinstance(plain, float) and plain - plain != 0.0:
        return "np.nan" if plain != plain else f"{'-' if plain < 0 else ''}np.inf"
    return repr(plain)


_FEW = 4096
"""Numbers of which some differ, in most arrays that hold several values."""


def is_uniform(values: AnyArray) -> bool:
    """Tell whether an array holds one value, to the bit (0.0 and -0.0 differ).

    >>> is_uniform(np.array([0.0, 0.0])), is_uniform(np.array([0.0, -0.0]))
    (True, False)
    """
    if values.size > _FEW and not is_uniform(values.flat[:_FEW]):
        return False
    if not values.size or not (values == values.flat[0]).all():
        return False
    signs = np.signbit(values) if values.dtype.kind == "f" else np.zeros(1)
    return bool((signs == signs.flat[0]).all())


class Arrays:
    """Arrays by name, and the text that reads them from a dictionary called `arrays`."""

    def __init__(self) -> None:
        self.stored: dict[str, AnyArray] = {}
        self._names: dict[tuple[str, bytes], str] = {}

    def load(self, name: str, values: AnyArray) -> str:
        """Store an array; return the expression that reads it."""
        self.stored[name] = values
        return f'arrays["{name}"]'

    def load_once(self, name: str, values: AnyArray) -> str:
        """Store an array unless this has stored its values before; return what reads them."""
        content = (values.dtype.str, sha256(values.tobytes()).digest())
        known = self._names.setdefault(content, name)
        return self.load(name, values) if known == name else f'arrays["{known}"]'

    def number_or_load(self, name: str, values: AnyArray) -> str:
        """Return a number if all values are one, else an expression that reads the array."""
        return _number_of(values) or self.load(name, values)

    def number_or_load_once(self, name: str, values: AnyArray) -> str:
        """Return a number if all values are one, else what reads them, stored once."""
        return _number_of(values) or self.load_once(name, values)


def _number_of(values: AnyArray) -> str:
    """Return the literal of the one value that an array holds, empty if it holds several."""
    return number(values.flat[0]) if values.ndim == 0 or is_uniform(values) else ""
