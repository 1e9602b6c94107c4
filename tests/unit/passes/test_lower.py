"""Lowering: equations, receptors and refractoriness become state, stages, events and ports."""

from __future__ import annotations

from typing import Any

import pytest
from golden.dumps import NAMES, dump_of, pinned
from unit.documents import one_cell, small

from netspec.errors import SpecError
from netspec.expr.text import write
from netspec.ir import nodes as ir
from netspec.ir.dump import dump
from netspec.ir.features import required_features
from netspec.passes import pipeline
from netspec.spec.network import Network

POINT: dict[str, Any] = {
    "parameters": {"tau": "ms"},
    "state": {"V": {"unit": "mV", "initial": "0 mV"}, "w": {"unit": "mV", "initial": "0 mV"}},
    "inputs": {"drive": "mV"},
    "derivatives": {"w": "-w/tau", "V": "(drive - V - w)/tau"},
    "spike": {"when": "V > 1*mV", "then": ["V = 0*mV", "w = w + V"]},
}


def cell_of(network: Network, population: str = "pop") -> ir.Cell:
    populations = pipeline.lowered(network).populations
    return next(each.cell for each in populations if each.name == population)


def own_cell(**changes: Any) -> ir.Cell:
    values = {"tau": "10 ms", "t_ref": "2 ms"}
    equations = {**POINT, **changes}
    given = {name: values[name] for name in equations["parameters"]}
    receptors = equations.pop("receptors", {})
    return cell_of(one_cell(equations, receptors=receptors, **given))


def with_period(**spike: Any) -> dict[str, Any]:
    return {
        "parameters": {"tau": "ms", "t_ref": "ms"},
        "spike": {**POINT["spike"], "refractory": "t_ref", **spike},
    }


def written(statements: tuple[ir.Statement, ...]) -> list[str]:
    return [f"{each.target} = {write(each.value)}" for each in statements]


def receptor(**equations: Any) -> dict[str, Any]:
    declared = {
        "state": {"s": {"unit": "mV", "initial": "0 mV"}},
        "weight": "mV",
        "on_event": "s = s + acc",
        **equations,
    }
    return {"model": {"equations": declared}}


@pytest.mark.parametrize("name", NAMES)
def test_the_ir_of_an_example_is_pinned(name: str) -> None:
    assert dump_of(name) == pinned(name).read_text(encoding="utf-8"), "python -m tests.regenerate"


# Euler


def test_euler_is_one_stage_that_reads_the_values_before() -> None:
    (stage,) = own_cell().stages
    assert written(stage.statements) == [
        "V = V + dt * ((0.0[V] - V - w) / tau)",
        "w = w + dt * (-w / tau)",
    ]


def test_a_cell_without_derivatives_has_no_stage() -> None:
    assert own_cell(derivatives={}).stages == ()


def test_inputs_are_written_out_wherever_they_are_read() -> None:
    feeding = receptor(current="2*s", into="drive")
    cell = own_cell(
        receptors={"a": feeding},
        spike={"when": "V + drive > 1*mV", "then": ["V = drive"]},
    )
    assert written(cell.stages[0].statements)[0] == "V = V + dt * ((2.0 * s_a - V - w) / tau)"
    (event,) = cell.events
    assert write(event.condition) == "V + 2.0 * s_a > 0.001[V]"
    assert written(event.statements) == ["V = 2.0 * s_a"]


def test_the_authors_equations_are_kept_for_readers() -> None:
    shown = [(each.kind, each.name, write(each.value)) for each in own_cell().equations]
    assert shown == [
        ("derivative", "V", "(drive - V - w) / tau"),
        ("derivative", "w", "-w / tau"),
        ("definition", "drive", "0.0[V]"),
    ]


# Refractoriness


