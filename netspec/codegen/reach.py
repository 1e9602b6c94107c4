"""What of a network can have an effect while it runs; programs leave the rest out."""

from __future__ import annotations

from netspec.ir import nodes as ir
from netspec.realise.network import RealisedListed, RealisedNetwork


def emitting(network: RealisedNetwork) -> tuple[ir.Emitter, ...]:
    """Return what can be emitted, sorted by name.

    These are events that a cell has, Poisson sources, and sources with listed events if some are
    listed.
    """
    found = {
        (each.name, event.name) for each in network.ir.populations for event in each.cell.events
    }
    found |= {(each.name, ir.SPIKE) for each in network.ir.sources if _emits(network, each)}
    return tuple(each for each in network.ir.emitters if (each.owner, each.event) in found)


def _emits(network: RealisedNetwork, source: ir.Source) -> bool:
    values = network.sources[source.name]
    return not isinstance(values, RealisedListed) or values.steps.size > 0


def delivering(network: RealisedNetwork) -> tuple[ir.Projection, ...]:
    """Return the projections with edges, connected at some time, whose source can emit."""
    connected = _connected(network)
    sources = {(each.owner, each.event) for each in emitting(network)}
    return tuple(
        each
        for each in network.ir.projections
        if each.name in connected
        and (each.source, each.event) in sources
        and len(network.projections[each.name])
    )


def gathering(network: RealisedNetwork) -> tuple[ir.Gather, ...]:
    """Return the gathers with edges that are connected at some time."""
    connected = _connected(network)
    return tuple(
        each
        for each in network.ir.gathers
        if each.name in connected and len(network.projections[each.name])
    )


def _connected(network: RealisedNetwork) -> set[str]:
    """Return the projections and gathers that are connected at some time, by name."""
    actions = [entry.action for entry in network.timeline]
    switched_on = {each.projection for each in actions if isinstance(each, ir.Connect)}
    return {each.name for each in network.ir.links if each.connected} | switched_on


def fed_ports(network: RealisedNetwork, population: str) -> frozenset[str]:
    """Return the ports of a population to which some events can be delivered."""
    return frozenset(each.port for each in delivering(network) if each.target == population)


def port_of(network: RealisedNetwork, projection: ir.Projection) -> ir.Port:
    """Return where the events of a projection arrive."""
    cells = {each.name: each.cell for each in network.ir.populations}
    return next(each for each in cells[projection.target].ports if each.name == projection.port)
