"""Sources of spikes: thresholds of Poisson draws and listed events."""

from __future__ import annotations

import numpy as np

from netspec.errors import Diagnostic, OutOfRangeError
from netspec.ir import nodes as ir
from netspec.ir.recipe import (
    Item,
    PerItem,
    PoissonRecipe,
    Recipe,
    Scalar,
    SpikeTable,
    SpikeTimesRecipe,
    TrainsRecipe,
)
from netspec.realise.distributions import neuron_stream
from netspec.realise.findings import Findings
from netspec.realise.listed import listed_events, neurons_of, realise_trains
from netspec.realise.network import (
    FloatArray,
    RealisedPoisson,
    RealisedSource,
    Thresholds,
)
from netspec.realise.ranges import HIGH_PROBABILITY
from netspec.realise.spikes import realise_spikes
from netspec.realise.streams import stream_key, thresholds
from netspec.realise.values import more_in_list, place_of, realise_value


def realise_source(
    source: ir.Source, network: ir.Network, recipe: Recipe, findings: Findings, *, draw: bool = True
) -> RealisedSource | None:
    """Return what a source needs to emit; high rates and spikes that are lost are warned about.

    Args:
        source: Of the network.
        network: The IR.
        recipe: How its arrays are made.
        findings: Where warnings go.
        draw: Whether trains are made; without that their values are looked at, for nothing.

    Raises:
        OutOfRangeError: A rate is negative or more than one spike per step.
        SpecError: Another value of trains makes no sense.
    """
    seed = network.seed
    match recipe.sources[source.name]:
        case PoissonRecipe(rate):
            path = f"inputs.{source.name}"
            item, everyone = Item("rate", rate, f"{path}.rate"), ir.View(0, source.size)
            limits = poisson_thresholds(item, everyone, recipe, source.name, seed, findings)
            return RealisedPoisson(stream_key(seed, path, "spikes"), limits)
        case SpikeTable() as table:
            path = f"inputs.{source.name}"
            return realise_spikes(table, source.size, recipe.dt, network.steps, path)
        case SpikeTimesRecipe() as own:
            return listed_events(own, network.steps)
        case TrainsRecipe() as own:
            neurons = neurons_of(source, own, network, recipe)
            return realise_trains(source.name, neurons, seed, findings) if draw else None


def poisson_thresholds(
    item: Item, view: ir.View, recipe: Recipe, source: str, seed: int, findings: Findings
) -> Thresholds:
    """Return the thresholds of p = rate * dt, one per neuron of a view; high p is warned about.

    Raises:
        OutOfRangeError: A rate is negative or p is more than 1.
    """
    neurons = np.arange(view.start, view.stop, dtype=np.int64)
    stream = neuron_stream(seed, f"inputs.{source}", item, neurons)
    values = realise_value(item.value, {"i": neurons}, item.path, stream)
    rates = np.broadcast_to(values, (len(view),))
    probabilities = rates * float(recipe.dt)
    bad = np.flatnonzero(~((probabilities >= 0.0) & (probabilities <= 1.0)))
    if bad.size:
        first = int(bad[0])
        found = float(probabilities[first])
        short = f"{found:.6g}"
        text = short if float(short) == found else repr(found)
        raise OutOfRangeError(
            [
                Diagnostic(
                    "out-of-range",
                    place_of(item, first),
                    f"the rate of '{source}' leaves its range at step {item.step or 0}, "
                    f"neuron {view.start + first}: rate * dt is {text}",
                    ("rate * dt is a probability and lies between 0 and 1",),
                    ("use a smaller dt",) if found > 1 else (),
                )
            ]
        )
    findings.warn(_high_rate(item, view, probabilities))
    return Thresholds(*thresholds(probabilities))


def _high_rate(item: Item, view: ir.View, probabilities: FloatArray) -> Diagnostic | None:
    high = np.flatnonzero(probabilities > HIGH_PROBABILITY)
    if not high.size:
        return None
    first = int(high[0])
    is_written = isinstance(item.value, PerItem | Scalar)
    which = "" if is_written else f" for neuron {view.start + first}"
    return Diagnostic(
        "high-rate",
        place_of(item, first),
        f"rate * dt is {probabilities[first]:.3g}{which}; a Poisson source emits at most one spike "
        "per step",
        notes=more_in_list(high.size - 1) if isinstance(item.value, PerItem) else (),
        hints=("use a smaller dt",),
        severity="warning",
    )
