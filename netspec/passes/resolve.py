"""`resolve`: names become objects, units SI, defaults explicit; every problem is reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from fractions import Fraction

from netspec.errors import Diagnostic
from netspec.expr.nodes import Name
from netspec.expr.parse import shorten
from netspec.ir.recipe import Drawn, Item, Scalar, length_of
from netspec.passes.circles import report_circle
from netspec.passes.compose import compose, with_population_values
from netspec.passes.problems import Problems
from netspec.passes.readable import neuron_symbols
from netspec.passes.resolve_additions import resolve_additions
from netspec.passes.resolve_inputs import resolve_inputs
from netspec.passes.resolve_monitors import MonitorResolver, resolve_phases
from netspec.passes.resolve_projections import resolve_projection
from netspec.passes.resolve_space import resolve_period, resolve_positions
from netspec.passes.resolve_timeline import resolve_timeline
from netspec.passes.resolved import (
    ComposedCell,
    RecordingSwitch,
    ResolvedNetwork,
    ResolvedPopulation,
    ResolvedPositions,
    ResolvedProjection,
    Symbol,
)
from netspec.passes.scope import Scope
from netspec.passes.times import check_times
from netspec.passes.unused import unused
from netspec.passes.values import refuse_list, resolve_value, steps_of
from netspec.spec.base import SpecModel
from netspec.spec.cells import Population
from netspec.spec.network import Network
from netspec.spec.problems import listed, meant, nearest
from netspec.spec.values import ValueField


def resolve(network: Network) -> tuple[ResolvedNetwork, tuple[Diagnostic, ...]]:
    """Return the resolved network and its warnings.

    Raises:
        SpecError: The description has errors; carries all of them.
    """
    problems = Problems(network.folder)
    dt = network.dt.value
    steps = steps_of(network.duration.value, dt, network.duration.text, "duration", problems) or 0
    _check_unique_names(network, problems)
    check_times(network, problems)
    cells = {name: compose(name, cell, problems) for name, cell in sorted(network.cells.items())}
    positions = resolve_positions(network, problems)
    populations = _populations(network, cells, positions, dt, problems)
    scope = Scope(network, dt, steps, problems, positions, populations)
    inputs = resolve_inputs(scope)
    populations = inputs.populations
    scope = replace(scope, populations=populations, inputs=inputs.sources, effects=inputs.effects)
    projections = {
        name: found
        for name, projection in sorted(network.projections.items())
        if (found := resolve_projection(name, projection, scope, f"projections.{name}")) is not None
    }
    phases = resolve_phases(network, scope)
    known = replace(scope, projections=projections)
    additions = resolve_additions(resolve_timeline(known, inputs.changes), projections, known)
    timeline = additions.timeline
    switches = [each for each in timeline if isinstance(each, RecordingSwitch)]
    monitors = MonitorResolver(scope, phases, switches)
    spikes, samples = monitors.spikes(), monitors.samples()
    monitors.check_switches(spikes, samples)
    every_projection = {**projections, **additions.projections}
    result = ResolvedNetwork(
        name=network.name,
        seed=network.seed,
        dt=dt,
        steps=steps,
        populations=tuple(populations.values()),
        inputs=tuple(inputs.sources.values()),
        projections=tuple(each for _, each in sorted(every_projection.items())),
        timeline=tuple(each for each in timeline if not isinstance(each, RecordingSwitch)),
        spike_recordings=spikes,
        samples=samples,
        counts=monitors.counts(),
        phases=phases,
        weights=monitors.weights(projections, additions.parts),
        positions=tuple(ResolvedPositions(*each) for each in sorted(positions.items())),
        period=resolve_period(network.space),
        defaults=_defaults(network, cells, list(projections.values())),
    )
    problems.raise_errors()
    return result, (*problems.diagnostics, *unused(network, result))


def _check_unique_names(network: Network, problems: Problems) -> None:
    """Populations, inputs and projections share one name space: the timeline addresses them."""
    owners: dict[str, str] = {}
    for section in ("populations", "inputs", "projections"):
        for name in getattr(network, section):
            if name in owners:
                problems.error(
                    "duplicate-name",
                    f"{section}.{name}",
                    f"the name '{name}' is also used in '{owners[name]}'",
                )
            owners.setdefault(name, section)


def _populations(
    network: Network,
    cells: Mapping[str, ComposedCell | None],
    positions: Mapping[str, tuple[Item, ...]],
    dt: Fraction,
    problems: Problems,
) -> dict[str, ResolvedPopulation]:
    found = {}
    for name, population in sorted(network.populations.items()):
        path = f"populations.{name}"
        if population.cell not in cells:
            problems.error(
                "unknown-cell",
                f"{path}.cell",
                f"population '{name}' is made of cell '{shorten(population.cell)}', "
                "which is not defined",
                notes=(f"defined cells: {listed(cells)}",),
                hints=nearest(population.cell, cells),
            )
            continue
        cell = cells[population.cell]
        if cell is not None:
            where = positions.get(name, ())
            resolved = _population_cell(path, population, cell, where, problems)
            _check_refractory(resolved, dt, problems)
            found[name] = ResolvedPopulation(name, population.size, resolved)
    return found


def _population_cell(
    path: str,
    population: Population,
    cell: ComposedCell,
    positions: tuple[Item, ...],
    problems: Problems,
) -> ComposedCell:
    """Return the population's cell: its own values, all present, lists of the right length."""

    def override(
        given: Mapping[str, ValueField], known: tuple[Symbol, ...], place: str, what: str, code: str
    ) -> dict[str, Symbol]:
        by_name = {symbol.name: symbol for symbol in known}
        others = {each.name: each.dimension for each in known} if place == "initial" else {}
        changed = {}
        for name, value in given.items():
            where = f"{path}.{place}.{name}"
            if name not in by_name:
                probably = meant(name, by_name, given)
                if probably is not None:
                    problems.excuse(by_name[probably].path)
                problems.error(
                    code,
                    where,
                    f"the cell has no {what} '{name}'",
                    notes=(f"its {what}s: {listed(by_name)}",),
                    hints=_hints_for_alternative(name, cell) or nearest(name, by_name, given),
                )
                continue
            own = by_name[name]
            readable = neuron_symbols(cell, positions, alike=own.shared) | others
            if own.shared and refuse_list(value, name, where, problems):
                continue
            count = population.size
            resolved = resolve_value(value, own.dimension, readable, where, problems, count=count)
            changed[name] = replace(own, value=resolved, path=where)
        return changed

    parameters = override(
        population.parameters, cell.parameters, "parameters", "parameter", code="unknown-parameter"
    )
    state = override(
        population.initial, cell.state, "initial", "state variable", code="unknown-state"
    )
    result = with_population_values(cell, parameters, state)
    for symbol in (*result.parameters, *result.state):
        if symbol.value is None and not problems.is_excused(symbol.path):
            problems.error(
                "missing-parameter",
                symbol.path,
                f"the parameter '{symbol.path.rpartition('.')[2]}' has no value and no default",
                hints=_hints_for_missing(symbol),
            )
        if symbol.shared:  # its list is refused with all that every neuron has its own of
            continue
        length = length_of(symbol.value)
        if length is not None and length != population.size:
            problems.error(
                "wrong-length",
                symbol.path,
                f"expected {population.size} values, one per neuron of "
                f"'{path.partition('.')[2]}', got {length}",
            )
    for symbols in (result.parameters, result.state):
        report_circle(symbols, problems)
    return result


