"""A membrane and named receptors become one cell in one name space."""

from __future__ import annotations

from typing import Any

import pytest
from unit.documents import one_cell, small

from netspec import library
from netspec.errors import SpecError
from netspec.expr.text import write
from netspec.ir.dump import dump
from netspec.passes import pipeline
from netspec.passes.integrate import INTEGRATORS
from netspec.passes.resolved import ComposedCell
from netspec.schema import json_schema
from netspec.spec.network import Network
from netspec.spec.problems import listed
from netspec.units import CONDUCTANCE, CURRENT

MEMBRANE: dict[str, Any] = {
    "parameters": {"tau": "ms"},
    "state": {"V": {"unit": "mV", "initial": "-70 mV"}},
    "inputs": {"drive": "mV"},
    "derivatives": {"V": "(drive - V)/tau"},
    "spike": {"when": "V > -50*mV", "then": ["V = -70*mV"]},
}


def composed(network: Network, population: str = "exc") -> ComposedCell:
    found = pipeline.resolved(network).populations
    return next(each.cell for each in found if each.name == population)


def receptor(**equations: Any) -> dict[str, Any]:
    return {
        "model": {
            "equations": {
                "state": {"s": {"unit": "mV", "initial": "0 mV"}},
                "weight": "mV",
                "on_event": "s = s + acc",
                **equations,
            }
        }
    }


def own_cell(receptors: dict[str, Any], **changes: Any) -> ComposedCell:
    network = one_cell({**MEMBRANE, **changes}, tau="10 ms", receptors=receptors)
    return composed(network, "pop")


def codes(build: Any, *arguments: Any, **named: Any) -> list[str]:
    with pytest.raises(SpecError) as caught:
        build(*arguments, **named)
    return [each.code for each in caught.value.diagnostics]


# Names


def test_names_of_a_receptor_carry_its_name() -> None:
    cell = composed(small())
    assert [each.name for each in cell.state] == ["V", "g_AMPA", "g_GABA"]
    assert [each.name for each in cell.parameters] == [
        *("C_m", "E_L", "E_rev_AMPA", "E_rev_GABA", "I_e", "V_reset", "V_th", "g_L", "t_ref"),
        *("tau_decay_AMPA", "tau_decay_GABA"),
    ]
    derivatives = dict(cell.derivatives)
    assert write(derivatives["g_AMPA"]) == "-g_AMPA / tau_decay_AMPA"
    port = cell.receptors["AMPA"]
    assert port is not None
    assert (port.target, write(port.value)) == ("g_AMPA", "g_AMPA + acc")
    assert port.weight_dimension == CONDUCTANCE


def test_values_and_defaults_of_a_receptor_read_its_own_names_first() -> None:
    cell = own_cell(
        {
            "a": receptor(
                parameters={"tau": "ms", "tau_2": {"unit": "ms", "default": "2*tau"}},
                state={"s": {"unit": "mV", "initial": "0*mV*tau/tau_2"}},
            )
            | {"tau": "5 ms"}
        }
    )
    values = {each.name: each.value for each in (*cell.parameters, *cell.state)}
    assert write(values["tau_2_a"].expression) == "2.0 * tau_a"
    assert write(values["s_a"].expression) == "0.0[V] * tau_a / tau_2_a"


def test_a_receptor_may_write_variables_of_the_membrane() -> None:
    cell = own_cell({"kick": receptor(state={}, on_event="V = V + acc")})
    port = cell.receptors["kick"]
    assert port is not None
    assert (port.target, write(port.value)) == ("V", "V + acc")


def test_a_symbol_that_would_exist_twice_is_refused() -> None:
    parameters = {"tau": "ms", "s_a": "mV"}
    assert "duplicate-name" in codes(own_cell, {"a": receptor()}, parameters=parameters)


@pytest.mark.parametrize("name", ["spike", "receptors", "model", "integrator", "compartments"])
def test_a_parameter_cannot_be_named_like_a_field_that_stands_beside_it(name: str) -> None:
    assert codes(own_cell, {}, parameters={"tau": "ms", name: "mV"}) == ["reserved-name"]


# Inputs


def test_currents_are_added_in_the_order_of_names() -> None:
    each = receptor(current="s", into="drive")
    cell = own_cell({"b": each, "a": each, "B": each})
    assert [(each.name, write(each.value)) for each in cell.definitions] == [
        ("current_B", "s_B"),
        ("current_a", "s_a"),
        ("current_b", "s_b"),
        ("drive", "current_B + current_a + current_b"),
    ]


def test_an_input_that_nobody_feeds_is_0() -> None:
    cell = composed(small({"cells.lif.receptors": {}, "projections": {}, "timeline": []}))
    (total,) = cell.definitions
    assert (total.name, total.dimension, write(total.value)) == ("I_syn", CURRENT, "0.0[A]")


def test_a_current_has_the_dimension_of_its_input() -> None:
    assert codes(own_cell, {"a": receptor(current="s/tau", into="drive")}) == ["wrong-dimension"]
    assert codes(own_cell, {"a": receptor(current="s", into="I_syn")}) == ["unknown-input"]


# Spikes


