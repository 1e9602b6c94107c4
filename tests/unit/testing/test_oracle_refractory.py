"""What a refractory neuron does not do, step by step."""

from __future__ import annotations

import numpy as np
import pytest
from unit.testing.builders import (
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
