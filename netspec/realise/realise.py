"""`realise`: everything random or combinatorial that happens before step 0, once, in the core."""

from __future__ import annotations

from dataclasses import replace

from netspec.ir import nodes as ir
from netspec.ir.recipe import Recipe
from netspec.realise.network import RealisedNetwork
from netspec.realise.populations import realise_population
from netspec.realise.projections import realise_projection
from netspec.realise.sources import realise_source
from netspec.realise.timeline import realise_timeline
from netspec.realise.weights import check_exact_sums


def realise(network: ir.Network, recipe: Recipe, fingerprint: str) -> RealisedNetwork:
    """Return a network with all its arrays.

    Raises:
        SpecError: A computed value is not finite, a delay or period is no multiple of dt or too
            long, or weights cannot be added exactly.
        OutOfRangeError: A rate leaves its range.
    """
    populations = {each.name: realise_population(each, recipe) for each in network.populations}
    sources = {
        each.name: realise_source(each, recipe, network.seed, network.steps)
        for each in network.sources
    }
    projections, weights = {}, {}
    for projection in network.projections:
        changes = [
            item
            for entry, item in zip(network.timeline, recipe.timeline, strict=True)
            if entry.action == ir.SetWeight(projection.name) and item is not None
        ]
        projections[projection.name], weights[projection.name] = realise_projection(
            projection, recipe, network.seed, changes
        )
    check_exact_sums(
        network, projections, {name: list(each.stretches) for name, each in weights.items()}
    )
    timeline = realise_timeline(network, recipe, populations, weights)
    whole = replace(
        network, timeline=tuple(ir.TimelineEntry(each.step, each.action) for each in timeline)
    )
    return RealisedNetwork(whole, fingerprint, populations, sources, projections, timeline)
