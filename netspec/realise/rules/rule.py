"""What a connection rule is.

Edges are pairs of indices within the source and the target as addressed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.nodes import View
from netspec.ir.recipe import Rule
from netspec.realise.count import Count as Count
from netspec.realise.edges import EdgeScope
from netspec.realise.network import IndexArray, IntegerArray
from netspec.realise.philox import Key
from netspec.realise.rows import Rows

Edges = tuple[IndexArray, IndexArray]
"""Sources and targets, uint32, shape (edges,) each."""

Streams = Callable[[str], Key]
"""Returns the key of a projection's stream by its purpose."""


@dataclass(frozen=True, slots=True)
class Ends:
    """What a rule connects.

    Attributes:
        sources, targets: How many there are.
        diagonal: Source r and target r + diagonal are the same neuron; `None` if source and
            target are different objects.
        scope: What is known of the neurons; nothing before they are realised.
    """

    sources: int
    targets: int
    diagonal: int | None
    scope: EdgeScope = field(default_factory=EdgeScope)

    @classmethod
    def between(
        cls,
        source: str,
        source_view: View,
        target: str,
        target_view: View,
        scope: EdgeScope | None = None,
    ) -> Ends:
        """Return what a projection between parts of two objects connects."""
        diagonal = source_view.start - target_view.start if source == target else None
        return cls(len(source_view), len(target_view), diagonal, scope or EdgeScope())

    @property
    def reversed(self) -> Ends:
        """The same, with source and target exchanged."""
        diagonal = None if self.diagonal is None else -self.diagonal
        return Ends(self.targets, self.sources, diagonal, self.scope)

    @property
    def shared(self) -> range:
        """The sources that are targets too."""
        if self.diagonal is None:
            return range(0)
        first = min(max(0, -self.diagonal), self.sources)
        return range(first, max(first, min(self.sources, self.targets - self.diagonal)))

    def pairs(self, *, autapses: bool = True) -> int:
        """Return the number of pairs, with or without those of a neuron and itself."""
        every = self.sources * self.targets
        return every if autapses else every - len(self.shared)


class ConnectionRule(ABC):
    """How one rule of the language is checked, counted and carried out."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield what makes no sense, of what is known before any edge is made."""
        yield from ()

    @abstractmethod
    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return how many edges there will be."""

    @abstractmethod
    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Return the edges; those of one source in the order that is part of the meaning."""

    def rows(self, rule: Rule, ends: Ends, streams: Streams) -> tuple[Rows, IntegerArray | None]:
        """Return the edges by source, and what brings values of edges into that order, if needed.

        Those of one source keep the order that `connect` gives them.
        """
        sources, targets = self.connect(rule, ends, streams)
        if np.all(sources[:-1] <= sources[1:]):
            return Rows.of(sources, targets), None
        order = np.argsort(sources, kind="stable")
        sources = sources[order]  # one after the other, for less memory
        targets = targets[order]
        return Rows.of(sources, targets), order


def one_population_faults(rule: Rule, ends: Ends, *hints: str) -> Iterator[Diagnostic]:
    """Yield ends that are not the same neurons."""
    if ends.diagonal != 0 or ends.sources != ends.targets:
        message = f"'{rule.name}' needs the same neurons as source and target"
        yield Diagnostic("not-one-population", rule.path, message, hints=hints)
