"""`realise`: everything random or combinatorial that happens before step 0, once, in the core."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from netspec.errors import Diagnostic
from netspec.ir import nodes as ir
from netspec.ir.recipe import Item, Recipe
from netspec.realise.findings import Findings
from netspec.realise.network import RealisedNetwork
from netspec.realise.populations import realise_population
from netspec.realise.projections import realise_projection, written_weights
from netspec.realise.sources import realise_source
from netspec.realise.timeline import realise_timeline
from netspec.realise.weights import inexact_sums


@dataclass(frozen=True, slots=True, eq=False)
class Realisation:
    """What `realise` made of a network, and what it found out on the way.

    Attributes:
        network: `None` if there are errors, or edges that were not to be drawn.
        errors: A value is not finite or out of range, a delay or period is no multiple of dt or
            too long, or weights cannot be added exactly; one for each object.
    """

    network: RealisedNetwork | None
    errors: tuple[Diagnostic, ...]


def realise(
    network: ir.Network, recipe: Recipe, fingerprint: str, *, undrawn: Set[str] = frozenset()
) -> Realisation:
    """Make all arrays of a network.

    Args:
        network: The IR.
        recipe: How its arrays are made.
        fingerprint: Of the description.
        undrawn: Projections whose edges are not made; of those, only weights that are written
            down are looked at.
    """
    findings = Findings()
    populations, sources, projections, weights = {}, {}, {}, {}
    for population in network.populations:
        with findings.of_one_object():
            populations[population.name] = realise_population(population, recipe)
    for source in network.sources:
        with findings.of_one_object():
            sources[source.name] = realise_source(source, recipe, network.seed, network.steps)
    for projection in network.projections:
        name, changes = projection.name, _changes(projection, network, recipe)
        with findings.of_one_object():
            if name in undrawn:
                weights[name] = written_weights(recipe.projections[name], changes)
            else:
                projections[name], weights[name] = realise_projection(
                    projection, recipe, network.seed, changes
                )
    for problem in inexact_sums(network, projections, weights):
        findings.error(problem)
    timeline = realise_timeline(network, recipe, populations, weights, findings)
    if findings.errors or undrawn:
        return Realisation(None, findings.errors)
    whole = replace(
        network, timeline=tuple(ir.TimelineEntry(each.step, each.action) for each in timeline)
    )
    made = RealisedNetwork(whole, fingerprint, populations, sources, projections, timeline)
    return Realisation(made, ())


def _changes(projection: ir.Projection, network: ir.Network, recipe: Recipe) -> list[Item]:
    """Return the values that the timeline gives the weights of a projection, in order."""
    return [
        item
        for entry, item in zip(network.timeline, recipe.timeline, strict=True)
        if entry.action == ir.SetWeight(projection.name) and item is not None
    ]
