"""Projections that gather: what is summed over the neurons at the other ends."""

from __future__ import annotations

from collections.abc import Collection

from netspec.expr.fold import fold, real_indices
from netspec.expr.nodes import names
from netspec.expr.parse import shorten
from netspec.expr.types import Hidden, ValueType, require_dimension
from netspec.ir.nodes import (
    SPIKE,
    TIME as TIME_NAME,
    TIME_STEP,
    WEIGHT,
    name_in_source,
    source_name,
)
from netspec.passes.resolved import ComposedCell, ReceptorGather, ResolvedGather, ResolvedPopulation
from netspec.passes.scope import Scope
from netspec.spec import connectivity as spec
from netspec.spec.problems import listed, nearest
from netspec.units import TIME


def resolve_gather(
    path: str,
    projection: spec.Projection,
    receptor: ReceptorGather,
    target: ResolvedPopulation,
    scope: Scope,
) -> ResolvedGather | None:
    """Return what a projection sums, or `None` once its problems were reported."""
    source = _source(path, projection, scope)
    _refuse_arrivals(path, projection, scope)
    if source is None or not _has_what_is_read(path, receptor, source, scope):
        return None
    symbols: dict[str, ValueType | Hidden] = {TIME_NAME: TIME, TIME_STEP: TIME}
    symbols |= {WEIGHT: receptor.weight_dimension, **_readable(target.cell)}
    symbols |= {source_name(own): each for own, each in _readable(source.cell).items()}
    expected = receptor.dimension
    if receptor.over_population:
        expected = expected / receptor.weight_dimension
    with scope.problems.expressions_at(receptor.path):
        require_dimension(receptor.value, expected, symbols)
        integers = _integers(target.cell) | {source_name(each) for each in _integers(source.cell)}
        value = fold(real_indices(receptor.value, integers))
        return ResolvedGather(receptor.target, value, receptor.over_population)
    return None


def _source(path: str, projection: spec.Projection, scope: Scope) -> ResolvedPopulation | None:
    """Return the population that is looked at."""
    path = f"{path}.source"
    found = scope.emitting(projection.source, path)
    if found is None:
        return None
    owner, event, _ = found
    if owner in scope.populations and event == SPIKE:
        return scope.populations[owner]
    what = "an input" if owner in scope.inputs else "an event"
    scope.problems.error(
        "no-state",
        path,
        f"'{shorten(projection.source)}' is {what}: the receptor '{projection.receptor}' gathers "
        "from the state of a population",
    )
    return None


def _refuse_arrivals(path: str, projection: spec.Projection, scope: Scope) -> None:
    for field in ("delay", "rounding"):
        if field in projection.model_fields_set:
            scope.problems.error(
                "no-events",
                f"{path}.{field}",
                f"the receptor '{projection.receptor}' gathers and takes no events, so there is "
                f"no '{field}'",
            )


def _has_what_is_read(
    path: str, receptor: ReceptorGather, source: ResolvedPopulation, scope: Scope
) -> bool:
    names_there = _readable(source.cell)
    known = [each for each, own in names_there.items() if not isinstance(own, Hidden)]
    read = {name_in_source(each) for each in names(receptor.value)} - {None}
    unknown = sorted(each for each in read if each is not None and each not in names_there)
    for each in unknown:
        scope.problems.error(
            "unknown-name",
            f"{path}.source",
            f"the receptor '{receptor.name}' gathers 'source({each})', but '{source.name}' has no "
            f"'{each}'",
            notes=(f"its variables: {listed(known)}",),
            hints=nearest(each, known) or _hints_for_own(each, receptor, known),
        )
    return not unknown


def _hints_for_own(name: str, receptor: ReceptorGather, known: Collection[str]) -> tuple[str, ...]:
    """Return the hint for a name of the receptor, which is another one in the source's cell."""
    whole = f"{name}_{receptor.name}"
    return (f"did you mean '{whole}'?",) if whole in known else ()


def _readable(cell: ComposedCell) -> dict[str, ValueType | Hidden]:
    """Return the names of a cell that can be read before anything is gathered."""
    found: dict[str, ValueType | Hidden] = {
        each.name: each.dimension for each in (*cell.own_parameters, *cell.state)
    }
    late = {each.target for each in cell.gathers}
    for definition in cell.definitions:
        found[definition.name] = definition.dimension
        if names(definition.value) & late:
            late.add(definition.name)
    return {**found, **dict.fromkeys(late, Hidden("it is itself gathered"))}


def _integers(cell: ComposedCell) -> frozenset[str]:
    return frozenset(each.name for each in cell.state if each.kind == "integer")
