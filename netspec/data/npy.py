"""Arrays of NumPy: one in an `.npy`, several with names in an `.npz`.

Nothing is unpickled. What a header claims is compared with what the file can hold before anything
is allocated.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from lzma import LZMAError
from tokenize import TokenError
from typing import IO, Any

import numpy as np
import numpy.lib.format as npy_format

from netspec.data.errors import DataError
from netspec.data.format import (
    WHOLE,
    Array,
    EdgeFormat,
    EdgeNames,
    Format,
    SpikeNames,
    not_in_format,
)
from netspec.ir.recipe import DataRef

MAX_MEMBERS = 10_000

MAX_TEXT = 2**24
"""Bytes of a text."""

_ARCHIVE = "an archive of NumPy arrays"

_TEXT = "netspec"
"""What `Results.save` calls its text."""

_HEADERS: Mapping[tuple[int, int], Callable[..., Any]] = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
}

_REFUSALS = (
    ValueError,
    LookupError,
    ArithmeticError,
    EOFError,
    SyntaxError,
    TypeError,
    RuntimeError,  # NotImplementedError too: a compression that is not known
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    TokenError,
)
"""Every way in which the parsers of zip and npy refuse bytes that are not what they say."""


class Npy(Format):
    """One array."""

    suffix = ".npy"

    def contents(self, stream: BufferedReader, file: str) -> Mapping[str, tuple[int, ...]]:
        """Return the shape of the array."""
        with _explained(file, "an array of NumPy"):
            shape, start, size = _header(stream)
            if start + size != stream.seek(0, 2):
                raise ValueError("it is not as long as its header says")
        return {WHOLE: shape}

    def read(self, stream: BufferedReader, data: DataRef) -> Array:
        """Return the array."""
        with _explained(data.file, "an array of NumPy"):
            return _array(stream)


class Npz(EdgeFormat):
    """A zip of arrays, compressed or not."""

    suffix = ".npz"
    edges = EdgeNames("sources", "targets", "weights", "delays", "s")
    spikes = SpikeNames("neurons", "times", "steps")

    def contents(self, stream: BufferedReader, file: str) -> Mapping[str, tuple[int, ...]]:
        """Return the shape of every array of numbers."""
        found: dict[str, tuple[int, ...]] = {}
        with _explained(file, _ARCHIVE), zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise ValueError(f"it has {len(members)} members; the limit is {MAX_MEMBERS}")
            for member in members:
                if not member.filename.endswith(".npy"):
                    raise ValueError(f"its member '{member.filename}' is no array")
                with archive.open(member) as part:
                    shape, start, size = _header(part)
                if start + size != member.file_size:
                    raise ValueError(f"'{member.filename}' is not as long as its header says")
                found[member.filename.removesuffix(".npy")] = shape
        return found

    def texts(self, stream: BufferedReader, file: str) -> Mapping[str, str]:
        """Return the text of a file of results."""
        with _explained(file, _ARCHIVE), zipfile.ZipFile(stream) as archive:
            if f"{_TEXT}.npy" not in archive.namelist():
                return {}
            if archive.getinfo(f"{_TEXT}.npy").file_size > MAX_TEXT:
                raise ValueError("its text is too long")
            with archive.open(f"{_TEXT}.npy") as part:
                return {_TEXT: str(_array(part).reshape(-1)[0])}

    def read(self, stream: BufferedReader, data: DataRef) -> Array:
        """Return one of the arrays."""
        with (
            _explained(data.file, _ARCHIVE),
            zipfile.ZipFile(stream) as archive,
            archive.open(f"{data.column}.npy") as part,
        ):
            return _array(part)

    def write_edges(self, stream: IO[bytes], columns: Mapping[str, Array], population: str) -> None:
        """Write an archive of arrays."""
        write: Any = np.savez  # its stubs mistake named arrays for options
        write(stream, **columns)


@contextmanager
def _explained(file: str, what: str) -> Iterator[None]:
    try:
        yield
    except DataError:
        raise
    except _REFUSALS as error:
        raise not_in_format(file, what, error) from None


def _header(stream: IO[bytes]) -> tuple[tuple[int, ...], int, int]:
    """Return the shape of an array, where its numbers begin, and how many bytes they have."""
    version = npy_format.read_magic(stream)  # type: ignore[no-untyped-call]
    if version not in _HEADERS:
        raise ValueError(f"version {version} of the format is not read")
    shape, _, dtype = _HEADERS[version](stream)
    if dtype.hasobject:
        raise ValueError("it holds objects of Python, which are not read")
    size = dtype.itemsize
    for length in shape:
        if type(length) is not int or length < 0:
            raise ValueError(f"its header names a length of {length}")
        size *= length
    return shape, stream.tell(), size


def _array(stream: IO[bytes]) -> Array:
    read: Callable[..., Array] = npy_format.read_array
    return np.ascontiguousarray(read(stream, allow_pickle=False))
