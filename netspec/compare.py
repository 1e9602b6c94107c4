"""Where two runs of one network differ first: never with a tolerance, spikes and state alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.ir import nodes as ir
from netspec.realise.network import RealisedNetwork
from netspec.results.record import NonFinite, RunRecord, SpikeRecord

_BEFORE, _AFTER = 0, 1
"""A sample is taken before the spikes of its step are found."""


@dataclass(frozen=True, slots=True, order=True)
class _Difference:
    """Something that differs, sorted by when it happened."""

    step: float
    phase: int
    text: str


def differences(expected: RunRecord, got: RunRecord, network: RealisedNetwork) -> list[str]:
    """Return what differs between two runs, the earliest first; nothing if they are identical.

    Of recorded spikes the first differing (step, object, index) is named, of recorded state the
    first (step, population, index, variable). Two NaN are alike; +0 and -0 are not. Of what is not
    recorded, digests say whether it differs.

    Args:
        expected: A run of the network.
        got: Another.
        network: What was run; it says what the samples are of.
    """
    found = [
        *_spike_differences(expected, got),
        *_count_differences(expected, got, network.ir),
        *_state_differences(expected, got, network.ir),
        *_outcome_differences(expected, got),
        *_digest_differences(expected, got),
    ]
    return [each.text for each in sorted(found)]


def only_digests_differ(expected: RunRecord, got: RunRecord, network: RealisedNetwork) -> bool:
    """Tell whether two runs differ in nothing but digests, which do not say where."""
    found = differences(expected, got, network)
    return len(found) == len(list(_digest_differences(expected, got))) > 0


def with_all_spikes(network: RealisedNetwork) -> RealisedNetwork:
    """Return the network with all spikes recorded of whatever has no recording of its own."""
    own = network.ir.spike_recordings
    known = {each.name for each in own}
    others = tuple(
        ir.SpikeRecording(each.owner, each.event, (ir.View(0, each.size),))
        for each in network.ir.emitters
        if each.name not in known
    )
    return replace(network, ir=replace(network.ir, spike_recordings=(*own, *others)))


def with_everything(network: RealisedNetwork, steps: int | None = None) -> RealisedNetwork:
    """Return the network with all spikes and every declared state variable recorded in every step.

    Where only digests differ, runs of this network show what differed first.

    Args:
        network: What was run.
        steps: Length of the run, if shorter.
    """
    recordings = tuple(
        ir.StateRecording.of_state(population.name, variable, ir.View(0, population.size), 1)
        for population in network.ir.populations
        for variable in population.cell.declared_state
    )
    length = network.ir.steps if steps is None else min(steps, network.ir.steps)
    schedule = replace(
        network.ir,
        spike_recordings=(),
        state_recordings=recordings,
        count_recordings=(),
        steps=length,
    )
    return with_all_spikes(replace(network, ir=schedule))


def _spike_differences(expected: RunRecord, got: RunRecord) -> Iterator[_Difference]:
    """Yield the first spike, of all objects, that only one of the runs has."""
    first: tuple[int, str, int, str] | None = None
    for name in sorted(expected.tallies.keys() ^ got.tallies.keys()):
        which = "expected" if name in expected.tallies else "got"
        yield _Difference(np.inf, _AFTER, f"spikes of '{name}': only in the {which} run")
    for name in sorted(expected.spikes.keys() & got.spikes.keys()):
        here = _first_spike(expected.spikes[name], got.spikes[name])
        if here is not None:
            step, index, what = here
            candidate = (step, name, index, what)
            first = candidate if first is None else min(first, candidate)
    if first is not None:
        step, name, index, what = first
        yield _Difference(step, _AFTER, f"step {step}, {name}[{index}]: {what}")


def _same_spikes(wanted: SpikeRecord | None, found: SpikeRecord | None) -> bool:
    """Tell whether nothing that is recorded differs."""
    return wanted is None or found is None or _first_spike(wanted, found) is None


def _first_spike(expected: SpikeRecord, got: SpikeRecord) -> tuple[int, int, str] | None:
    wanted = np.stack([expected.steps, expected.indices])
    found = np.stack([got.steps, got.indices])
    common = min(wanted.shape[1], found.shape[1])
    unlike = (wanted[:, :common] != found[:, :common]).any(axis=0)
    place = int(unlike.argmax()) if unlike.any() else common
    missing = tuple(wanted[:, place].tolist()) if place < wanted.shape[1] else None
    extra = tuple(found[:, place].tolist()) if place < found.shape[1] else None
    if missing is not None and (extra is None or missing < extra):
        return (*missing, "expected a spike, got none")
    if extra is not None:
        return (*extra, "expected no spike, got one")
    return None


def _count_differences(
    expected: RunRecord, got: RunRecord, network: ir.Network
) -> Iterator[_Difference]:
    triples = zip(network.count_recordings, expected.counts, got.counts, strict=True)
    for recording, wanted, found in triples:
        name = recording.name
        if expected.tallies.get(name) != got.tallies.get(name):
            continue  # what is counted differs
        if wanted.shape != found.shape:
            text = f"shape of counts: expected {wanted.shape}, got {found.shape}"
            yield _Difference(np.inf, _AFTER, f"'{recording.label}', {text}")
        elif (wanted != found).any():
            row, column = np.argwhere(wanted != found)[0].tolist()
            text = f"expected {wanted[row, column]} spikes, got {found[row, column]}"
            yield _Difference(np.inf, _AFTER, f"'{recording.label}', bin {row}[{column}]: {text}")


def _state_differences(
    expected: RunRecord, got: RunRecord, network: ir.Network
) -> Iterator[_Difference]:
    """Yield the first sample, of all recordings, that differs."""
    first: tuple[int, str, int, str, str] | None = None
    triples = zip(network.state_recordings, expected.states, got.states, strict=True)
    for recording, wanted, found in triples:
        name = f"{recording.population}.{recording.variable}"
        if wanted.dtype != found.dtype or wanted.shape[1:] != found.shape[1:]:
            text = f"samples of {name}: expected {_form(wanted)}, got {_form(found)}"
            yield _Difference(-1, _BEFORE, text)
            continue
        if len(wanted) != len(found):
            step = _step(recording, min(len(wanted), len(found)), network)
            text = f"samples of {name}: expected {len(wanted)}, got {len(found)}"
            yield _Difference(step, _BEFORE, text)
        common = min(len(wanted), len(found))
        here = _first_sample(wanted[:common], found[:common])
        if here is not None:
            row, column = here
            values = f"expected {_exact(wanted[here])}, got {_exact(found[here])}"
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
        yield _Difference(step, _BEFORE, text)


def _step(recording: ir.StateRecording, row: int, network: ir.Network) -> int:
    """Return the step of a sample, or the end of the run after the last one."""
    steps = chain.from_iterable(recording.samples(network.steps))
    return next(islice(steps, row, None), network.steps)


def _first_sample(wanted: npt.NDArray[Any], found: npt.NDArray[Any]) -> tuple[int, int] | None:
    unlike = wanted.view(np.int64) != found.view(np.int64)
    if wanted.dtype.kind == "f":
        unlike &= ~(np.isnan(wanted) & np.isnan(found))
    if not unlike.any():
        return None
    row, column = np.unravel_index(int(unlike.argmax()), unlike.shape)
    return int(row), int(column)


def _outcome_differences(expected: RunRecord, got: RunRecord) -> Iterator[_Difference]:
    if expected.outcome != got.outcome:
        ends = [each.outcome.step for each in (expected, got) if each.outcome is not None]
        text = f"outcome: expected {_end(expected.outcome)}, got {_end(got.outcome)}"
        yield _Difference(min(ends), _AFTER, text)
    elif expected.steps != got.steps:
        text = f"completed steps: expected {expected.steps}, got {got.steps}"
        yield _Difference(min(expected.steps, got.steps), _AFTER, text)


def _digest_differences(expected: RunRecord, got: RunRecord) -> Iterator[_Difference]:
    """Yield what differed somewhere: spikes, or state; a digest does not say where."""
    for name in sorted(expected.tallies.keys() & got.tallies.keys()):
        told, heard = expected.tallies[name], got.tallies[name]
        if told != heard and _same_spikes(expected.spikes.get(name), got.spikes.get(name)):
            text = f"spike digest of '{name}': expected {told.digest}, got {heard.digest}"
            yield _Difference(np.inf, _AFTER, text)
    if bool(expected.state_digests) != bool(got.state_digests):
        which = "expected" if expected.state_digests else "got"
        if expected.outcome == got.outcome:  # else that is said already
            yield _Difference(np.inf, _AFTER, f"state digests: taken only in the {which} run")
        return
    for name in sorted(expected.state_digests.keys() | got.state_digests.keys()):
        wanted, found = expected.state_digests.get(name), got.state_digests.get(name)
        if wanted != found:
            text = f"state digest of '{name}': expected {wanted}, got {found}"
            yield _Difference(np.inf, _AFTER, text)


def _end(outcome: NonFinite | None) -> str:
    if outcome is None:
        return "finite state"
    place = f"{outcome.population}[{outcome.index}], variable {outcome.variable}"
    return f"a non-finite state in step {outcome.step}, {place}"


def _exact(value: np.generic) -> str:
    """Return a number so that different ones look different."""
    number = value.item()
    return f"{number!r} ({number.hex()})" if isinstance(number, float) else repr(number)


def _form(samples: npt.NDArray[Any]) -> str:
    return f"{samples.dtype} of {samples.shape[1]} neurons"
