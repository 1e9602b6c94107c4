"""What a Python program keeps of spikes: the text of one `Spikes(…)` for each object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from netspec.codegen.arrays import Arrays
from netspec.ir import nodes as ir

_MANY = 8
"""More numbers than this stand in an array."""

_LENGTH = 88
"""Of a line that is not broken."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An object that emits, in a dictionary of what is kept of each.

    Attributes:
        lines: Text of the item.
        is_recorded: Whether a monitor looks at it.
    """

    name: str
    lines: tuple[str, ...]
    is_recorded: bool


def kept(network: ir.Network, arrays: Arrays) -> tuple[Kept, ...]:
    """Return what is kept of every object, sorted by name."""
    recordings = {each.name: each for each in network.spike_recordings}
    found = []
    for emitter in network.emitters:
        recording = recordings.get(emitter.name)
        arguments = list(_arguments(network, emitter.name, recording, arrays))
        first = f'"{emitter.name}": Spikes('
        lines = [first, *(f"    {line}" for line in arguments), "),"]
        if len(arguments) < 2 and sum(map(len, lines)) <= _LENGTH:
            lines = [first + "".join(arguments).rstrip(",") + "),"]
        found.append(Kept(emitter.name, tuple(lines), recording is not None))
    return tuple(found)


def counted(network: ir.Network) -> tuple[str, ...]:
    """Return the texts that read the count recordings from a dictionary called `kept`."""
    found, numbers = [], dict.fromkeys((each.name for each in network.count_recordings), 0)
    for each in network.count_recordings:
        found.append(f'kept["{each.name}"].counts[{numbers[each.name]}].numbers')
        numbers[each.name] += 1
    return tuple(found)


def edges_text(name: str, stretches: Iterable[ir.View | ir.Window], arrays: Arrays) -> str:
    """Return the text of stretches that are apart, as first, end, first, and so on."""
    ascending = sorted((each.start, each.stop) for each in stretches)
    numbers = [number for pair in ascending for number in pair]
    if len(numbers) > _MANY:
        return arrays.load_once(name, np.array(numbers, np.int64))
    return f"({', '.join(map(str, numbers))})"


def _arguments(
    network: ir.Network, name: str, recording: ir.SpikeRecording | None, arrays: Arrays
) -> Iterator[str]:
    if recording is not None:
        views = [each for each in recording.views if len(each)]
        yield f"views={edges_text(f'recorded.{name}.neurons', views, arrays)},"
        if recording.windows is not None:
            yield f"windows={edges_text(f'recorded.{name}.steps', recording.windows, arrays)},"
    own = [each for each in network.count_recordings if each.name == name]
    if own:
        yield "counts=["
        yield from (f"    {_counts(each)}," for each in own)
        yield "],"


def _counts(recording: ir.CountRecording) -> str:
    starts = accumulate(recording.bins, initial=0)
    rows = [
        (row, window.start, window.stop, recording.every or max(window.stop - window.start, 1))
        for row, window in zip(starts, recording.windows, strict=False)
    ]
    view = recording.view
    flag = ", per_neuron=True" if recording.per_neuron else ""
    return f"Counts({recording.shape}, {view.start}, {view.stop}, {rows}{flag})"
