"""Weights of events that come from no edge, for all stretches of the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir import nodes as ir
from netspec.ir.recipe import DriveRecipe, Item, PopulationRecipe, Recipe
from netspec.realise.conductances import negative_conductance
from netspec.realise.network import FloatArray, RealisedEntry, RealisedPopulation
from netspec.realise.weights import DrivenWeights, grid_quantum


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
            found.setdefault((name, drive.port), []).append(
                DrivenWeights(
                    drive.name,
                    _item(drive, recipe.populations[name]).path,
                    tuple(grid_quantum(each, drive.weight_bits) for each in stretches),
                    max(float(np.abs(each).max(initial=0.0)) for each in stretches),
                )
            )
    return found


def negative_weights(
    recipe: PopulationRecipe, made: RealisedPopulation
) -> Iterator[Diagnostic | None]:
    """Yield a warning for each drive that would make a conductance negative."""
    for drive in recipe.drives:
        weights = np.asarray(made.parameters[drive.weight], dtype=np.float64)
        yield negative_conductance(drive.name, _item(drive, recipe), drive.weight_unit, weights)


def _item(drive: DriveRecipe, recipe: PopulationRecipe) -> Item:
    return next(each for each in recipe.parameters if each.name == drive.weight)


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
