"""`Results.compare`: what differs first between two results, as far as both were recorded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from unit.results import fakes

from netspec.ir import nodes as ir
from netspec.results.digest import tally
from netspec.results.record import NonFinite, RunRecord, SpikeRecord
from netspec.results.results import Results

NET = fakes.network(steps=500)


def dressed(record: RunRecord, net: ir.Network = NET, **metadata: object) -> Results:
    return Results.from_record(record, net, fakes.metadata(net, record.steps) | metadata)


@pytest.fixture
def record() -> RunRecord:
    return fakes.record(NET, p=5e-3)


def without_spike(record: RunRecord, name: str, number: int) -> RunRecord:
    spikes = record.spikes[name]
    left = SpikeRecord(np.delete(spikes.steps, number), np.delete(spikes.indices, number))
    return replace(
        record,
        spikes={**record.spikes, name: left},
        tallies={**record.tallies, name: tally(left)},
    )


def with_sample(record: RunRecord, row: int, column: int) -> RunRecord:
    samples = record.states[0].copy()
    samples[row, column] = np.nextafter(samples[row, column], 0.0)
    return replace(record, states=(samples, *record.states[1:]))


def test_equal_results(record: RunRecord) -> None:
    found = dressed(record).compare(dressed(record))
    assert found.identical
    assert str(found) == "identical"


def test_the_first_spike_is_named(record: RunRecord) -> None:
    spikes = record.spikes["inh"]
    found = dressed(record).compare(dressed(without_spike(record, "inh", 3)))
    step, index = int(spikes.steps[3]), int(spikes.indices[3])
    assert not found.identical
    assert found.differences == (
        f"step {step}, at {step / 10:.15g} ms, inh[{index}]: expected a spike, got none",
    )
    back = dressed(without_spike(record, "inh", 3)).compare(dressed(record))
    assert back.differences[0].endswith("expected no spike, got one")


def test_the_first_sample_is_named_before_a_later_spike(record: RunRecord) -> None:
    other = without_spike(with_sample(record, 4, 1), "exc", -1)
    one, two = dressed(record).compare(dressed(other)).differences
    assert one.startswith("step 40, at 4 ms, exc[1], variable V: expected -0.0")
    assert two.startswith("step ")
    assert two.endswith("expected a spike, got none")


def test_only_what_both_recorded_is_looked_at(record: RunRecord) -> None:
    part = fakes.network(
        steps=500,
        spikes=(
            ir.SpikeRecording("exc", "spike", (ir.View(0, 5),), (ir.Window(100, 300),)),
            ir.SpikeRecording("inh", "spike", (ir.View(0, fakes.INH),)),
        ),
        states=(fakes.sampled("V", ir.View(1, 2), 50),),
    )
    spikes = record.spikes["exc"]
    inside = (spikes.indices < 5) & (spikes.steps >= 100) & (spikes.steps < 300)
    seen = SpikeRecord(spikes.steps[inside], spikes.indices[inside])
    less = replace(
        record, spikes={**record.spikes, "exc": seen}, states=(record.states[0][::5, 1:2],)
    )
    assert dressed(record).compare(dressed(less, part)).identical
    nudged = dressed(with_sample(record, 10, 1)).compare(dressed(less, part))
    assert nudged.differences[0].startswith("step 100, at 10 ms, exc[1], variable V: ")
    assert dressed(with_sample(record, 11, 1)).compare(dressed(less, part)).identical


def test_digests_tell_of_the_rest(record: RunRecord) -> None:
    other = replace(
        record,
        tallies={**record.tallies, "ext": replace(record.tallies["ext"], digest="0" * 64)},
        state_digests={**record.state_digests, "inh": "f" * 64},
    )
    count = record.tallies["ext"].count
    assert dressed(record).compare(dressed(other)).differences == (
        "state digest of 'inh': not the same",
        f"spike digest of 'ext': not the same, of {count} and {count} spikes",
    )


def test_numbers_of_spikes_are_compared(record: RunRecord) -> None:
    windows = (ir.Window(0, 500), ir.Window(100, 200))
    counted = (
        ir.CountRecording("inh", "inh", "spike", ir.View(3, 9), windows, per_neuron=True),
        ir.CountRecording("exc[0:9]", "exc", "spike", ir.View(0, 9), windows[:1], every=100),
    )
    net = replace(NET, count_recordings=counted)
    values = (np.zeros((2, 6), dtype=np.int64), np.zeros((5, 1), dtype=np.int64))
    one = dressed(replace(record, counts=values), net)
    assert one.compare(one).identical
    others = tuple(each.copy() for each in values)
    others[0][1, 4] = others[1][3, 0] = 2
    other = dressed(replace(record, counts=others), net)
    expected = (
        "spikes counted of 'exc[0:9]' from step 300 on: expected 0, got 2",
        "spikes counted of inh[7] from step 100 on: expected 0, got 2",
    )
    assert one.compare(other).differences == expected
    assert one.compare(dressed(record)).identical  # which counted nothing
    exc = one.objects["exc"]
    objects = {**one.objects, "exc": replace(exc, count=exc.count + 1)}
    assert one.compare(replace(one, objects=objects)).differences == (
        f"spikes of 'exc': expected {exc.count}, got {exc.count + 1}",
    )


def test_runs_of_different_length(record: RunRecord) -> None:
    short = fakes.network(steps=200)
    spikes = {
        name: SpikeRecord(each.steps[each.steps < 200], each.indices[each.steps < 200])
        for name, each in record.spikes.items()
    }
    part = replace(
        record, steps=200, spikes=spikes, states=tuple(each[:20] for each in record.states)
    )
    found = dressed(record).compare(dressed(part, short))
    assert str(found) == (
        "completed steps: expected 500, got 200\n"
        "note: digests are of whole runs, so those of runs of different length are not compared"
    )


def test_what_a_file_says_of_its_run_is_one_line(record: RunRecord) -> None:
    (note,) = dressed(record).compare(dressed(record, fingerprint="\x1b[2J\nidentical")).notes
    assert "got \\x1b[2J\\n" in note
    assert note.isprintable()


def test_ends_and_other_experiments(record: RunRecord) -> None:
    end = NonFinite(499, "exc", 3, "V")
    ended = replace(record, outcome=end, state_digests={})
    found = dressed(record).compare(dressed(ended, seed=8))
    assert found.differences == (
        "outcome: expected finite state, got a non-finite state in step 499, exc[3], variable V",
    )
    assert found.notes == (
        f"seed: expected {2**64 - 1}, got 8",
        "only one of the runs took state digests, so they are not compared",
    )


def test_other_populations(record: RunRecord) -> None:
    larger = fakes.network(steps=500, sizes=(70, 31, 20))
    assert dressed(record).compare(fakes.results(larger, p=5e-3)).differences[0] == (
        "neurons of 'inh': expected 30, got 31"
    )
    one = dressed(record)
    fewer = replace(one, objects={"exc": one.objects["exc"]})
    assert one.compare(fewer).differences[:2] == (
        "spikes of 'ext': only in the expected results",
        "spikes of 'inh': only in the expected results",
    )
    assert one.compare(replace(one, dt=0.5)).differences == (
        "length of a step: expected 0.0001 s, got 0.5 s",
    )