def test_a_cell_may_replace_condition_and_statements() -> None:
    cell = composed(
        small({"cells.lif.spike": {"when": "V >= V_th", "then": ["g_AMPA = 0*nS", "V = E_L"]}})
    )
    (spike,) = cell.events
    assert write(spike.condition) == "V >= V_th"
    assert [(name, write(value)) for name, value in spike.statements] == [
        ("g_AMPA", "0.0[S]"),
        ("V", "E_L"),
    ]


def test_a_refractory_cell_holds_v_unless_it_says_otherwise() -> None:
    spike = {**MEMBRANE["spike"], "refractory": "2*ms"}
    assert own_cell({}, spike=spike).refractoriness.holds == ("V",)
    assert own_cell({}, spike={**spike, "holds": []}).refractoriness.holds == ()
    cell = own_cell({"a": receptor()}, spike={**spike, "holds": ["s_a", "V"]})
    assert cell.refractoriness.holds == ("V", "s_a")


@pytest.mark.parametrize("refractory", ["tau + i*ms", "nothing*ms"])
def test_a_refractory_period_reads_names_of_the_cell(refractory: str) -> None:
    spike = {**MEMBRANE["spike"], "refractory": refractory}
    assert codes(own_cell, {}, spike=spike) == ["unknown-name"]


# What is refused


@pytest.mark.parametrize(
    ("equations", "code"),
    [
        ({"on_event": "tau = acc"}, "unknown-state"),
        ({"on_event": "s = s + V*acc"}, "wrong-dimension"),
        ({"on_event": "q = s + acc"}, "unknown-state"),
        ({"derivatives": {"q": "-s/tau"}}, "unknown-state"),
        ({"derivatives": {"V": "-V/tau"}}, "unknown-state"),
        ({"increment": {"q": "s"}}, "unknown-state"),
        ({"increment": {"V": "s/tau"}}, "wrong-dimension"),
        ({"current": "acc", "into": "drive"}, "unknown-name"),
        ({"current": "n_events*mV", "into": "drive"}, "unknown-name"),
    ],
)
def test_equations_of_a_receptor_that_make_no_sense(equations: dict[str, Any], code: str) -> None:
    assert codes(own_cell, {"a": receptor(**equations)}) == [code]


def test_a_port_may_read_the_number_of_arrivals() -> None:
    cell = own_cell({"a": receptor(on_event="s = 1*mV - (1*mV - s)*where(n_events > 0, 0, 1)")})
    port = cell.receptors["a"]
    assert port is not None
    assert "real(n_events)" in write(port.value)


@pytest.mark.parametrize("value", ["V", "t/ms*mV", "drive", "E_rev", "j*mV"])
def test_a_parameter_reads_parameters_and_the_index_only(value: str) -> None:
    changed = {**MEMBRANE["parameters"], "E": "mV"}
    network = {**MEMBRANE, "parameters": changed}
    with pytest.raises(SpecError) as caught:
        pipeline.resolved(one_cell(network, tau="1 ms", E=value))
    assert [each.code for each in caught.value.diagnostics] == ["unknown-name"]


def test_problems_in_equations_are_located_in_the_equations() -> None:
    changed = {**MEMBRANE, "derivatives": {"V": "(drive - W)/tau"}}
    network = Network.loads(one_cell(changed, tau="1 ms").to_json(), file="own.json")
    with pytest.raises(SpecError) as caught:
        pipeline.resolved(network)
    (problem,) = caught.value.diagnostics
    assert problem.path == "cells.own.model.equations.derivatives.V"
    assert problem.location is not None
    line = network.document.text.splitlines()[problem.location.line - 1]
    assert line[problem.location.column - 1 :] == '"(drive - W)/tau"'


# The library


def test_a_library_model_written_in_place_is_the_same_cell() -> None:
    equations = library.cell("leaky_if").model_dump(mode="json", exclude_unset=True)
    in_place = small({"cells.lif.model": {"equations": equations}})
    assert in_place.fingerprint() == small().fingerprint()


# Integrators


@pytest.mark.parametrize(
    ("name", "hints"),
    [
        ("exakt", ("did you mean 'exact'?",)),
        ("forward_euler", ("netspec calls it 'euler'",)),
        ("rk9", ("did you mean 'rk4'?",)),
    ],
)
def test_an_unknown_integrator_is_reported_with_everything_else(
    name: str, hints: tuple[str, ...]
) -> None:
    network = small({"cells.lif.integrator": name, "cells.lif.V_th": "-50 ms"})
    first, other = pipeline.check(network).diagnostics
    assert (first.code, first.path) == ("unknown-integrator", "cells.lif.integrator")
    assert first.message == f"there is no integrator '{name}'"
    assert (first.notes, first.hints) == ((f"integrators: {listed(INTEGRATORS)}",), hints)
    assert other.code == "wrong-dimension"


def test_an_integrator_is_added_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(INTEGRATORS, "forward", INTEGRATORS["euler"])  # type: ignore[arg-type]
    network = small({"cells.lif.integrator": "forward"})
    lowered = dump(pipeline.lowered(network))
    assert lowered.replace("by forward", "by euler") == dump(pipeline.lowered(small()))
    names = json_schema()["$defs"]["Cell"]["properties"]["integrator"]["enum"]
    assert names == list(INTEGRATORS)
