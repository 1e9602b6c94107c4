"""`resolve`, the inputs: each kind by its own rules; lists of times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from netspec.expr.parse import shorten
from netspec.passes.data import resolve_spikes
from netspec.passes.problems import Problems
from netspec.passes.resolve_effects import resolve_current, resolve_drive
from netspec.passes.resolve_sources import resolve_correlated_poisson, resolve_poisson
from netspec.passes.resolve_trains import resolve_trains
from netspec.passes.resolved import (
    Assign,
    ResolvedEffect,
    ResolvedInput,
    ResolvedPopulation,
    ResolvedSpikeTable,
    ResolvedSpikeTimes,
)
from netspec.passes.scope import Scope
from netspec.passes.values import steps_of
from netspec.realise.durations import ROUNDING_HINT
from netspec.spec.data import SpikeFile
from netspec.spec.inputs import (
    CorrelatedPoisson,
    Current,
    Effect,
    EmittingInput,
    Poisson,
    PoissonDrive,
    SpikeTimes,
)
from netspec.spec.trains import TrainModel


@dataclass(frozen=True, slots=True)
class Inputs:
    """What inputs become.

    Attributes:
        sources: Those that emit spikes, by name.
        effects: Those that act on populations, by name.
        populations: With what acts on them, by name.
        changes: Entries of the timeline that time courses stand for.
    """

    sources: dict[str, ResolvedInput]
    effects: dict[str, ResolvedEffect]
    populations: dict[str, ResolvedPopulation]
    changes: list[Assign]


def resolve_inputs(scope: Scope) -> Inputs:
    """Return the inputs that have no problems.

    Args:
        scope: Of names; its populations have no inputs yet.
    """
    found = Inputs({}, {}, dict(scope.populations), [])
    for name, given in sorted(scope.network.inputs.items()):
        if isinstance(given, Effect):
            _effect(name, given, replace(scope, populations=found.populations), found)
        else:
            _source(name, given, scope, found)
    return found


def _effect(name: str, given: Effect, scope: Scope, found: Inputs) -> None:
    match given:
        case PoissonDrive():
            placed = resolve_drive(name, given, scope)
        case Current():
            placed = resolve_current(name, given, scope)
    if placed is not None:
        found.effects[name] = placed.effect
        found.populations[placed.population.name] = placed.population
        found.changes.extend(placed.changes)


def _source(name: str, given: EmittingInput, scope: Scope, found: Inputs) -> None:
    changes: tuple[Assign, ...] = ()
    match given:
        case Poisson():
            source, changes = resolve_poisson(name, given, scope)
        case CorrelatedPoisson():
            source, changes = resolve_correlated_poisson(name, given, scope)
        case SpikeTimes(times=SpikeFile() as file):
            source = _spike_table(name, file, given, scope.dt, scope.problems)
        case SpikeTimes():
            source = _spike_times(name, given, scope.dt, scope.problems)
        case TrainModel():
            source = resolve_trains(name, given, scope)
    if source is not None:
        found.sources[name] = source
        found.changes.extend(changes)


def _spike_table(
    name: str, file: SpikeFile, given: SpikeTimes, dt: Fraction, problems: Problems
) -> ResolvedSpikeTable | None:
    spikes = resolve_spikes(file, given.rounding, dt, f"inputs.{name}.times", problems)
    assert given.size is not None
    return None if spikes is None else ResolvedSpikeTable(name, given.size, spikes)


def _spike_times(
    name: str, given: SpikeTimes, dt: Fraction, problems: Problems
) -> ResolvedSpikeTimes:
    return ResolvedSpikeTimes(name, _spike_steps(given, dt, f"inputs.{name}", problems))


def _spike_steps(
    given: SpikeTimes, dt: Fraction, path: str, problems: Problems
) -> tuple[tuple[int, ...], ...]:
    rows = []
    within = f"{path}.times"
    assert isinstance(given.times, tuple)
    for neuron, times in enumerate(given.times):
        steps: dict[int, str] = {}
        for number, time in enumerate(times):
            place = f"{within}[{neuron}][{number}]"
            step = steps_of(
                time.value,
                dt,
                time.text,
                place,
                problems,
                rounding=given.rounding,
                within=within,
                hints=(ROUNDING_HINT,),
            )
            if step is None:
                continue
            if step in steps:
                problems.error(
                    "two-spikes-in-one-step",
                    place,
                    f"'{shorten(time.text)}' and '{shorten(steps[step])}' of neuron {neuron} "
                    "fall into one step",
                    within=within,
                )
            steps[step] = time.text
        rows.append(tuple(sorted(steps)))
    return tuple(rows)
