"""Exact integration: linear systems by their propagators, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from unit.documents import one_cell

from netspec.errors import SpecError
from netspec.expr.nodes import Constant, Name
from netspec.expr.parse import parse_expression
from netspec.expr.text import write
from netspec.ir import nodes as ir
from netspec.passes import pipeline
from netspec.passes.integrate.linear import linear_form

PSC: dict[str, Any] = {
    "parameters": {"tau_m": "ms", "tau_s": "ms", "C": "pF", "E": "mV", "t_ref": "ms"},
    "state": {"V": {"unit": "mV", "initial": "E"}, "I": {"unit": "pA", "initial": "0 pA"}},
    "derivatives": {"V": "(E - V)/tau_m + I/C", "I": "-I/tau_s"},
}
VALUES = {"tau_m": "10 ms", "tau_s": "2 ms", "C": "250 pF", "E": "-70 mV", "t_ref": "2 ms"}
SPIKE = {"when": "V > -50*mV", "then": ["V = E"], "refractory": "t_ref"}


def exact_cell(**changes: Any) -> ir.Cell:
    equations = {**PSC, **changes}
    network = one_cell(equations, integrator="exact", **VALUES)
    return pipeline.lowered(network).populations[0].cell


def written(stage: ir.Stage) -> list[str]:
    return [f"{each.target} = {write(each.value)}" for each in stage.statements]


def coefficients(text: str, variables: set[str]) -> tuple[dict[str, str], str]:
    form = linear_form(parse_expression(text), variables)
    offset = "" if form.offset is None else write(form.offset)
    return {name: write(value) for name, value in form.coefficients.items()}, offset


@pytest.mark.parametrize(
    ("text", "found", "offset"),
    [
        ("x", {"x": "1.0"}, ""),
        ("-x/a", {"x": "-(1.0 / a)"}, ""),
        ("a*(b - x)", {"x": "-a"}, "a * b"),
        ("(b - x)*a + y", {"x": "-a", "y": "1.0"}, "b * a"),
        ("x + y - x", {"x": "1.0 - 1.0", "y": "1.0"}, ""),
        ("a + b", {}, "a + b"),
        ("exp(a)*x", {"x": "exp(a)"}, ""),
        ("where(a > b, a, b)", {}, "where(a > b, a, b)"),
    ],
)
def test_the_linear_form_of_an_expression(text: str, found: dict[str, str], offset: str) -> None:
    assert coefficients(text, {"x", "y"}) == (found, offset)


@pytest.mark.parametrize("text", ["x*x", "x*y", "a/x", "x**2", "exp(x)", "where(x > a, x, a)"])
def test_what_is_not_linear_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not linear in 'x' and 'y'"):
        linear_form(parse_expression(text), {"x", "y"})


def test_a_zero_is_no_offset() -> None:
    assert linear_form(Constant(0.0), {"x"}).offset is None
    assert linear_form(Name("a"), {"x"}).offset == Name("a")


def test_the_update_is_a_sum_of_products_in_the_order_of_names() -> None:
    (stage,) = exact_cell().stages
    assert written(stage) == [
        "I = _propagator_0_0 * I",
        "V = _propagator_1_0 * I + _propagator_1_1 * V + _propagator_1",
    ]


def test_propagators_have_the_dimension_of_what_they_do() -> None:
    parameters = {each.name: str(each.dimension) for each in exact_cell().parameters}
    assert parameters["_propagator_0_0"] == "1"
    assert parameters["_propagator_1_0"] == "ohm"
    assert parameters["_propagator_1"] == "V"


def test_a_held_variable_that_nobody_follows_needs_no_second_set() -> None:
    cell = exact_cell(spike=SPIKE)
    assert [each for each in cell.derived if isinstance(each, ir.Propagator)] == [cell.derived[0]]
    assert written(cell.stages[1])[1].startswith("V = where(_held, V, _propagator_1_0 * I + ")


def test_what_follows_a_held_variable_gets_a_second_set() -> None:
    cell = exact_cell(
        spike=SPIKE,
        state={**PSC["state"], "w": {"unit": "mV", "initial": "0 mV"}},
        derivatives={**PSC["derivatives"], "w": "(V - w)/tau_s"},
    )
    free, held = (each for each in cell.derived if isinstance(each, ir.Propagator))
    assert written(cell.stages[1])[2] == (
        "w = where(_held, "
        "_held_propagator_2_1 * V + _held_propagator_2_2 * w, "
        "_propagator_2_0 * I + _propagator_2_1 * V + _propagator_2_2 * w + _propagator_2)"
    )
    assert [write(each) for each in held.matrix[1]] == ["0.0[1/F]", "0.0[Hz]", "0.0[Hz]"]
    assert held.targets[:2] == ((None,) * 4, (None,) * 4)
    assert free.matrix[0] == held.matrix[0]


def test_a_variable_without_derivative_drives_as_a_constant() -> None:
    cell = exact_cell(derivatives={"V": "(E - V)/tau_m + I/C"})
    assert written(cell.stages[0]) == [
        "V = _propagator_1_0 * I + _propagator_1_1 * V + _propagator_1"
    ]
    (derived,) = cell.derived
    assert derived.targets[0] == (None, None, None)
    assert {each.value for each in derived.matrix[0] if isinstance(each, Constant)} == {0.0}


@pytest.mark.parametrize(
    ("derivative", "words"),
    [
        ("(E - V)/tau_m*V/E", "is not linear"),
        ("(E - V)/tau_m + I*V/C/E", "is not linear"),
        ("(E - V)/t", "depends on 't'"),
        ("(E*exp(-t/tau_m) - V)/tau_m", "depends on 't'"),
    ],
)
def test_equations_that_have_no_propagator_are_refused(derivative: str, words: str) -> None:
    with pytest.raises(SpecError, match=words) as caught:
        exact_cell(derivatives={"V": derivative, "I": "-I/tau_s"})
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.path) == ("not-linear", "cells.own.integrator")
    assert problem.hints == ("use another integrator, e.g. 'euler'",)


def test_the_past_is_a_constant_for_the_exact_solution() -> None:
    cell = exact_cell(derivatives={"V": "(previous(V) - V)/tau_m", "I": "-I/tau_s"})
    assert written(cell.stages[0]) == [
        "I = _propagator_0_0 * I",
        "V = _propagator_1_1 * V + _propagator_1_2 * _tested_V",
    ]
