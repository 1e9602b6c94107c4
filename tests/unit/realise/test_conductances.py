"""Negative weights onto a receptor that takes conductances are a warning."""

from __future__ import annotations

from typing import Any

import pytest
from unit.documents import small

from netspec.errors import Diagnostic
from netspec.passes import pipeline, predict

PLACE = "projections.beat_exc.weight"
LATER = 'timeline[0].set["beat_exc.weight"]'


def warned(weight: Any, **changes: Any) -> list[Diagnostic]:
    report = pipeline.check(small({PLACE: weight, "timeline": [], **changes}))
    assert report.ok
    return list(report.diagnostics)


@pytest.mark.parametrize("weight", ["1 nS", "0 nS", "-0 nS", "(1 + i)*nS", ["1 nS"] * 20])
def test_conductances_that_are_not_negative_are_fine(weight: Any) -> None:
    assert warned(weight) == []


@pytest.mark.parametrize(
    ("weight", "place", "message"),
    [
        ("-2 nS", PLACE, "the weight -2 nS of 'beat_exc' is negative"),
        ("-2*nS", PLACE, "the weight -2 nS of 'beat_exc' is negative"),
        (["1 nS"] * 12 + ["-3 nS"] * 8, f"{PLACE}[12]", "the weight -3 nS of 'beat_exc'"),
        ("(1 - 2*i)*nS", PLACE, "10 of 20 weights of 'beat_exc', down to -1 nS, are negative"),
    ],
)
def test_a_negative_one_is_shown_where_it_is_written(weight: Any, place: str, message: str) -> None:
    pairs = [[number // 10, number % 10] for number in reversed(range(20))]
    (problem,) = warned(weight, **{"projections.beat_exc.rule": {"explicit": {"pairs": pairs}}})
    assert (problem.code, problem.severity) == ("negative-conductance", "warning")
    assert problem.path == place
    assert problem.message.startswith(message)


def test_drawn_weights_are_looked_at_once_they_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    normal = {"mean": "1 nS", "sd": "1 nS"}
    (problem,) = warned({"normal": normal})
    assert problem.hints[0] == 'bound the distribution: "redraw": ["0 nS", null]'
    assert warned({"normal": {**normal, "redraw": ["0 nS", None]}}) == []
    monkeypatch.setattr(predict, "MAX_CHECKED_EDGES", 0)
    assert warned({"normal": normal}) == []
    assert len(warned("-1 nS")) == 1


def test_the_timeline_can_bring_them() -> None:
    entry = {"at": "1 ms", "set": {"beat_exc.weight": "(0.5 - i)*nS"}}
    (problem,) = warned("1 nS", timeline=[entry])
    assert problem.path == LATER
    assert problem.message.startswith("10 of 20 weights")


def test_each_value_is_told_for_itself() -> None:
    entry = {"at": "1 ms", "set": {"beat_exc.weight": "-1 nS"}}
    assert [each.path for each in warned("-1 nS", timeline=[entry])] == [PLACE, LATER]


def test_currents_and_jumps_may_be_negative() -> None:
    current = {"cells.lif.receptors.GABA": {"model": "curr_exp", "tau_decay": "7.5 ms"}}
    assert warned("-2 pA", **current) == []
    assert warned("-2 mV", **{"cells.lif.receptors.GABA": {"model": "delta"}}) == []


def test_a_gap_junction_has_a_conductance_too() -> None:
    gaps = {"source": "exc", "target": "exc", "receptor": "gap", "rule": {"one_to_one": {}}}
    gap = {"cells.lif.receptors.gap": {"model": "gap_junction"}}
    (problem,) = warned("1 nS", **gap, **{"projections.gaps": gaps | {"weight": "-1 nS"}})
    assert problem.path == "projections.gaps.weight"
