"""The timeline with its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from netspec.errors import Diagnostic, InternalError
from netspec.expr.nodes import names
from netspec.ir import nodes as ir
from netspec.ir.recipe import Item, Recipe
from netspec.realise.findings import Findings
from netspec.realise.network import (
    FloatArray,
    NumberArray,
    RealisedEntry,
    RealisedPopulation,
    Thresholds,
)
from netspec.realise.neurons import NeuronScope
from netspec.realise.pacing import step_warning
from netspec.realise.populations import derive
from netspec.realise.sources import poisson_thresholds
from netspec.realise.values import as_kind, realise_value
from netspec.realise.weights import ProjectionWeights


def realise_timeline(
    network: ir.Network,
    recipe: Recipe,
    scopes: Mapping[str, NeuronScope],
    populations: Mapping[str, RealisedPopulation],
    weights: Mapping[str, ProjectionWeights],
    findings: Findings,
) -> tuple[RealisedEntry, ...]:
    """Return the timeline with every value computed, in order.

    A formula reads the parameters as they are when its entry is due. The last entry of a step that
    sets a parameter of a population is followed by entries for the compiler's parameters that
    depend on what the step has set: what holds before is no state of any update.

    Args:
        network: The IR.
        recipe: Values of the entries.
        scopes: What values of neurons read, by population and input without problems there.
        populations: As far as they could be realised; entries for others are left out.
        weights: As far as they are drawn; entries for others are left out.
        findings: Where problems go; what follows in an object that has one is left out too.
    """
    present = _Present(network, recipe, scopes, populations, weights, findings)
    last = _last_of_their_step(network.timeline)
    entries: list[RealisedEntry] = []
    for number, (entry, item) in enumerate(zip(network.timeline, recipe.timeline, strict=True)):
        owner = _owner(entry.action)
        if item is None:
            entries.append(RealisedEntry(entry.step, entry.action, None))
        elif owner in present.objects:
            present.objects.remove(owner)
            with findings.of_one_object():
                entries.append(RealisedEntry(entry.step, entry.action, present.values(entry, item)))
                if number in last:
                    entries += present.derive(entry.step, owner)
                present.objects.add(owner)
    return tuple(entries)


def _last_of_their_step(timeline: tuple[ir.TimelineEntry, ...]) -> frozenset[int]:
    """Return the numbers of the entries after which no other sets parameters in the same step."""
    last = {
        (entry.step, entry.action.population): number
        for number, entry in enumerate(timeline)
        if isinstance(entry.action, ir.SetParameter)
    }
    return frozenset(last.values())


def _owner(action: ir.Action) -> str:
    """Return the name of the object that an action changes."""
    match action:
        case ir.SetParameter(name) | ir.SetState(name) | ir.SetRate(name):
            return name
        case ir.SetWeight(name) | ir.Connect(name) | ir.Disconnect(name):
            return name


class _Present:
    """What holds at the entry that is looked at.

    Attributes:
        objects: Names of those whose values are known.
    """

    def __init__(
        self,
        network: ir.Network,
        recipe: Recipe,
        scopes: Mapping[str, NeuronScope],
        populations: Mapping[str, RealisedPopulation],
        weights: Mapping[str, ProjectionWeights],
        findings: Findings,
    ) -> None:
        self._recipe, self._findings, self._scopes = recipe, findings, scopes
        self._populations = {population.name: population for population in network.populations}
        self._parameters = {name: dict(each.parameters) for name, each in populations.items()}
        drawn = {name: each.changes for name, each in weights.items() if each.is_drawn}
        self._weights = {name: iter(changes) for name, changes in drawn.items()}
        self._changed: dict[str, dict[str, str]] = {}
        sources = {source.name for source in network.sources} & scopes.keys()
        self.objects: set[str] = sources | populations.keys() | drawn.keys()

    def values(self, entry: ir.TimelineEntry, item: Item) -> NumberArray | Thresholds:
        """Return the values of an entry.

        Raises:
            SpecError: One is not finite or out of range.
        """
        match entry.action:
            case ir.SetParameter() as action:
                return self._set(action, item)
            case ir.SetState(name, variable, view):
                state = self._populations[name].cell.state
                own = next(each for each in state if each.name == variable)
                known, per_neuron = self._parameters[name], not own.shared
                values = self._over_view(item, name, view, known, per_neuron=per_neuron)
                return as_kind(values, own.kind, item.path)
            case ir.SetRate(name, view):
                return poisson_thresholds(item, view, self._scopes[name], self._findings)
            case ir.SetWeight(name):
                return next(self._weights[name])
            case ir.Connect() | ir.Disconnect() as action:
                raise InternalError(f"{action} has no values")

    def _set(self, action: ir.SetParameter, item: Item) -> NumberArray:
        own, name, view = self._parameters[action.population], action.parameter, action.view
        per_neuron = own[name].ndim > 0
        values = self._over_view(item, action.population, view, own, per_neuron=per_neuron)
        if per_neuron:
            changed = own[name].copy()
            changed[view.start : view.stop] = values
            own[name] = changed
        else:
            own[name] = values
        self._changed.setdefault(action.population, {})[name] = item.path
        return values

    def derive(self, step: int, name: str) -> Iterator[RealisedEntry]:
        """Yield what follows from changed parameters: new values of the compiler's own.

        Raises:
            SpecError: A duration is negative or no multiple of dt, or a propagator is not finite.
        """
        population, own = self._populations[name], self._parameters[name]
        paths = self._changed.pop(name)
        affected = tuple(each for each in population.cell.derived if each.reads & paths.keys())
        part = replace(population, cell=replace(population.cell, derived=affected))
        whole = ir.View(0, population.size)
        for target, values in derive(part, own, self._recipe, paths).items():
            own[target] = values
            yield RealisedEntry(step, ir.SetParameter(name, target, whole), values)
        self._findings.warn(self._step_warning(name, paths))

    def _step_warning(self, name: str, changed: Mapping[str, str]) -> Diagnostic | None:
        """Return a warning if a step has become too large by parameters that have changed."""
        recipe = self._recipe.populations[name]
        if recipe.pacing is None:
            return None
        rates = tuple(each for each in recipe.pacing.rates if names(each[1]) & changed.keys())
        pacing = replace(recipe.pacing, rates=rates)
        return step_warning(
            pacing, self._parameters[name], {}, self._recipe.dt, changed, recipe.model_path
        )

    def _over_view(
        self,
        item: Item,
        population: str,
        view: ir.View,
        parameters: Mapping[str, NumberArray],
        *,
        per_neuron: bool,
    ) -> FloatArray:
        """Return a value for the neurons of a view, shape (), or (view,) if per neuron."""
        part, scope = slice(view.start, view.stop), self._scopes[population]
        own = {name: values[part] if values.ndim else values for name, values in parameters.items()}
        stream = scope.stream(item, view) if per_neuron else scope.shared_stream(item)
        values = realise_value(item.value, {**own, **scope.known(view)}, item.path, stream)
        return np.broadcast_to(values, (len(view),)).copy() if per_neuron else values
