"""`lower`: the resolved network becomes the IR.

Equations and an integrator become stages, receptors become ports; refractoriness, delayed actions,
noise and looks at the step before become state, locals, draws, ports and conditions like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from netspec.errors import Diagnostic, SpecError
from netspec.expr.nodes import Name
from netspec.ir import nodes as ir
from netspec.ir.recipe import Recipe
from netspec.passes.lower.cell import LoweredCell, lower_cell
from netspec.passes.lower.definitions import written_out
from netspec.passes.lower.gathers import lower_gathers
from netspec.passes.lower.recipe import recipe_of
from netspec.passes.resolved import (
    Assign,
    ResolvedGenerator,
    ResolvedNetwork,
    ResolvedPoisson,
    ResolvedPopulation,
    ResolvedSamples,
    Switch,
)
from netspec.units import Dimension

__all__ = ["lower"]


def lower(network: ResolvedNetwork) -> tuple[ir.Network, Recipe]:
    """Return the IR of a resolved network, and the recipe for its arrays.

    Raises:
        SpecError: Equations of cells do not suit their integrators; carries one problem per cell.
    """
    timeline = [entry for entry in network.timeline if entry.step < network.steps]
    cells = _lower_cells(network)
    lowered = ir.Network(
        name=network.name,
        seed=network.seed,
        dt=float(network.dt),
        steps=network.steps,
        populations=tuple(
            ir.Population(each.name, each.size, cells[each.name].cell)
            for each in _computed(network)
        ),
        sources=tuple(
            ir.PoissonSource(each.name, each.size)
            if isinstance(each, ResolvedPoisson)
            else ir.ListedSource(each.name, each.size)
            for each in network.inputs
            if not isinstance(each, ResolvedGenerator)
        ),
        projections=(
            *(
                ir.Projection(
                    each.name, each.source, each.event, each.target, each.receptor, each.connected
                )
                for each in network.projections
                if each.gather is None
            ),
            *(action.projection for each in cells.values() for action in each.actions),
        ),
        timeline=tuple(ir.TimelineEntry(entry.step, _lower_entry(entry)) for entry in timeline),
        spike_recordings=network.spike_recordings,
        state_recordings=_recordings(network),
        gathers=tuple(lower_gathers(network)),
        phases=network.phases,
        weight_recordings=network.weights,
    )
    lowered = replace(lowered, count_recordings=(*network.counts, *_counts_in_phases(lowered)))
    return lowered, recipe_of(network, timeline, cells)


def _counts_in_phases(network: ir.Network) -> Iterator[ir.CountRecording]:
    """Yield what counts the events of each object in all phases, monitored or not."""
    windows = tuple(each.window.until(network.steps) for each in network.phases)
    if not windows:
        return
    for each in network.emitters:
        everyone = ir.View(0, each.size)
        yield ir.CountRecording(each.name, each.owner, each.event, everyone, windows)


def _lower_cells(network: ResolvedNetwork) -> dict[str, LoweredCell]:
    assigned = _assigned(network)
    found: dict[str, LoweredCell] = {}
    problems: dict[str, Diagnostic] = {}
    for each in _computed(network):
        try:
            found[each.name] = lower_cell(each, assigned.get(each.name, {}))
        except SpecError as error:
            problems.update((problem.path, problem) for problem in error.diagnostics)
    if problems:
        raise SpecError(problems.values())
    return found


def _computed(network: ResolvedNetwork) -> list[ResolvedPopulation]:
    """Return populations and the inputs that are computed like them, sorted by name."""
    generators = (each for each in network.inputs if isinstance(each, ResolvedGenerator))
    found = [*network.populations, *(each.population for each in generators)]
    return sorted(found, key=lambda each: each.name)


def _assigned(network: ResolvedNetwork) -> dict[str, dict[str, list[Assign]]]:
    """Return the timeline's assignments to parameters, by population and parameter."""
    found: dict[str, dict[str, list[Assign]]] = {}
    for entry in network.timeline:
        if isinstance(entry, Assign) and entry.kind == "parameter" and entry.step < network.steps:
            found.setdefault(entry.target, {}).setdefault(entry.variable, []).append(entry)
    return found


def _lower_entry(entry: Switch | Assign) -> ir.Action:
    if isinstance(entry, Switch):
        kind = ir.Connect if entry.connected else ir.Disconnect
        return kind(entry.projection)
    match entry.kind:
        case "parameter":
            return ir.SetParameter(entry.target, entry.variable, entry.view)
        case "state":
            return ir.SetState(entry.target, entry.variable, entry.view)
        case "rate":
            return ir.SetRate(entry.target, entry.view)
        case "weight":
            return ir.SetWeight(entry.target)


def _recordings(network: ResolvedNetwork) -> tuple[ir.StateRecording, ...]:
    populations: Mapping[str, ResolvedPopulation] = {
        each.name: each for each in network.populations
    }
    return tuple(
        _recording(samples, populations[samples.population]) for samples in network.samples
    )


def _recording(samples: ResolvedSamples, population: ResolvedPopulation) -> ir.StateRecording:
    cell, name = population.cell, samples.variable
    when = samples.view, samples.every, samples.windows
    for state in cell.state:
        if state.name == name:
            variable = ir.Variable(name, state.dimension, state.kind, state.shared)
            return ir.StateRecording.of_state(population.name, variable, *when)
    for parameter in cell.parameters:
        if parameter.name == name:
            own = Name(name), parameter.dimension, parameter.kind
            return ir.StateRecording(population.name, name, *own, *when)
    for gather in cell.gathers:
        if gather.target == name:
            summed: tuple[Name, Dimension, ir.Kind] = Name(name), gather.dimension, "real"
            return ir.StateRecording(population.name, name, *summed, *when)
    definition = next(each for each in cell.definitions if each.name == name)
    value = written_out(cell.definitions)[name]
    return ir.StateRecording(population.name, name, value, definition.dimension, "real", *when)
