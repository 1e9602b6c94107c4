"""Random inputs: sources of spikes, what acts on cells, and rates and currents that move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from property.cells import RECEPTORS, SCALES, open_to, view
from property.chance import Chance, Document, duration

from netspec.spec.courses import Course

TRAINS: tuple[Document, ...] = (
    {"model": "regular", "period": "1.25 ms", "phase": "0.3*ms*i"},
    {
        "model": "regular",
        "rate": "(700 + 100*i)*hertz",
        "phase": {"uniform": {"low": "0 ms", "high": "1/rate"}},
    },
    {"model": "gamma_renewal", "rate": "600 Hz", "shape": "0.3 + i", "dead_time": "0.2 ms"},
    {"model": "gamma_renewal", "rate": "900 Hz", "shape": 3, "equilibrium": False},
    {"model": "pulse_packet", "centres": ["0 ms", "3 ms"], "spikes": 3, "sd": "0.8 ms"},
)


def source(chance: Chance) -> Document:
    """Return an input that emits spikes; lists of spikes are empty now and then."""
    kinds: list[Callable[[Chance], Document]] = [_moving, _spike_times, _spike_file]
    kinds += [_poisson, _correlated] * 2 + [_train] * 3
    return chance.rng.choice(kinds)(chance)


def effect(chance: Chance, made: Document) -> Document | None:
    """Return a drive or a current onto a population; `None` if it has no place for one."""
    name = chance.one(*sorted(made["populations"]))
    target, count = view(chance, name, made["populations"][name]["size"])
    found = {"target": target, **window(chance)}
    if chance.one(True, False):
        unit = current_unit(made, name)
        most = {"pA": 300, "mV/ms": 15}[unit]
        into = chance.one({}, {"into": "I_syn"})
        return {
            "model": "current",
            "amplitude": course(chance, unit, most, count),
            **into,
            **found,
        }
    receptors = open_to(made).get(name)
    if receptors is None:
        return None
    receptor = chance.one(*receptors)
    unit = RECEPTORS[receptor][1]
    scale, factor = 0.3 * SCALES[unit], f"*{unit}" if unit else ""
    weight = chance.one(
        f"{scale:.6g} {unit}",
        f"({scale:.6g} - {0.05 * scale:.6g}*i){factor}",
        {"normal": {"mean": f"{scale:.6g}{factor}", "sd": f"{0.1 * scale:.6g}{factor}"}},
        lambda: chance.from_file(count, scale, unit or "1"),
    )
    return {
        "model": "poisson_drive",
        "receptor": receptor,
        "rate": course(chance, "Hz", 20_000, count),
        "weight": weight,
        **chance.one({}, {"weight_bits": 11}),
        **found,
    }


def current_unit(made: Document, population: str) -> str:
    """Return the unit of what is added to the input of a population's cell."""
    cell = made["cells"][made["populations"][population]["cell"]]
    return "pA" if cell["model"] == "leaky_if" else "mV/ms"


def window(chance: Chance) -> Document:
    """Return when something begins and ends."""
    begun = chance.one({}, lambda: {"start": chance.steps(0, 30)})
    return {**begun, **chance.one({}, lambda: {"stop": chance.steps(31, 60)})}


