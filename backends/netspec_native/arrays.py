"""Arrays of the program: stored ones, and those that Python and C share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from netspec.codegen.arrays import AnyArray, Arrays, is_uniform, number
from netspec.realise.philox import Key

_C_TYPES = {
    np.dtype(np.float64): "double",
    np.dtype(np.int64): "int64_t",
    np.dtype(np.uint64): "uint64_t",
    np.dtype(np.uint32): "uint32_t",
    np.dtype(np.uint16): "uint16_t",
    np.dtype(np.uint8): "uint8_t",
    np.dtype(np.float32): "float",
    np.dtype(np.int32): "int32_t",
}


@dataclass(frozen=True, slots=True)
class Shared:
    """An array that Python makes and C sees.

    Attributes:
        name: In both.
        kind: C type of its items.
        value: Python text that makes it.
        note: For readers.
    """

    name: str
    kind: str
    value: str
    note: str = ""


class ProgramArrays(Arrays):
    """Stored arrays, and a list of shared ones in the order in which C finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.shared: dict[str, Shared] = {}

    def share(self, name: str, key: str, values: AnyArray, note: str = "") -> None:
        """Share an array that nothing changes."""
        own = np.ascontiguousarray(values)
        self._add(name, own, self.load(key, own), note)

    def share_own(self, name: str, key: str, values: AnyArray, note: str = "") -> None:
        """Share an array that the program may change.

        Args:
            name: Of the array in the program.
            key: Where its first values are stored, unless they are all one.
            values: Shape (n,) or ().
            note: For readers.
        """
        flat = np.ascontiguousarray(np.atleast_1d(values))
        if is_uniform(flat):
            dtype = "" if flat.dtype == np.float64 else f", np.{flat.dtype}"
            text = f"aligned(np.full({flat.size}, {number(flat[0])}{dtype}))"
        else:
            text = f"aligned({self.load(key, flat)})"
        self._add(name, flat, text, note)

    def share_key(self, name: str, key: Key) -> None:
        """Share the key of a stream: what is compiled is then the same for every seed."""
        self.share_new(name, "uint32_t", f"np.array({list(key)}, np.uint32)", "of its stream")

    def share_new(self, name: str, kind: str, value: str, note: str = "") -> None:
        """Share an array that Python text makes."""
        self.shared.setdefault(name, Shared(name, kind, value, note))

    def _add(self, name: str, values: AnyArray, text: str, note: str) -> None:
        self.share_new(name, _C_TYPES[values.dtype], text, note)

    def __iter__(self) -> Iterator[Shared]:
        return iter(self.shared.values())


def c_types(arrays: Iterable[AnyArray]) -> tuple[str, ...]:
    """Return the C types of the items of some arrays, each once, sorted."""
    return tuple(sorted({_C_TYPES[each.dtype] for each in arrays}))


def c_number(value: float | np.generic | AnyArray) -> str:
    """Return a C literal of a double or an integer.

    >>> c_number(0.1), c_number(np.int64(3)), c_number(float("inf"))
    ('0.1', '3LL', 'INFINITY')
    """
    text = number(value)
    if text.startswith(("np.", "-np.")):
        return text.replace("np.inf", "INFINITY").replace("np.nan", "NAN")
    return text if any(letter in text for letter in ".e") else f"{text}LL"
