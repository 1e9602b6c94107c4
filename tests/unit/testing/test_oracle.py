"""Each rule of the contract, computed by hand for a case as small as can be."""

from __future__ import annotations

import hashlib
import math
import struct
from dataclasses import replace

import numpy as np
import pytest
from unit.testing.builders import (
    cell,
    event,
    network,
    poisson,
    population,
    projection,
    run,
    spikes,
    thresholds,
    times,
)

from netspec.backend.program import Program
from netspec.backend.protocol import RunControl
from netspec.errors import InternalError
from netspec.ir import nodes as ir
from netspec.ir.features import FEATURES
from netspec.results.record import NonFinite
from netspec.testing.oracle import backend

INF = math.inf

# Adds up what arrives: a sample in step k shows what was delivered before step k.
BUCKET = cell("x", ports={"P": ["x = x + acc"]})


def row(record, number=0, neuron=0):
    """All samples of one neuron."""
    return record.states[number][:, neuron].tolist()


# --- delays ------------------------------------------------------------------------------------


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


# --- the order of a step -----------------------------------------------------------------------


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
    recordings = (
        ir.StateRecording("a", "x", ir.View(1, 3), 3),
        ir.StateRecording("a", "x", ir.View(2, 2), 1),
        ir.StateRecording("a", "x", ir.View(3, 4), 7),
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


# --- refractoriness ----------------------------------------------------------------------------

HELD = [
    "_held = _refractory > 0",
    "_refractory = where(_refractory > 0, _refractory - 1, _refractory)",
]
TIRED = cell(
    "V u _refractory:integer",
    parameters="_period:integer drive",
    local="_held:truth",
    stages=[HELD, ["V = where(_held, V, V + drive)", "u = u + 1.0"]],
    events=[event("V > 0.5 and not _held", "V = 0.0", immediate=["_refractory = _period"])],
    ports={"K": ["V = where(_refractory > 0, V, V + acc)"]},
)


def test_a_spike_holds_the_following_updates_and_the_shortest_interval_is_one_longer():
    net = network(
        12,
        {"a": population(TIRED, 4, drive=1.0, _period=[0, 1, 2, 5])},
        record=["a.V", "a.u"],
    )
    record = run(net)
    for neuron, period in enumerate([0, 1, 2, 5]):
        expected = list(range(0, 12, period + 1))
        assert [k for k, i in spikes(record, "a") if i == neuron] == expected
    # What is not held moves on.
    assert row(record, 1, 3) == [float(k) for k in range(12)]


@pytest.mark.parametrize("period", [0, 1, 3])
def test_a_spike_in_step_k_shuts_deliveries_k_to_k_plus_period_minus_1(period):
    spike, weight = 2, 0.001
    net = network(
        9,
        {"a": population(TIRED, 1, _period=period)},
        sources={"s": (1, times(*((k, 0) for k in range(9))))},
        projections={"p": projection("s", "a", "K", (0, 0, weight, 0))},
        timeline=[(spike, ir.SetState("a", "V", ir.View(0, 1)), np.array([1.0]))],
        record=["a.V"],
    )
    record = run(net)
    assert spikes(record, "a") == [(spike, 0)]
    # A delivery in step k shows in the sample of k + 1; that of the spike's step is reset.
    expected, value = [0.0], 0.0
    for k in range(8):
        if k == spike:
            value = 0.0
        elif not spike <= k < spike + period:
            value = value + weight
        expected.append(value)
    expected[spike] = 1.0
    assert row(record) == expected


def test_a_held_neuron_keeps_a_value_above_the_threshold_and_fires_later():
    net = network(
        6,
        {"a": population(TIRED, 1, V=1.0, _period=3)},
        timeline=[(1, ir.SetState("a", "V", ir.View(0, 1)), np.array([2.0]))],
    )
    assert spikes(run(net), "a") == [(0, 0), (4, 0)]


def test_the_period_is_read_when_the_neuron_spikes():
    net = network(
        9,
        {"a": population(TIRED, 1, drive=1.0, _period=3)},
        timeline=[(1, ir.SetParameter("a", "_period", ir.View(0, 1)), np.array([1]))],
    )
    assert spikes(run(net), "a") == [(0, 0), (4, 0), (6, 0), (8, 0)]


def test_a_jump_at_the_next_update_is_not_decayed_and_one_at_once_is():
    at_once = cell("V", stages=[["V = V*0.5"]], ports={"K": ["V = V + acc"]})
    later = cell(
        "V pending",
        stages=[["V = V*0.5"], ["V = V + pending"]],
        ports={"K": ["pending = acc"]},
    )
    net = network(
        6,
        {"a": population(at_once, 1), "b": population(later, 1)},
        sources={"s": (1, times((1, 0)))},
        projections={
            "p": projection("s", "a", "K", (0, 0, 1.0, 1)),
            "q": projection("s", "b", "K", (0, 0, 1.0, 1)),
        },
        record=["a.V", "b.V"],
    )
    record = run(net)
    assert row(record, 0) == [0.0, 0.0, 0.0, 1.0, 0.5, 0.25]
    assert row(record, 1) == [0.0, 0.0, 0.0, 0.0, 1.0, 0.5]


# --- what is read when an event arrives ----------------------------------------------------------


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


# --- sources -----------------------------------------------------------------------------------


def test_listed_events_without_delay_arrive_in_their_own_step():
    net = network(
        3,
        {"a": population(BUCKET, 2)},
        sources={"s": (2, times((0, 1), (1, 0)))},
        projections={"p": projection("s", "a", "P", (0, 0, 1.0, 0), (1, 1, 1.0, 0))},
        record=["a.x"],
    )
    record = run(net)
    assert spikes(record, "s") == [(0, 1), (1, 0)]
    assert record.states[0].tolist() == [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]]


