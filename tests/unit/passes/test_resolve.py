"""Names become objects and units SI; every problem is reported, once, at its place."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from unit.documents import document, one_cell, small

from netspec.errors import Diagnostic, SpecError
from netspec.expr.text import write
from netspec.ir.nodes import SpikeRecording, View
from netspec.ir.recipe import Computed, PerItem, Scalar
from netspec.passes import pipeline
from netspec.passes.resolved import (
    Assign,
    ResolvedNetwork,
    ResolvedSamples,
    ResolvedSpikeTimes,
    Switch,
)
from netspec.spec.network import Network


def resolved(changes: dict[str, Any] | None = None) -> ResolvedNetwork:
    return pipeline.resolved(small(changes))


def problems(changes: dict[str, Any]) -> list[Diagnostic]:
    with pytest.raises(SpecError) as caught:
        resolved(changes)
    return list(caught.value.diagnostics)


def found(changes: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in problems(changes)]


# What becomes of a document


def test_numbers_are_exact_and_durations_are_steps() -> None:
    network = resolved()
    assert (network.dt, network.steps) == (Fraction(1, 10_000), 100)
    exc = next(each for each in network.populations if each.name == "exc")
    values = {each.name: each.value for each in exc.cell.parameters}
    assert values["C_m"] == Scalar(Fraction(281, 10**12))
    assert values["I_e"] == Scalar(Fraction(0))


def test_values_are_scalars_lists_or_expressions() -> None:
    network = resolved(
        {
            "populations.inh.parameters": {
                "V_th": ["-50 mV", "-51 mV", "-0.052 V", "-53000 uV"],
                "E_L": {"values": [1, 2, 3, 4.5], "unit": "mV"},
                "I_e": "(100 + i)*pA",
            }
        }
    )
    inh = next(each for each in network.populations if each.name == "inh")
    values = {each.name: each.value for each in inh.cell.parameters}
    assert values["V_th"] == PerItem(tuple(Fraction(-each, 1000) for each in (50, 51, 52, 53)))
    assert values["E_L"] == PerItem(tuple(Fraction(each, 2000) for each in (2, 4, 6, 9)))
    assert isinstance(values["I_e"], Computed)
    assert write(values["I_e"].expression) == "(100.0 + real(i)) * 1e-12[A]"


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("281*pF", Fraction(281, 10**12)),
        ("-(1 + 2)*pF/10", Fraction(-3, 10**13)),
        ("1/3*pF", Fraction(1, 3 * 10**12)),
        ("0*pF", Fraction(0)),
    ],
)
def test_a_formula_that_is_one_constant_is_a_quantity(formula: str, value: Fraction) -> None:
    exc = resolved({"cells.lif.C_m": formula}).populations[0]
    assert {each.name: each.value for each in exc.cell.parameters}["C_m"] == Scalar(value)


def test_a_formula_that_folds_to_a_constant_is_a_quantity_too() -> None:
    delta = {"equations": {"weight": "1", "on_event": "V = V + acc*mV"}}
    network = resolved(
        {
            "cells.lif.receptors.new": {"model": delta},
            "projections.exc_inh": {
                "source": "exc",
                "target": "inh",
                "receptor": "new",
                "rule": {"all_to_all": {}},
                "weight": "i**0",
                "delay": "5*ms/10",
            },
        }
    )
    projection = next(each for each in network.projections if each.name == "exc_inh")
    assert (projection.weight, projection.delay) == (
        Scalar(Fraction(1)),
        Scalar(Fraction(5, 10**4)),
    )


def test_a_constant_formula_is_exact_where_a_quantity_must_be() -> None:
    for delay in ("0.15 ms", "0.15*ms"):
        changes = {"projections.ext_exc.delay": delay, "projections.ext_exc.rounding": "nearest"}
        (problem,) = problems(changes)
        assert problem.message == "'0.15 ms' is no multiple of dt (0.1 ms)"


def test_views_address_part_of_a_population() -> None:
    network = resolved(
        {
            "projections.ext_exc.source": "ext[5:]",
            "projections.ext_exc.target": "exc[:3]",
            "monitors": {
                "spikes": ["inh[4:4]", "exc[2:4]", "ext", "exc[0:1]"],
                "states": [{"of": "exc[:]", "variables": ["g_AMPA", "V"], "every": 3}],
            },
        }
    )
    projection = next(each for each in network.projections if each.name == "ext_exc")
    assert (projection.source_view, projection.target_view) == (View(5, 20), View(0, 3))
    assert network.spike_recordings == (
        SpikeRecording("inh", "spike", (View(4, 4),)),
        SpikeRecording("exc", "spike", (View(2, 4), View(0, 1))),
        SpikeRecording("ext", "spike", (View(0, 20),)),
    )
    assert network.samples == (
        ResolvedSamples("exc", "V", View(0, 10), 3),
        ResolvedSamples("exc", "g_AMPA", View(0, 10), 3),
    )


def test_the_timeline_is_sorted_by_step_and_keeps_the_order_within() -> None:
    network = resolved(
        {
            "timeline": [
                {"at": "5 ms", "connect": "ext_exc"},
                {"at": "1 ms", "set": {"inh.V": "-60 mV", "exc_inh.weight": "1 nS"}},
                {"at": "1000 us", "disconnect": "ext_exc"},
                {"at": "0 ms", "set": {"exc[0:5].I_e": "1 pA", "ext[0:2].rate": "1 Hz"}},
            ]
        }
    )
    assert [
        (each.step, each.projection if isinstance(each, Switch) else (each.kind, each.target))
        for each in network.timeline
    ] == [
        (0, ("parameter", "exc")),
        (0, ("rate", "ext")),
        (10, ("weight", "exc_inh")),
        (10, ("state", "inh")),
        (10, "ext_exc"),
        (50, "ext_exc"),
    ]
    views = [each.view for each in network.timeline if isinstance(each, Assign)]
    assert views[:2] == [View(0, 5), View(0, 2)]


def test_spike_times_become_steps_per_neuron() -> None:
    beat = {"model": "spike_times", "times": [["1 ms", "0.3 ms"], [], ["0.26 ms"]]}
    network = resolved({"inputs.beat": {**beat, "rounding": "nearest"}})
    source = next(each for each in network.inputs if each.name == "beat")
    assert source == ResolvedSpikeTimes("beat", ((3, 10), (), (3,)))
    assert source.size == 3


def test_a_spike_time_beyond_all_steps_is_refused_even_if_rounded() -> None:
    beat = {"model": "spike_times", "times": [["1e20 s"]]}
    for rounding in ("error", "nearest"):
        (problem,) = problems({"inputs.beat": {**beat, "rounding": rounding}})
        assert (problem.code, problem.path) == ("too-long", "inputs.beat.times[0][0]")


def test_defaults_that_shape_the_run_are_listed() -> None:
    defaults = dict(resolved().defaults)
    assert defaults["projections.ext_exc.connected"] == "true"
    assert defaults["projections.ext_exc.weight_bits"] == "24"
    given = dict(resolved({"projections.ext_exc.connected": True}).defaults)
    assert "projections.ext_exc.connected" not in given


def test_a_default_that_has_no_say_in_the_run_is_not_listed() -> None:
    autapses = "projections.exc_inh.rule.all_to_all.allow_autapses"
    target = {"projections.exc_inh.target": "exc[0:5]"}
    assert autapses not in dict(resolved().defaults)
    assert dict(resolved(target).defaults)[autapses] == "true"
    defaults = dict(resolved().defaults)
    assert "projections.ext_exc.rounding" not in defaults  # its delay is one quantity
    assert defaults["projections.exc_inh.rounding"] == "error"


def test_an_entry_after_the_end_is_a_warning() -> None:
    report = pipeline.check(small({"timeline": [{"at": "10 ms", "connect": "ext_exc"}]}))
    assert report.ok
    assert [(each.severity, each.code, each.path) for each in report.diagnostics] == [
        ("warning", "after-the-end", "timeline[0].at")
    ]


# Problems


def test_all_problems_are_reported_at_once_each_at_its_place() -> None:
    assert found(
        {
            "duration": "10.01 ms",
            "cells.lif.V_th": "-50 ms",
            "populations.new": {"size": 1, "cell": "lfi"},
            "inputs.beat.times": [["1 ms", "1 ms"]],
            "projections.ext_exc.delay": "0.15 ms",
            "projections.exc_inh.receptor": "NMDA",
            "timeline": [{"at": "0.05 ms", "connect": "exc_exc"}],
            "monitors.spikes": ["exc[0:11]", "ext", "nobody"],
        }
    ) == [
        ("not-a-multiple-of-dt", "duration"),
        ("wrong-dimension", "cells.lif.V_th"),
        ("unknown-cell", "populations.new.cell"),
        ("two-spikes-in-one-step", "inputs.beat.times[0][1]"),
        ("unknown-receptor", "projections.exc_inh.receptor"),
        ("not-a-multiple-of-dt", "projections.ext_exc.delay"),
        ("not-a-multiple-of-dt", "timeline[0].at"),
        ("unknown-projection", "timeline[0].connect"),
        ("bad-view", "monitors.spikes[0]"),
        ("unknown-population", "monitors.spikes[2]"),
    ]


@pytest.mark.parametrize(
    ("views", "message"),
    [
        (["exc", "ext", "exc"], "'exc' is recorded twice"),
        (["exc[0:5]", "exc[2:4]"], "'exc[2:4]' is recorded twice"),
        (["exc[5:]", "exc[0:2]", "exc[1:7]"], "'exc[1:7]' is recorded twice, in neurons 5 to 6"),
    ],
)
def test_spikes_of_a_neuron_are_recorded_once(views: list[str], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        pipeline.resolved(small({"monitors.spikes": views}))
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.message) == ("duplicate-monitor", message)
    assert problem.path == f"monitors.spikes[{len(views) - 1}]"


def test_parts_of_a_population_are_recorded_beside_each_other() -> None:
    parts = ["exc[5:7]", "exc[7:]", "exc[0:5]", "exc[3:3]"]
    (recording,) = pipeline.resolved(small({"monitors.spikes": parts})).spike_recordings
    assert [len(each) for each in recording.views] == [2, 3, 5, 0]


@pytest.mark.parametrize(
    "changes",
    [
        {"cells.lif.v_thresh": "-40 mV", "cells.lif.V_th": None},
        {"cells.lif.V_th": ["-50 ms"] * 10},
        {"cells.lif.V_th": "W + 1*mV"},
        {"populations.exc.parameters": {"V_th": "-50 ms"}},
        {"projections.ext_exc.target": "nobody"},
        {"projections.exc_inh.delay": "1e20 s"},
        {"cells.lif.t_ref": "-1 ms"},
        {"cells.lif.t_ref": "1.25 ms"},
    ],
)
def test_one_mistake_is_reported_once(changes: dict[str, Any]) -> None:
    data = small({key: value for key, value in changes.items() if value}).to_document()
    for key, value in changes.items():
        if value is None:
            del data["cells"]["lif"][key.rpartition(".")[2]]
    with pytest.raises(SpecError) as caught:
        pipeline.resolved(Network(**data))
    assert len(caught.value.diagnostics) == 1


def test_of_each_kind_of_mistake_in_a_list_the_first_is_shown() -> None:
    (problem,) = problems({"populations.exc.initial.V": ["-70 mV"] * 4 + ["3 ms"] * 6})
    assert problem.path == "populations.exc.initial.V[4]"
    assert problem.notes == ("5 more in the same list",)


def test_a_time_between_steps_gets_the_two_nearest_multiples() -> None:
    (problem,) = problems({"projections.ext_exc.delay": "0.249 ms"})
    assert problem.message == "'0.249 ms' is no multiple of dt (0.1 ms)"
    assert problem.notes == ("the nearest multiples are 0.2 ms and 0.3 ms",)


@pytest.mark.parametrize("dt", ["0.1 ms", "0.05 ms", "0.025 ms", "100 us", "1e-4 s"])
def test_multiples_are_found_in_exact_arithmetic(dt: str) -> None:
    assert 0.3 / 0.1 != 3
    changes = {"dt": dt, "projections.ext_exc.delay": "0.3 ms", "duration": "0.7 s"}
    assert resolved(changes).steps == Fraction(7, 10) / pipeline.resolved(small({"dt": dt})).dt


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"one_to_one": {}}, "size-mismatch"),
        ({"explicit": {"pairs": [[0, 0], [20, 0]]}}, "index-out-of-range"),
        ({"explicit": {"pairs": [[0, 10]]}}, "index-out-of-range"),
    ],
)
def test_rules_are_checked_against_sizes(rule: dict[str, Any], code: str) -> None:
    assert [each for each, _ in found({"projections.ext_exc.rule": rule})] == [code]


def test_empty_views_and_lists_are_legal() -> None:
    resolved(
        {
            "projections.ext_exc.source": "ext[3:3]",
            "projections.ext_exc.target": "exc[0:0]",
            "projections.exc_inh.rule": {"explicit": {"pairs": []}},
            "projections.exc_inh.weight": [],
            "inputs.beat.times": [],
            "timeline": [{"at": "1 ms", "set": {"exc[2:2].V": "-60 mV"}}],
        }
    )


def test_a_population_input_and_projection_share_one_name_space() -> None:
    assert found({"inputs.exc": {"model": "poisson", "size": 1, "rate": "1 Hz"}})[0] == (
        "duplicate-name",
        "inputs.exc",
    )


def test_values_that_read_each_other_in_a_circle_are_refused() -> None:
    changes = {"cells.lif.V_th": "V_reset + 15*mV", "populations.inh.parameters.V_reset": "V_th"}
    (problem,) = problems(changes)
    assert (problem.code, problem.path) == ("circular-values", "cells.lif.V_th")
    assert problem.message == "the values of 'V_reset', 'V_th' read each other in a circle"
    resolved({"cells.lif.V_th": "V_reset + 15*mV"})


def test_a_formula_of_the_state_may_read_other_state() -> None:
    resolved({"populations.exc.initial": {"V": "E_L + g_AMPA/nS*mV", "g_AMPA": "i*nS"}})
    assert found({"populations.exc.initial": {"V": "E_L + g_AMPA/nS*mV", "g_AMPA": "V/mV*nS"}}) == [
        ("circular-values", "populations.exc.initial.V")
    ]


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        ("exc.V_thresh", "1 mV", "unknown-variable"),
        ("ext.V", "1 mV", "unknown-variable"),
        ("beat.rate", "1 Hz", "unknown-variable"),
        ("ext_exc.delay", "1 ms", "unknown-variable"),
        ("ext_exc[0:2].weight", "1 nS", "bad-place"),
        ("nobody.V", "1 mV", "unknown-object"),
        ("exc", "1 mV", "bad-place"),
        ('e"xc.V', "1 mV", "bad-place"),
        ("exc.V.V", "1 mV", "bad-place"),
        ("exc[0:99].V", "1 mV", "bad-view"),
        ("exc.V", "1 ms", "wrong-dimension"),
        ("exc[0:2].V", ["-60 mV"], "wrong-length"),
        ("exc.V", "V + 1*mV", "unknown-name"),
        ("exc.t_ref", "0.15 ms", "not-a-multiple-of-dt"),
        ("exc.t_ref", "-1 ms", "negative-duration"),
    ],
)
def test_what_cannot_be_set_is_refused(place: str, value: Any, code: str) -> None:
    (problem,) = problems({"timeline": [{"at": "1 ms", "set": {place: value}}]})
    assert problem.code == code


@pytest.mark.parametrize("name", ["x" * 10_000_000, "\x1b[2J", "a\nb"])
def test_unknown_names_are_shown_short_and_printable(name: str) -> None:
    data = document()
    data["populations"]["exc"]["cell"] = name
    data["projections"]["exc_inh"]["receptor"] = name
    data["monitors"]["states"][0]["variables"] = [name]
    data["timeline"] = [{"at": "1 ms", "connect": name}]
    with pytest.raises(SpecError) as caught:
        pipeline.resolved(Network(**data))
    for line in str(caught.value).split("\n"):
        assert len(line) < 300
        assert line.isprintable()


def test_the_location_of_a_problem_is_found_in_the_text() -> None:
    text = Network(**document()).to_json().replace("-50 mV", "-50 mS")
    report = pipeline.check(Network.loads(text, file="net.json"))
    (problem,) = report.diagnostics
    assert problem.location is not None
    line = text.splitlines()[problem.location.line - 1]
    assert line[problem.location.column - 1 :] == '"-50 mS",'
    assert str(problem.location).startswith("net.json:")


def test_a_cell_that_nobody_uses_is_checked_too() -> None:
    broken = {"model": "leaky_if", "integrator": "euler", "C_m": "1 nS"}
    codes = [code for code, _ in found({"cells.unused": broken})]
    assert codes == ["wrong-dimension"]
    resolved({"cells.unused": {"model": "leaky_if", "integrator": "euler"}})


def test_a_cell_without_spikes_is_legal() -> None:
    network = one_cell({"state": {"V": {"unit": "mV", "initial": "0 mV"}}})
    assert pipeline.resolved(network).populations[0].cell.events == ()
