"""Projections from one source, whose edges are stored and delivered together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from netspec.codegen.arrays import is_uniform
from netspec.ir import nodes as ir
from netspec.ir.features import counts_events, sums_weights
from netspec.realise.network import FloatArray, RealisedProjection
from netspec_native import models
from netspec_native.arrays import ProgramArrays, c_number
from netspec_native.names import Names

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
        changes: Its weights as the timeline sets them.
    """

    projection: ir.Projection
    values: RealisedProjection
    port: ir.Port
    offset: int
    width: int
    is_switched: bool
    changes: tuple[FloatArray, ...]

    @property
    def source(self) -> tuple[str, str]:
        """Owner and event."""
        return self.projection.source, self.projection.event

    @property
    def is_alone(self) -> bool:
        """Whether it shares a bundle with no other, since the timeline acts on it."""
        return self.is_switched or bool(self.changes)

    @property
    def weight(self) -> float | None:
        """The weight of all edges, if there is one that never changes."""
        own = self.values.narrow_weights
        if self.changes or not (own.ndim == 0 or is_uniform(own)):
            return None
        return float(own.flat[0])

    @property
    def weight_kind(self) -> str:
        """C type in which each edge has a weight; empty if it has none of its own."""
        own = self.values.narrow_weights
        if not sums_weights(self.port) or own.ndim == 0 or self.weight is not None:
            return ""
        fits = all(np.array_equal(each, each.astype(np.float32)) for each in self.changes)
        return "float" if fits and own.dtype == np.float32 else "double"


@dataclass(frozen=True, slots=True)
class Group:
    """Links whose edges make one bundle."""

    number: int
    links: tuple[Link, ...]

    @property
    def first(self) -> Link:
        """Any of them, for what they have in common."""
        return self.links[0]


def groups(links: Iterable[Link]) -> tuple[Group, ...]:
    """Return the bundles of a network.

    Edges come into one bundle if they leave one source, are delivered in the same way, and end so
    close to each other in the row of a part that 16 bits tell their places apart.
    """
    alike: dict[object, list[Link]] = {}
    for link in sorted(links, key=lambda each: each.offset):
        alone = link.projection.name if link.is_alone else ""
        weight = link.weight if sums_weights(link.port) and not link.weight_kind else 0.0
        key = (
            link.source,
            sums_weights(link.port),
            counts_events(link.port),
            link.weight_kind,
            weight,
            alone,
        )
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
        source_size: Neurons of the source.
    """

    def __init__(self, group: Group, names: Names, source_size: int) -> None:
        self.group = group
        self.names = names
        self.source_size = source_size

    def _row(self, link: Link) -> str:
        """Return the field of a part that points to where a link ends."""
        role = "acc" if sums_weights(link.port) else "n_events"
        return f"part->{self.names(role, link.projection.target, link.port.name)}"

    def share(self, arrays: ProgramArrays) -> None:
        """Share the edges with C."""
        for link in self.group.links:
            name, values = link.projection.name, link.values
            key, kind = f"edges.{name}", self.group.first.weight_kind
            # Of all sources, also those without edges, so that C does not depend on what was drawn.
            missing = self.source_size + 1 - values.firsts.size
            firsts = np.pad(values.firsts, (0, missing), mode="edge")
            arrays.share(self.names("firsts", name), f"{key}.firsts", firsts, "by source")
            arrays.share(self.names("targets", name), f"{key}.targets", values.narrow_targets)
            delays = np.atleast_1d(values.narrow_delays)
            arrays.share(self.names("delays", name), f"{key}.delays", delays, "steps")
            if kind:
                arrays.share(self.names("weights", name), f"{key}.weights", values.narrow_weights)
            elif link.weight is None:
                arrays.share_own(self.names("weight", name), f"{key}.weight", values.weights)
            if link.is_switched:
                connected = np.asarray(link.projection.connected, np.int64)
                arrays.share_own(self.names("connected", name), f"{key}.connected", connected)

    def model(self) -> models.Bundle:
        """Return what the templates need."""
        first, name = self.group.first, self.group.first.projection.name
        kind = first.weight_kind
        weight = ""
        if sums_weights(first.port) and not kind:
            own = f"net->{self.names('weight', name)}[0]"
            weight = own if first.weight is None else c_number(first.weight)
        is_counted = counts_events(first.port)
        return models.Bundle(
            title=self.title,
            number=self.group.number,
            function=self.names("deliver", name),
            edges=tuple(map(self._edges, self.group.links)),
            source_size=self.source_size,
            weight_kind=kind,
            weight_size={"": 0, "float": 4, "double": 8}[kind],
            weight=weight,
            connected=f"net->{self.names('connected', name)}[0]" if first.is_switched else "",
            sums=self._base("acc") if sums_weights(first.port) else "",
            counts=self._base("n_events") if is_counted else "",
            changes=bool(kind) and bool(first.changes),
        )

    def _base(self, role: str) -> str:
        link = self.group.first
        return f"part->{self.names(role, link.projection.target, link.port.name)}"

    @property
    def title(self) -> str:
        """Return a line for readers."""
        links = [each.projection for each in self.group.links]
        ends = ", ".join(f"{each.name} to {each.target}.{each.port}" for each in links)
        return f"{ir.event_object(*self.group.first.source)}: {ends}"

    def _edges(self, link: Link) -> models.Edges:
        name = link.projection.name
        weights = f"net->{self.names('weights', name)}" if self.group.first.weight_kind else "NULL"
        return models.Edges(
            title=name,
            sources=self.source_size,
            firsts=f"net->{self.names('firsts', name)}",
            targets=f"net->{self.names('targets', name)}",
            target_size=link.values.narrow_targets.itemsize,
            weights=weights,
            weight_size=link.values.narrow_weights.itemsize,
            delays=f"net->{self.names('delays', name)}",
            delay_size=link.values.narrow_delays.itemsize,
            several_delays=link.values.narrow_delays.ndim > 0,
            row=f"{self._row(link)} - {self._row(self.group.first)}",
            share=f"shares->{self.names('share', link.projection.target)}",
        )