def course(chance: Chance, unit: str, most: float, size: int, *, alike: bool = False) -> Any:
    """Return what may stand for a rate or a current, of at least 0.

    Args:
        chance: What is chosen with.
        unit: Of the value.
        most: Largest value.
        size: Number of neurons.
        alike: Whether all of them have the same value.
    """
    none, low, half, high = (f"{share * most:.6g} {unit}" for share in (0, 0.1, 0.4, 1))
    factor = "hertz" if unit == "Hz" else unit
    interval = chance.steps(1, 12)
    ramp = {"first": low, "last": high, "start": chance.steps(0, 30)}
    sine = {"amplitude": low, "frequency": "300 Hz", "offset": half} | chance.one(
        {}, {"phase": 0.3}
    )
    noise = {"mean": half, "sd": low, "interval": interval, "clip": [none, high]}
    array = {"unit": unit, "interval": interval}
    kinds: list[Any] = [
        half,
        f"{0.4 * most:.6g}*{factor}*(1 + sin(t/ms))",
        {"piecewise": {"times": ["0.3 ms", "1 ms"], "values": [high, low]}},
        {"ramp": {**ramp, "stop": "4 ms"}},
        {"sine": sine},
        {"noise": {**noise, "shared": alike or chance.one(True, False)}},
        {"array": {"values": [0, most, most / 3], **array}},
        *[lambda: {"array": {**_numbers(chance, most, 1 if alike else size), **array}}] * 2,
    ]
    if not alike:
        kinds += [
            lambda: chance.from_file(size, most, unit),
            {"uniform": {"low": low, "high": half}},
            {"piecewise": {"times": ["0 ms"], "values": [{"uniform": {"low": low, "high": high}}]}},
        ]
    return chance.one(*kinds)


def moves(given: Any) -> bool:
    """Tell whether a rate or a current moves by itself, so that the timeline cannot set it."""
    if isinstance(given, dict):
        return not Course.model_fields.keys().isdisjoint(given)
    return "t/ms" in given


def _numbers(chance: Chance, most: float, size: int) -> Document:
    """Return a list for all neurons or a column for each, of a data file."""
    columns = {
        f"neuron_{i}": [chance.number(most) for _ in range(4)]
        for i in range(chance.one(1, max(1, size)))
    }
    name = chance.file(columns, ".csv", ".npy", ".npz")
    if name.endswith(".npz") or (name.endswith(".csv") and chance.one(True, False)):
        return {"file": name, "column": "neuron_0"}
    return {"file": name}


def _size(chance: Chance) -> int:
    return chance.rng.randint(1, 9)


def _poisson(chance: Chance) -> Document:
    rate = chance.one("0 Hz", "900 Hz", "(300 + 500*i)*hertz", "10 kHz")
    return {"model": "poisson", "size": _size(chance), "rate": rate}


def _moving(chance: Chance) -> Document:
    size = _size(chance)
    return {"model": "poisson", "size": size, "rate": course(chance, "Hz", 3000, size)}


def _correlated(chance: Chance) -> Document:
    size = _size(chance)
    return {
        "model": "correlated_poisson",
        "size": size,
        "rate": course(chance, "Hz", 1500, size, alike=True),
        "correlation": chance.one(0.2, 1),
        "method": chance.one("common_source", "multiple_interaction"),
    }


def _train(chance: Chance) -> Document:
    train: Document = chance.one(*TRAINS)
    begun = {} if "centres" in train else window(chance)
    return {**train, "size": _size(chance), **begun}


def _spikes(chance: Chance) -> list[list[int]]:
    """Return steps of 0.1 ms for each of some neurons."""
    return [chance.some(range(61), 8) for _ in range(chance.rng.randint(0, 4))]


def _spike_times(chance: Chance) -> Document:
    written: Callable[[int], str] = duration
    rounding = chance.one({}, {}, {"rounding": "nearest"})
    if rounding:
        written = "{}.3e-1 ms".format
    times = [[written(step) for step in train] for train in _spikes(chance)]
    return {"model": "spike_times", "times": times, **rounding}


def _spike_file(chance: Chance) -> Document:
    trains = [*_spikes(chance), [3, 20]]
    rows = [(neuron, step) for neuron, train in enumerate(trains) for step in train]
    chance.rng.shuffle(rows)
    neurons, steps = zip(*rows, strict=True)
    times, unit = chance.one((steps, {}), ([step / 10 for step in steps], {"unit": "ms"}))
    kind, more = ("time", unit) if unit else ("step", unit)
    one, several = {"neuron": neurons, kind: times}, {"neurons": neurons, f"{kind}s": times}
    name = chance.one(lambda: chance.file(one, ".csv"), lambda: chance.file(several, ".npz"))
    return {"model": "spike_times", "times": {"file": name, **more}, "size": len(trains)}
