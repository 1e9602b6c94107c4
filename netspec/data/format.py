"""What a format of data files has to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedReader
from typing import IO, Any, ClassVar

import numpy as np
import numpy.typing as npt

from netspec.data.errors import DataError
from netspec.data.numbers import in_si
from netspec.ir.recipe import DataRef

Array = npt.NDArray[Any]

FloatArray = npt.NDArray[np.float64]

WHOLE = ""
"""Name of an array that is all that a file holds."""


@dataclass(frozen=True, slots=True)
class EdgeNames:
    """What a format calls the arrays of edges.

    Attributes:
        sources, targets: The two ends.
        weights, delays: The values that netspec writes.
        delay_unit: Unit that it writes delays in.
    """

    sources: str
    targets: str
    weights: str
    delays: str
    delay_unit: str

    @property
    def ends(self) -> tuple[str, str]:
        """The names of the two ends."""
        return self.sources, self.targets


@dataclass(frozen=True, slots=True)
class SpikeNames:
    """What a format calls the arrays of spikes, which have times or steps."""

    neurons: str
    times: str
    steps: str


class Format(ABC):
    """One format: how to find its arrays, and to read one.

    Attributes:
        suffix: End of the names of its files.
        spikes: How it has spikes; `None` if it cannot hold them.
        max_bytes: A larger file is refused.
        bytes_beside: Memory that reading a number takes beside the number as it is stored.
    """

    suffix: ClassVar[str]
    spikes: ClassVar[SpikeNames | None] = None
    max_bytes: int = 2**34
    bytes_beside: int = 0

    @abstractmethod
    def contents(self, stream: BufferedReader, file: str) -> Mapping[str, tuple[int, ...]]:
        """Return the shape of every array by its name, without reading it.

        Raises:
            DataError: The file is not in this format.
        """

    def texts(self, stream: BufferedReader, file: str) -> Mapping[str, str]:
        """Return what a file says about itself, by name; `contents` has accepted it."""
        return {}

    @abstractmethod
    def read(self, stream: BufferedReader, data: DataRef) -> Array:
        """Return an array as it is stored.

        Raises:
            DataError: The file is damaged.
        """

    def numbers(self, stream: BufferedReader, data: DataRef, power: int) -> FloatArray:
        """Return an array in SI, all numbers times 10**power.

        Raises:
            DataError: The file is damaged, or something in it is no finite number.
        """
        stored = self.read(stream, data)
        if stored.dtype not in _READABLE:
            raise _wrong_type(data, stored, "numbers")
        result = in_si(stored, power)
        bad = np.flatnonzero(~np.isfinite(result))
        if bad.size:
            found, place = stored.reshape(-1)[bad[0]], self.place(data, int(bad[0]))
            what = "out of range in SI: " if np.isfinite(found) else ""
            message = f"expected finite numbers, but {place} is {what}{found}"
            raise DataError("not-finite", message)
        return result

    def integers(self, stream: BufferedReader, data: DataRef) -> Array:
        """Return an array of integers, of any type.

        Raises:
            DataError: The file is damaged or holds something else.
        """
        stored = self.read(stream, data)
        if stored.dtype.kind not in "iu":
            raise _wrong_type(data, stored, "integers")
        return stored

    def place(self, data: DataRef, number: int) -> str:
        """Return words for the place of one of the numbers of an array."""
        array = f"'{data.column}' in " if data.column else ""
        return f"item {number} of {array}'{data.file}'"


class EdgeFormat(Format):
    """A format that can hold edges, and how to write them.

    Attributes:
        edges: How it has them.
    """

    edges: ClassVar[EdgeNames]

    @abstractmethod
    def write_edges(self, stream: IO[bytes], columns: Mapping[str, Array], population: str) -> None:
        """Write arrays of edges.

        Args:
            stream: Written to.
            columns: Arrays by name, of one length.
            population: What the edges are called, where they have a name.

        Raises:
            DataError: A library is not installed.
        """


_READABLE = frozenset(np.dtype(f"{order}{kind}") for order in "<>" for kind in ("f4", "f8")) | {
    np.dtype(f"{order}{kind}{size}") for order in "<>" for kind in "iu" for size in (1, 2, 4, 8)
}


def _wrong_type(data: DataRef, stored: Array, expected: str) -> DataError:
    which = f"'{data.column}' of '{data.file}'" if data.column else f"'{data.file}'"
    return DataError("bad-data-file", f"expected {expected}, but {which} has type {stored.dtype}")


def not_in_format(file: str, what: str, reason: object) -> DataError:
    """Return the problem of a file that is not what its name says."""
    first_line = (str(reason).strip() or type(reason).__name__).splitlines()[0][:100]
    words = "".join(each if each.isprintable() else "?" for each in first_line)
    return DataError("bad-data-file", f"'{file}' is not {what}: {words}")
