"""Spikes of sources: listed ones, and Poisson draws from the definition of Philox."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from unit.testing.builders import (
    BUCKET,
    KEY,
    network,
    poisson,
    population,
    projection,
    run,
    spikes,
    thresholds,
    times,
)

from netspec.ir import nodes as ir


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
