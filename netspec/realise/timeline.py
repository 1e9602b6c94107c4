"""The timeline with its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from netspec.expr.nodes import names
from netspec.ir import nodes as ir
from netspec.ir.recipe import Item, Recipe
from netspec.realise.network import (
    FloatArray,
    NumberArray,
    RealisedEntry,
    RealisedPopulation,
    Thresholds,
)
from netspec.realise.populations import derive
from netspec.realise.projections import ProjectionWeights
from netspec.realise.sources import poisson_thresholds
from netspec.realise.values import realise_value


def realise_timeline(
    network: ir.Network,
    recipe: Recipe,
    populations: Mapping[str, RealisedPopulation],
    weights: Mapping[str, ProjectionWeights],
) -> tuple[RealisedEntry, ...]:
    """Return the timeline with every value computed, in order.

    A formula reads the parameters as they are when its entry is due. An entry that sets a
    parameter is followed by entries for the compiler's parameters that depend on it.

    Raises:
        SpecError: A value is not finite or out of range.
    """
    current = {name: dict(each.parameters) for name, each in populations.items()}
    stretches = {name: iter(each.stretches[1:]) for name, each in weights.items()}
    by_name = {population.name: population for population in network.populations}
    entries: list[RealisedEntry] = []
    for entry, item in zip(network.timeline, recipe.timeline, strict=True):
        values: NumberArray | Thresholds | None = None
        follow_up: Iterator[tuple[ir.SetParameter, NumberArray]] = iter(())
        match entry.action:
            case ir.SetWeight(name):
                values, _ = next(stretches[name])
            case ir.SetRate(name, view):
                assert item is not None
                known = {"i": np.arange(view.start, view.stop, dtype=np.int64)}
                values = poisson_thresholds(item, known, len(view), recipe, name, entry.step)
            case ir.SetState(name, _, view):
                assert item is not None
                values = _over_view(item, view, current[name], per_neuron=True)
            case ir.SetParameter(name, parameter, view):
                assert item is not None
                own = current[name]
                per_neuron = own[parameter].ndim > 0
                values = _over_view(item, view, own, per_neuron=per_neuron)
                if per_neuron:
                    changed = own[parameter].copy()
                    changed[view.start : view.stop] = values
                    own[parameter] = changed
                else:
                    own[parameter] = values
                follow_up = _derived_again(by_name[name], parameter, own, recipe, item.path)
        entries.append(RealisedEntry(entry.step, entry.action, values))
        for action, derived in follow_up:
            entries.append(RealisedEntry(entry.step, action, derived))
    return tuple(entries)


def _over_view(
    item: Item, view: ir.View, parameters: Mapping[str, NumberArray], *, per_neuron: bool
) -> FloatArray:
    """Return a value for the neurons of a view, shape (), or (view,) if per neuron."""
    part = slice(view.start, view.stop)
    known: dict[str, NumberArray] = {
        name: values[part] if values.ndim else values for name, values in parameters.items()
    }
    known["i"] = np.arange(view.start, view.stop, dtype=np.int64)
    values = realise_value(item.value, known, item.path)
    return np.broadcast_to(values, (len(view),)).copy() if per_neuron else values


def _derived_again(
    population: ir.Population,
    parameter: str,
    own: dict[str, NumberArray],
    recipe: Recipe,
    path: str,
) -> Iterator[tuple[ir.SetParameter, NumberArray]]:
    """Yield what follows from a changed parameter: new values of the compiler's own."""
    affected = tuple(each for each in population.cell.derived if parameter in _reads(each))
    cell = replace(population.cell, derived=affected)
    changed = derive(replace(population, cell=cell), own, recipe, {parameter: path})
    whole = ir.View(0, population.size)
    for name, values in changed.items():
        own[name] = values
        yield ir.SetParameter(population.name, name, whole), values


def _reads(derived: ir.Derived) -> frozenset[str]:
    match derived:
        case ir.StepCount(_, duration):
            return names(duration)
        case ir.Propagator(_, matrix, offset):
            expressions = (*(entry for row in matrix for entry in row), *offset)
            return frozenset().union(*(names(each) for each in expressions))
