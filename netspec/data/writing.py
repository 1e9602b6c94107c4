"""Writing tables of edges in the formats that are read."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from netspec.data.format import Array
from netspec.data.sonata import SOURCES, TARGETS, hdf5

_BLOCK = 2**16


def write_csv(stream: IO[bytes], columns: Mapping[str, Array]) -> None:
    """Write a table; numbers are written so that they are read as the same doubles."""
    stream.write(f"{','.join(columns)}\n".encode())
    arrays = list(columns.values())
    for start in range(0, len(arrays[0]), _BLOCK):
        block = [map(repr, each[start : start + _BLOCK].tolist()) for each in arrays]
        lines = map(",".join, zip(*block, strict=True))
        stream.write(("\n".join(lines) + "\n").encode())


def write_npz(stream: IO[bytes], columns: Mapping[str, Array]) -> None:
    """Write an archive of arrays."""
    write: Any = np.savez  # its stubs mistake named arrays for options
    write(stream, **columns)


def write_sonata(stream: IO[bytes], population: str, columns: Mapping[str, Array]) -> None:
    """Write an edge population with one group of attributes, and one edge type.

    Args:
        stream: Written to.
        population: Its name.
        columns: The ends of the edges, and their attributes.

    Raises:
        DataError: The library for HDF5 is not installed.
    """
    count = len(columns[SOURCES])
    image = io.BytesIO()
    with hdf5().File(image, "w") as root:
        root.attrs["magic"] = np.uint32(0x0A7A)
        root.attrs["version"] = np.array([0, 1], dtype=np.uint32)
        edges = root.create_group(f"edges/{population}")
        for name, values in columns.items():
            place = name if name in (SOURCES, TARGETS) else f"0/{name}"
            edges.create_dataset(place, data=values)
        for end in (SOURCES, TARGETS):
            edges[end].attrs["node_population"] = population
        edges.create_dataset("edge_type_id", data=np.zeros(count, dtype=np.uint32))
        edges.create_dataset("edge_group_id", data=np.zeros(count, dtype=np.uint32))
        edges.create_dataset("edge_group_index", data=np.arange(count, dtype=np.uint64))
    stream.write(image.getbuffer())
