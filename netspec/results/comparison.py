"""Two results side by side: identical, or what differs first. Never with a tolerance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from netspec.columns import printable
from netspec.results.clock import step_in_milliseconds
from netspec.results.first import NO_SPIKE, first_sample, first_spikes
from netspec.results.recorded_by_both import spikes_of_both
from netspec.results.text import exact, unlike_ends

if TYPE_CHECKING:
    from netspec.ir.nodes import CountRecording
    from netspec.results.results import Results
    from netspec.results.traces import Trace

Found = tuple[float, int, str]
"""Step of a difference, whether it is a sample (0) or a spike (1), and what it is in words."""

_KNOWN = ("seed", "semantics")
"""Of a run's metadata what, with the fingerprint, says whether runs are of one experiment."""

_SHOWN_DIGITS = 12
"""Of a fingerprint, as `netspec diff` shows it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two results differ.

    Attributes:
        differences: In words, the earliest first; none if the runs are identical as far as both
            of them were recorded, digests included.
        notes: What makes it likely or certain that they are runs of different experiments, and
            what could not be compared.
    """

    differences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def __str__(self) -> str:
        lines = self.differences or ("identical",)
        return "\n".join((*lines, *(f"note: {note}" for note in self.notes)))


def compare_results(expected: Results, got: Results) -> Comparison:
    """Return how two results differ.

    Of spikes that both recorded, the first (step, object, index) that only one has is named; of
    state, the first (step, population, index, variable) that differs in a bit; of numbers of spikes
    that both counted, the first. Of the rest digests say whether it differs.
    """
    if expected.dt != got.dt:
        text = f"length of a step: expected {expected.dt} s, got {got.dt} s"
        return Comparison((text,), ())
    found = [
        *_of_objects(expected, got),
        *_of_states(expected, got),
        *_of_weights(expected, got),
        *_of_counts(expected, got),
        *_of_ends(expected, got),
    ]
    return Comparison(tuple(text for *_, text in sorted(found)), tuple(_notes(expected, got)))


def _of_objects(expected: Results, got: Results) -> Iterator[Found]:
    both = spikes_of_both(expected, got, stop=min(expected.steps, got.steps))
    unlike = {first[1]: first for first in first_spikes(*both)}
    for name in sorted(expected.objects.keys() | got.objects.keys()):
        if name not in expected.objects or name not in got.objects:
            which = "expected" if name in expected.objects else "got"
            yield inf, 1, f"spikes of '{name}': only in the {which} results"
            continue
        one, other = expected.objects[name], got.objects[name]
        if one.size != other.size:
            unlike.pop(name, None)
            yield -1, 1, f"neurons of '{name}': expected {one.size}, got {other.size}"
        elif name not in unlike and expected.steps == got.steps:
            if one.digest != other.digest:
                counts = f"{one.count} and {other.count} spikes"
                yield inf, 1, f"spike digest of '{name}': not the same, of {counts}"
            elif one.count != other.count:
                yield inf, 1, f"spikes of '{name}': expected {one.count}, got {other.count}"
    if unlike:
        step, name, index, is_missing = min(unlike.values())
        time = float(step * step_in_milliseconds(expected.dt))
        yield step, 1, f"step {step}, at {time:.15g} ms, {name}[{index}]: {NO_SPIKE[is_missing]}"


def _of_states(expected: Results, got: Results) -> Iterator[Found]:
    first: tuple[int, str, int, str, str] | None = None
    for population in sorted(expected.states.keys() & got.states.keys()):
        own, others = expected.states[population], got.states[population]
        for variable in sorted(own.keys() & others.keys()):
            sample = _first_sample(own[variable], others[variable])
            if sample is not None:
                step, index, text = sample
                candidate = (step, population, index, variable, text)
                first = candidate if first is None else min(first, candidate)
    if first is not None:
        step, population, index, variable, text = first
        time = float(step * step_in_milliseconds(expected.dt))
        place = f"step {step}, at {time:.15g} ms, {population}[{index}]"
        yield step, 0, f"{place}, variable {variable}: {text}"


