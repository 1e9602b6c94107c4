"""Projections whose edges are stored and delivered together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from netspec.ir import nodes as ir
from netspec.ir.features import counts_events, sums_weights
from netspec.realise.network import RealisedProjection
from netspec_native import edge_models
from netspec_native.arrays import ProgramArrays, c_number
from netspec_native.names import Names
from netspec_native.weights import Row, Stored

WIDEST = 1 << 16
"""Places in a row that edges of one bundle can tell apart."""


@dataclass(frozen=True, slots=True)
class Link:
    """A projection with edges.

    Attributes:
        port: Where its events go.
        offset: Where the row of that port begins, in the fewest parts that there can be.
        width: Its length likewise.
        is_switched: The timeline connects or disconnects it.
        changes: The timeline sets its weights.
        row: What its weights are added up in; `None` if its port reads no sum.
        weights: How they are stored, likewise.
        is_in_rows: Whether each source has a row of weights, and no list of edges.
    """

    projection: ir.Projection
    values: RealisedProjection
    port: ir.Port
    offset: int
    width: int
    is_switched: bool
    changes: bool
    row: Row | None
    weights: Stored | None
    is_in_rows: bool

    @property
    def source(self) -> tuple[str, str]:
        """Owner and event."""
        return self.projection.source, self.projection.event

    @property
    def is_alone(self) -> bool:
        """Whether it shares a bundle with no other."""
        return self.is_switched or self.changes or self.is_in_rows


@dataclass(frozen=True, slots=True)
class Group:
    """Links whose edges make one bundle."""

    number: int
    links: tuple[Link, ...]

    @property
    def first(self) -> Link:
        """Any of them, for what they have in common."""
        return self.links[0]


def _line(projection: ir.Projection) -> str:
    """Return a line about a projection for readers."""
    source = ir.event_object(projection.source, projection.event)
    return f"{projection.name}: {source} to {projection.target}.{projection.port}"


def _text(number: int | float) -> str:
    return str(number) if isinstance(number, int) else c_number(number)


def groups(links: Iterable[Link]) -> tuple[Group, ...]:
    """Return the bundles of a network.

    Edges come into one bundle if they are delivered in the same way, and end so close to each other
    in the row of a part that 16 bits tell their places apart. So all that arrives in a step lies in
    few lists, however many populations there are.
    """
    alike: dict[object, list[Link]] = {}
    for link in sorted(links, key=lambda each: each.offset):
        alone = link.projection.name if link.is_alone else ""
        own = link.weights and (link.weights.kind, link.weights.factor, link.weights.only)
        kind = link.row and link.row.kind
        key = (kind, counts_events(link.port), own, alone)
        alike.setdefault(key, []).append(link)
    cut = (part for each in alike.values() for part in _near(each))
    return tuple(Group(number, part) for number, part in enumerate(cut))


def _near(links: list[Link]) -> Iterator[tuple[Link, ...]]:
    """Cut links, sorted by where they end, where that is too far apart."""
    taken: list[Link] = []
    for link in links:
        if taken and link.offset + link.width - taken[0].offset > WIDEST:
            yield tuple(taken)
            taken = []
        taken.append(link)
    yield tuple(taken)


class BundlePrinter:
    """Everything that is printed for one bundle.

    Args:
        group: Its projections.
        names: Identifiers of the program.
        sizes: Neurons of each population and source.

    Attributes:
        sources: Number in the bundle of the first neuron of each source, by owner and event.
    """

    def __init__(self, group: Group, names: Names, sizes: Mapping[str, int]) -> None:
        self.group = group
        self.names = names
        self.sizes = sizes
        self.sources: dict[tuple[str, str], int] = {}
        self.source_size = 0
        for source in sorted({link.source for link in group.links}):
            self.sources[source] = self.source_size
            self.source_size += sizes[source[0]]

    def _row(self, link: Link) -> str:
        """Return the field of a part that points to where a link ends."""
        return self._field("acc" if sums_weights(link.port) else "n_events", link)

    def _field(self, role: str, link: Link) -> str:
        return f"part->{self.names(role, link.projection.target, link.port.name)}"

    def share(self, arrays: ProgramArrays) -> None:
        """Share the edges with C."""
        for link in self.group.links:
            name, values = link.projection.name, link.values
            key, weights = f"edges.{name}", link.weights
            # Of all sources, also those without edges, so that C does not depend on what was drawn.
            missing = self.sizes[link.projection.source] + 1 - values.firsts.size
            firsts = np.pad(values.firsts, (0, missing), mode="edge")
            arrays.share(self.names("firsts", name), f"{key}.firsts", firsts, "by source")
            arrays.share(self.names("targets", name), f"{key}.targets", values.narrow_targets)
            delays = np.atleast_1d(values.narrow_delays)
            arrays.share(self.names("delays", name), f"{key}.delays", delays, "steps")
            if weights and weights.kind:
                arrays.share(self.names("weights", name), f"{key}.weights", values.narrow_weights)
            elif weights and weights.only is None:
                first = np.atleast_1d(weights.numbers(values.narrow_weights))
                arrays.share_own(self.names("weight", name), f"{key}.weight", first[:1])
            if link.is_switched:
                connected = np.asarray(link.projection.connected, np.int64)
                arrays.share_own(self.names("connected", name), f"{key}.connected", connected)

    def model(self) -> edge_models.Bundle:
        """Return what the templates need."""
        first, name = self.group.first, self.group.first.projection.name
        weights, record = first.weights, self.record
        weight = ""
        if weights and not record.weight:
            own = f"net->{self.names('weight', name)}[0]"
            weight = own if weights.only is None else _text(weights.only)
        return edge_models.Bundle(
            title=self.title,
            number=self.group.number,
            function=self.names("deliver", name),
            edges=tuple(map(self._edges, self.group.links)),
            source_size=self.source_size,
            record=record,
            weight=weight,
            added=self._added(),
            connected=f"net->{self.names('connected', name)}[0]" if first.is_switched else "",
            sums=self._field("acc", first) if weights else "",
            sum_kind=first.row.kind if first.row else "",
            counts=self._field("n_events", first) if counts_events(first.port) else "",
            changes=bool(record.weight) and first.changes,
            first=self.names("first", first.projection.target),
            end=self.names("end", first.projection.target),
        )

    @property
    def record(self) -> edge_models.Record:
        """What an edge is stored as."""
        first = self.group.first
        kind = first.weights.kind if first.weights else ""
        value = "weight_of(from, start + loose[e].number)"
        if first.weights and first.weights.unit is not None:
            value = f"({value} * from->per_unit)"
        if first.is_in_rows:
            value = f"({kind}){value}" if kind else "1"
            label = f"{kind.removesuffix('_t')}_rows" if kind else "rows"
            return edge_models.Record(kind or "int16_t", label.upper(), kind, value, is_row=True)
        if not kind:
            return edge_models.Record("edge", "EDGE", "", "", is_row=False)
        name = f"{kind.removesuffix('_t')}_edge"
        return edge_models.Record(name, name.upper(), kind, f"({kind}){value}", is_row=False)

    def _added(self) -> str:
        first = self.group.first
        item = "row[n]" if first.is_in_rows else "edge->weight"
        if not first.weights or not first.weights.kind:
            return f"{item} * weight" if first.is_in_rows else "weight"
        return item if first.weights.factor == 1 else f"{item} * {first.weights.factor}"

    @property
    def title(self) -> str:
        """Return a line for readers."""
        first, *others = (_line(each.projection) for each in self.group.links)
        more = f", and {len(others)} more, see edges_{self.group.number}" if others else ""
        return first + more

    def _edges(self, link: Link) -> edge_models.Edges:
        name = link.projection.name
        own = link.weights
        weights = f"net->{self.names('weights', name)}" if own and own.kind else "NULL"
        per_unit = 1 / own.unit if own and own.kind and own.unit else 1
        return edge_models.Edges(
            title=_line(link.projection),
            first_source=self.sources[link.source],
            sources=self.sizes[link.projection.source],
            firsts=f"net->{self.names('firsts', name)}",
            targets=f"net->{self.names('targets', name)}",
            target_size=link.values.narrow_targets.itemsize,
            weights=weights,
            weight_size=link.values.narrow_weights.itemsize,
            delays=f"net->{self.names('delays', name)}",
            delay_size=link.values.narrow_delays.itemsize,
            several_delays=link.values.narrow_delays.ndim > 0,
            per_unit=c_number(float(per_unit)),
            row=f"{self._row(link)} - {self._row(self.group.first)}",
            share=f"shares->{self.names('share', link.projection.target)}",
        )