KEY = (0x12345678, 0x9ABCDEF0)


def draw(step: int, neuron: int) -> int:
    """The 64-bit draw, from the definition of Philox4x32-10 and nothing else."""

    def word(lane: int) -> int:
        counter = [neuron // 4, step, lane, 0]
        for number in range(10):
            key = [
                (KEY[0] + number * 0x9E3779B9) % 2**32,
                (KEY[1] + number * 0xBB67AE85) % 2**32,
            ]
            high0, low0 = divmod(0xD2511F53 * counter[0], 2**32)
            high1, low1 = divmod(0xCD9E8D57 * counter[2], 2**32)
            counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0]
        return counter[neuron % 4]

    return word(0) * 2**32 + word(1)


def test_poisson_sources_fire_where_the_draw_is_below_the_threshold():
    rates = [0.0, 1.0, 0.3, 0.3, 0.05, 0.7, 0.3]
    steps = 60
    net = network(steps, {"a": population(BUCKET, 1)}, sources={"s": (7, poisson(KEY, *rates))})
    expected = [(k, i) for k in range(steps) for i, p in enumerate(rates) if draw(k, i) < p * 2**64]
    assert spikes(run(net), "s") == expected
    assert [k for k, i in expected if i == 1] == list(range(steps))


def test_a_draw_is_compared_in_all_its_64_bits():
    u = draw(0, 0)
    sources = {}
    for name, limit in (("above", u + 1), ("at", u)):
        source = poisson(KEY, 0.5)
        exact = replace(
            source.thresholds,
            high=np.array([limit >> 32], np.uint64),
            low=np.array([limit & 0xFFFFFFFF], np.uint32),
        )
        sources[name] = (1, replace(source, thresholds=exact))
    record = run(network(1, {"a": population(BUCKET, 1)}, sources=sources))
    assert spikes(record, "above") == [(0, 0)]
    assert spikes(record, "at") == []


def test_a_new_rate_changes_thresholds_and_no_draw():
    action = ir.SetRate("s", ir.View(1, 3))
    net = network(
        40,
        {"a": population(BUCKET, 1)},
        sources={"s": (4, poisson(KEY, 0.4, 0.4, 0.4, 0.4))},
        timeline=[(20, action, thresholds(0.1, 1.0))],
    )
    expected = [
        (k, i)
        for k in range(40)
        for i, p in enumerate([0.4, 0.1, 1.0, 0.4] if k >= 20 else [0.4] * 4)
        if draw(k, i) < p * 2**64
    ]
    assert spikes(run(net), "s") == expected


# --- the end of a run --------------------------------------------------------------------------


def test_an_overflow_that_the_reset_of_its_step_would_hide():
    hides = cell("x", stages=[["x = x*1e200"]], events=[event("x > 1.0", "x = 0.0")])
    net = network(
        9,
        {"a": population(hides, 3, x=[0.0, 0.0, 1e-300])},
        sources={"s": (1, poisson(KEY, 1.0))},
        timeline=[(2, ir.SetState("a", "x", ir.View(1, 2)), np.array([1e200]))],
        record=["a.x"],
    )
    record = run(net)
    # Neuron 2: 1e-300, 1e-100, then 1e100 > 1, a spike in step 1.
    assert record.outcome == NonFinite(2, "a", 1, "x")
    assert record.steps == 2
    assert spikes(record, "a") == [(1, 2)]
    assert spikes(record, "s") == [(0, 0), (1, 0)]
    assert record.states[0].tolist() == [
        [0.0, 0.0, 1e-300],
        [0.0, 0.0, 1e-300 * 1e200],
        [0, 1e200, 0],
    ]