def _hints_for_missing(symbol: Symbol) -> tuple[str, ...]:
    typical = (f"a typical value: '{symbol.typical}'",) if symbol.typical else ()
    others = " or ".join(map(repr, symbol.instead))
    return (*typical, f"or give {others} in the cell") if others else typical


def _hints_for_alternative(name: str, cell: ComposedCell) -> tuple[str, ...]:
    """Return the hint for one of two parameters of which the cell has the other."""
    for symbol in cell.parameters:
        if name in symbol.instead:
            return (f"the cell has '{symbol.name}'; give '{name}' there in its place",)
    if any(each.name == name for each in cell.definitions):
        return (f"'{name}' is computed from the cell's other parameters",)
    return ()


def _check_refractory(cell: ComposedCell, dt: Fraction, problems: Problems) -> None:
    """Report refractory periods written as one quantity that are no multiple of dt."""
    refractory = cell.refractoriness.period if cell.refractoriness else None
    if not isinstance(refractory, Name):
        return
    for symbol in cell.parameters:
        is_period = symbol.name == refractory.name and isinstance(symbol.value, Scalar)
        if is_period and not problems.is_excused(symbol.path):
            assert isinstance(symbol.value, Scalar)
            what = "a refractory period"
            steps_of(symbol.value.value, dt, None, symbol.path, problems, what=what)


def _defaults(
    network: Network,
    cells: Mapping[str, ComposedCell | None],
    projections: Sequence[ResolvedProjection],
) -> tuple[tuple[str, str], ...]:
    """Return place and value of every default that has a say in the run."""
    taken = [default for _, cell in sorted(cells.items()) if cell for default in cell.defaults]
    for name, source in sorted(network.inputs.items()):
        taken += _defaults_of(source, f"inputs.{name}")
    for each in projections:
        path, projection = f"projections.{each.name}", network.projections[each.name]
        unread = {"rounding"} if isinstance(each.delay, Scalar | Drawn) else set()
        taken += _defaults_of(projection, path, unread)
        if isinstance(each.delay, Drawn) and projection.min_delay is None:
            taken.append((f"{path}.min_delay", "one step"))
        unread = {"allow_autapses"} if each.source != each.target else set()
        rule = projection.rule
        taken += _defaults_of(rule.choice, f"{path}.rule.{rule.name}", unread)
    for number, monitor in enumerate(network.monitors.states):
        taken += _defaults_of(monitor, f"monitors.states[{number}]")
    return tuple(taken)


def _defaults_of(
    model: SpecModel, path: str, unread: Set[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Yield place and value of what a part of the document leaves out and has all the same."""
    for name, value in model:
        if name not in model.model_fields_set | unread and value is not None:
            yield f"{path}.{name}", str(value).lower() if isinstance(value, bool) else str(value)
