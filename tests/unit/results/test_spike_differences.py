"""What `assert_identical_spikes` says, also of runs that recorded different neurons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from unit.results import fakes

from netspec.ir import nodes as ir
from netspec.results.digest import tally
from netspec.results.record import RunRecord, SpikeRecord
from netspec.results.results import Results
from netspec.results.spike_differences import spike_differences

NET = fakes.network(steps=500)
PART = fakes.network(
    steps=500, spikes=(ir.SpikeRecording("exc", "spike", (ir.View(0, 5),), (ir.Window(100, 300),)),)
)


@pytest.fixture
def record() -> RunRecord:
    return fakes.record(NET, p=5e-3)


def recorded(spikes: SpikeRecord) -> SpikeRecord:
    """Return what of the spikes of `exc` is recorded in `PART`."""
    inside = (spikes.indices < 5) & (spikes.steps >= 100) & (spikes.steps < 300)
    return SpikeRecord(spikes.steps[inside], spikes.indices[inside])


def whole(record: RunRecord) -> Results:
    return Results.from_record(record, NET, fakes.metadata(NET, 500))


def part(record: RunRecord, number: int) -> Results:
    """Return results that recorded less, of a run without one of the spikes of `exc`."""
    spikes = record.spikes["exc"]
    left = SpikeRecord(np.delete(spikes.steps, number), np.delete(spikes.indices, number))
    tallies = {**record.tallies, "exc": tally(left)}
    less = replace(record, spikes={"exc": recorded(left)}, tallies=tallies)
    return Results.from_record(less, PART, fakes.metadata(PART, 500))


def test_the_first_spike_that_both_recorded_is_named(record: RunRecord) -> None:
    spikes, seen = record.spikes["exc"], recorded(record.spikes["exc"])
    step, index = int(seen.steps[0]), int(seen.indices[0])
    number = int(np.flatnonzero((spikes.steps == step) & (spikes.indices == index))[0])
    count = len(spikes.steps)
    assert spike_differences(whole(record), part(record, number)) == [
        f"spikes of 'exc' differ: {count} and {count - 1} of them",
        f"first difference: step {step}, exc[{index}] spikes only in the first results",
    ]


def test_what_one_did_not_record_is_said_to_be_missing(record: RunRecord) -> None:
    assert int(record.spikes["exc"].steps[0]) < 100
    assert spike_differences(whole(record), part(record, 0))[1] == (
        "what differs was not recorded; add it to the monitors to see where"
    )
