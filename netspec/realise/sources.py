"""Sources of spikes: thresholds of Poisson draws and listed events."""

from __future__ import annotations

import numpy as np

from netspec.errors import Diagnostic, OutOfRangeError
from netspec.ir import nodes as ir
from netspec.ir.recipe import (
    Item,
    PerItem,
    PoissonRecipe,
    Range,
    Scalar,
    SourceRecipe,
    SpikeTable,
    SpikeTimesRecipe,
    TrainsRecipe,
)
from netspec.realise.findings import Findings
from netspec.realise.listed import listed_events, neurons_of, realise_trains
from netspec.realise.network import (
    IntegerArray,
    RealisedPoisson,
    RealisedSource,
    Thresholds,
)
from netspec.realise.neurons import NeuronScope
from netspec.realise.ranges import high_warning, probability_range, range_error
from netspec.realise.spikes import realise_spikes
from netspec.realise.streams import stream_key, thresholds
from netspec.realise.values import more_in_list, place_of, realise_value


def realise_source(
    own: SourceRecipe, scope: NeuronScope, steps: int, findings: Findings, *, draw: bool = True
) -> RealisedSource | None:
    """Return what a source needs to emit; high rates and spikes that are lost are warned about.

    Args:
        own: How its arrays are made.
        scope: What values of its neurons read.
        steps: Length of the run.
        findings: Where warnings go.
        draw: Whether trains are made; without that their values are looked at, for nothing.

    Raises:
        OutOfRangeError: A rate is negative or more than one spike per step.
        SpecError: Another value of trains makes no sense.
    """
    match own:
        case PoissonRecipe(rate):
            item = Item("rate", rate, f"{scope.path}.rate")
            limits = poisson_thresholds(item, scope.everyone, scope, findings)
            return RealisedPoisson(stream_key(scope.seed, scope.path, "spikes"), limits)
        case SpikeTable():
            return realise_spikes(own, scope.size, scope.dt, steps, scope.path)
        case SpikeTimesRecipe():
            return listed_events(own, steps)
        case TrainsRecipe():
            neurons = neurons_of(own, scope, steps)
            return realise_trains(scope, neurons, findings) if draw else None


def poisson_thresholds(
    item: Item, view: ir.View, scope: NeuronScope, findings: Findings
) -> Thresholds:
    """Return the thresholds of p = rate * dt, one per neuron of a view; high p is warned about.

    Raises:
        OutOfRangeError: A rate is negative or p is more than 1.
    """
    values = realise_value(item.value, scope.known(view), item.path, scope.stream(item, view))
    rates = np.broadcast_to(values, (len(view),))
    probabilities = rates * float(scope.dt)
    own = probability_range(scope.name)
    bad = np.flatnonzero(~((probabilities >= 0.0) & (probabilities <= own.most)))
    if bad.size:
        first = int(bad[0])
        number, neuron = float(probabilities[first]), view.start + first
        path = place_of(item, first)
        raise OutOfRangeError([range_error(own, path, item.step or 0, neuron, number)])
    high = np.flatnonzero(probabilities > own.high)
    if high.size:
        findings.warn(_high_rate(own, item, view, high, float(probabilities[high[0]])))
    return Thresholds(*thresholds(probabilities))


def _high_rate(own: Range, item: Item, view: ir.View, high: IntegerArray, p: float) -> Diagnostic:
    """Return the warning about neurons with a high probability; `p` is that of the first."""
    first = int(high[0])
    is_written = isinstance(item.value, PerItem | Scalar)
    which = "" if is_written else f" for neuron {view.start + first}"
    notes = more_in_list(high.size - 1) if isinstance(item.value, PerItem) else ()
    return high_warning(own, place_of(item, first), f"{p:.3g}{which}", notes)
