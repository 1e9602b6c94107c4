"""Weights of projections that the timeline sets."""

from __future__ import annotations

from netspec.ir.nodes import View
from netspec.passes.edges import edge_symbols, resolve_edge_value
from netspec.passes.resolved import Assign
from netspec.passes.settings.setting import Setting, parts_of
from netspec.spec.network import Network


def set_weight(setting: Setting) -> Assign | None:
    """Return what the weights of a projection are set to, or `None` once problems were reported."""
    scope, owner = setting.scope, setting.owner
    if owner not in scope.network.projections:
        name = owner.partition("[")[0]
        setting.refuse(
            "bad-place",
            f"'{owner}' is part of a projection, which can be set as a whole only",
            f"write '{name}.weight', with an expression over 'i' and 'j' for the edges",
        )
        return None
    if setting.variable != "weight":
        setting.refuse_variable(owner, {"weight"})
        return None
    projection = scope.projections.get(owner)
    if projection is None:  # its own problems were reported
        return None
    symbols = edge_symbols(
        projection.source,
        projection.target,
        scope,
        over_population=projection.over_population,
        changing=_set_parameters(scope.network),
    )
    count, dimension = projection.number_of_weights, projection.weight_dimension
    value = resolve_edge_value(
        setting.value, dimension, symbols, setting.path, scope.problems, count
    )
    return setting.assign("weight", owner, View(0, 0), value)


def _set_parameters(network: Network) -> set[tuple[str, str]]:
    """Return all that is set, as owner and variable."""
    places = (parts_of(place) for entry in network.timeline for place in entry.set or ())
    return {(owner.partition("[")[0], variable) for owner, variable in filter(None, places)}
