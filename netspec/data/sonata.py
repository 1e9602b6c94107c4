"""Edges in the SONATA format (`.h5`).

`/edges/POPULATION` has `source_node_id` and `target_node_id`, and for each edge the group that its
attributes lie in (`edge_group_id`) and its place there (`edge_group_index`). Without these two
there is one group, `0`, in the order of the edges. An attribute is called by its name in the
group, such as `syn_weight`. What the CSV file of edge types says is not read.

Data that HDF5 would fetch from another file, or decode by a plug-in, is not touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from io import BufferedReader, BytesIO
from types import ModuleType
from typing import IO, Any

import numpy as np

from netspec.data.errors import DataError
from netspec.data.format import Array, EdgeFormat, EdgeNames, not_in_format
from netspec.ir.recipe import DataRef

SOURCES, TARGETS = "source_node_id", "target_node_id"

_GROUP, _PLACE = "edge_group_id", "edge_group_index"

_FILTERS = frozenset({1, 2, 3, 32000})
"""Deflate, shuffle, Fletcher's checksum and LZF: those that are part of h5py."""

_MAX_CHUNK = 2**28
"""Bytes of a piece that HDF5 decodes at once."""


class Sonata(EdgeFormat):
    """Edge populations."""

    suffix = ".h5"
    edges = EdgeNames(SOURCES, TARGETS, "syn_weight", "delay", "ms")
    bytes_beside = 48  # groups and places of all edges, and what is picked out of a group

    def contents(self, stream: BufferedReader, file: str) -> Mapping[str, tuple[int, ...]]:
        """Return the shape of every attribute by `POPULATION/attribute`."""
        found: dict[str, tuple[int, ...]] = {}
        with _opened(stream, file) as root:
            for name in _group(root, "edges"):
                population = _group(root, f"edges/{name}")
                ends = {each: _dataset(population, each).shape for each in (SOURCES, TARGETS)}
                own = ends | dict.fromkeys(_attributes(population), ends[SOURCES])
                found |= {f"{name}/{each}": shape for each, shape in own.items()}
        return found

    def read(self, stream: BufferedReader, data: DataRef) -> Array:
        """Return one value per edge."""
        name, _, attribute = data.column.partition("/")
        with _opened(stream, data.file) as root:
            population = _group(root, f"edges/{name}")
            if attribute in (SOURCES, TARGETS):
                return _all(_dataset(population, attribute), data.shape[0])
            return _attribute(population, attribute, data.shape[0])

    def write_edges(self, stream: IO[bytes], columns: Mapping[str, Array], population: str) -> None:
        """Write an edge population with one group of attributes, and one edge type."""
        count = len(columns[SOURCES])
        image = BytesIO()
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
            edges.create_dataset(_GROUP, data=np.zeros(count, dtype=np.uint32))
            edges.create_dataset(_PLACE, data=np.arange(count, dtype=np.uint64))
        stream.write(image.getbuffer())


def _attribute(population: Any, name: str, count: int) -> Array:
    """Return an attribute of all edges, gathered from their groups."""
    if _GROUP not in population:
        return _all(_dataset(population, f"0/{name}"), count)
    groups, places = (_all(_dataset(population, each), count) for each in (_GROUP, _PLACE))
    if not groups.size == places.size == count:
        raise ValueError(f"'{_GROUP}' or '{_PLACE}' has another length than '{SOURCES}'")
    found: Array | None = None
    for group in np.unique(groups).tolist():
        own = _all(_dataset(population, f"{group}/{name}"), count)
        edges = np.flatnonzero(groups == group)
        if found is None:
            found = np.empty(count, dtype=own.dtype)
        elif found.dtype != own.dtype:
            raise ValueError(f"'{name}' has several types")
        if edges.size and not (places[edges].min() >= 0 and places[edges].max() < own.size):
            raise ValueError(f"'{_PLACE}' leads out of the group '{group}'")
        found[edges] = own[places[edges]]
    return np.empty(0) if found is None else found


def _attributes(population: Any) -> list[str]:
    """Return the attributes that the edges of all groups have."""
    names = [each for each in population if each.isdecimal() and each.isascii()]
    known = [_names(_group(population, each)) for each in names]
    return sorted(set.intersection(*known)) if known else []


def _names(group: Any) -> set[str]:
    own = {each for each in group if _is_list(group, each)}
    if "dynamics_params" in group:
        inner = _group(group, "dynamics_params")
        own |= {f"dynamics_params/{each}" for each in inner if _is_list(inner, each)}
    return own


def _is_list(group: Any, name: str) -> bool:
    if not _is_own(group, name) or group.get(name, getclass=True) is not hdf5().Dataset:
        return False
    return bool(group[name].ndim == 1)


def _is_own(group: Any, name: str) -> bool:
    """Tell whether a member lies in the file itself: no soft or external link."""
    return isinstance(group.get(name, getlink=True), hdf5().HardLink)


def _member(group: Any, path: str) -> Any:
    for name in path.split("/"):
        if name not in group:
            raise ValueError(f"it has no '{path}' in '{group.name}'")
        if not _is_own(group, name):
            raise ValueError(f"'{name}' is a link")
        group = group[name]
    return group


def _group(parent: Any, path: str) -> Any:
    found = _member(parent, path)
    if not isinstance(found, hdf5().Group):
        raise ValueError(f"'{path}' is no group")
    return found


def _dataset(parent: Any, path: str) -> Any:
    found = _member(parent, path)
    if not isinstance(found, hdf5().Dataset) or found.ndim != 1:
        raise ValueError(f"'{path}' is no list of numbers")
    settings = found.id.get_create_plist()
    filters = {settings.get_filter(number)[0] for number in range(settings.get_nfilters())}
    if found.external or found.is_virtual or not filters <= _FILTERS:
        raise ValueError(f"'{path}' is not stored in the file itself")
    if found.chunks and found.chunks[0] * found.dtype.itemsize > _MAX_CHUNK:
        raise ValueError(f"'{path}' is stored in pieces that are too large")
    if found.dtype.kind not in "iuf":
        raise ValueError(f"'{path}' is no list of numbers")
    return found


def _all(dataset: Any, most: int) -> Array:
    """Read a list of no more than so many numbers."""
    if dataset.shape[0] > most:
        raise ValueError(f"'{dataset.name}' is longer than '{SOURCES}'")
    values: Array = dataset[()]
    return values


@contextmanager
def _opened(stream: BufferedReader, file: str) -> Iterator[Any]:
    h5py = hdf5()
    try:
        with h5py.File(stream, "r") as root:
            yield root
    except (OSError, ValueError, LookupError, RuntimeError, TypeError, MemoryError) as error:
        raise not_in_format(file, "a file of SONATA edges", error) from None


def hdf5() -> ModuleType:
    """Return the library for HDF5, which is loaded when it is needed."""
    try:
        h5py: ModuleType = import_module("h5py")
    except ImportError:
        raise DataError(
            "missing-package",
            "SONATA files need the package h5py, which is not installed",
            hints=("pip install 'netspec-snn[sonata]'",),
        ) from None
    return h5py