def test_the_first_is_that_of_the_first_population_then_neuron_then_variable():
    breaks = cell(
        "b a n:integer",
        stages=[["a = where(n == 2, 0.0/0.0, a)", "b = where(n >= 2, 1.0/0.0, b)", "n = n + 1"]],
    )
    net = network(
        9,
        {
            "B": population(breaks, 1, n=1),
            "a": population(breaks, 3, n=[0, 1, 1]),
            "b": population(breaks, 1, n=1),
        },
    )
    assert run(net).outcome == NonFinite(1, "B", 0, "a")
    populations = {"a": population(breaks, 3, n=[0, 1, 1]), "b": population(breaks, 1, n=1)}
    assert run(network(9, populations)).outcome == NonFinite(1, "a", 1, "a")


@pytest.mark.parametrize(
    ("steps", "end"), [(4, None), (5, NonFinite(5, "a", 0, "x")), (6, NonFinite(5, "a", 0, "x"))]
)
def test_what_a_port_breaks_is_found_after_the_next_update_or_the_end(steps, end):
    net = network(
        steps,
        {"a": population(cell("x", ports={"P": ["x = x + acc*1e308*10.0"]}), 1)},
        sources={"s": (1, times((1, 0)))},
        projections={"p": projection("s", "a", "P", (0, 0, 1.0, 3))},
        record=["a.x"],
    )
    record = run(net)
    assert record.outcome == end
    assert record.steps == min(steps, 5)
    assert row(record) == [0.0, 0.0, 0.0, 0.0, 0.0, INF][:steps]


def test_state_must_be_finite_from_the_start():
    net = network(
        3,
        {"a": population(cell("x", stages=[["x = 0.0"]]), 2, x=[0.0, math.nan])},
        sources={"s": (1, times((0, 0)))},
        record=["a.x"],
    )
    record = run(net)
    assert record.outcome == NonFinite(0, "a", 1, "x")
    assert record.steps == 0
    assert spikes(record, "s") == []
    assert record.states[0].shape == (0, 2)


def test_only_what_the_author_declared_must_be_finite():
    breaks = cell("x _scratch", stages=[["_scratch = 1.0/0.0"]])
    assert run(network(2, {"a": population(breaks, 1)})).outcome is None


def test_a_run_ends_after_the_step_in_which_its_caller_wants_to_stop():
    done: list[int] = []
    control = RunControl(progress=done.append, should_stop=lambda: len(done) == 3)
    grows = cell("x", stages=[["x = x + 1.0"]], events=[event("x > 0.0")])
    record = run(network(9, {"a": population(grows, 1)}, record=["a.x"]), control)
    assert (record.steps, record.outcome) == (3, None)
    assert row(record) == [0.0, 1.0, 2.0]
    assert spikes(record, "a") == [(0, 0), (1, 0), (2, 0)]
    assert done == [1, 2, 3]


# --- digests -----------------------------------------------------------------------------------


def test_state_digests_cover_the_raw_bits_at_every_thousandth_step_and_the_end():
    model = cell(
        "b a n:integer _scratch _refractory:integer",
        stages=[["a = a + 0.1", "b = -b", "n = n - 1", "_scratch = a", "_refractory = 3 - n"]],
    )
    record = run(network(2001, {"p": population(model, 2, b=[0.0, 2.0])}))
    digest = hashlib.sha256()
    a = 0.0
    for k in range(2002):
        if k % 1000 == 0 or k == 2001:
            sign = -1.0 if k % 2 else 1.0
            digest.update(struct.pack("<2d", a, a))
            digest.update(struct.pack("<2d", sign * 0.0, sign * 2.0))
            digest.update(struct.pack("<2q", -k, -k))
            digest.update(struct.pack("<2q", *([3 - (1 - k) if k else 0] * 2)))
        a = a + 0.1
    assert record.state_digests == {"p": digest.hexdigest()}


def test_the_countdown_counts_as_zero_where_there_is_none():
    record = run(network(1, {"p": population(cell("x"), 3, x=1.5)}))
    once = struct.pack("<3d3q", 1.5, 1.5, 1.5, 0, 0, 0)
    assert record.state_digests == {"p": hashlib.sha256(once * 2).hexdigest()}


def test_a_run_that_became_non_finite_has_no_state_digests():
    breaks = cell("x", stages=[["x = 1.0/0.0"]])
    record = run(network(5, {"p": population(breaks, 1)}))
    assert record.state_digests == {}


# --- the backend -------------------------------------------------------------------------------


def test_the_oracle_supports_every_feature():
    assert backend.capabilities.supported == FEATURES.keys()
    assert not backend.capabilities.unsupported


def test_its_program_is_text_to_read():
    net = network(1, {"a": population(BUCKET, 1)})
    program = backend.emit(net, backend.options())
    assert program.entry in program.files
    assert "x = x + acc" in program.files[program.entry]
    assert program.files == backend.emit(net, backend.options()).files


def test_it_runs_only_what_it_emitted():
    with pytest.raises(InternalError, match="emitted in this process"):
        backend.build(Program("oracle", "a", {"a": ""}, {}), backend.options())
