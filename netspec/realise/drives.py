"""Weights of events that come from no edge, for all stretches of the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir import nodes as ir
from netspec.ir.recipe import DriveRecipe, Item, PerItem, PopulationRecipe, Recipe
from netspec.realise.conductances import negative_conductance
from netspec.realise.network import FloatArray, RealisedEntry, RealisedPopulation
from netspec.realise.rounding import rounding_warning
from netspec.realise.weights import DrivenWeights, Grid, grid_quantum


def driven_weights(
    recipe: Recipe,
    populations: Mapping[str, RealisedPopulation],
    timeline: Sequence[RealisedEntry],
) -> dict[tuple[str, str], list[DrivenWeights]]:
    """Return the weights by population and port.

    Args:
        recipe: Knows what acts on which port.
        populations: As far as they could be realised.
        timeline: Entries with their values.
    """
    found: dict[tuple[str, str], list[DrivenWeights]] = {}
    for name, made in populations.items():
        for drive in recipe.populations[name].drives:
            stretches = list(_stretches(name, drive, made, timeline))
            quanta = tuple(grid_quantum(each, drive.weight_bits) for each in stretches)
            found.setdefault((name, drive.port), []).append(
                DrivenWeights(
                    drive.name,
                    _item(drive, recipe.populations[name]).path,
                    Grid(drive.weight_unit, quanta),
                    max(float(np.abs(each).max(initial=0.0)) for each in stretches),
                )
            )
    return found


def weight_warnings(
    population: str, network: ir.Network, recipe: Recipe, made: RealisedPopulation
) -> Iterator[Diagnostic | None]:
    """Yield what is noteworthy about weights, before step 0 and as the timeline sets them.

    Args:
        population: Its name.
        network: The IR.
        recipe: How its arrays are made.
        made: The population before step 0.
    """
    for drive in recipe.populations[population].drives:
        first = _item(drive, recipe.populations[population])
        initial = np.asarray(made.parameters[drive.weight], dtype=np.float64)
        yield rounding_warning(first, drive)
        yield negative_conductance(drive.name, first, drive.weight_unit, initial)
        for entry, item in zip(network.timeline, recipe.timeline, strict=True):
            match entry.action:
                case ir.SetParameter(owner, name) if (owner, name) == (population, drive.weight):
                    assert item is not None
                    yield rounding_warning(item, drive)
                    yield negative_conductance(drive.name, item, drive.weight_unit, None)


def _item(drive: DriveRecipe, recipe: PopulationRecipe) -> Item:
    """Return the weights before step 0, as they are written."""
    item = next(each for each in recipe.parameters if each.name == drive.weight)
    if not isinstance(item.value, PerItem):
        return item
    own = item.value.values[drive.view.start : drive.view.stop]
    return replace(item, value=PerItem(own))


def _stretches(
    population: str,
    drive: DriveRecipe,
    made: RealisedPopulation,
    timeline: Sequence[RealisedEntry],
) -> Iterator[FloatArray]:
    yield np.asarray(made.parameters[drive.weight], dtype=np.float64)
    for entry in timeline:
        match entry.action:
            case ir.SetParameter(owner, name) if (owner, name) == (population, drive.weight):
                yield np.asarray(entry.values, dtype=np.float64)
