"""The order of a step, each rule for a case as small as can be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
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
from netspec.units import DIMENSIONLESS


def test_a_stage_reads_values_from_before_it_and_stages_follow_one_another():
    swaps = cell("x y", stages=[["x = y", "y = x"], ["x = x*10.0"]])
    record = run(network(3, {"a": population(swaps, 1, x=1.0, y=2.0)}, record=["a.x", "a.y"]))
    assert row(record, 0) == [1.0, 20.0, 10.0]
    assert row(record, 1) == [2.0, 1.0, 20.0]


def test_statements_of_a_reset_and_of_a_port_run_in_sequence():
    steps = cell(
        "x y",
        events=[event("x > 0.5", "y = x + 1.0", "x = y*2.0")],
        ports={"P": ["x = x + acc", "y = x"]},
    )
    net = network(
        2,
        {"a": population(steps, 1)},
        sources={"s": (1, times((0, 0)))},
        projections={"p": projection("s", "a", "P", (0, 0, 1.0, 0))},
        record=["a.x", "a.y"],
    )
    record = run(replace(net, ir=replace(net.ir, steps=3)))
    assert row(record, 0) == [0.0, 1.0, 4.0]
    assert row(record, 1) == [0.0, 1.0, 2.0]


def test_what_fires_is_fixed_before_anything_is_delivered_or_reset():
    tense = cell("x", events=[event("x > 0.5", "x = 0.0")], ports={"P": ["x = x + acc"]})
    net = network(
        3,
        {"a": population(tense, 2, x=[1.0, 0.0])},
        projections={"p": projection("a", "a", "P", (0, 1, 1.0, 0))},
    )
    # Neuron 1 is pushed over the threshold in step 0 and fires in step 1.
    assert spikes(run(net), "a") == [(0, 0), (1, 1)]


def test_reset_comes_after_the_ports():
    tense = cell("x", events=[event("x > 0.5", "x = -1.0")], ports={"P": ["x = x + acc"]})
    net = network(
        2,
        {"a": population(tense, 1, x=1.0)},
        sources={"s": (1, times((0, 0)))},
        projections={"p": projection("s", "a", "P", (0, 0, 5.0, 0))},
        record=["a.x"],
    )
    assert row(run(net)) == [1.0, -1.0]


def test_immediate_statements_come_before_the_ports():
    shut = cell(
        "x flag:integer",
        events=[event("x > 0.5", "x = 0.0", immediate=["flag = 1"])],
        ports={"P": ["x = where(flag == 1, x, x + acc)"]},
    )
    net = network(
        2,
        {"a": population(shut, 2, x=[1.0, 0.0])},
        sources={"s": (1, times((0, 0)))},
        projections={"p": projection("s", "a", "P", (0, 0, 5.0, 0), (0, 1, 5.0, 0))},
        record=["a.x"],
    )
    assert run(net).states[0].tolist() == [[1.0, 0.0], [0.0, 5.0]]


def test_the_timeline_comes_before_the_samples_and_they_before_the_update():
    grows = cell("x", stages=[["x = x + rate"]], parameters="rate")
    net = network(
        4,
        {"a": population(grows, 3, rate=1.0)},
        timeline=[
            (1, ir.SetState("a", "x", ir.View(0, 2)), np.array([10.0, 20.0])),
            (1, ir.SetState("a", "x", ir.View(1, 2)), np.array([30.0])),
            (2, ir.SetParameter("a", "rate", ir.View(2, 3)), np.array([5.0])),
        ],
        record=["a.x"],
    )
    expected = [[0.0, 0.0, 0.0], [10.0, 30.0, 1.0], [11.0, 31.0, 2.0], [12.0, 32.0, 7.0]]
    assert run(net).states[0].tolist() == expected


def test_a_parameter_of_the_population_is_set_for_all():
    grows = cell("x", stages=[["x = x + rate"]], parameters="rate")
    action = ir.SetParameter("a", "rate", ir.View(0, 2))
    net = network(
        2,
        {"a": population(grows, 2, rate=1.0)},
        timeline=[(0, action, np.array(2.0))],
        record=["a.x"],
    )
    assert run(net).states[0].tolist() == [[0.0, 0.0], [2.0, 2.0]]


def test_recordings_see_a_view_and_every_nth_step():
    grows = cell("x", stages=[["x = x + 1.0"]])
    net = network(7, {"a": population(grows, 4, x=[0.0, 10.0, 20.0, 30.0])})
    x = ir.Variable("x", DIMENSIONLESS)
    recordings = (
        ir.StateRecording.of_state("a", x, ir.View(1, 3), 3),
        ir.StateRecording.of_state("a", x, ir.View(2, 2), 1),
        ir.StateRecording.of_state("a", x, ir.View(3, 4), 7),
    )
    record = run(replace(net, ir=replace(net.ir, state_recordings=recordings)))
    assert record.states[0].tolist() == [[10.0, 20.0], [13.0, 23.0], [16.0, 26.0]]
    assert record.states[1].shape == (7, 0)
    assert record.states[2].tolist() == [[30.0]]


def test_time_is_that_of_the_start_of_the_step():
    clock = cell("x", stages=[["x = t + 0.0*dt"]])
    record = run(network(4, {"a": population(clock, 1)}, record=["a.x"], dt=0.1))
    assert row(record) == [0.0, 0.0 * 0.1, 1.0 * 0.1, 2.0 * 0.1]


def test_events_beside_spike_act_but_do_not_emit():
    busy = cell(
        "x n:integer",
        stages=[["x = x + 1.0"]],
        events=[
            event("x > 2.5", "x = 0.0", "n = n*10"),
            event("x > 0.5", "n = n + 1", name="awake"),
        ],
    )
    net = network(
        4,
        {"a": population(busy, 1), "b": population(BUCKET, 1)},
        projections={"p": projection("a", "b", "P", (0, 0, 1.0, 0))},
        record=["a.n", "b.x"],
    )
    record = run(net)
    assert spikes(record, "a") == [(2, 0)]
    # In step 2 both happen, `spike` first: (2*10) + 1.
    assert row(record, 0) == [0, 1, 2, 21]
    assert row(record, 1) == [0.0, 0.0, 0.0, 1.0]
