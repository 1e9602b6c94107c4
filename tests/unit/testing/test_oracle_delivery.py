"""When events arrive, and what is read when they do, computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from unit.testing.builders import (
    BUCKET,
    cell,
    event,
    network,
    population,
    projection,
    row,
    run,
    spikes,
    times,
)

from netspec.ir import nodes as ir


@pytest.mark.parametrize("delay", [0, 1, 3])
def test_an_event_arrives_after_its_delay_and_is_first_felt_by_the_next_update(delay):
    feels = cell("x y", stages=[["y = y + x"]], ports={"P": ["x = x + acc"]})
    net = network(
        8,
        {"a": population(feels, 1)},
        sources={"s": (1, times((2, 0)))},
        projections={"p": projection("s", "a", "P", (0, 0, 1.0, delay))},
        record=["a.x", "a.y"],
    )
    record = run(net)
    # Delivered in step 2 + d, so the sample of step 3 + d is the first to show it in x ...
    assert row(record, 0) == [0.0] * (3 + delay) + [1.0] * (5 - delay)
    # ... and what update 3 + d makes of it is sampled one step later.
    assert row(record, 1).index(1.0) == 2 + delay + 2


def test_a_spike_of_a_population_takes_the_same_way():
    grows = cell("x", stages=[["x = x + 1.0"]], events=[event("x > 2.5", "x = 0.0")])
    net = network(
        6,
        {"a": population(grows, 1), "b": population(BUCKET, 2)},
        projections={"p": projection("a", "b", "P", (0, 0, 1.0, 0), (0, 1, 1.0, 2))},
        record=["b.x", "a.x"],
    )
    record = run(net)
    assert spikes(record, "a") == [(2, 0), (5, 0)]
    assert row(record, 0, 0) == [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    assert row(record, 0, 1) == [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]
    assert row(record, 1) == [0.0, 1.0, 2.0, 0.0, 1.0, 2.0]


def test_several_edges_between_two_neurons_are_several_events():
    counts = cell("x n:integer", ports={"P": ["x = acc", "n = n_events"]})
    net = network(
        4,
        {"a": population(counts, 2)},
        sources={"s": (2, times((1, 0), (1, 1)))},
        projections={
            "p": projection("s", "a", "P", (0, 0, 0.5, 0), (0, 0, 0.25, 0), (1, 0, -1.0, 0)),
            "q": projection("s", "a", "P", (1, 0, 8.0, 0)),
        },
        record=["a.x", "a.n"],
    )
    record = run(net)
    # Ports run in every step, also for the neuron at which nothing ever arrives.
    assert record.states[0].tolist() == [[0.0, 0.0], [0.0, 0.0], [7.75, 0.0], [0.0, 0.0]]
    assert record.states[1].tolist() == [[0, 0], [0, 0], [4, 0], [0, 0]]
    assert record.states[1].dtype == np.int64


def test_a_neuron_can_be_its_own_target():
    grows = cell(
        "x",
        stages=[["x = x + 1.0"]],
        events=[event("x > 2.5", "x = x - 3.0")],
        ports={"P": ["x = x + acc"]},
    )
    net = network(
        5,
        {"a": population(grows, 1)},
        projections={"p": projection("a", "a", "P", (0, 0, 0.5, 0), (0, 0, 2.0, 1))},
        record=["a.x"],
    )
    # Spike in step 2: 3 + 0.5 - 3; the update of step 3 makes 1.5, and 2 arrives.
    assert row(run(net)) == [0.0, 1.0, 2.0, 0.5, 3.5]


@pytest.mark.parametrize(("step", "expected"), [(0, 7.0), (2, 7.0), (3, 7.0), (4, 1.0)])
def test_the_weight_is_that_of_the_arrival(step, expected):
    net = network(
        6,
        {"a": population(BUCKET, 1)},
        sources={"s": (1, times((0, 0)))},
        projections={"p": projection("s", "a", "P", (0, 0, 1.0, 3))},
        timeline=[(step, ir.SetWeight("p"), np.array([7.0]))],
        record=["a.x"],
    )
    assert row(run(net))[-1] == expected


@pytest.mark.parametrize("connected", [False, True])
@pytest.mark.parametrize(("step", "changed"), [(0, True), (2, True), (3, True), (4, False)])
def test_whether_a_projection_is_connected_is_seen_at_the_arrival(connected, step, changed):
    action = ir.Disconnect("p") if connected else ir.Connect("p")
    net = network(
        6,
        {"a": population(BUCKET, 1)},
        sources={"s": (1, times((0, 0)))},
        projections={"p": projection("s", "a", "P", (0, 0, 1.0, 3), connected=connected)},
        timeline=[(step, action, None)],
        record=["a.x"],
    )
    assert row(run(net))[-1] == float(connected is not changed)


def test_events_dropped_while_disconnected_do_not_come_later():
    net = network(
        9,
        {"a": population(BUCKET, 1)},
        sources={"s": (1, times(*((k, 0) for k in range(6))))},
        projections={"p": projection("s", "a", "P", (0, 0, 1.0, 2))},
        timeline=[(3, ir.Disconnect("p"), None), (5, ir.Connect("p"), None)],
        record=["a.x"],
    )
    assert row(run(net)) == [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 3.0, 4.0]


def test_entries_of_one_step_are_carried_out_in_order():
    net = network(
        3,
        {"a": population(BUCKET, 1)},
        sources={"s": (1, times((0, 0), (1, 0)))},
        projections={"p": projection("s", "a", "P", (0, 0, 1.0, 0))},
        timeline=[
            (1, ir.Disconnect("p"), None),
            (1, ir.SetWeight("p"), np.array([3.0])),
            (1, ir.SetWeight("p"), np.array([4.0])),
            (1, ir.Connect("p"), None),
        ],
        record=["a.x"],
    )
    assert row(run(net)) == [0.0, 1.0, 5.0]
