"""Listed events: those of the document, and those of trains that are made."""

from __future__ import annotations

import numpy as np

from netspec.errors import Diagnostic, SpecError
from netspec.ir.recipe import SpikeTimesRecipe, TrainsRecipe
from netspec.realise.findings import Findings
from netspec.realise.network import IndexArray, IntegerArray, RealisedListed
from netspec.realise.neurons import NeuronScope
from netspec.realise.streams import stream_key
from netspec.realise.trains import TRAINS, Neurons
from netspec.realise.values import realise_items

BYTES_PER_SPIKE = 48
"""While trains are made and sorted; what is kept takes 12."""

FREQUENT = 0.01
"""Share of spikes that may count once with another one without a warning."""


def listed_events(recipe: SpikeTimesRecipe, steps: int) -> RealisedListed:
    """Return the events of a list that come before the end."""
    pairs = sorted((step, neuron) for neuron, row in enumerate(recipe.steps) for step in row)
    inside = np.array([pair for pair in pairs if pair[0] < steps], dtype=np.int64).reshape(-1, 2)
    return RealisedListed(inside[:, 0].copy(), inside[:, 1].astype(np.uint32))


def neurons_of(own: TrainsRecipe, scope: NeuronScope, steps: int) -> Neurons:
    """Return what the trains of an input depend on.

    Args:
        own: How the trains are made.
        scope: What values of the neurons read.
        steps: Length of the run.

    Raises:
        SpecError: Values make no sense; carries the first problem with each.
    """
    values = realise_items(own.parameters, scope.known(scope.everyone), scope.stream)
    stop = steps if own.stop is None else min(own.stop, steps)
    neurons = Neurons(own, scope.size, scope.dt, own.start, max(0, stop - own.start), values)
    with np.errstate(all="ignore"):
        problems = list(TRAINS[own.name].faults(neurons))
    if problems:
        raise SpecError(problems)
    return neurons


def realise_trains(scope: NeuronScope, neurons: Neurons, findings: Findings) -> RealisedListed:
    """Return the spikes of trains; those that came into one step of a neuron count once.

    Args:
        scope: Of the input.
        neurons: What the trains depend on.
        findings: Takes a warning if many spikes count once with others.
    """
    parts = TRAINS[neurons.recipe.name].spikes(
        neurons, lambda purpose: stream_key(scope.seed, scope.path, purpose)
    )
    with np.errstate(all="ignore"):
        kept = [_inside(neurons, *part) for part in parts]
    steps = np.concatenate([np.zeros(0, np.int64), *(steps for steps, _ in kept)])
    indices = np.concatenate([np.zeros(0, np.uint32), *(indices for _, indices in kept)])
    kept.clear()
    order = np.lexsort((indices, steps))
    steps, indices = steps[order], indices[order]
    del order
    again = np.zeros(steps.size, dtype=bool)
    again[1:] = (steps[1:] == steps[:-1]) & (indices[1:] == indices[:-1])
    if again.any():
        findings.warn(_merged(scope.name, neurons, int(again.sum()), steps.size))
        steps, indices = steps[~again], indices[~again]
    return RealisedListed(steps, indices)


def _inside(
    neurons: Neurons, steps: IntegerArray, indices: IntegerArray
) -> tuple[IntegerArray, IndexArray]:
    inside = (steps >= neurons.start) & (steps < neurons.start + neurons.steps)
    if not inside.all():
        steps, indices = steps[inside], indices[inside]
    return steps, indices.astype(np.uint32)


def _merged(name: str, neurons: Neurons, count: int, spikes: int) -> Diagnostic | None:
    share = count / spikes
    if share <= FREQUENT:
        return None
    return Diagnostic(
        "merged-spikes",
        neurons.recipe.path,
        f"{100 * share:.2g} % of the spikes of '{name}' come into a step in which their neuron has "
        "another one, and count once with it",
        hints=("use a smaller dt",),
        severity="warning",
    )
