"""Replay: what becomes of a network whose populations are listened to no more."""

from __future__ import annotations

from dataclasses import replace

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
from netspec.passes.verify import verify
from netspec.realise.replay import replayed_objects, replayed_schedule, with_replay

COUNTING = cell(
    "x",
    stages=[["x = x + 1.0"]],
    events=[event("x > 2.5", "x = 0.0"), event("x > 1.5", name="half")],
)
NET = network(
    8,
    {"a": population(COUNTING, 2, x=[0.0, 1.0]), "b": population(BUCKET, 1)},
    sources={"in": (1, times((0, 0)))},
    projections={
        "a_b": projection("a", "b", "P", (0, 0, 1.0, 1), (1, 0, 8.0, 0)),
        "in_b": projection("in", "b", "P", (0, 0, 64.0, 2)),
    },
    record=["a.x", "b.x"],
)


def test_listeners_get_what_is_listed_with_the_delays_of_their_edges() -> None:
    driven = with_replay(NET, {"a": times((1, 0), (4, 1), (9, 0))})
    verify(driven.ir)
    record = run(driven)
    assert row(record, 1) == [0.0, 0.0, 0.0, 65.0, 65.0, 73.0, 73.0, 73.0]
    assert spikes(record, "a") == spikes(run(NET), "a")
    assert row(record, 0) == row(run(NET), 0)


def test_what_is_not_heard_and_inputs_stay() -> None:
    assert [each.name for each in replayed_objects(NET.ir)] == ["a"]
    schedule = replayed_schedule(NET.ir)
    assert [each.name for each in schedule.sources] == ["_replayed_a", "in"]
    ends = [(each.name, each.source, each.event) for each in schedule.projections]
    assert ends == [("a_b", "_replayed_a", "spike"), ("in_b", "in", "spike")]
    assert schedule.populations == NET.ir.populations


def test_own_spikes_of_what_is_heard_are_recorded_in_full() -> None:
    part = replace(NET.ir, spike_recordings=(ir.SpikeRecording("a", "spike", (ir.View(0, 1),)),))
    (recording,) = replayed_schedule(part).spike_recordings
    assert recording == ir.SpikeRecording("a", "spike", (ir.View(0, 2),))


def test_named_events_are_replayed_too_and_names_stay_apart() -> None:
    """`a_half` is a population, and `half` an event of `a`."""
    heard = ir.Projection("half_b", "a", "half", "b", "P", True)
    also = ir.Projection("other_b", "a_half", "spike", "b", "P", True)
    whole = replace(
        NET.ir,
        populations=(
            NET.ir.populations[0],
            replace(NET.ir.populations[0], name="a_half"),
            NET.ir.populations[1],
        ),
        projections=(*NET.ir.projections, heard, also),
    )
    schedule = replayed_schedule(whole)
    assert [each.name for each in schedule.sources] == [
        "_replayed_a",
        "_replayed_a_half",
        "_replayed_a_half_",
        "in",
    ]
    ends = {each.name: each.source for each in schedule.projections}
    assert ends["half_b"] != ends["other_b"]
    verify(schedule)
