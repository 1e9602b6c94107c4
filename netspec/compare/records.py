"""What differs between what two runs of one network recorded, array by array.

Both recorded the same things, so arrays are compared one by one. `netspec.results.comparison` is
for results that may have been recorded otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import NumberArray, RealisedNetwork
from netspec.results.first import NO_SPIKE, first_sample, first_spike, first_spikes
from netspec.results.record import RunRecord, SpikeRecord
from netspec.results.text import exact, unlike_ends

BEFORE, AFTER = 0, 1
"""A sample is taken before the spikes of its step are found."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which neuron differs.

    Attributes:
        name: Of the population, or of the object that emits.
        variable: What was sampled; `None` if a spike differs.
    """

    name: str
    index: int
    variable: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """Something that differs, sorted by when it happened.

    Attributes:
        phase: `BEFORE` or `AFTER` the spikes of the step.
        text: What differs, in words.
        place: Where, if it is known.
    """

    step: float
    phase: int
    text: str
    place: Place | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.text


def record_differences(
    expected: RunRecord, got: RunRecord, network: RealisedNetwork
) -> list[Difference]:
    """Return what differs between two runs, the earliest first; nothing if they are identical.

    Of recorded spikes the first differing (step, object, index) is named, of recorded state the
    first (step, population, index, variable). Two NaN are alike; +0 and -0 are not. Of what is not
    recorded, digests say whether it differs.

    Args:
        expected: A run of the network.
        got: Another.
        network: What was run; it says what the samples are of.
    """
    return sorted(
        [
            *_spike_differences(expected, got),
            *_count_differences(expected, got, network.ir),
            *_state_differences(expected, got, network.ir),
            *_outcome_differences(expected, got),
            *_digest_differences(expected, got),
        ]
    )


def _spike_differences(expected: RunRecord, got: RunRecord) -> Iterator[Difference]:
    """Yield the first spike, of all objects, that only one of the runs has."""
    for name in sorted(expected.tallies.keys() ^ got.tallies.keys()):
        which = "expected" if name in expected.tallies else "got"
        yield Difference(np.inf, AFTER, f"spikes of '{name}': only in the {which} run")
    if firsts := first_spikes(expected.spikes, got.spikes):
        step, name, index, is_missing = firsts[0]
        text = f"step {step}, {name}[{index}]: {NO_SPIKE[is_missing]}"
        yield Difference(step, AFTER, text, Place(name, index))


def _same_spikes(wanted: SpikeRecord | None, found: SpikeRecord | None) -> bool:
    """Tell whether nothing that is recorded differs."""
    return wanted is None or found is None or first_spike(wanted, found) is None


def _count_differences(
    expected: RunRecord, got: RunRecord, network: ir.Network
) -> Iterator[Difference]:
    triples = zip(network.count_recordings, expected.counts, got.counts, strict=True)
    for recording, wanted, found in triples:
        name = recording.name
        if expected.tallies.get(name) != got.tallies.get(name):
            continue  # what is counted differs
        if wanted.shape != found.shape:
            text = f"shape of counts: expected {wanted.shape}, got {found.shape}"
            yield Difference(np.inf, AFTER, f"'{recording.label}', {text}")
        elif (wanted != found).any():
            row, column = np.argwhere(wanted != found)[0].tolist()
            text = f"expected {wanted[row, column]} spikes, got {found[row, column]}"
            yield Difference(np.inf, AFTER, f"'{recording.label}', bin {row}[{column}]: {text}")


def _state_differences(
    expected: RunRecord, got: RunRecord, network: ir.Network
) -> Iterator[Difference]:
    """Yield the first sample, of all recordings, that differs."""
    first: tuple[int, str, int, str, str] | None = None
    triples = zip(network.state_recordings, expected.states, got.states, strict=True)
    for recording, wanted, found in triples:
        name = f"{recording.population}.{recording.variable}"
        if wanted.dtype != found.dtype or wanted.shape[1:] != found.shape[1:]:
            text = f"samples of {name}: expected {_form(wanted)}, got {_form(found)}"
            yield Difference(-1, BEFORE, text)
            continue
        if len(wanted) != len(found):
            step = _step(recording, min(len(wanted), len(found)), network)
            text = f"samples of {name}: expected {len(wanted)}, got {len(found)}"
            yield Difference(step, BEFORE, text)
        common = min(len(wanted), len(found))
        here = first_sample(wanted[:common], found[:common])
        if here is not None:
            row, column = here
            values = f"expected {exact(wanted[here])}, got {exact(found[here])}"
            candidate = (
                _step(recording, row, network),
                recording.population,
                recording.view.start + column,
                recording.variable,
                values,
            )
            first = candidate if first is None else min(first, candidate)
    if first is not None:
        step, population, index, variable, values = first
        text = f"step {step}, {population}[{index}], variable {variable}: {values}"
        yield Difference(step, BEFORE, text, Place(population, index, variable))


def _step(recording: ir.StateRecording, row: int, network: ir.Network) -> int:
    """Return the step of a sample, or the end of the run after the last one."""
    steps = chain.from_iterable(recording.samples(network.steps))
    return next(islice(steps, row, None), network.steps)


def _outcome_differences(expected: RunRecord, got: RunRecord) -> Iterator[Difference]:
    text = unlike_ends((expected.outcome, got.outcome), (expected.steps, got.steps))
    if expected.outcome != got.outcome:
        ends = [each.outcome for each in (expected, got) if each.outcome is not None]
        first = min(ends, key=lambda end: (end.step, end.population, end.index, end.variable))
        yield Difference(first.step, AFTER, text, Place(first.population, first.index))
    elif text:
        yield Difference(min(expected.steps, got.steps), AFTER, text)


def _digest_differences(expected: RunRecord, got: RunRecord) -> Iterator[Difference]:
    """Yield what differed somewhere: spikes, or state; a digest does not say where."""
    for name in sorted(expected.tallies.keys() & got.tallies.keys()):
        told, heard = expected.tallies[name], got.tallies[name]
        if told != heard and _same_spikes(expected.spikes.get(name), got.spikes.get(name)):
            text = f"spike digest of '{name}': expected {told.digest}, got {heard.digest}"
            yield Difference(np.inf, AFTER, text)
    if bool(expected.state_digests) != bool(got.state_digests):
        which = "expected" if expected.state_digests else "got"
        if expected.outcome == got.outcome:  # else that is said already
            yield Difference(np.inf, AFTER, f"state digests: taken only in the {which} run")
        return
    for name in sorted(expected.state_digests.keys() | got.state_digests.keys()):
        wanted, found = expected.state_digests.get(name), got.state_digests.get(name)
        if wanted != found:
            text = f"state digest of '{name}': expected {wanted}, got {found}"
            yield Difference(np.inf, AFTER, text)


def _form(samples: NumberArray) -> str:
    return f"{samples.dtype} of {samples.shape[1]} neurons"
