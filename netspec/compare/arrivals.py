"""The events that arrive at a neuron in a step, as the contract has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import NumberArray, RealisedNetwork
from netspec.results.record import SpikeRecord


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event at the end of an edge.

    Attributes:
        edge: Number of the edge in its projection, in canonical order.
        source: What emitted it.
        index: Of the neuron there.
        emitted: In which step.
        delay: Of the edge, in steps.
        weight: Of the edge when the event arrives, in SI.
        largest: Size of the largest weight of the projection then.
    """

    port: str
    projection: str
    edge: int
    source: str
    index: int
    emitted: int
    delay: int
    weight: float
    largest: float

    def __str__(self) -> str:
        return (
            f"'{self.projection}', edge {self.edge}: from {self.source}[{self.index}], emitted in "
            f"step {self.emitted}, delay {self.delay}, weight {self.weight!r}"
        )


def arrivals(
    network: RealisedNetwork,
    spikes: Mapping[str, SpikeRecord],
    population: str,
    index: int,
    step: int,
) -> tuple[Arrival, ...]:
    """Return the events that arrive at a neuron in a step, by port, projection and edge.

    Args:
        network: What was run.
        spikes: All spikes of every object until that step.
        population: Of the network.
        index: Of the neuron.
        step: In which the events arrive.
    """
    found: list[Arrival] = []
    for projection in network.ir.projections:
        if projection.target == population and _is_connected(network, projection, step):
            found += _along(network, spikes, projection, index, step)
    return tuple(sorted(found, key=lambda each: (each.port, each.projection, each.edge)))


def total(events: tuple[Arrival, ...]) -> tuple[float, int]:
    """Return the exact sum of the weights of events, and their number."""
    return float(sum((Fraction(each.weight) for each in events), Fraction(0))), len(events)


def _along(
    network: RealisedNetwork,
    spikes: Mapping[str, SpikeRecord],
    projection: ir.Projection,
    index: int,
    step: int,
) -> Iterator[Arrival]:
    edges = network.projections[projection.name]
    numbers = np.flatnonzero(edges.narrow_targets == index)
    if not numbers.size:
        return
    sources = np.searchsorted(edges.firsts, numbers, side="right") - 1
    delays = np.broadcast_to(edges.narrow_delays, len(edges))[numbers].astype(np.int64)
    every = _weights(network, projection, step)
    weights = np.broadcast_to(every, len(edges))[numbers]
    largest = float(np.abs(every).max())
    name = ir.event_object(projection.source, projection.event)
    emitted = _spikes_since(spikes[name], step - int(delays.max()), step)
    rows = zip(*map(np.ndarray.tolist, (numbers, sources, delays, weights)), strict=True)
    for edge, source, delay, weight in rows:
        if (step - delay, source) in emitted:
            way = (name, source, step - delay, delay)
            yield Arrival(projection.port, projection.name, edge, *way, weight, largest)


def _spikes_since(spikes: SpikeRecord, first: int, last: int) -> set[tuple[int, int]]:
    part = slice(*np.searchsorted(spikes.steps, (first, last + 1)))
    return set(zip(spikes.steps[part].tolist(), spikes.indices[part].tolist(), strict=True))


def _weights(network: RealisedNetwork, projection: ir.Projection, step: int) -> NumberArray:
    """Return the weights of a projection in a step."""
    found: NumberArray = network.projections[projection.name].weights
    for entry in network.timeline:
        if entry.step <= step and entry.action == ir.SetWeight(projection.name):
            assert isinstance(entry.values, np.ndarray)
            found = entry.values
    return found


def _is_connected(network: RealisedNetwork, projection: ir.Projection, step: int) -> bool:
    found = projection.connected
    for entry in network.timeline:
        if entry.step <= step and entry.action == ir.Connect(projection.name):
            found = True
        if entry.step <= step and entry.action == ir.Disconnect(projection.name):
            found = False
    return found
