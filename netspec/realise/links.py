"""Edges of all projections and gathers, in threads where that pays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import closing
from functools import partial

from netspec.ir import nodes as ir
from netspec.ir.recipe import Item, Recipe
from netspec.realise.ahead import ahead
from netspec.realise.edges import EdgeScope
from netspec.realise.findings import Findings
from netspec.realise.network import NumberArray, RealisedProjection
from netspec.realise.projections import RealisedEdges, realise_projection, weight_warnings_of
from netspec.realise.weights import ProjectionWeights, written_grid


def realise_links(
    network: ir.Network,
    recipe: Recipe,
    neurons: Mapping[str, Mapping[str, NumberArray]],
    undrawn: Set[str],
    findings: Findings,
) -> tuple[dict[str, RealisedProjection], dict[str, ProjectionWeights]]:
    """Return edges and what else is known of their weights, of projections without problems.

    Args:
        network: The IR.
        recipe: How its arrays are made.
        neurons: Values by name, of each population and input that has no problems.
        undrawn: Projections whose edges are not made.
        findings: Where problems go.
    """
    projections: dict[str, RealisedProjection] = {}
    weights: dict[str, ProjectionWeights] = {}
    drawn: dict[str, Callable[[], RealisedEdges]] = {}
    for projection in network.links:
        name, given = projection.name, _given_weights(projection.name, network, recipe)
        own = recipe.projections[name]
        ends = projection.source, own.source_view, projection.target, own.target_view
        scope = EdgeScope.between(recipe, neurons, *ends)
        if scope.knows((*own.rule.values, own.delay, *(each.value for each in given))):
            make = _not_drawn if name in undrawn else realise_projection
            drawn[name] = partial(make, projection, recipe, network.seed, given, scope)
    # All may wait, since edges that are made are narrow; nothing goes on after Ctrl-C.
    with closing(ahead(drawn.values(), waiting=len(drawn))) as made:
        for name, made_edges in zip(drawn, made, strict=True):
            with findings.of_one_object():
                edges, weights[name], warnings = made_edges()
                if edges is not None:
                    projections[name] = edges
                for warning in warnings:
                    findings.warn(warning)
    return projections, weights


def _not_drawn(
    projection: ir.Projection | ir.Gather,
    recipe: Recipe,
    seed: int,
    given: Sequence[Item],
    scope: EdgeScope,
) -> RealisedEdges:
    """Return what `realise_projection` returns, as far as it is known without edges."""
    own = recipe.projections[projection.name]
    grid = written_grid((each.value for each in given), own)
    return None, ProjectionWeights(grid), weight_warnings_of(own, projection.name, given, None)


def _given_weights(name: str, network: ir.Network, recipe: Recipe) -> list[Item]:
    """Return the values of a projection's weights: before step 0, then as the timeline has them."""
    changes = [
        item
        for entry, item in zip(network.timeline, recipe.timeline, strict=True)
        if entry.action == ir.SetWeight(name) and item is not None
    ]
    own = recipe.projections[name]
    return [Item("weight", own.weight, f"{own.path}.weight"), *changes]
