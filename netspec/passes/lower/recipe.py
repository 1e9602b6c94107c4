"""The recipe that goes with the IR: how `realise` makes its arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from netspec.ir.nodes import View
from netspec.ir.recipe import (
    DriveRecipe,
    Item,
    PoissonRecipe,
    PopulationRecipe,
    ProjectionRecipe,
    Recipe,
    Rule,
    Scalar,
    SourceRecipe,
    SpikeTimesRecipe,
)
from netspec.passes.lower.actions import LoweredAction
from netspec.passes.lower.cell import LoweredCell
from netspec.passes.resolved import (
    Assign,
    ResolvedEntry,
    ResolvedGenerator,
    ResolvedNetwork,
    ResolvedPoisson,
    ResolvedPopulation,
    ResolvedProjection,
    ResolvedSpikeTable,
    ResolvedSpikeTimes,
    ResolvedTrains,
    Symbol,
)


def recipe_of(
    network: ResolvedNetwork,
    timeline: Sequence[ResolvedEntry],
    cells: Mapping[str, LoweredCell],
) -> Recipe:
    """Return the recipe of a network.

    Args:
        network: As resolved.
        timeline: Its entries that come before the end.
        cells: By population.
    """
    projections = {each.name: _projection(each) for each in network.projections}
    for population in network.populations:
        for action in cells[population.name].actions:
            projections[action.projection.name] = _action(action, population)
    return Recipe(
        dt=network.dt,
        populations={
            **{each.name: _population(each, cells[each.name]) for each in network.populations},
            **{
                each.name: replace(_population(each.population, cells[each.name]), section="inputs")
                for each in network.inputs
                if isinstance(each, ResolvedGenerator)
            },
        },
        sources={
            each.name: _source(each)
            for each in network.inputs
            if not isinstance(each, ResolvedGenerator)
        },
        projections=projections,
        timeline=tuple(
            Item(entry.variable, entry.value, entry.path, entry.step)
            if isinstance(entry, Assign)
            else None
            for entry in timeline
        ),
        positions={each.owner: each.coordinates for each in network.positions},
        period=network.period,
    )


def _source(
    each: ResolvedPoisson | ResolvedSpikeTimes | ResolvedSpikeTable | ResolvedTrains,
) -> SourceRecipe:
    match each:
        case ResolvedPoisson():
            return PoissonRecipe(each.rate)
        case ResolvedSpikeTimes():
            return SpikeTimesRecipe(each.steps)
        case ResolvedSpikeTable():
            return each.spikes
        case ResolvedTrains():
            return each.recipe


def _population(each: ResolvedPopulation, lowered: LoweredCell) -> PopulationRecipe:
    cell = each.cell
    return PopulationRecipe(
        tuple(_items(cell.parameters)),
        (*_items(cell.state), *lowered.initial),
        f"{cell.path}.model",
        cell.refractoriness.path if cell.refractoriness else "",
        lowered.pacing,
        tuple(recipe for _, recipe in cell.tables),
        cell.distributions,
        cell.ranges,
        tuple(
            DriveRecipe(own.owner, own.port, own.weight, own.view, own.unit, own.bits)
            for own in cell.weights
        ),
    )


def _items(symbols: tuple[Symbol, ...]) -> Iterable[Item]:
    return (Item(each.name, each.value, each.path) for each in symbols if each.value is not None)


def _projection(each: ResolvedProjection) -> ProjectionRecipe:
    # A sum over the whole source has a weight for each target, and no edges to draw.
    is_pool = each.over_population
    return ProjectionRecipe(
        source_view=each.target_view if is_pool else each.source_view,
        target_view=each.target_view,
        rule=Rule("one_to_one") if is_pool else each.rule,
        weight=each.weight,
        weight_unit=each.weight_unit,
        delay=each.delay,
        path=each.path,
        delay_path=f"{each.path}.delay",
        min_delay=each.min_delay,
        rounding=each.rounding,
        weight_bits=each.weight_bits,
        w_max=each.w_max,
    )


def _action(action: LoweredAction, population: ResolvedPopulation) -> ProjectionRecipe:
    """Return the edges of a delayed action: one from each neuron to itself, without a weight."""
    everyone = View(0, population.size)
    return ProjectionRecipe(
        source_view=everyone,
        target_view=everyone,
        rule=Rule("one_to_one"),
        weight=Scalar(Fraction(0)),
        weight_unit="1",
        delay=action.after,
        delay_path=action.path,
    )
