"""Parameters, derived parameters and initial state of a population."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from netspec.errors import SpecError
from netspec.ir import nodes as ir
from netspec.ir.recipe import FromFile, Item, PopulationRecipe, Recipe, TableRecipe
from netspec.realise.blame import suspects
from netspec.realise.distributions import ItemStream, faults
from netspec.realise.durations import steps_of_doubles
from netspec.realise.evaluate import evaluate
from netspec.realise.network import FloatArray, NumberArray, RealisedPopulation
from netspec.realise.neurons import NeuronScope
from netspec.realise.propagators import propagators
from netspec.realise.streams import stream_key
from netspec.realise.values import (
    Known,
    as_kind,
    check_finite,
    problem,
    realise_array,
    realise_items,
    realise_value,
)
from netspec.realise.weights import on_grid


def realise_population(
    population: ir.Population, recipe: Recipe, scope: NeuronScope
) -> RealisedPopulation:
    """Return the values of a population before step 0.

    Args:
        population: Of the IR.
        recipe: How its arrays are made.
        scope: What values of its neurons read.

    Raises:
        SpecError: A value is not finite or cannot be drawn, or a refractory period is negative or
            no multiple of dt.
    """
    items = recipe.populations[population.name]
    known = scope.known(scope.everyone)
    shared = {each.name for each in population.cell.state if each.shared}

    def stream_of(item: Item) -> ItemStream:
        return scope.shared_stream(item) if item.name in shared else scope.stream(item)

    own = realise_items(items.parameters, known, stream_of)
    parameters: dict[str, NumberArray] = {
        parameter.name: shaped(own[parameter.name], parameter, population.size)
        for parameter in population.cell.parameters
        if parameter.name in own
    }
    paths = {item.name: item.path for item in items.parameters}
    parameters.update(derive(population, parameters, recipe, paths))
    _check_distributions(items, parameters)
    state = realise_items(items.initial, {**known, **parameters}, stream_of)
    places = {item.name: item.path for item in items.initial}
    initial = {
        each.name: _initial(each, state, places.get(each.name, ""), population.size)
        for each in population.cell.state
    }
    keys = {
        draw.name: stream_key(scope.seed, draw.origin or scope.path, draw.purpose)
        for draw in population.cell.draws
    }
    tables = {
        each.name: _table(own_table, each, population.size)
        for own_table, each in zip(population.cell.tables, items.tables, strict=True)
    }
    return RealisedPopulation(parameters, initial, keys, tables)


def _check_distributions(recipe: PopulationRecipe, parameters: Mapping[str, NumberArray]) -> None:
    """Refuse parameters that nothing can be drawn with while running.

    Raises:
        SpecError: Some make no sense.
    """
    for drawn in recipe.distributions:
        known = {
            each.name: realise_value(each.value, parameters, each.path) for each in drawn.parameters
        }
        if found := list(faults(drawn, known)):
            raise SpecError(found)


def _table(table: ir.Table, own: TableRecipe, size: int) -> FloatArray:
    if isinstance(own.rows, FromFile):
        values = realise_array(own.rows, own.path).reshape(len(own), -1)
    else:
        values = np.array([[float(exact) for exact in row] for row in own.rows], dtype=np.float64)
    if not table.per_neuron:
        return values[:, 0].copy()
    spread_out = np.zeros((len(values), size))
    spread_out[:, own.view.start : own.view.stop] = values
    return spread_out


def _initial(
    variable: ir.Variable, state: Mapping[str, FloatArray], path: str, size: int
) -> NumberArray:
    """Return a variable before step 0; what the compiler made and gave no value starts at 0."""
    values = as_kind(state.get(variable.name, np.zeros(())), variable.kind, path)
    return values if variable.shared else spread(values, size)


def shaped(values: NumberArray, parameter: ir.Parameter, size: int) -> NumberArray:
    """Return the values of a parameter in its shape: (size,) if per neuron, else ()."""
    if not parameter.per_neuron:
        return values
    return spread(values, size)


def spread(values: NumberArray, size: int) -> NumberArray:
    """Return values, shape () or (size,), as an array of its own, shape (size,)."""
    result = np.empty_like(values, shape=(size,))
    result[:] = values
    return result


def derive(
    population: ir.Population, known: Known, recipe: Recipe, paths: Mapping[str, str]
) -> dict[str, NumberArray]:
    """Return the compiler's own parameters, computed from the author's.

    Raises:
        SpecError: A duration is negative or no multiple of dt, or a propagator is not finite.
    """
    by_name = {parameter.name: parameter for parameter in population.cell.parameters}
    readable = {**known, ir.TIME_STEP: np.asarray(float(recipe.dt))}
    own = recipe.populations[population.name]
    found: dict[str, NumberArray] = {}
    for derived in population.cell.derived:
        match derived:
            case ir.StepCount(target):
                path = _place_of(sorted(derived.reads), paths) or own.period_path
                found[target] = _count(derived, readable, recipe, path)
            case ir.OnGrid(target, weight, bits):
                found[target] = on_grid(np.asarray(readable[weight.name], np.float64), bits)
            case ir.Propagator():
                found.update(_propagate(derived, readable, recipe, paths, own.model_path))
    return {name: shaped(values, by_name[name], population.size) for name, values in found.items()}


def _count(derived: ir.StepCount, known: Known, recipe: Recipe, path: str) -> NumberArray:
    seconds: FloatArray = np.asarray(evaluate(derived.duration, known), dtype=np.float64)
    check_finite(seconds, path)
    return steps_of_doubles(seconds, recipe.dt, derived.rounding, path)


def _propagate(
    derived: ir.Propagator, known: Known, recipe: Recipe, paths: Mapping[str, str], model_path: str
) -> dict[str, FloatArray]:
    found = propagators(derived, known, float(recipe.dt))
    if not all(np.isfinite(values).all() for values in found.values()):
        to_blame = suspects(derived, known)
        raise problem(
            "not-finite",
            _place_of((*to_blame.names, *sorted(derived.reads)), paths) or model_path,
            "the exact solution over one step is not finite with these parameters",
            notes=(str(to_blame),),
        )
    return found


def _place_of(read: Iterable[str], paths: Mapping[str, str]) -> str:
    """Return the place of the first parameter of those that something reads."""
    return next((paths[name] for name in read if name in paths), "")