def test_a_refractory_cell_counts_down_and_holds() -> None:
    cell = own_cell(**with_period())
    assert cell.has_countdown
    assert [each.name for each in cell.state] == ["V", "w", "_refractory"]
    assert [each.name for each in cell.locals] == ["_held"]
    down, update = cell.stages
    assert written(down.statements) == [
        "_held = _refractory > 0",
        "_refractory = where(_refractory > 0, _refractory - 1, _refractory)",
    ]
    assert written(update.statements)[0].startswith("V = where(_held, V, V + dt * ")
    assert written(update.statements)[1] == "w = w + dt * (-w / tau)"


def test_a_held_neuron_does_not_spike_and_a_spike_starts_the_countdown_at_once() -> None:
    (event,) = own_cell(**with_period()).events
    assert write(event.condition) == "V > 0.001[V] and not _held"
    assert written(event.immediate) == ["_refractory = _period"]
    assert written(event.statements) == ["V = 0.0[V]", "w = w + V"]


def test_ports_leave_held_variables_alone() -> None:
    kick = receptor(state={}, on_event="V = V + acc")
    cell = own_cell(receptors={"kick": kick, "slow": receptor()}, **with_period())
    assert [written(port.statements) for port in cell.ports] == [
        ["V = where(_refractory > 0, V, V + acc)"],
        ["s_slow = s_slow + acc"],
    ]


def test_increments_come_after_the_last_stage_one_by_one() -> None:
    add = receptor(on_event="s = acc", increment={"V": "s"})
    cell = own_cell(receptors={"b": add, "a": add}, **with_period())
    assert [written(stage.statements) for stage in cell.stages[-2:]] == [
        ["V = where(_held, V, V + s_a)"],
        ["V = where(_held, V, V + s_b)"],
    ]


def test_holding_nothing_only_suppresses_the_test() -> None:
    cell = own_cell(**with_period(holds=[]))
    assert written(cell.stages[1].statements)[0].startswith("V = V + dt * ")
    assert write(cell.events[0].condition) == "V > 0.001[V] and not _held"


def test_a_period_that_is_always_0_leaves_no_trace() -> None:
    plain = small({"cells.lif.t_ref": "0 ms", "timeline": []})
    cell = cell_of(plain, "exc")
    assert not cell.has_countdown
    assert cell.locals == ()
    assert "_period" not in {each.name for each in cell.parameters}
    later = plain.replace({"timeline": [{"at": "1 ms", "set": {"exc.t_ref": "1 ms"}}]})
    assert cell_of(later, "exc").has_countdown
    assert not cell_of(later, "inh").has_countdown


def test_a_cell_without_spikes_has_no_events() -> None:
    assert own_cell(spike=None).events == ()


# Parameters


def test_parameters_know_whether_they_differ_and_change() -> None:
    network = small(
        {
            "populations.exc.parameters": {
                "V_th": "-50*mV + 0.1*mV*i",
                "V_reset": "V_th - 15*mV",
                "g_L": ["30 nS"] * 10,
                "E_L": "V_th - 20*mV + 0*mV",
            },
            "timeline": [
                {"at": "1 ms", "set": {"exc.I_e": "1 pA", "exc[0:2].C_m": "300 pF"}},
                {"at": "20 ms", "set": {"exc.E_rev_AMPA": "1 mV"}},
            ],
        }
    )
    flags = {
        each.name: (each.per_neuron, each.varies) for each in cell_of(network, "exc").parameters
    }
    assert flags["V_th"] == flags["V_reset"] == flags["E_L"] == flags["g_L"] == (True, False)
    assert flags["I_e"] == (False, True)
    assert flags["C_m"] == (True, True)
    assert flags["E_rev_AMPA"] == (False, False)  # its entry lies after the end
    assert flags["_period"] == (False, False)


def test_the_compilers_parameters_follow_those_they_are_made_from() -> None:
    lists = small({"populations.exc.parameters.t_ref": "i*ms", "timeline": []})
    changed = small({"timeline": [{"at": "1 ms", "set": {"exc.t_ref": "1 ms"}}]})
    period = [
        next(each for each in cell_of(network, "exc").parameters if each.name == "_period")
        for network in (small({"timeline": []}), lists, changed)
    ]
    assert [(each.kind, each.per_neuron, each.varies) for each in period] == [
        ("integer", False, False),
        ("integer", True, False),
        ("integer", False, True),
    ]


