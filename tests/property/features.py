"""What a document uses of the language, as names: `Projection.w_max`, `FromFile.file.csv`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import netspec
from netspec.spec.base import SpecModel
from netspec.spec.varied import Varied

TOLD_APART = {
    "CorrelatedPoisson.method": ("common_source", "multiple_interaction"),
    "Explicit.file": ("csv", "npz"),
    "FromFile.file": ("csv", "npy", "npz"),
    "SpikeFile.file": ("csv", "npz"),
    "TimedArray.file": ("csv", "npy", "npz"),
}
"""Fields with values that are features of their own, a file's format for one."""

LEFT_OUT = {
    "Explicit.population": "of SONATA files, which need an extra",
    "FromFile.population": "of SONATA files, which need an extra",
    "Network.description": "free text",
    "Network.schema_id": "for editors",
    "Positions.z": "a third dimension is as the second",
    "SpikeFile.recorded": "needs the results of another run",
}
"""Fields that random documents do not have, and why."""

ELSEWHERE = ("Cell", "Mechanism", "Receptor", "SpikeOverride")
"""Parts of cells, which the tests of the library go through, as they do ..."""

ELSEWHERE_MODULES = ("netspec.spec.equations", "netspec.spec.distributions")
"""... what equations and distributions are made of."""


def features(network: netspec.Network) -> set[str]:
    """Return what a network uses."""
    return set(_used(network))


def known() -> set[str]:
    """Return all that random documents should use of the language."""
    fields = {
        f"{_name(kind)}.{field}"
        for kind in _leaves(SpecModel)
        if kind.__module__.startswith("netspec.spec.")
        if kind.__module__ not in ELSEWHERE_MODULES and kind.__name__ not in ELSEWHERE
        for field in kind.model_fields
    }
    apart = {f"{field}.{value}" for field, values in TOLD_APART.items() for value in values}
    return fields - LEFT_OUT.keys() - TOLD_APART.keys() | apart


def _used(part: Any) -> Iterator[str]:
    match part:
        case SpecModel():
            for field in part.model_fields_set:
                name, value = f"{_name(type(part))}.{field}", getattr(part, field)
                if isinstance(value, (tuple, Mapping)) and not value:
                    continue
                yield f"{name}.{value.rpartition('.')[2]}" if name in TOLD_APART else name
                yield from _used(value)
        case Mapping():
            yield from (each for value in part.values() for each in _used(value))
        case tuple():
            yield from (each for value in part for each in _used(value))


def _name(kind: type[SpecModel]) -> str:
    return "Varied" if issubclass(kind, Varied) else kind.__name__


def _leaves(kind: type[SpecModel]) -> Iterator[type[SpecModel]]:
    below = kind.__subclasses__()
    if not below:
        yield kind
    for each in below:
        yield from _leaves(each)
