"""`expand`: tables of projections become projections, so that no other pass knows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from netspec.errors import Diagnostic
from netspec.passes.expand.faults import (
    MAX_PROJECTIONS,
    Names,
    exceptions_of,
    has_faults,
    report_idle,
)
from netspec.passes.expand.pairs import Pair, connected_pairs
from netspec.passes.problems import Problems
from netspec.spec.connectivity import Projection
from netspec.spec.experiment import TimelineEntry
from netspec.spec.network import Network
from netspec.spec.reader import format_path, location_path

__all__ = ["MAX_PROJECTIONS", "Expanded", "expand"]


@dataclass(frozen=True, slots=True, eq=False)
class Expanded:
    """A description without tables.

    Attributes:
        network: With a projection for each pair of a table that is connected.
        source: As written.
        pairs: What the projections of tables stand for, by name.
        entries: For each entry of the timeline the number of the one that was written.
    """

    network: Network
    source: Network
    pairs: Mapping[str, Pair] = field(default_factory=dict)
    entries: tuple[int, ...] = ()

    def place(self, path: str) -> str:
        """Return where the document has what the expanded network has at a path."""
        match location_path(path):
            case ("projections", str(name), *rest) if name in self.pairs:
                return format_path(self.pairs[name].place(rest))
            case ("timeline", int(number), *rest) if self.entries:
                return format_path(("timeline", self.entries[number], *rest))
        return path

    def written(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return diagnostics with places of the document; what several pairs share is said once."""
        placed = (replace(each, path=self.place(each.path)) for each in diagnostics)
        return tuple({(each.code, each.path, each.message): each for each in placed}.values())


def expand(network: Network) -> Expanded:
    """Return a description without tables.

    Raises:
        SpecError: Tables have errors; carries all of them.
    """
    if not network.tables:
        return Expanded(network, network)
    problems = Problems()
    names = Names(network, problems)
    pairs: dict[str, Pair] = {}
    members: dict[str, list[str]] = {}
    for name, table in sorted(network.tables.items()):
        path = f"tables.{name}"
        names.take(name, path)
        if has_faults(table, path, problems):
            continue
        exceptions = exceptions_of(table, path, problems)
        found = connected_pairs(name, table, exceptions)
        report_idle(exceptions, found, path, problems)
        for each in found:
            names.take(each.name, path)
        members[name] = [each.name for each in found]
        pairs |= zip(members[name], found, strict=True)
    problems.raise_errors()
    projections = network.projections | {name: each.projection() for name, each in pairs.items()}
    entries = list(_entries(network, members))
    timeline = tuple(entry for _, entry in entries)
    expanded = _without_tables(network, projections, timeline)
    return Expanded(expanded, network, pairs, tuple(number for number, _ in entries))


def _without_tables(
    network: Network, projections: dict[str, Projection], timeline: tuple[TimelineEntry, ...]
) -> Network:
    update = {"projections": projections, "timeline": timeline, "tables": {}}
    expanded = network.model_copy(update=update)
    expanded.model_fields_set.discard("tables")
    return expanded


def _entries(
    network: Network, members: Mapping[str, list[str]]
) -> Iterator[tuple[int, TimelineEntry]]:
    """Yield the entries of the timeline, with their numbers; a table has one per projection."""
    for number, entry in enumerate(network.timeline):
        action = "connect" if entry.connect is not None else "disconnect"
        name = getattr(entry, action)
        if name not in members:
            yield number, entry
            continue
        for each in members[name]:
            yield number, entry.model_copy(update={action: each})
