"""Results in words and small tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from netspec.results.clock import step_in_milliseconds

if TYPE_CHECKING:
    from netspec.results.record import NonFinite
    from netspec.results.results import Results, SpikingObject


def counted(number: int, noun: str) -> str:
    """Return a number of things.

    >>> counted(1, "step"), counted(2, "step")
    ('1 step', '2 steps')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def headline(results: Results) -> str:
    """Return one line: what ran, for how long, where, and whether it is complete."""
    known = results.metadata
    dt = step_in_milliseconds(results.dt)
    parts = [
        f"{known.get('name', 'network')}",
        f"{counted(results.steps, 'step')} of {float(dt):.15g} ms",
        f"seed {known.get('seed')}",
        f"backend {known.get('backend')}",
        all_spikes(results),
    ]
    if results.outcome:
        parts.append("ended by a non-finite state")
    elif not results.complete:
        parts.append(f"incomplete: asked for {counted(known.get('steps_asked', 0), 'step')}")
    return ", ".join(parts)


def exact(value: Any) -> str:
    """Return a number, of Python or NumPy, so that different ones look different.

    >>> exact(0.1), exact(3)
    ('0.1 (0x1.999999999999ap-4)', '3')
    """
    number = value.item() if hasattr(value, "item") else value
    return f"{number!r} ({number.hex()})" if isinstance(number, float) else repr(number)


def unlike_ends(outcomes: tuple[NonFinite | None, NonFinite | None], steps: tuple[int, int]) -> str:
    """Return how two runs ended, the expected one first; empty if they ended alike.

    >>> unlike_ends((None, None), (10, 12))
    'completed steps: expected 10, got 12'
    """
    if outcomes[0] != outcomes[1]:
        return f"outcome: expected {ending(outcomes[0])}, got {ending(outcomes[1])}"
    if steps[0] != steps[1]:
        return f"completed steps: expected {steps[0]}, got {steps[1]}"
    return ""


def ending(outcome: NonFinite | None) -> str:
    """Return how a run ended.

    >>> ending(None)
    'finite state'
    """
    if outcome is None:
        return "finite state"
    place = f"{outcome.population}[{outcome.index}], variable {outcome.variable}"
    return f"a non-finite state in step {outcome.step}, {place}"


def all_spikes(results: Results) -> str:
    """Return how many spikes neurons had, and inputs and named events where there are any."""
    neurons, inputs, events = (
        [each for each in results.objects.values() if each.kind == kind]
        for kind in ("population", "source", "event")
    )
    spikes, size = _count(neurons), sum(each.size for each in neurons)
    parts = [f"{counted(spikes, 'spike')} of {counted(size, 'neuron')}"]
    parts += [f"{_count(inputs)} of inputs"] * bool(inputs)
    parts += [counted(_count(events), "named event")] * bool(events)
    return ", ".join(parts)


def _count(objects: Iterable[SpikingObject]) -> int:
    return sum(each.count for each in objects)


def rows(results: Results) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (object, neurons, spikes, mean rate in Hz, digest) for every object."""
    rates = results.rates
    for name, each in results.objects.items():
        yield name, str(each.size), str(each.count), f"{rates[name]:.2f}", each.digest


def html(results: Results) -> str:
    """Return a small table for notebooks; every text is escaped."""
    head = "".join(f"<th>{title}</th>" for title in ("object", "neurons", "spikes", "Hz", "digest"))
    lines = [
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in (*row[:4], row[4][:12])) + "</tr>"
        for row in rows(results)
    ]
    return (
        f"<table><caption>{escape(headline(results))}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    )
