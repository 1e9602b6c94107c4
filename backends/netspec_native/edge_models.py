"""Render models of edges: how they come from outside, are stored and delivered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaving:
    """A bundle with edges of a source.

    Attributes:
        bundle: Its number.
        first: Number of the first neuron of the source in the bundle.
    """

    bundle: int
    first: int


@dataclass(frozen=True, slots=True)
class Edges:
    """A projection of a bundle.

    Attributes:
        first_source: Number of the first neuron of its source in the bundle.
        sources: Neurons of the source.
        target_size, weight_size, delay_size: Bytes of a number of each kind.
        per_unit: Text of what weights are multiplied with to be whole numbers.
        row: Text of the pointer to where its target begins in a row of the part.
        weights: Text of the pointer to the weights, or NULL.
    """

    title: str
    first_source: int
    sources: int
    firsts: str
    targets: str
    target_size: int
    weights: str
    weight_size: int
    delays: str
    delay_size: int
    several_delays: bool
    per_unit: str
    row: str
    share: str


@dataclass(frozen=True, slots=True)
class Record:
    """An edge as it is stored.

    Attributes:
        name: Of its struct, or of the type of a weight in a row.
        label: Of the kind of record.
        weight: C type of the weight, empty without one.
        value: Text of the weight of an edge that is being stored.
        is_row: Whether there are rows of weights, and no targets.
    """

    name: str
    label: str
    weight: str
    value: str
    is_row: bool

    @property
    def type(self) -> str:
        """C type of an item."""
        return self.name if self.is_row else f"struct {self.name}"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Projections whose edges are stored together.

    Attributes:
        weight: Text of the weight of all edges, or empty.
        added: Text of what an edge adds to a sum.
        connected: Text of a switch, or empty.
        sums, counts: Text of the rows that weights are added to and events counted in, or empty.
        sum_kind: C type of a sum.
        changes: Whether the timeline sets weights.
        first, end: Names of the bounds of the target in a part, where there is one.
    """

    title: str
    number: int
    function: str
    edges: tuple[Edges, ...]
    source_size: int
    record: Record
    weight: str
    added: str
    connected: str
    sums: str
    sum_kind: str
    counts: str
    changes: bool
    first: str
    end: str


@dataclass(frozen=True, slots=True)
class EdgesFile:
    """`edges.c.jinja`: how edges come from outside, and how they are stored.

    Attributes:
        records: The kinds that bundles have.
        target_kinds, weight_kinds, delay_kinds: C types of the numbers of edges, each of another
            size; only those that some projection has, and weights only if they are stored.
        delay_place: Text of the place of the delay of edge `e`.
    """

    records: tuple[Record, ...]
    target_kinds: tuple[str, ...]
    weight_kinds: tuple[str, ...]
    delay_kinds: tuple[str, ...]
    delay_place: str


@dataclass(frozen=True, slots=True)
class Deliveries:
    """`deliver.c.jinja`."""

    bundles: tuple[Bundle, ...]
