"""The timeline: what happens at which step, to what."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from netspec.expr.nodes import Name
from netspec.expr.parse import shorten
from netspec.expr.types import Hidden, ValueType
from netspec.ir.nodes import View
from netspec.ir.recipe import Scalar, names_in
from netspec.passes.courses import is_moving
from netspec.passes.edges import edge_symbols, resolve_edge_value
from netspec.passes.resolved import (
    Addition,
    Assign,
    ComposedCell,
    RecordingSwitch,
    ResolvedEffect,
    ResolvedEntry,
    ResolvedGenerator,
    ResolvedInput,
    ResolvedPoisson,
    ResolvedPopulation,
    ResolvedTrains,
    Switch,
)
from netspec.passes.scope import Scope
from netspec.passes.values import ALL_ALIKE, refuse_list, resolve_value, steps_of
from netspec.spec.data import FromFile
from netspec.spec.distributions import Distribution
from netspec.spec.experiment import TimelineEntry
from netspec.spec.inputs import Effect
from netspec.spec.network import Network
from netspec.spec.problems import listed, nearest
from netspec.spec.reader import format_path, location_path
from netspec.spec.values import QuantityList, ValueField
from netspec.spec.views import parse_view, view_hints
from netspec.units import DIMENSIONLESS, FREQUENCY, Dimension

MAX_ENTRIES = 100_000
"""Of a timeline, each time that one happens and each place that it sets counted."""

Entry = ResolvedEntry | RecordingSwitch | Addition

_PLACE = re.compile(r"([^.]*)\.([A-Za-z][A-Za-z0-9_]*)", re.ASCII)


_BEFORE = Hidden("what is set is computed before step 0")


def resolve_timeline(
    network: Network, scope: Scope, changes: Iterable[Assign] = ()
) -> tuple[Entry, ...]:
    """Return the entries sorted by step; those of one step keep the document's order.

    One that is repeated becomes as many entries as there are times.

    Args:
        network: As written.
        scope: Objects by name.
        changes: What time courses change, before the entries of the document.
    """
    moving = list(changes)
    if len(moving) > MAX_ENTRIES:
        message = f"time courses change values more than {MAX_ENTRIES} times"
        scope.problems.error("too-many-entries", moving[MAX_ENTRIES].path, message)
        return ()
    found: list[Entry] = [*moving]
    for number, entry in enumerate(network.timeline):
        path = f"timeline[{number}]"
        due = _steps(entry, path, scope)
        written = _entries(entry, due.start, path, scope)
        if len(found) + len(due) * len(written) > MAX_ENTRIES:
            message = f"with this one the timeline has more than {MAX_ENTRIES} entries"
            scope.problems.error("too-many-entries", path, message)
            break
        found += [replace(each, step=step) for step in due for each in written]
    return tuple(sorted(found, key=lambda each: each.step))


def _steps(entry: TimelineEntry, path: str, scope: Scope) -> range:
    """Return when an entry happens; once if there is a problem with its times."""
    times = {"at": entry.at, "every": entry.every, "until": entry.until}
    found = {
        field: steps_of(time.value, scope.dt, time.text, f"{path}.{field}", scope.problems)
        for field, time in times.items()
        if time is not None
    }
    at, every, until = found["at"], found.get("every"), found.get("until")
    if at is None:
        return range(1)
    if every is None or until is None:
        return range(at, at + 1)
    return range(at, max(until, at + 1), every)


def _entries(entry: TimelineEntry, step: int, path: str, scope: Scope) -> Sequence[Entry]:
    for field, name, connected in (
        ("connect", entry.connect, True),
        ("disconnect", entry.disconnect, False),
    ):
        if name is not None:
            if name in scope.network.projections:
                return [Switch(step, name, connected)]
            scope.unknown_projection(name, f"{path}.{field}")
    if entry.add_edges is not None:
        return [Addition(step, entry.add_edges.projection, entry.add_edges, f"{path}.add_edges")]
    for field, name, is_on in (
        ("start_recording", entry.start_recording, True),
        ("stop_recording", entry.stop_recording, False),
    ):
        if name is not None:
            known = {**scope.network.populations, **scope.network.inputs}
            if name in known:
                return [RecordingSwitch(step, name, is_on, f"{path}.{field}")]
            scope.unknown("population or input", shorten(name), known, f"{path}.{field}")
    assigned = []
    for place, value in sorted((entry.set or {}).items()):
        where = format_path((*location_path(path), "set", place))
        result = _assign(place, value, step, where, scope)
        if result is not None:
            assigned.append(result)
    return assigned


def _assign(place: str, value: ValueField, step: int, path: str, scope: Scope) -> Assign | None:
    match = _PLACE.fullmatch(place)
    reference = parse_view(match.group(1)) if match else None
    if match is None or reference is None:
        scope.problems.error(
            "bad-place",
            path,
            f"'{shorten(place)}' cannot be set",
            hints=view_hints(place)
            or ("write 'exc.I_e', 'exc[0:10].V', 'ext.rate' or 'inh_exc.weight'",),
        )
        return None
    text, variable = match.groups()
    if reference.name in scope.network.populations:
        found = scope.population(text, path)
        return _assign_in_population(*found, variable, value, step, path, scope) if found else None
    if reference.name in scope.network.inputs:
        return _assign_to_input(text, variable, value, step, path, scope)
    if reference.name in scope.network.projections:
        return _assign_weight(text, variable, value, step, path, scope)
    known = {**scope.network.populations, **scope.network.inputs, **scope.network.projections}
    scope.problems.error(
        "unknown-object",
        path,
        f"'{reference.name}' is not a population, input or projection of this network",
        notes=(f"defined: {listed(known)}",),
        hints=nearest(reference.name, known),
    )
    return None


def _assign_in_population(
    population: ResolvedPopulation,
    view: View,
    variable: str,
    value: ValueField,
    step: int,
    path: str,
    scope: Scope,
) -> Assign | None:
    cell = population.cell
    parameters = {symbol.name: symbol for symbol in cell.own_parameters}
    state = {symbol.name: symbol for symbol in cell.state}
    symbol = parameters.get(variable) or state.get(variable)
    if symbol is None:
        _cannot_set(variable, {*parameters, *state}, population.name, path, scope)
        return None
    if symbol.shared and refuse_list(value, variable, path, scope.problems):
        return None
    if symbol.shared and len(view) != population.size:
        scope.problems.error(
            "shared-state",
            path,
            f"'{variable}' is shared by the population '{population.name}', so it cannot be set "
            "for a part of it",
        )
        return None
    symbols: dict[str, ValueType | Hidden] = {
        **dict.fromkeys(state, _BEFORE),
        **{each.name: each.dimension for each in cell.own_parameters},
        "i": ALL_ALIKE if symbol.shared else DIMENSIONLESS,
    }
    resolved = resolve_value(
        value, symbol.dimension, symbols, path, scope.problems, count=len(view)
    )
    if resolved is None:
        return None
    if isinstance(resolved, Scalar) and _is_refractory(cell, variable):
        what = "a refractory period"
        steps_of(resolved.value, scope.dt, None, path, scope.problems, what=what)
    if any(variable in names_in(action.after) for rule in cell.events for action in rule.later):
        scope.problems.error(
            "fixed-delay",
            path,
            f"'{variable}' says how much later an action of '{population.name}' comes, which "
            "cannot change while running",
        )
        return None
    kind = "parameter" if variable in parameters else "state"
    return Assign(step, kind, population.name, variable, view, resolved, path)  # type: ignore[arg-type]


def _is_refractory(cell: ComposedCell, variable: str) -> bool:
    return cell.refractoriness is not None and cell.refractoriness.period == Name(variable)


def _assign_to_input(
    text: str, variable: str, value: ValueField, step: int, path: str, scope: Scope
) -> Assign | None:
    reference = parse_view(text)
    assert reference is not None
    effect = scope.effects.get(reference.name)
    if effect is not None:
        return _assign_to_effect(effect, text, variable, value, step, path, scope)
    if isinstance(scope.network.inputs[reference.name], Effect):
        return None  # its own problems were reported
    place = scope.spiking(text, path)
    source = scope.inputs.get(place[0]) if place else None
    if place is None or source is None:
        return None
    if isinstance(source, ResolvedTrains):
        message = f"the spikes of '{source.name}' are made before step 0 and cannot be changed"
        hints = ("take a 'poisson' input, whose rate can be set, or two inputs in turn",)
        scope.problems.error("made-before", path, message, hints=hints)
        return None
    settable = _settable(source)
    if variable not in settable:
        _cannot_set_input(variable, set(settable), source.name, path, scope)
        return None
    is_source = isinstance(source, ResolvedPoisson)
    differs = (
        isinstance(value, QuantityList | Distribution | FromFile) or len(place[1]) != source.size
    )
    if differs and not is_source:
        message = f"all neurons of '{source.name}' have the same {variable}"
        scope.problems.error("not-alike", path, message)
        return None
    symbols: Mapping[str, ValueType | Hidden] = {"i": DIMENSIONLESS if is_source else ALL_ALIKE}
    resolved = resolve_value(
        value, settable[variable], symbols, path, scope.problems, count=len(place[1])
    )
    kind: Literal["rate", "parameter"] = "rate" if is_source else "parameter"
    return Assign(step, kind, source.name, variable, place[1], resolved, path) if resolved else None


def _cannot_set_input(
    variable: str, known: Collection[str], name: str, path: str, scope: Scope
) -> None:
    given = getattr(scope.network.inputs[name], variable, None)
    if not is_moving(given):
        _cannot_set(variable, set(known), name, path, scope)
        return
    scope.problems.error(
        "not-settable",
        path,
        f"the {variable} of '{name}' moves by itself, so the timeline cannot set it",
        hints=("give all its values and their times in one 'piecewise' course",),
    )


def _settable(source: ResolvedInput) -> dict[str, Dimension]:
    """Return what the timeline may set of a source of spikes."""
    match source:
        case ResolvedPoisson(is_settable=True):
            return {"rate": FREQUENCY}
        case ResolvedGenerator(settable=settable):
            return dict(settable)
        case _:
            return {}


def _assign_to_effect(
    effect: ResolvedEffect,
    text: str,
    variable: str,
    value: ValueField,
    step: int,
    path: str,
    scope: Scope,
) -> Assign | None:
    known = {name: (parameter, dimension) for name, parameter, dimension in effect.settable}
    if text != effect.name:
        message = f"'{shorten(text)}' is part of an input, which can be set as a whole only"
        scope.problems.error("bad-place", path, message)
        return None
    if variable not in known:
        _cannot_set_input(variable, set(known), effect.name, path, scope)
        return None
    parameter, dimension = known[variable]
    cell = scope.populations[effect.population].cell
    symbols: dict[str, ValueType | Hidden] = {
        **dict.fromkeys((each.name for each in cell.state), _BEFORE),
        **{each.name: each.dimension for each in cell.own_parameters},
        "i": DIMENSIONLESS,
    }
    count = len(effect.view)
    resolved = resolve_value(value, dimension, symbols, path, scope.problems, count=count)
    if resolved is None:
        return None
    return Assign(step, "parameter", effect.population, parameter, effect.view, resolved, path)


def _assign_weight(
    text: str, variable: str, value: ValueField, step: int, path: str, scope: Scope
) -> Assign | None:
    if text not in scope.network.projections:
        message = f"'{text}' is part of a projection, which can be set as a whole only"
        name = text.partition("[")[0]
        hints = (f"write '{name}.weight', with an expression over 'i' and 'j' for the edges",)
        scope.problems.error("bad-place", path, message, hints=hints)
        return None
    if variable != "weight":
        _cannot_set(variable, {"weight"}, text, path, scope)
        return None
    projection = scope.projections.get(text)
    if projection is None:  # its own problems were reported
        return None
    symbols = edge_symbols(
        scope.populations.get(projection.source),
        scope.populations[projection.target],
        over_population=projection.over_population,
        changing=_set_parameters(scope.network),
    )
    count, dimension = projection.number_of_weights, projection.weight_dimension
    resolved = resolve_edge_value(value, dimension, symbols, path, scope.problems, count)
    if resolved is None:
        return None
    return Assign(step, "weight", text, "weight", View(0, 0), resolved, path)


def _set_parameters(network: Network) -> set[tuple[str, str]]:
    """Return all that is set, as owner and variable."""
    places = (place for entry in network.timeline for place in entry.set or ())
    matches = (_PLACE.fullmatch(place) for place in places)
    return {(match[1].partition("[")[0], match[2]) for match in matches if match}


def _cannot_set(variable: str, known: set[str], owner: str, path: str, scope: Scope) -> None:
    scope.problems.error(
        "unknown-variable",
        path,
        f"'{owner}' has no '{variable}' that could be set",
        notes=(f"what can be set: {listed(known)}",),
        hints=nearest(variable, known),
    )
