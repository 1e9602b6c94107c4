"""Whether two results have the same spikes."""

from __future__ import annotations

from netspec.results.first import first_spikes
from netspec.results.recorded_by_both import spikes_of_both
from netspec.results.results import Results


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
    if firsts := first_spikes(*spikes_of_both(one, other)):
        step, name, index, in_one = firsts[0]
        found.append(
            f"first difference: step {step}, {name}[{index}] spikes only in {_names(in_one)}"
        )
    elif found:
        found.append("what differs was not recorded; add it to the monitors to see where")
    return found


def _names(is_first: bool) -> str:
    return "the first results" if is_first else "the second results"
