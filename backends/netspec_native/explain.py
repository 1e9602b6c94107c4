"""What a user is told about how the edges of projections are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

from netspec.ir import nodes as ir
from netspec.ir.features import counts_events, sums_weights
from netspec.realise.count import ExpectedEdges
from netspec.realise.network import RealisedNetwork
from netspec_native.bundles import Link
from netspec_native.context import Context
from netspec_native.layouts import are_rows_cheaper
from netspec_native.options import NativeOptions
from netspec_native.parts import pays_threads
from netspec_native.weights import DTYPES

_SPREAD = 4
"""Standard deviations by which a neuron may have more edges than the mean."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How the edges of a projection are stored.

    Attributes:
        sums: C type of what weights are added up in; empty if no sum is read.
        weight: C type of the weight of each edge; empty if all have the same.
        is_in_rows: Whether each source has a row of weights.
    """

    sums: str
    weight: str
    is_in_rows: bool

    def __str__(self) -> str:
        """Return it in words: `16-bit targets, 16-bit weights, …, 4 bytes per synapse`."""
        size = DTYPES[self.weight].itemsize if self.weight else 0
        weight = f"{8 * size}-bit weights" if size else "one weight"
        if self.is_in_rows:
            edges = f"rows of {weight if size else '16-bit numbers of synapses'}"
            room = f"{size or 2} bytes per pair of neurons"
        else:
            edges = f"16-bit targets, {weight}" if self.sums else "16-bit targets"
            room = f"{size + 2} bytes per synapse"
        sums = {"int32_t": "32-bit integer sums", "double": "64-bit sums"}.get(self.sums, "counts")
        return f"{edges}, {sums}, {room}"


def layouts(
    network: ir.Network,
    edges: Mapping[str, ExpectedEdges],
    realised: RealisedNetwork | None,
    options: NativeOptions,
) -> Iterator[tuple[str, str]]:
    """Yield how the edges of each projection are stored, and the number of threads.

    Args:
        network: The IR.
        edges: What is known of each projection before its edges are made.
        realised: The network with its edges, if they have been made; nothing else is certain.
        options: Of the backend.
    """
    if realised is None:
        choices = dict(expected(network, edges))
    else:
        groups = Context(realised, options).groups
        links = {link.projection.name: link for group in groups for link in group.links}
        names = (each.name for each in network.projections)
        choices = {name: chosen(links[name]) for name in names if name in links}
    yield from ((name, str(choice)) for name, choice in choices.items())
    neurons = sum(network.sizes.values())
    count = sum(edges[name].count for name in choices)
    yield "threads", str(options.n_threads(pays=pays_threads(neurons, count)))


def chosen(link: Link) -> Choice:
    """Return how the edges of a projection are stored."""
    sums, weight = link.row.kind if link.row else "", link.weights.kind if link.weights else ""
    return Choice(sums, weight, link.is_in_rows)


def expected(
    network: ir.Network, edges: Mapping[str, ExpectedEdges]
) -> Iterator[tuple[str, Choice]]:
    """Yield for each projection how its edges will be stored, if all goes as expected.

    Args:
        network: The IR.
        edges: Of each projection.
    """
    sizes = network.sizes
    ports = {
        (population.name, port.name): port
        for population in network.populations
        for port in population.cell.ports
    }
    onto: dict[tuple[str, str], list[ExpectedEdges]] = {}
    for each in network.projections:
        onto.setdefault((each.target, each.port), []).append(edges[each.name])
    for each in network.projections:
        end, own = (each.target, each.port), edges[each.name]
        is_whole = _are_whole(onto[end], sizes[each.target])
        weight = _weight(own, is_whole=is_whole) if own.several_weights else ""
        sums = "int32_t" if is_whole else "double"
        pairs = sizes[each.source] * sizes[each.target]
        size = DTYPES[weight].itemsize if weight else 0
        in_rows = (
            not own.several_delays
            and not counts_events(ports[end])
            and are_rows_cheaper(own.count, pairs, size)
        )
        yield each.name, Choice(sums if sums_weights(ports[end]) else "", weight, in_rows)


def _weight(own: ExpectedEdges, *, is_whole: bool) -> str:
    if is_whole:
        return "int16_t" if own.weight_bits < 16 else "int32_t"
    return "float" if own.weight_bits <= 24 else "double"


def _are_whole(onto: Iterable[ExpectedEdges], targets: int) -> bool:
    """Tell whether 32 bits hold the sums of the weights onto a port, of projections all alike."""
    largest = 0.0
    own = tuple(onto)
    for each in own:
        mean = each.count / targets
        bits = each.weight_bits if each.several_weights or len(own) > 1 else 0
        largest += (mean + _SPREAD * sqrt(mean)) * 2.0**bits
    return largest < 2.0**31
