"""How a run ends: not finite, or stopped by its caller."""

from __future__ import annotations

import math

import numpy as np
import pytest
from unit.testing.builders import (
    KEY,
    cell,
    event,
    network,
    poisson,
    population,
    projection,
    row,
    run,
    spikes,
    times,
)

from netspec.backend.protocol import RunControl
from netspec.ir import nodes as ir
from netspec.results.record import NonFinite


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
    assert row(record) == [0.0, 0.0, 0.0, 0.0, 0.0, math.inf][:steps]


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
