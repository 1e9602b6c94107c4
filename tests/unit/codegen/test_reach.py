"""What can have an effect, in networks that have empty, silent and unconnected things."""

from __future__ import annotations

from dataclasses import replace

from netspec.codegen.reach import delivering, emitting, fed_ports, port_of
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedEntry, RealisedNetwork
from netspec.testing import networks


def names(projections: tuple[ir.Projection, ...]) -> set[str]:
    return {each.name for each in projections}


def without(network: RealisedNetwork, kind: type) -> RealisedNetwork:
    """Return a network without one kind of entry of its timeline."""
    kept: list[RealisedEntry] = [
        each for each in network.timeline if not isinstance(each.action, kind)
    ]
    return replace(network, timeline=tuple(kept))


def test_silent_objects_emit_nothing() -> None:
    # A Poisson source of rate 0 could be given another rate.
    found = [each.name for each in emitting(networks.realised("corners"))]
    assert found == ["dry", "one", "unconnected"]


def test_nothing_is_delivered_without_edges_or_spikes() -> None:
    network = networks.realised("corners")
    assert names(delivering(network)) == {"to_itself", "from_dry"}
    assert fed_ports(network, "one") == {"E"}
    assert fed_ports(network, "unconnected") == frozenset()


def test_a_projection_delivers_if_it_is_connected_at_some_time() -> None:
    network = networks.realised("timeline")
    assert names(delivering(network)) == {"gated", "steady", "wet"}
    assert names(delivering(without(network, ir.Connect))) == {"steady", "wet"}
    assert names(delivering(without(network, ir.Disconnect))) == {"gated", "steady", "wet"}


def test_ports_are_found() -> None:
    network = networks.realised("timeline")
    ports = {each.name: port_of(network, each).name for each in network.ir.projections}
    assert ports == {"gated": "K", "steady": "E", "wet": "E"}
