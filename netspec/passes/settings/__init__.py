"""`set` of the timeline: what each kind of object lets be set, and what its value may read."""

from __future__ import annotations

from netspec.expr.parse import shorten
from netspec.passes.resolved import Assign
from netspec.passes.scope import Scope
from netspec.passes.settings.inputs import set_input
from netspec.passes.settings.populations import set_population
from netspec.passes.settings.setting import Setting, parts_of
from netspec.passes.settings.weights import set_weight
from netspec.spec.problems import listed, nearest
from netspec.spec.values import ValueField
from netspec.spec.views import parse_view, view_hints

__all__ = ["resolve_setting"]


def resolve_setting(
    place: str, value: ValueField, step: int, path: str, scope: Scope
) -> Assign | None:
    """Return what becomes of one place of a `set`, or `None` once its problems were reported.

    Args:
        place: As written, e.g. `exc[0:10].V`.
        value: As written.
        step: When it is set.
        path: Of the value in the document.
        scope: Of names.
    """
    parts = parts_of(place)
    reference = parse_view(parts[0]) if parts else None
    if parts is None or reference is None:
        hints = view_hints(place) or (
            "write 'exc.I_e', 'exc[0:10].V', 'ext.rate' or 'inh_exc.weight'",
        )
        message = f"'{shorten(place)}' cannot be set"
        scope.problems.error("bad-place", path, message, hints=hints)
        return None
    network, setting = scope.network, Setting(*parts, value, step, path, scope)
    if reference.name in network.populations:
        return set_population(setting)
    if reference.name in network.inputs:
        return set_input(reference.name, setting)
    if reference.name in network.projections:
        return set_weight(setting)
    known = {**network.populations, **network.inputs, **network.projections}
    scope.problems.error(
        "unknown-object",
        path,
        f"'{reference.name}' is not a population, input or projection of this network",
        notes=(f"defined: {listed(known)}",),
        hints=nearest(reference.name, known),
    )
    return None
