"""What changed in meaning: two resolved networks, fact by fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from netspec.diff import words
from netspec.diff.facts import MODEL, Fact, entry_facts, entry_key, facts
from netspec.diff.names import Names, with_names
from netspec.passes.resolved import (
    Assign,
    ResolvedEntry,
    ResolvedGenerator,
    ResolvedNetwork,
)
from netspec.units import DIMENSIONLESS, FREQUENCY, Dimension

Kind = Literal["changed", "added", "removed", "renamed"]

SECTIONS = (
    "the run",
    "cells",
    "populations",
    "inputs",
    "projections",
    "timeline",
)
"""In the order of a report."""

_MANY = 4


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not as it was.

    Attributes:
        kind: What became of it.
        section: Of the report; one of `SECTIONS` if it changes the meaning.
        place: In the document.
        old: What it was; empty if it was not there.
        new: What it is; empty if it is no more.
        note: How far that is apart, and for whom it holds.
    """

    kind: Kind
    section: str
    place: str
    old: str = ""
    new: str = ""
    note: str = ""


def changes(old: ResolvedNetwork, new: ResolvedNetwork, names: Names) -> tuple[Change, ...]:
    """Return everything that changed in meaning; nothing if and only if the fingerprints agree.

    Args:
        old: As it was.
        new: As it is.
        names: What is called otherwise in `new`.
    """
    found = [*_renamed(names, new)]
    known = with_names(old, names)
    found += _merged(_of_facts(facts(known), facts(new)))
    found += _of_timelines(known, new)
    return tuple(sorted(found, key=lambda each: SECTIONS.index(each.section)))


def _renamed(names: Names, network: ResolvedNetwork) -> Iterator[Change]:
    populations = {each.name for each in network.populations}
    for old, new in names.neurons.items():
        section = "populations" if new in populations else "inputs"
        yield Change("renamed", section, f"{section}.{new}", old, new)
    for old, new in names.projections.items():
        yield Change("renamed", "projections", f"projections.{new}", old, new)


def section_of(place: str) -> str:
    """Return the section of a report that a place of the document belongs to."""
    first = place.partition(".")[0].partition("[")[0]
    if first in SECTIONS:
        return first
    return "projections" if first == "tables" else "the run"


Found = tuple[Change, str]
"""A change, and the population whose cell it is of."""


def _of_facts(old: Mapping[str, Fact], new: Mapping[str, Fact]) -> list[Found]:
    """Return the changes of facts; under a head that changed, only that."""
    found: list[tuple[str, Found]] = []
    hidden: list[str] = []
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        either = after or before
        assert either is not None
        if (before and after and before.agrees(after)) or _is_under(key, hidden):
            continue
        if before is None or after is None or before.is_head or after.is_head:
            hidden.append(key)
        if either.is_order and not _reordered(before, after):
            continue
        found.append((key, (_change(before, after), either.population)))
    return _without_mere_names(found)


def _is_under(key: str, heads: Iterable[str]) -> bool:
    return any(key.startswith((f"{each}.", f"{each}[")) for each in heads)


def _reordered(old: Fact | None, new: Fact | None) -> bool:
    return old is not None and new is not None and sorted(old.value) == sorted(new.value)


def _without_mere_names(found: list[tuple[str, Found]]) -> list[Found]:
    """Return changes without names of models that have the same equations and values."""
    keys = [key for key, _ in found]
    return [
        change
        for key, change in found
        if not key.endswith(MODEL) or any(_is_beside(each, key) for each in keys)
    ]


def _is_beside(key: str, model: str) -> bool:
    return key != model and key.startswith(f"{model.removesuffix(MODEL)}.")


def _change(old: Fact | None, new: Fact | None) -> Change:
    if old is None or new is None:
        fact = old or new
        assert fact is not None
        said = words.text(fact.value, fact.dimension)
        kind: Kind = "removed" if new is None else "added"
        texts = (said, "") if new is None else ("", said)
        return Change(kind, section_of(fact.place), fact.place, *texts)
    place = old.place if _is_left_out(new, old) else new.place
    dimension = new.dimension
    if old.dimension != new.dimension:
        before, after = words.text(old.value, old.dimension), words.text(new.value, dimension)
        note = "another dimension"
    else:
        before, after, note = words.pair(old.value, new.value, dimension)
    if before == after:
        note = note or "it differs in what is not shown"
    return Change(
        "changed", section_of(place), place, before, after, "" if place == "seed" else note
    )


def _is_left_out(new: Fact, old: Fact) -> bool:
    """Tell whether the old description says more closely where something is given."""
    return old.place.startswith("populations.") and not new.place.startswith("populations.")


