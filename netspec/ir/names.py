"""Names that have a meaning of their own in the IR."""

from __future__ import annotations

SPIKE = "spike"
"""The event that populations and sources are known by; others are called `population.event`."""

ACCUMULATOR = "acc"
"""In a port: the exact sum of the weights that arrived in this step."""

N_EVENTS = "n_events"
"""In a port: the number of events that arrived in this step (an integer)."""

TIME = "t"
"""The time at the start of the step, `double(k) * double(dt)`, in seconds."""

TIME_STEP = "dt"
"""The duration of a step in seconds."""

COUNTDOWN = "_refractory"
"""State made by the compiler: for how many more updates a neuron is held."""

WEIGHT = "weight"
"""In the value of a gather: the weight of the edge."""

HELD = "_held"
"""Local made by the compiler: whether the neuron is held in this step."""

SILENT = "_silent"
"""Local made by the compiler: whether the neuron does not spike in this step."""

PERIOD = "_period"
"""Parameter made by the compiler: the refractory period in steps."""


def source_name(name: str) -> str:
    """Return how the value of a gather reads a name of the neuron at the other end.

    >>> source_name("V")
    'source(V)'
    """
    return f"source({name})"


def name_in_source(name: str) -> str | None:
    """Return what `source_name` was given, or `None` for a name of the target or the weight.

    >>> name_in_source("source(V)"), name_in_source("V")
    ('V', None)
    """
    return name.removeprefix("source(")[:-1] if name.startswith("source(") else None


def event_object(owner: str, event: str) -> str:
    """Return the name under which what an event emits is kept and addressed.

    >>> event_object("exc", "spike"), event_object("exc", "burst")
    ('exc', 'exc.burst')
    """
    return owner if event == SPIKE else f"{owner}.{event}"
