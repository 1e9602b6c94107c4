"""`resolve`, the inputs: rates, lists of times, and what trains are made from."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.parse import shorten
from netspec.expr.types import ValueType
from netspec.ir.recipe import Item, PerItem, Scalar, TrainsRecipe, Value
from netspec.passes.data import resolve_spikes
from netspec.passes.problems import Problems
from netspec.passes.resolved import (
    ResolvedInput,
    ResolvedPoisson,
    ResolvedSpikeTable,
    ResolvedSpikeTimes,
    ResolvedTrains,
)
from netspec.passes.values import resolve_value, steps_of
from netspec.realise.durations import ROUNDING_HINT
from netspec.realise.trains import TRAINS
from netspec.spec.data import SpikeFile
from netspec.spec.inputs import Poisson, Source, SpikeTimes
from netspec.spec.network import Network
from netspec.spec.trains import LastingTrainModel, TrainModel
from netspec.units import DIMENSIONLESS, FREQUENCY, Quantity


def resolve_inputs(network: Network, dt: Fraction, problems: Problems) -> dict[str, ResolvedInput]:
    """Return the inputs that have no problems."""
    found: dict[str, ResolvedInput] = {}
    for name, given in sorted(network.inputs.items()):
        resolved = _resolve(name, given, dt, problems)
        if resolved is not None:
            found[name] = resolved
    return found


def _resolve(name: str, given: Source, dt: Fraction, problems: Problems) -> ResolvedInput | None:
    match given:
        case Poisson():
            return _poisson(name, given, problems)
        case SpikeTimes(times=SpikeFile() as file):
            return _spike_table(name, file, given, dt, problems)
        case SpikeTimes():
            return _spike_times(name, given, dt, problems)
        case TrainModel():
            return _trains(name, given, dt, problems)


# --- Poisson --------------------------------------------------------------------------------


def _poisson(name: str, given: Poisson, problems: Problems) -> ResolvedPoisson | None:
    symbols: dict[str, ValueType] = {"i": DIMENSIONLESS}
    path, size = f"inputs.{name}.rate", given.size
    value = resolve_value(given.rate, FREQUENCY, symbols, path, problems, count=size)
    return None if value is None else ResolvedPoisson(name, size, value)


# --- lists of times -------------------------------------------------------------------------


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


# --- trains ---------------------------------------------------------------------------------

_NO_VALUES = frozenset(LastingTrainModel.model_fields)
"""Fields that are the same for every kind of trains; the others are what its meaning reads."""


def _trains(
    name: str, given: TrainModel, dt: Fraction, problems: Problems
) -> ResolvedTrains | None:
    path = f"inputs.{name}"
    parameters = _parameters(given, dt, path, problems)
    switches = tuple(field for field, written in given if written is True)
    start = _step(given, "start", dt, path, problems)
    stop = _step(given, "stop", dt, path, problems)
    if start is not None and stop is not None and stop < start:
        problems.error("stop-before-start", f"{path}.stop", "'stop' is before 'start'")
    if parameters is None:
        return None
    recipe = TrainsRecipe(given.model, path, parameters, switches, start or 0, stop)
    return ResolvedTrains(name, given.size, recipe)


def _parameters(
    given: TrainModel, dt: Fraction, path: str, problems: Problems
) -> tuple[Item, ...] | None:
    """Return values, whole numbers and lists of times; `None` if some of them have problems."""
    symbols: dict[str, ValueType] = {"i": DIMENSIONLESS}
    items: list[Item] = []
    is_complete = True
    for field, written in given:
        place = f"{path}.{field}"
        value: Value | None
        match written:
            case None | bool():
                continue
            case _ if field in _NO_VALUES:
                continue
            case int():
                value = Scalar(Fraction(written))
            case tuple():
                value = _times(written, dt, place, problems)
            case _:
                dimension = TRAINS[given.model].dimensions[field]
                value = resolve_value(
                    written, dimension, dict(symbols), place, problems, count=given.size
                )
                symbols[field] = dimension
        is_complete &= value is not None
        if value is not None:
            items.append(Item(field, value, place))
    return tuple(items) if is_complete else None


def _times(
    written: tuple[Quantity, ...], dt: Fraction, path: str, problems: Problems
) -> PerItem | None:
    """Return times as they are, of which none may be absurdly long."""
    nearest = [
        steps_of(
            time.value,
            dt,
            time.text,
            f"{path}[{number}]",
            problems,
            rounding="nearest",
            within=path,
        )
        for number, time in enumerate(written)
    ]
    return None if None in nearest else PerItem(tuple(time.value for time in written))


def _step(given: TrainModel, field: str, dt: Fraction, path: str, problems: Problems) -> int | None:
    """Return one of the times at which trains begin and end; `None` if it is not given."""
    time = getattr(given, field, None)
    if time is None:
        return None
    return steps_of(time.value, dt, time.text, f"{path}.{field}", problems)
