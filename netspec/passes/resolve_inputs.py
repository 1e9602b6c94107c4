"""`resolve`, the inputs: rates and lists of times."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.parse import shorten
from netspec.expr.types import ValueType
from netspec.passes.data import resolve_spikes
from netspec.passes.problems import Problems
from netspec.passes.resolved import (
    ResolvedInput,
    ResolvedPoisson,
    ResolvedSpikeTable,
    ResolvedSpikeTimes,
)
from netspec.passes.values import resolve_value, steps_of
from netspec.realise.durations import ROUNDING_HINT
from netspec.spec.data import SpikeFile
from netspec.spec.inputs import Poisson, SpikeTimes
from netspec.spec.network import Network
from netspec.units import DIMENSIONLESS, FREQUENCY


def resolve_inputs(network: Network, dt: Fraction, problems: Problems) -> dict[str, ResolvedInput]:
    """Return the inputs that have no problems."""
    found: dict[str, ResolvedInput] = {}
    for name, given in sorted(network.inputs.items()):
        path = f"inputs.{name}"
        match given:
            case Poisson(size=size, rate=rate):
                symbols: dict[str, ValueType] = {"i": DIMENSIONLESS}
                value = resolve_value(
                    rate, FREQUENCY, symbols, f"{path}.rate", problems, count=size
                )
                if value is not None:
                    found[name] = ResolvedPoisson(name, size, value)
            case SpikeTimes(times=SpikeFile() as file, size=size, rounding=rounding):
                spikes = resolve_spikes(file, rounding, dt, f"{path}.times", problems)
                if spikes is not None:
                    found[name] = ResolvedSpikeTable(name, size or 0, spikes)
            case SpikeTimes():
                found[name] = ResolvedSpikeTimes(name, _spike_steps(given, dt, path, problems))
    return found


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
