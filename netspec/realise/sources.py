"""Sources of spikes: thresholds of Poisson draws and lists of steps."""

from __future__ import annotations

import numpy as np

from netspec.errors import Diagnostic, OutOfRangeError
from netspec.ir import nodes as ir
from netspec.ir.recipe import Item, PoissonRecipe, Recipe, SpikeTimesRecipe
from netspec.realise.network import (
    RealisedPoisson,
    RealisedSource,
    RealisedSpikeTimes,
    Thresholds,
)
from netspec.realise.streams import stream_key, thresholds
from netspec.realise.values import Known, realise_value


def realise_source(source: ir.Source, recipe: Recipe, seed: int, steps: int) -> RealisedSource:
    """Return what a source needs to emit.

    Raises:
        OutOfRangeError: A rate is negative or more than one spike per step.
    """
    match recipe.sources[source.name]:
        case PoissonRecipe(rate):
            path = f"inputs.{source.name}"
            known = {"i": np.arange(source.size, dtype=np.int64)}
            item = Item("rate", rate, f"{path}.rate")
            limits = poisson_thresholds(item, known, source.size, recipe, source.name, 0)
            return RealisedPoisson(stream_key(seed, path, "spikes"), limits)
        case SpikeTimesRecipe(rows):
            pairs = sorted((step, neuron) for neuron, row in enumerate(rows) for step in row)
            inside = np.array([pair for pair in pairs if pair[0] < steps], dtype=np.int64)
            inside = inside.reshape(-1, 2)
            return RealisedSpikeTimes(inside[:, 0].copy(), inside[:, 1].astype(np.uint32))


def poisson_thresholds(
    item: Item, known: Known, count: int, recipe: Recipe, source: str, step: int
) -> Thresholds:
    """Return the thresholds of p = rate * dt, one per neuron.

    Raises:
        OutOfRangeError: A rate is negative or p is more than 1.
    """
    rates = np.broadcast_to(realise_value(item.value, known, item.path), (count,))
    probabilities = rates * float(recipe.dt)
    bad = np.flatnonzero(~((probabilities >= 0.0) & (probabilities <= 1.0)))
    if bad.size:
        first = int(bad[0])
        neuron = int(known["i"][first])
        raise OutOfRangeError(
            [
                Diagnostic(
                    "out-of-range",
                    item.path,
                    f"the rate of '{source}' leaves its range at step {step}, neuron {neuron}: "
                    f"rate * dt is {probabilities[first]:.6g}",
                    ("rate * dt is a probability and lies between 0 and 1",),
                    ("use a smaller dt",) if probabilities[first] > 1 else (),
                )
            ]
        )
    return Thresholds(*thresholds(probabilities))
