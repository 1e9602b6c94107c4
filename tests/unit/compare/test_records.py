from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from unit.testing.builders import cell, event, network, population, run

from netspec.compare import record_differences, with_everything
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedNetwork
from netspec.results.digest import tally
from netspec.results.record import NonFinite, RunRecord, SpikeRecord
from netspec.units import DIMENSIONLESS

COUNTS = cell(
    "x n:integer", stages=[["x = x + 1.0", "n = n + 1"]], events=[event("x > 3.5", "x = 0.0")]
)
NET = network(
    6,
    {"a": population(COUNTS, 2, x=[0.0, 1.0]), "b": population(COUNTS, 3)},
    record=["a.x", "a.n", "b.x"],
)


@pytest.fixture
def record() -> RunRecord:
    return run(NET)


def with_spikes(record: RunRecord, name: str, *pairs: tuple[int, int]) -> RunRecord:
    columns = np.array(pairs, np.int64).reshape(-1, 2).T
    spikes = SpikeRecord(*columns)
    return replace(
        record,
        spikes={**record.spikes, name: spikes},
        tallies={**record.tallies, name: tally(spikes)},
    )


def with_sample(record: RunRecord, number: int, row: int, column: int, value: float) -> RunRecord:
    samples = record.states[number].copy()
    samples[row, column] = value
    states = list(record.states)
    states[number] = samples
    return replace(record, states=tuple(states))


def differences(expected: RunRecord, got: RunRecord, net: RealisedNetwork) -> list[str]:
    return [str(each) for each in record_differences(expected, got, net)]


def test_equal_runs_do_not_differ(record):
    assert differences(record, run(NET), NET) == []


def test_the_first_spike_of_all_objects_is_named(record):
    assert record.spikes["a"].steps.tolist() == [2, 3]
    assert record.spikes["b"].steps.tolist() == [3, 3, 3]
    got = with_spikes(record, "b", (2, 2), (3, 0), (3, 1), (3, 2))
    got = with_spikes(got, "a", (2, 1), (3, 1))
    assert differences(record, got, NET) == ["step 2, b[2]: expected no spike, got one"]
    assert differences(got, record, NET) == ["step 2, b[2]: expected a spike, got none"]
    moved = with_spikes(record, "a", (2, 1), (4, 0))
    assert differences(record, moved, NET) == ["step 3, a[0]: expected a spike, got none"]
    early = with_spikes(record, "b")
    assert differences(record, early, NET) == ["step 3, b[0]: expected a spike, got none"]


def test_a_missing_object_is_named(record):
    got = replace(record, tallies={"a": record.tallies["a"]})
    assert differences(record, got, NET) == ["spikes of 'b': only in the expected run"]


def test_digests_tell_of_spikes_that_nobody_records(record):
    got = replace(with_spikes(record, "b", (2, 2)), spikes={})
    ours, theirs = record.tallies["b"].digest, got.tallies["b"].digest
    (text,) = differences(replace(record, spikes={}), got, NET)
    assert text == f"spike digest of 'b': expected {ours}, got {theirs}"


def test_the_first_sample_of_all_recordings_is_named(record):
    got = with_sample(record, 2, 3, 1, 2.5)
    got = with_sample(got, 1, 3, 1, 7)
    got = with_sample(got, 0, 4, 0, 7.0)
    assert differences(record, got, NET) == ["step 3, a[1], variable n: expected 3, got 7"]


def test_one_bit_is_enough(record):
    got = with_sample(record, 0, 5, 0, np.nextafter(1.0, 2.0))
    assert record.states[0][5, 0] == 1.0
    assert differences(record, got, NET) == [
        (
            "step 5, a[0], variable x: expected 1.0 (0x1.0000000000000p+0), "
            "got 1.0000000000000002 (0x1.0000000000001p+0)"
        )
    ]
    got = with_sample(record, 2, 0, 0, -0.0)
    assert differences(record, got, NET)[0].startswith("step 0, b[0], variable x: expected 0.0 ")


def test_every_nan_is_the_same(record):
    one, other = with_sample(record, 0, 1, 0, math.nan), with_sample(record, 0, 1, 0, -math.nan)
    other.states[0].view(np.int64)[1, 0] ^= 1
    assert differences(one, other, NET) == []
    assert len(differences(one, record, NET)) == 1


def test_views_and_intervals_count(record):
    recordings = (
        ir.StateRecording.of_state("b", ir.Variable("x", DIMENSIONLESS), ir.View(1, 3), 2),
    )
    net = replace(NET, ir=replace(NET.ir, state_recordings=recordings))
    mine = run(net)
    got = with_sample(mine, 0, 2, 1, 9.0)
    assert differences(mine, got, net)[0].startswith("step 4, b[2], variable x:")


def test_a_sample_comes_before_a_spike_of_its_step(record):
    got = with_spikes(with_sample(record, 0, 2, 0, 9.0), "b")
    assert [text.partition(":")[0] for text in differences(record, got, NET)] == [
        "step 2, a[0], variable x",
        "step 3, b[0]",
    ]
    got = with_spikes(with_sample(record, 0, 5, 0, 9.0), "b")
    assert [text.partition(":")[0] for text in differences(record, got, NET)] == [
        "step 3, b[0]",
        "step 5, a[0], variable x",
    ]


def test_missing_samples_are_a_difference(record):
    got = replace(record, states=(record.states[0][:4], *record.states[1:]))
    assert differences(record, got, NET) == ["samples of a.x: expected 6, got 4"]
    got = replace(record, states=(record.states[0].astype(np.int64), *record.states[1:]))
    assert differences(record, got, NET) == [
        "samples of a.x: expected float64 of 2 neurons, got int64 of 2 neurons"
    ]


def test_ends_are_compared(record):
    end = NonFinite(4, "a", 1, "x")
    assert differences(record, replace(record, steps=4, outcome=end), NET) == [
        "outcome: expected finite state, got a non-finite state in step 4, a[1], variable x"
    ]
    assert differences(record, replace(record, steps=5), NET) == [
        "completed steps: expected 6, got 5"
    ]


def test_digests_of_state_are_compared(record):
    got = replace(record, state_digests={**record.state_digests, "b": "00"})
    (text,) = differences(record, got, NET)
    assert text == f"state digest of 'b': expected {record.state_digests['b']}, got 00"
    without = replace(record, state_digests={})
    assert differences(record, without, NET) == ["state digests: taken only in the expected run"]
    assert differences(without, record, NET) == ["state digests: taken only in the got run"]
    assert differences(without, without, NET) == []


def test_where_only_digests_differ_all_state_shows_it():
    full = with_everything(NET)
    names = [(each.population, each.variable, each.every) for each in full.ir.state_recordings]
    assert names == [("a", "n", 1), ("a", "x", 1), ("b", "n", 1), ("b", "x", 1)]
    record = run(full)
    assert record.states[3].shape == (6, 3)
    assert record.state_digests == run(NET).state_digests
    assert run(with_everything(NET, 2)).states[3].shape == (2, 3)


def test_counts_are_compared(record):
    everyone = ir.View(0, 2)
    counted = ir.CountRecording("a", "a", "spike", everyone, (ir.Window(0, 6),), 2, True)
    net = replace(NET, ir=replace(NET.ir, count_recordings=(counted,)))
    mine = run(net)
    (numbers,) = mine.counts
    assert numbers.tolist() == [[0, 0], [1, 1], [0, 0]]
    other = numbers.copy()
    other[1, 1] = 0
    (text,) = differences(mine, replace(mine, counts=(other,)), net)
    assert text == "'a', bin 1[1]: expected 1 spikes, got 0"