def _merged(found: Iterable[Found]) -> Iterator[Change]:
    """Yield changes that several populations share once, with their names."""
    owners: dict[Change, list[str]] = defaultdict(list)
    for change, population in found:
        owners[change].append(population)
    for change, names in owners.items():
        named = [each for each in names if each and not _is_of(change.place, each)]
        many = len(named) > _MANY
        where = f"in {len(named)} populations" if many else f"in {', '.join(named)}"
        notes = [change.note, where if named else ""]
        yield replace(change, note="; ".join(filter(None, notes)))


def _is_of(place: str, name: str) -> bool:
    """Tell whether a place says itself which neurons it is about."""
    return place.startswith((f"populations.{name}.", "inputs."))


def _of_timelines(old: ResolvedNetwork, new: ResolvedNetwork) -> Iterator[Change]:
    """Yield changes of timelines: what happens at the same time, or else happens at all."""
    before, after = _entries(old), _entries(new)
    yielded = False
    for key in dict.fromkeys((*before, *after)):
        for change in _of_entries(key, before.get(key, []), after.get(key, []), old, new):
            yielded = True
            yield change
    orders = [[entry_key(each) for each in one.timeline] for one in (old, new)]
    if not yielded and orders[0] != orders[1]:
        yield Change("changed", "timeline", "order of the entries of one step")


def _entries(network: ResolvedNetwork) -> dict[str, list[ResolvedEntry]]:
    found: dict[str, list[ResolvedEntry]] = defaultdict(list)
    for each in network.timeline:
        found[entry_key(each)].append(each)
    return found


def _of_entries(
    key: str,
    old: list[ResolvedEntry],
    new: list[ResolvedEntry],
    before: ResolvedNetwork,
    after: ResolvedNetwork,
) -> Iterator[Change]:
    """Yield changes of entries that do the same: paired by time, then one after the other."""
    rest = list(new)
    pairs: list[tuple[ResolvedEntry, ResolvedEntry | None]] = []
    for each in old:
        moment = each.step * before.dt
        same = next((other for other in rest if other.step * after.dt == moment), None)
        if same is not None:
            rest.remove(same)
        pairs.append((each, same))
    left = iter(rest)
    for one, found in pairs:
        other = found or next(left, None)
        yield from _of_entry(key, one, other, before, after)
    for each in left:
        yield from _of_entry(key, None, each, before, after)


def _of_entry(
    key: str,
    old: ResolvedEntry | None,
    new: ResolvedEntry | None,
    before: ResolvedNetwork,
    after: ResolvedNetwork,
) -> Iterator[Change]:
    either = new or old
    assert either is not None
    network = after if new else before
    moment = words.text(*_moment(either, network))
    place = f"at {moment}: {key}"
    if old is None or new is None:
        said = f"to {_value_of(either, network)}" if isinstance(either, Assign) else ""
        texts = (said, "") if new is None else ("", said)
        yield Change("removed" if new is None else "added", "timeline", place, *texts)
        return
    one = dict(entry_facts(old, before, dimension_of(old, before)))
    other = dict(entry_facts(new, after, dimension_of(new, after)))
    for change, _ in _of_facts(one, other):
        where = key if change.place == "at" else place
        label = where if change.place == "value" else f"{where}, {change.place}"
        yield replace(change, section="timeline", place=label)


def _moment(entry: ResolvedEntry, network: ResolvedNetwork) -> tuple[object, Dimension]:
    fact = dict(entry_facts(entry, network, DIMENSIONLESS))["at"]
    assert fact.dimension is not None
    return fact.value, fact.dimension


def _value_of(entry: Assign, network: ResolvedNetwork) -> str:
    return words.text(entry.value, dimension_of(entry, network))


def dimension_of(entry: ResolvedEntry, network: ResolvedNetwork) -> Dimension:
    """Return the dimension of what an entry sets."""
    if not isinstance(entry, Assign):
        return DIMENSIONLESS
    if entry.kind == "rate":
        return FREQUENCY
    if entry.kind == "weight":
        weights = {each.name: each.weight_dimension for each in network.projections}
        return weights.get(entry.target, DIMENSIONLESS)
    generators = (each for each in network.inputs if isinstance(each, ResolvedGenerator))
    cells = {each.name: each.cell for each in network.populations}
    cells |= {each.name: each.cell for each in generators}
    cell = cells[entry.target]
    known = {each.name: each.dimension for each in (*cell.parameters, *cell.state)}
    return known.get(entry.variable, DIMENSIONLESS)
