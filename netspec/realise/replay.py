"""Replay: a network whose populations are listened to no more; what they emit is listed.

Every projection from a population becomes one from a source that emits listed events in the same
steps, so each neuron gets the events of another run whatever its own network would have sent. Its
state moves on as ever, and it still emits: that is counted, and goes nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import RealisedListed, RealisedNetwork

PREFIX = "_replayed_"
"""Begins the names of the sources, which no document can have."""


def replayed_objects(network: ir.Network) -> tuple[ir.Emitter, ...]:
    """Return what of the populations of a network has projections, sorted by name."""
    populations = {each.name for each in network.populations}
    heard = {(each.source, each.event) for each in network.projections}
    return tuple(
        each
        for each in network.emitters
        if each.owner in populations and (each.owner, each.event) in heard
    )


def replayed_schedule(network: ir.Network) -> ir.Network:
    """Return a network in which listed sources stand for the populations that are heard.

    Everything that they emit themselves is recorded.
    """
    objects = {(each.owner, each.event): each for each in replayed_objects(network)}
    names = _names(network)
    sources = [ir.ListedSource(names[each.name], each.size) for each in objects.values()]
    projections = tuple(
        replace(each, source=names[objects[each.source, each.event].name], event=ir.SPIKE)
        if (each.source, each.event) in objects
        else each
        for each in network.projections
    )
    own = tuple(
        ir.SpikeRecording(each.owner, each.event, (ir.View(0, each.size),))
        for each in objects.values()
    )
    recorded = {each.name for each in own}
    others = tuple(each for each in network.spike_recordings if each.name not in recorded)
    return replace(
        network,
        sources=tuple(sorted((*network.sources, *sources), key=lambda each: each.name)),
        projections=projections,
        spike_recordings=(*own, *others),
    )


def with_replay(network: RealisedNetwork, spikes: Mapping[str, RealisedListed]) -> RealisedNetwork:
    """Return a network that gets the spikes of another run.

    Args:
        network: To be run.
        spikes: All that another run emitted, of each of `replayed_objects`; of a longer one what
            comes after the end is left out.
    """
    names = _names(network.ir)
    sources = dict(network.sources)
    for each in replayed_objects(network.ir):
        listed = spikes[each.name]
        inside = slice(0, int(np.searchsorted(listed.steps, network.ir.steps)))
        sources[names[each.name]] = RealisedListed(listed.steps[inside], listed.indices[inside])
    return replace(
        network,
        ir=replayed_schedule(network.ir),
        sources=dict(sorted(sources.items())),
    )


def _names(network: ir.Network) -> dict[str, str]:
    """Return the name of the source that stands for each object."""
    found: dict[str, str] = {}
    for each in replayed_objects(network):
        name = PREFIX + each.name.replace(".", "_")
        while name in found.values():  # a population `a_b` beside an event `b` of `a`
            name += "_"
        found[each.name] = name
    return found