# The whole network


def test_objects_are_sorted_so_the_order_of_the_document_changes_nothing() -> None:
    data = small().to_document()
    for section in ("cells", "populations", "inputs", "projections"):
        data[section] = dict(reversed(data[section].items()))
    data["cells"]["lif"] = dict(reversed(data["cells"]["lif"].items()))
    data["cells"]["lif"]["receptors"] = dict(reversed(data["cells"]["lif"]["receptors"].items()))
    assert dump(pipeline.lowered(Network(**data))) == dump(pipeline.lowered(small()))


def test_features_are_computed_from_the_ir() -> None:
    assert required_features(pipeline.lowered(small())) == {
        "poisson-source",
        "listed-source",
        "integer-state",
        "state-recording",
        "connect-while-running",
        "set-parameter",
        "set-rate",
    }
    counting = receptor(on_event="s = s + n_events*mV*exp(-t/tau)")
    network = one_cell({**POINT}, tau="1 ms", receptors={"a": counting})
    assert required_features(pipeline.lowered(network)) == {
        "arrival-counts",
        "time-in-equations",
        "pinned-functions",
    }


# What is refused


def test_problems_of_every_cell_are_reported_once_each() -> None:
    data = small({"cells.lif.integrator": "exact"}).to_document()
    data["cells"]["other"] = data["cells"]["lif"]
    data["populations"]["third"] = {"size": 1, "cell": "other"}
    with pytest.raises(SpecError) as caught:
        pipeline.lowered(Network(**data))
    assert [(each.code, each.path) for each in caught.value.diagnostics] == [
        ("not-linear", "cells.lif.integrator"),
        ("not-linear", "cells.other.integrator"),
    ]


def doubled_up(term: str) -> str:
    """A sum of 128 terms in seven levels."""
    for _ in range(7):
        term = f"({term}+{term})"
    return term


@pytest.mark.parametrize(
    ("derivative", "current", "count"),
    [
        (f"{doubled_up('drive')}/tau", doubled_up("s"), 20),
        ("drive/tau", "s", 200),
        ("(((drive + V)*2 + V)*2 + V)/tau", "0*mV" + " + s" * 95, 60),
    ],
)
def test_equations_that_explode_when_put_together_are_refused(
    derivative: str, current: str, count: int
) -> None:
    each = receptor(current=current, into="drive")
    equations = {**POINT, "derivatives": {"V": derivative}}
    network = one_cell(
        equations, tau="1 ms", receptors={f"r{number}": each for number in range(count)}
    )
    with pytest.raises(SpecError, match="put together"):
        pipeline.lowered(network)


def test_a_cell_with_many_receptors_and_nested_equations_is_fine() -> None:
    each = receptor(current="s*(1 - (s/mV)**2)", into="drive")
    network = one_cell(POINT, tau="1 ms", receptors={f"r{n}": each for n in range(100)})
    assert len(cell_of(network).ports) == 100


@pytest.mark.parametrize("period", ["dt", "(dt)", "+dt", "1*dt"])
def test_a_refractory_period_may_be_the_time_step(period: str) -> None:
    spike = {**POINT["spike"], "refractory": period}
    (derived,) = own_cell(spike=spike).derived
    assert isinstance(derived, ir.StepCount)


@pytest.mark.parametrize(
    ("value", "needed"),
    [
        ("sin(V/mV)", True),
        ("(V/mV)**0.3", True),
        ("(V/mV)**(t/tau)", True),
        ("(V/mV + 1)**2", True),
        ("V**4/mV**4", False),
        ("sqrt(V/mV) + abs(V/mV) + max(V/mV, 1)", False),
    ],
)
def test_netspecs_own_functions_and_powers_are_a_feature(value: str, needed: bool) -> None:
    equations = {**POINT, "derivatives": {"V": f"mV*({value})/tau"}}
    required = required_features(pipeline.lowered(one_cell(equations, tau="1 ms")))
    assert ("pinned-functions" in required) is needed
