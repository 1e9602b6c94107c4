"""`resolve`, the inputs whose trains are made before step 0: what they are made from."""

from __future__ import annotations

from fractions import Fraction

from netspec.ir.recipe import Item, PerItem, Scalar, TrainsRecipe, Value
from netspec.passes.problems import Problems
from netspec.passes.readable import NeuronSymbols, neuron_symbols
from netspec.passes.resolved import ResolvedTrains
from netspec.passes.scope import Scope
from netspec.passes.values import resolve_value, steps_of
from netspec.realise.trains import TRAINS
from netspec.spec.trains import LastingTrainModel, TrainModel
from netspec.units import Quantity

_NO_VALUES = frozenset(LastingTrainModel.model_fields)
"""Fields that are the same for every kind of trains; the others are what its meaning reads."""


def resolve_trains(name: str, given: TrainModel, scope: Scope) -> ResolvedTrains | None:
    """Return what an input of trains becomes, or `None` once its problems were reported."""
    path, dt, problems = f"inputs.{name}", scope.dt, scope.problems
    symbols = neuron_symbols(None, scope.positions_of(name))
    parameters = _parameters(given, symbols, dt, path, problems)
    switches = tuple(field for field, written in given if written is True)
    start = _step(given, "start", dt, path, problems)
    stop = _step(given, "stop", dt, path, problems)
    if parameters is None:
        return None
    recipe = TrainsRecipe(given.model, path, parameters, switches, start or 0, stop)
    return ResolvedTrains(name, given.size, recipe)


def _parameters(
    given: TrainModel, symbols: NeuronSymbols, dt: Fraction, path: str, problems: Problems
) -> tuple[Item, ...] | None:
    """Return values, whole numbers and lists of times; `None` if some of them have problems.

    Each may read `symbols` and the values before it.
    """
    symbols = dict(symbols)
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
                    written, dimension, symbols, place, problems, count=given.size
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
