"""Whether two results have the same spikes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netspec.results.first import first_spike
from netspec.results.record import SpikeRecord
from netspec.results.results import Results
from netspec.results.spikes import Spikes


def spike_differences(one: Results, other: Results) -> list[str]:
    """Return in which spikes two results differ, in words; nothing if they are identical.

    All spikes count, recorded or not. Of those that both recorded, the first that only one has is
    named.
    """
    found = []
    for name in sorted(one.objects.keys() | other.objects.keys()):
        if name not in one.objects or name not in other.objects:
            found.append(f"spikes of '{name}': only in {_names(name in one.objects)}")
        elif one.digests[name] != other.digests[name]:
            counts = f"{one.counts[name]} and {other.counts[name]}"
            found.append(f"spikes of '{name}' differ: {counts} of them")
    if first := min(_first_spikes(one, other), default=None):
        step, name, index, in_one = first
        found.append(
            f"first difference: step {step}, {name}[{index}] spikes only in {_names(in_one)}"
        )
    elif found:
        found.append("what differs was not recorded; add it to the monitors to see where")
    return found


def _first_spikes(one: Results, other: Results) -> Iterator[tuple[int, str, int, bool]]:
    """Yield the first spike of each object that only one has: step, object, index, whose it is."""
    for name in one.spikes.keys() & other.spikes.keys():
        if not _recorded_alike(one.spikes[name], other.spikes[name]):
            continue
        both = (SpikeRecord(each.step, each.i) for each in (one.spikes[name], other.spikes[name]))
        if first := first_spike(*both):
            step, index, is_of_one = first
            yield step, name, index, is_of_one


def _recorded_alike(one: Spikes, other: Spikes) -> bool:
    return np.array_equal(one.neurons, other.neurons) and one.windows == other.windows


def _names(is_first: bool) -> str:
    return "the first results" if is_first else "the second results"