def _first_sample(one: Trace, other: Trace) -> tuple[int, int, str] | None:
    """Return step, neuron and values of the first difference in what both sampled."""
    if one.values.dtype != other.values.dtype:
        return 0, 0, f"expected {one.values.dtype}, got {other.values.dtype}"
    steps, rows, other_rows = np.intersect1d(one.step, other.step, return_indices=True)
    neurons, columns, other_columns = np.intersect1d(one.i, other.i, return_indices=True)
    wanted: npt.NDArray[Any] = one.values[np.ix_(rows, columns)]
    found: npt.NDArray[Any] = other.values[np.ix_(other_rows, other_columns)]
    place = first_sample(wanted, found)
    if place is None:
        return None
    values = f"expected {exact(wanted[place])}, got {exact(found[place])}"
    return int(steps[place[0]]), int(neurons[place[1]]), values


def _of_weights(expected: Results, got: Results) -> Iterator[Found]:
    for name in sorted(expected.weights.keys() & got.weights.keys()):
        sample = _first_sample(expected.weights[name], got.weights[name])
        if sample is not None:
            step, edge, text = sample
            yield step, 0, f"step {step}, weight of edge {edge} of '{name}': {text}"


def _of_counts(expected: Results, got: Results) -> Iterator[Found]:
    """Compare what both counted in the same windows; runs of different length end theirs apart."""
    if expected.steps != got.steps:
        return
    others = {each.recording: each.values for each in got.counted}
    for each in expected.counted:
        if each.recording not in others:
            continue
        wanted, found = each.values, others[each.recording]
        unlike = np.argwhere(wanted != found)
        if len(unlike):
            row, column = (int(number) for number in unlike[0])
            values = f"expected {wanted[row, column]}, got {found[row, column]}"
            yield inf, 1, f"spikes counted of {_place(each.recording, row, column)}: {values}"


def _place(recording: CountRecording, row: int, column: int) -> str:
    """Return which neuron and which steps a number is of."""
    every, neuron = recording.every or 0, recording.view.start + column
    windows = zip(recording.windows, recording.bins, strict=True)
    starts = [window.start + number * every for window, bins in windows for number in range(bins)]
    which = f"{recording.name}[{neuron}]" if recording.per_neuron else f"'{recording.label}'"
    return f"{which} from step {starts[row]} on"


def _of_ends(expected: Results, got: Results) -> Iterator[Found]:
    text = unlike_ends((expected.outcome, got.outcome), (expected.steps, got.steps))
    if expected.outcome != got.outcome:
        ends = [each.outcome.step for each in (expected, got) if each.outcome is not None]
        yield min(ends), 1, text
    elif text:
        yield min(expected.steps, got.steps), 1, text
    else:
        one, other = expected.state_digests, got.state_digests
        for name in sorted(one.keys() & other.keys()):
            if one[name] != other[name]:
                yield inf, 0, f"state digest of '{name}': not the same"


def _notes(expected: Results, got: Results) -> Iterator[str]:
    one, other = (printable(str(each.metadata.get("fingerprint"))) for each in (expected, got))
    if one != other:
        yield (
            f"fingerprint: expected {one[:_SHOWN_DIGITS]}, got {other[:_SHOWN_DIGITS]}; "
            "`netspec diff` says what changed between descriptions"
        )
    for name in _KNOWN:
        wanted, found = expected.metadata.get(name), got.metadata.get(name)
        if wanted != found:
            wanted, found = (printable(str(each)) for each in (wanted, found))
            yield f"{name}: expected {wanted}, got {found}"
    if bool(expected.state_digests) != bool(got.state_digests):
        yield "only one of the runs took state digests, so they are not compared"
    if expected.outcome == got.outcome and expected.steps != got.steps:
        yield "digests are of whole runs, so those of runs of different length are not compared"
