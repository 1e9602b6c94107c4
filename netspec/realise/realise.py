"""`realise`: everything random or combinatorial that happens before step 0, once, in the core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from fractions import Fraction

from netspec.errors import Diagnostic
from netspec.ir import nodes as ir
from netspec.ir.recipe import PopulationRecipe, Recipe
from netspec.realise.drives import driven_weights, weight_warnings
from netspec.realise.findings import Findings
from netspec.realise.links import realise_links
from netspec.realise.network import (
    RealisedNetwork,
    RealisedPopulation,
    RealisedProjection,
    RealisedSource,
)
from netspec.realise.neurons import NeuronScope, neuron_scopes, values_of_neurons
from netspec.realise.pacing import step_warning
from netspec.realise.populations import realise_population
from netspec.realise.ranges import check_ranges
from netspec.realise.sources import realise_source
from netspec.realise.timeline import realise_timeline
from netspec.realise.weights import Grid, inexact_sums


@dataclass(frozen=True, slots=True, eq=False)
class Realisation:
    """What `realise` made of a network, and what it found out on the way.

    Attributes:
        network: `None` if there are errors, or something was not to be drawn.
        errors: A value is not finite or out of range, a delay or period is no multiple of dt or
            too long, or weights cannot be added exactly; one for each object.
        warnings: A Poisson rate is high, many spikes of trains count once with others, a weight
            that is written down is moved noticeably, a conductance is negative, a step is large
            for a variable, or weights are recorded of edges that are not there.
        grids: Of the weights, by projection and drive.
    """

    network: RealisedNetwork | None
    errors: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]
    grids: Mapping[str, Grid]


def realise(
    network: ir.Network, recipe: Recipe, fingerprint: str, *, undrawn: Set[str] = frozenset()
) -> Realisation:
    """Make all arrays of a network.

    Args:
        network: The IR.
        recipe: How its arrays are made.
        fingerprint: Of the description.
        undrawn: Projections whose edges are not made, and inputs whose trains are not; of those,
            only weights that are written down and values of neurons are looked at.
    """
    findings = Findings()
    scopes = neuron_scopes(network, recipe, findings)
    populations = realise_populations(network, recipe, scopes, findings)
    sources: dict[str, RealisedSource] = {}
    for name, made in populations.items():
        findings.warn(_step_warning(made, recipe.populations[name], recipe.dt))
        for warning in weight_warnings(name, network, recipe, made):
            findings.warn(warning)
    for name in (each.name for each in network.sources if each.name in scopes):
        with findings.of_one_object():
            made_source = realise_source(
                recipe.sources[name],
                scopes[name],
                network.steps,
                findings,
                draw=name not in undrawn,
            )
            if made_source is not None:
                sources[name] = made_source
    neurons = values_of_neurons(scopes, populations)
    projections, weights = realise_links(network, recipe, neurons, undrawn, findings)
    timeline = realise_timeline(network, recipe, scopes, populations, weights, findings)
    driven = driven_weights(recipe, populations, timeline)
    for problem in inexact_sums(network, weights, driven):
        findings.error(problem)
    check_ranges(network, recipe, populations, timeline, findings)
    for warning in _beyond_the_edges(network, projections):
        findings.warn(warning)
    whole = None
    if not (findings.errors or undrawn):
        entries = tuple(ir.TimelineEntry(each.step, each.action) for each in timeline)
        schedule = replace(network, timeline=entries)
        positions = {name: each.positions for name, each in scopes.items() if each.positions}
        whole = RealisedNetwork(
            schedule, fingerprint, populations, sources, projections, timeline, positions
        )
    grids = {name: each.grid for name, each in weights.items()}
    grids |= {each.name: each.grid for onto_port in driven.values() for each in onto_port}
    return Realisation(whole, findings.errors, tuple(findings.warnings), grids)


def realise_populations(
    network: ir.Network, recipe: Recipe, scopes: Mapping[str, NeuronScope], findings: Findings
) -> dict[str, RealisedPopulation]:
    """Return the populations of a network that have no problems."""
    populations = {}
    for each in network.populations:
        if each.name in scopes:
            with findings.of_one_object():
                populations[each.name] = realise_population(each, recipe, scopes[each.name])
    return populations


def _beyond_the_edges(
    network: ir.Network, projections: Mapping[str, RealisedProjection]
) -> Iterator[Diagnostic]:
    """Yield monitors of the weights of edges that are not there, as far as edges are drawn."""
    for number, recording in enumerate(network.weight_recordings):
        edges, parts = recording.edges, recording.parts
        if edges is None or not projections.keys() >= set(parts):
            continue
        count = sum(len(projections[name]) for name in parts)
        if edges.stop > count:
            yield Diagnostic(
                "no-such-edges",
                f"monitors.weights[{number}].edges",
                f"'{recording.projection}' has {count} edges, which are numbered from 0, "
                f"got [{edges.start}, {edges.stop}]",
                severity="warning",
            )


def _step_warning(
    made: RealisedPopulation, own: PopulationRecipe, dt: Fraction
) -> Diagnostic | None:
    if own.pacing is None:
        return None
    paths = {item.name: item.path for item in own.parameters}
    return step_warning(own.pacing, made.parameters, made.initial, dt, paths, own.model_path)
