"""`check` reports whatever `run` would refuse, all of it, and is quick about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from unit.documents import small

from netspec.errors import OutOfRangeError, SpecError
from netspec.passes import pipeline, predict
from netspec.realise.rules import RULES, ConnectionRule, Edges

PROBLEMS: dict[str, Any] = {
    "populations.exc.parameters.I_e": "1*pA/i",
    "populations.inh.initial.V": "log(-i)*mV",
    "inputs.ext.rate": "2000*i*hertz",
    "projections.ext_exc.weight": "1*nS/i",
    "projections.exc_inh.delay": "0.15*ms*j",
    "timeline": [
        {"at": "1 ms", "set": {"inh.t_ref": "0.05*ms*i", "inh.V": "1*mV/i"}},
        {"at": "2 ms", "set": {"beat_exc.weight": "2 nS"}},
    ],
    "inputs.other": {"model": "poisson", "size": 2, "rate": "-5 Hz"},
    "projections.beat_exc": {
        "source": "beat",
        "target": "exc",
        "receptor": "GABA",
        "rule": {"all_to_all": {}},
        "weight": "1e-9 nS",
        "delay": "0 ms",
    },
}

EXPECTED = [
    ("not-finite", "populations.exc.parameters.I_e"),
    ("not-finite", "populations.inh.initial.V"),
    ("out-of-range", "inputs.ext.rate"),
    ("out-of-range", "inputs.other.rate"),
    ("not-a-multiple-of-dt", "projections.exc_inh.delay"),
    ("not-finite", "projections.ext_exc.weight"),
    ("weight-range", "projections.beat_exc.weight"),
]


def found(changes: dict[str, Any]) -> list[tuple[str, str]]:
    report = pipeline.check(small(changes))
    assert not report.ok
    assert report.ir is None
    return [(each.code, each.path) for each in report.diagnostics]


def test_problems_of_all_objects_are_reported_at_once() -> None:
    assert found(PROBLEMS) == EXPECTED


def test_run_raises_what_check_reports() -> None:
    with pytest.raises(SpecError) as caught:
        pipeline.realised(small(PROBLEMS))
    assert [(each.code, each.path) for each in caught.value.diagnostics] == EXPECTED


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        ("exc.V", "1*mV/i", "not-finite"),
        ("exc.t_ref", "0.05*ms*i", "not-a-multiple-of-dt"),
        ("ext.rate", "20 kHz", "out-of-range"),
        ("ext_exc.weight", "1*nS/i", "not-finite"),
    ],
)
def test_values_of_the_timeline_are_looked_at(place: str, value: str, code: str) -> None:
    entry = {"at": "1 ms", "set": {place: value}}
    (problem,) = pipeline.check(small({"timeline": [entry]})).diagnostics
    assert (problem.code, problem.path) == (code, f'timeline[0].set["{place}"]')


def test_entries_for_several_objects_are_reported_one_for_each() -> None:
    later = {"exc.V": "1*mV/i", "exc.I_e": "1*pA/i", "inh.V": "1*mV/i", "ext.rate": "-i*hertz"}
    assert found({"timeline": [{"at": "1 ms", "set": later}]}) == [
        ("not-finite", 'timeline[0].set["exc.I_e"]'),
        ("out-of-range", 'timeline[0].set["ext.rate"]'),
        ("not-finite", 'timeline[0].set["inh.V"]'),
    ]


def test_a_value_that_two_populations_share_is_reported_once() -> None:
    assert found({"cells.lif.I_e": "1*pA/i"}) == [("not-finite", "cells.lif.I_e")]


def test_rates_out_of_range_are_an_outcome_of_their_own_if_nothing_else_is_wrong() -> None:
    rates = {"inputs.ext.rate": "-1 Hz"}
    with pytest.raises(OutOfRangeError):
        pipeline.realised(small(rates))
    with pytest.raises(SpecError) as caught:
        pipeline.realised(small({**rates, "cells.lif.I_e": "1*pA/i"}))
    assert not isinstance(caught.value, OutOfRangeError)


# Many edges


def large(changes: dict[str, Any]) -> dict[str, Any]:
    """Return changes that give one projection more edges than `check` draws; the other is small."""
    return {
        "populations.exc.size": 10_000,
        "populations.exc.initial": {},
        "projections.exc_inh.target": "exc",
        "projections.exc_inh.delay": "0 ms",
        **changes,
    }


def test_the_largest_projections_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def counted(rule: ConnectionRule) -> Callable[..., Edges]:
        connect = rule.connect
        return lambda own, *others: drawn.append(own.name) or connect(own, *others)

    for rule in RULES.values():
        monkeypatch.setattr(rule, "connect", counted(rule))
    report = pipeline.check(small(large({})), max_memory=16 * 10**9)
    assert report.ok
    assert report.undrawn == ("exc_inh",)
    assert drawn == ["all_to_all", "pairwise_bernoulli"]


def test_projections_are_drawn_from_the_smallest_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = small()  # 50 edges and some, 40, and 20
    assert pipeline.check(network).undrawn == ()
    monkeypatch.setattr(predict, "MAX_CHECKED_EDGES", 80)
    assert pipeline.check(network).undrawn == ("ext_exc",)
    monkeypatch.setattr(predict, "MAX_CHECKED_EDGES", 60)
    assert pipeline.check(network).undrawn == ("exc_inh", "ext_exc")


def test_weights_that_are_written_count_even_if_their_edges_are_not_drawn() -> None:
    small_weights = {"projections.exc_inh.weight": "1e-9 nS", "timeline": []}
    assert found(large(small_weights)) == [("weight-range", "projections.exc_inh.weight")]


# Grids of weights


def grids(changes: dict[str, Any]) -> dict[str, str]:
    return {name: str(grid) for name, grid in pipeline.check(small(changes)).grids.items()}


def test_the_grid_of_each_projection_is_shown_in_the_unit_of_its_weights() -> None:
    assert grids({"timeline": []}) == {
        "beat_exc": "1.11e-07 nS",
        "exc_inh": "2.22e-07 nS",
        "ext_exc": "2.22e-07 nS",
    }
    assert grids({"projections.ext_exc.weight_bits": 8})["ext_exc"] == "0.0146 nS"
    jump = {"cells.lif.receptors.AMPA": {"model": "delta"}, "projections.exc_inh.weight": "0 mV"}
    assert grids({**jump, "projections.ext_exc.weight": "-1 mV"}) == {
        "beat_exc": "1.11e-07 nS",
        "exc_inh": "none",
        "ext_exc": "1.16e-07 mV",
    }


def test_drives_have_grids_too() -> None:
    drive = {
        "model": "poisson_drive",
        "target": "exc[2:]",
        "receptor": "AMPA",
        "rate": "1 kHz",
        "weight": "2 nS",
    }
    changes = {"inputs.noise": drive, "timeline": [{"at": "1 ms", "set": {"noise.weight": "4 nS"}}]}
    assert grids(changes)["noise"] == "2.22e-07 nS, 4.44e-07 nS"


def test_each_stretch_of_the_timeline_has_its_own_grid() -> None:
    timeline = [
        {"at": f"{number} ms", "set": {"ext_exc.weight": f"{weight} nS"}}
        for number, weight in enumerate([4.0, 2.5, 3.5])
    ]
    assert grids({"timeline": timeline})["ext_exc"] == "2.22e-07 nS, 4.44e-07 nS"


def test_the_grid_of_computed_weights_is_not_known_without_their_edges() -> None:
    changes = large({"timeline": [{"at": "1 ms", "set": {"exc_inh.weight": "2 nS"}}]})
    report = pipeline.check(small(changes), max_memory=16 * 10**9)
    assert str(report.grids["exc_inh"]) == "not drawn, 2.22e-07 nS"


# Warnings


def warned(changes: dict[str, Any]) -> list[tuple[str, str]]:
    report = pipeline.check(small({"timeline": [], **changes}))
    assert report.ok
    assert {each.severity for each in report.diagnostics} <= {"warning"}
    return [(each.code, each.path) for each in report.diagnostics]


def listed(*weights: str, **changes: Any) -> dict[str, Any]:
    """Return changes that give a projection these weights."""
    pairs = [[number, 0] for number in range(len(weights))]
    own = {"rule": {"explicit": {"pairs": pairs}}, "weight": list(weights), **changes}
    return {f"projections.ext_exc.{name}": value for name, value in own.items()}


@pytest.mark.parametrize(
    ("weights", "bits", "number"),
    [
        (["1 nS", "0 nS"], 24, None),
        (["1 nS", "-0 nS", "1e-8 nS"], 24, 2),
        (["1 nS", "-1e-8 nS", "1e-8 nS"], 24, 1),
        (["1 nS", "1.17e-6 nS"], 24, 1),
        (["1 nS", "1e-3 nS"], 24, None),
        (["1 nS", "1e-8 nS"], 32, 1),
        (["1 nS", "1.17e-6 nS"], 32, None),
        (["1 nS", "0.5 nS"], 8, 0),
    ],
)
def test_a_weight_that_the_grid_moves_noticeably_is_a_warning(
    weights: list[str], bits: int, number: int | None
) -> None:
    place = f"projections.ext_exc.weight[{number}]"
    expected = [] if number is None else [("weight-rounded", place)]
    found = warned(listed(*weights, weight_bits=bits))
    assert [each for each in found if each[0] != "negative-conductance"] == expected


def test_one_weight_for_all_is_moved_by_few_bits_only() -> None:
    place = "projections.ext_exc.weight"
    changes = {place: "1.003 nS", "projections.ext_exc.weight_bits": 8}
    assert warned(changes) == [("weight-rounded", place)]
    assert warned({place: "1.003 nS"}) == []


def test_weights_that_nobody_wrote_are_moved_in_silence() -> None:
    assert warned({"projections.exc_inh.weight": "1e-3*nS*i**9"}) == []


def test_a_written_weight_is_looked_at_even_if_its_edges_are_not_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(predict, "MAX_CHECKED_EDGES", 0)
    assert warned(listed("1 nS", "1e-8 nS")) == [
        ("weight-rounded", "projections.ext_exc.weight[1]")
    ]


@pytest.mark.parametrize(
    ("rate", "place"),
    [
        ("1001 Hz", "inputs.ext.rate"),
        (["1 Hz"] * 18 + ["2 kHz", "3 kHz"], "inputs.ext.rate[18]"),
        ("60*i*hertz", "inputs.ext.rate"),
        (["1000 Hz"] * 20, None),
    ],
)
def test_a_rate_that_often_gives_two_spikes_per_step_is_a_warning(
    rate: Any, place: str | None
) -> None:
    expected = [] if place is None else [("high-rate", place)]
    assert warned({"inputs.ext.rate": rate}) == expected


def test_a_rate_that_the_timeline_brings_is_looked_at_too() -> None:
    entry = {"at": "1 ms", "set": {"ext[3:5].rate": ["1 Hz", "2 kHz"]}}
    (problem,) = pipeline.check(small({"timeline": [entry]})).diagnostics
    assert (problem.code, problem.path) == ("high-rate", 'timeline[0].set["ext[3:5].rate"][1]')


def test_the_integrator_that_the_structure_decided_is_told() -> None:
    network = small({"cells.lif.integrator": None})
    assert ("cells.lif.integrator", "exponential_euler") in pipeline.check(network).defaults
    assert not any(place.endswith("integrator") for place, _ in pipeline.check(small()).defaults)


def test_defaults_are_shown_where_they_have_a_say() -> None:
    drawn = {"normal": {"mean": "1 ms", "sd": "0.2 ms"}}
    rule = {"fixed_indegree": {"indegree": 1}}
    own = {"projections.ext_exc.rule": rule, "projections.ext_exc.delay": drawn}
    place = "projections.ext_exc."
    found = dict(pipeline.check(small(own)).defaults)
    shown = {name.removeprefix(place) for name in found if name.startswith(place)}
    assert {"rule.fixed_indegree.allow_multapses", "min_delay"} <= shown
    # An input has no neurons of the target, and what is drawn is rounded in any case.
    assert not shown & {"rule.fixed_indegree.allow_autapses", "rounding"}
