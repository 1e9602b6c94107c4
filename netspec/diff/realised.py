"""What changed in the arrays that are made before step 0, and in what is drawn while running."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from netspec.diff.names import Names
from netspec.errors import SpecError
from netspec.passes.fingerprint import canonical
from netspec.passes.pipeline import Prepared, check_memory, draw
from netspec.passes.predict import slow_to_draw
from netspec.passes.resolved import ResolvedNetwork
from netspec.realise.network import (
    RealisedListed,
    RealisedNetwork,
    RealisedPoisson,
    RealisedPopulation,
    RealisedProjection,
)

MadeT = TypeVar("MadeT")

_WHILE_RUNNING = "what it draws while running"
_COUNTED = ("neurons", "edges", "spikes")


@dataclass(frozen=True, slots=True)
class Part:
    """Something of an object: which edges, which weights.

    Attributes:
        digest: Of its numbers; a number that all share counts once.
        size: How many there are.
    """

    digest: str
    size: int


Parts = Mapping[str, Part]
Realised = Mapping[tuple[str, str], Parts]
"""The parts of every object, by its section and name."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """An object whose arrays are not as they were.

    Attributes:
        section: Of the document.
        name: As it is called now, or was.
        before: As it was called.
        parts: What of it differs, in words.
    """

    section: str
    name: str
    before: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RealisedDiff:
    """How two realised networks differ.

    Attributes:
        redrawn: Objects that are in both and have other numbers.
        same: Names of the objects all of whose numbers are as they were.
    """

    redrawn: tuple[Redrawn, ...]
    same: tuple[str, ...]


def realised(prepared: Prepared, max_memory: int | None) -> Realised | None:
    """Return the parts of a network, or `None` if drawing it takes long or too much memory.

    Raises:
        SpecError: Computed values make no sense.
    """
    try:
        predicted = check_memory(prepared, max_memory)
    except SpecError as error:
        if all(each.code == "too-much-memory" for each in error.diagnostics):
            return None
        raise
    if slow_to_draw(prepared.resolved, predicted):
        return None
    resolved = prepared.resolved
    inputs = {each.name for each in resolved.inputs}
    sizes = {each.name: each.size for each in (*resolved.populations, *resolved.inputs)}
    return dict(_parts(draw(prepared).network, inputs, sizes))


def _parts(
    network: RealisedNetwork, inputs: Set[str], sizes: Mapping[str, int]
) -> Iterator[tuple[tuple[str, str], Parts]]:
    found = {name: _of_population(each) for name, each in network.populations.items()}
    found |= {name: _of_source(each) for name, each in network.sources.items()}
    for name, parts in found.items():
        section = "inputs" if name in inputs else "populations"
        neurons = {"neurons": Part(str(sizes[name]), sizes[name])}
        yield (section, name), neurons | parts | _positions(network, name)
    for name, projection in network.projections.items():
        yield ("projections", name), _of_projection(projection)


def _positions(network: RealisedNetwork, name: str) -> dict[str, Part]:
    found = network.positions.get(name, {})
    return {axis: _part(values) for axis, values in found.items()}


def _of_population(population: RealisedPopulation) -> dict[str, Part]:
    found = {name: _part(values) for name, values in population.parameters.items()}
    found |= {f"initial {name}": _part(values) for name, values in population.initial.items()}
    found |= {name: _part(values) for name, values in population.tables.items()}
    own = {name: each for name, each in found.items() if not _is_internal(name)}
    if population.keys:
        own[_WHILE_RUNNING] = _part(np.array(sorted(population.keys.values())))
    return own


def _is_internal(name: str) -> bool:
    """Tell whether something is the compiler's own, which follows from the rest."""
    return name.removeprefix("initial ").startswith("_")


def _of_source(source: RealisedPoisson | RealisedListed) -> dict[str, Part]:
    if isinstance(source, RealisedListed):
        return {"spikes": _part(source.steps, source.indices)}
    rates = _part(source.thresholds.high, source.thresholds.low)
    return {"rates": rates, _WHILE_RUNNING: _part(np.array(source.key))}


def _of_projection(projection: RealisedProjection) -> dict[str, Part]:
    return {
        "edges": _part(projection.sources, projection.targets),
        "weights": _part(projection.weights),
        "delays": _part(projection.delays),
    }


def _part(*arrays: np.ndarray[Any, Any]) -> Part:
    digest = hashlib.sha256()
    for array in arrays:
        flat = array.ravel()
        alike = flat.size > 0 and len(arrays) == 1 and bool((flat == flat[0]).all())
        digest.update(str(array.dtype).encode())
        digest.update(np.ascontiguousarray(flat[:1] if alike else flat).tobytes())
    return Part(digest.hexdigest(), arrays[0].size)


def compared(old: Realised, new: Realised, names: Names) -> RealisedDiff:
    """Return how realised networks differ, by object that both have.

    Args:
        old: As it was.
        new: As it is.
        names: What is called otherwise in `new`.
    """
    return _comparison(old, new, names, _unlike_parts)


def _comparison(
    old: Mapping[tuple[str, str], MadeT],
    new: Mapping[tuple[str, str], MadeT],
    names: Names,
    unlike: Callable[[MadeT, MadeT], tuple[str, ...]],
) -> RealisedDiff:
    """Return how the objects that both have differ, which `unlike` says of one of them."""
    redrawn, same = [], []
    for (section, before), each in old.items():
        renamed = names.projections if section == "projections" else names.neurons
        name = renamed.get(before, before)
        if (section, name) not in new:
            continue
        if said := unlike(each, new[section, name]):
            redrawn.append(Redrawn(section, name, before, said))
        else:
            same.append(name)
    return RealisedDiff(tuple(redrawn), tuple(same))


def _unlike_parts(old: Parts, new: Parts) -> tuple[str, ...]:
    pairs = {each: (old.get(each), new.get(each)) for each in dict.fromkeys((*old, *new))}
    return tuple(_said(each, *pair) for each, pair in pairs.items() if _is_unlike(*pair))


def _is_unlike(old: Part | None, new: Part | None) -> bool:
    return old is None or new is None or old.digest != new.digest


def _said(name: str, old: Part | None, new: Part | None) -> str:
    if old is None:
        return f"{name} (new)"
    if new is None:
        return f"{name} (gone)"
    if name not in _COUNTED:
        return name
    sizes = f"{old.size:,} → {new.size:,}" if old.size != new.size else f"{new.size:,} others"
    return f"{name} ({sizes})"


def _sources_of(network: ResolvedNetwork) -> Mapping[tuple[str, str], object]:
    """Return what the numbers of each object are made from, by its section and name."""
    common = canonical((network.seed, network.dt, network.steps, network.period))
    positions = {each.owner: canonical(each.coordinates) for each in network.positions}
    neurons: dict[str, object] = {}
    found: dict[tuple[str, str], object] = {}
    for section, objects in (("populations", network.populations), ("inputs", network.inputs)):
        for each in objects:
            own = [common, canonical(each), positions.get(each.name)]
            neurons[each.name] = found[section, each.name] = own
    for projection in network.projections:
        ends = neurons.get(projection.source), neurons.get(projection.target)
        found["projections", projection.name] = [canonical(projection), *ends]
    return found


def guessed(old: ResolvedNetwork, new: ResolvedNetwork, names: Names) -> RealisedDiff:
    """Return how networks may differ that are not drawn: where numbers are made from other ones."""

    def unlike(one: object, other: object) -> tuple[str, ...]:
        return () if one == other else ("may differ",)

    return _comparison(_sources_of(old), _sources_of(new), names, unlike)
