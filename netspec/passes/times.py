"""`resolve`, the times at which something begins and ends: their order, and those after the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netspec.expr.parse import shorten
from netspec.passes.problems import Problems
from netspec.spec.base import Interval
from netspec.spec.courses import Course, Piecewise, Ramp
from netspec.spec.experiment import Monitors, PhaseOrInterval
from netspec.spec.inputs import Input
from netspec.spec.network import Network
from netspec.units import Quantity, parse_quantity

_BEGINNING = parse_quantity("0 ms")
"""When that begins which says nothing else."""


@dataclass(frozen=True, slots=True)
class _Time:
    """A time and its place."""

    given: Quantity
    path: str


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From when on something is, and until when.

    Attributes:
        stop: `None` if it goes on.
        within: The list that it is an item of.
    """

    start: _Time
    stop: _Time | None = None
    within: str | None = None


def check_times(network: Network, problems: Problems) -> None:
    """Report what ends before it begins, and warn of what begins after the end of the run.

    Args:
        network: As written; only times that are written count.
        problems: Where problems go.
    """
    for each in _stretches(network):
        start, stop = each.start.given, each.stop.given if each.stop else None
        if each.stop and stop is not None and stop.value <= start.value:
            message = f"expected a time after '{shorten(start.text)}', got '{shorten(stop.text)}'"
            problems.error("ends-before-it-begins", each.stop.path, message)
        elif start.value and start.value >= network.duration.value:  # what begins at 0 is meant
            message = f"'{shorten(start.text)}' is not before the end of the run"
            problems.warning("after-the-end", each.start.path, message, within=each.within)


def _stretches(network: Network) -> Iterator[_Stretch]:
    for name, given in sorted(network.inputs.items()):
        yield from _of_input(given, f"inputs.{name}")
    for name, interval in network.phases.items():
        yield _interval(interval, f"phases.{name}")
    yield from _of_monitors(network.monitors)
    for number, entry in enumerate(network.timeline):
        yield from _between(entry.at, entry.until, f"timeline[{number}]", ("at", "until"))


def _of_input(given: Input, path: str) -> Iterator[_Stretch]:
    bounds = {name: getattr(given, name, None) for name in ("start", "stop")}
    yield from _between(bounds["start"], bounds["stop"], path)
    for field, value in given:
        match value.choice if isinstance(value, Course) else None:
            case Ramp(start=start, stop=stop):
                yield from _between(start, stop, f"{path}.{field}.ramp")
            case Piecewise(times=times):
                place = f"{path}.{field}.piecewise.times"
                for number, time in enumerate(times):
                    yield _Stretch(_Time(time, f"{place}[{number}]"), within=place)


def _of_monitors(monitors: Monitors) -> Iterator[_Stretch]:
    for section in ("spikes", "states", "weights"):
        for number, monitor in enumerate(getattr(monitors, section)):
            during = getattr(monitor, "during", None) or ()
            yield from _intervals(during, f"monitors.{section}[{number}].during")


def _intervals(parts: Iterable[PhaseOrInterval], path: str) -> Iterator[_Stretch]:
    for number, part in enumerate(parts):
        if not isinstance(part, str):
            yield _interval(part, f"{path}[{number}]")


def _interval(interval: Interval, path: str) -> _Stretch:
    start, stop = interval
    return _Stretch(_Time(start, f"{path}[0]"), _Time(stop, f"{path}[1]"))


def _between(
    start: Quantity | None,
    stop: Quantity | None,
    path: str,
    fields: tuple[str, str] = ("start", "stop"),
) -> Iterator[_Stretch]:
    """Yield what has a beginning or an end; without a beginning it begins with the run."""
    if start is not None or stop is not None:
        first, last = (f"{path}.{field}" for field in fields)
        begins = _Time(_BEGINNING if start is None else start, first)
        yield _Stretch(begins, None if stop is None else _Time(stop, last))
