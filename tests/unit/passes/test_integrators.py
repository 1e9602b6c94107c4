"""Integrators: the stages they make, held variables, what each refuses."""

from __future__ import annotations

from typing import Any

import pytest
from unit.documents import one_cell

from netspec.errors import SpecError
from netspec.expr.text import write
from netspec.ir import nodes as ir
from netspec.passes import pipeline


def cell_of(derivatives: dict[str, str], integrator: str | None, **changes: Any) -> ir.Cell:
    equations = {
        "parameters": {"tau": "ms", "sigma": {"unit": "1", "default": "1"}},
        "state": {name: {"unit": "1", "initial": "0"} for name in ("x", "y")},
        "derivatives": derivatives,
        **changes,
    }
    network = one_cell(equations, integrator=integrator, tau="2 ms")
    return pipeline.lowered(network).populations[0].cell


def written(cell: ir.Cell) -> list[list[str]]:
    return [
        [f"{each.target} = {write(each.value)}" for each in stage.statements]
        for stage in cell.stages
    ]


def test_the_midpoint_method_is_two_stages() -> None:
    assert written(cell_of({"x": "(y - x)*t/tau**2", "y": "-x/tau"}, "rk2")) == [
        [
            "_middle_x = x + 0.5 * dt * ((y - x) * t / (tau * tau))",
            "_middle_y = y + 0.5 * dt * (-x / tau)",
        ],
        [
            "x = x + dt * ((_middle_y - _middle_x) * (t + 0.5 * dt) / (tau * tau))",
            "y = y + dt * (-_middle_x / tau)",
        ],
    ]


def test_exponential_euler_divides_by_what_the_derivative_is_divided_by() -> None:
    cell = cell_of({"x": "((1 - x)*y - sigma*x)/tau/sigma", "y": "x*t/tau**2"}, "exponential_euler")
    assert written(cell) == [
        [
            "_growth_x = exprel(dt / tau / sigma * -(y + sigma))",
            "_shift_x = dt / tau / sigma * ((1.0 - x) * y - sigma * x)",
        ],
        ["x = x + _growth_x * _shift_x", "y = y + dt * (x * t / (tau * tau))"],
    ]
    assert not cell.derived


def test_where_the_growth_is_constant_the_step_of_exponential_euler_is_a_parameter() -> None:
    cell = cell_of({"x": "(y - sigma*x)/tau", "y": "x/tau"}, "exponential_euler")
    assert written(cell) == [["x = x + _step_x * (y - sigma * x)", "y = y + dt * (x / tau)"]]
    (of_x,) = cell.derived
    assert isinstance(of_x, ir.Propagator)
    assert of_x.targets == ((None, "_step_x"),)
    assert [write(each) for each in of_x.expressions] == ["-(sigma / tau)", "1.0 / tau"]


def test_noise_is_added_behind_the_drift() -> None:
    cell = cell_of({"x": "-x/tau + sigma*sqrt(2/tau)*xi_1 - xi/sqrt(tau)"}, "euler_maruyama")
    noise = "-(1.0 / sqrt(tau)) * sqrt(dt) * _xi + sigma * sqrt(2.0 / tau) * sqrt(dt) * _xi_1"
    assert written(cell) == [[f"x = x + dt * (-x / tau) + {noise}"]]
    assert [(each.name, each.distribution, each.purpose) for each in cell.draws] == [
        ("_xi", "normal", "xi"),
        ("_xi_1", "normal", "xi_1"),
    ]


@pytest.mark.parametrize("integrator", ["rk2", "rk4", "heun", "exponential_euler"])
def test_held_variables_hold_in_every_sub_stage(integrator: str) -> None:
    spike = {"when": "x > 1", "refractory": "1*ms", "holds": ["x"]}
    cell = cell_of({"x": "(1 - x)/tau", "y": "(x - y)/tau"}, integrator, spike=spike)
    values = {
        each.target: write(each.value) for stage in cell.stages[1:] for each in stage.statements
    }
    stands_for_x = [name for name in values if name.endswith("x") and "slope" not in name]
    assert stands_for_x
    assert all(values[name].startswith("where(_held, x, ") for name in stands_for_x)


@pytest.mark.parametrize(
    ("derivatives", "chosen"),
    [
        ({"x": "(y - x)/tau", "y": "-y/tau"}, "exact"),
        ({"x": "(y - x)/tau", "y": "(1 - y)*x/tau"}, "exponential_euler"),
        ({"x": "(y - x**2)/tau", "y": "-y/tau"}, "rk4"),
        ({"x": "-x/tau + xi/sqrt(tau)"}, "euler_maruyama"),
        ({"x": "-x/tau + x*xi/sqrt(tau)"}, "heun"),
    ],
)
def test_without_a_name_the_structure_decides(derivatives: dict[str, str], chosen: str) -> None:
    assert cell_of(derivatives, None) == cell_of(derivatives, chosen)


@pytest.mark.parametrize(
    ("derivatives", "integrator", "code"),
    [
        ({"x": "-x**2/tau"}, "exact", "not-linear"),
        ({"x": "-x**2/tau"}, "exponential_euler", "not-linear"),
        ({"x": "xi/sqrt(tau)"}, "euler", "no-noise"),
        ({"x": "xi/sqrt(tau)"}, "exact", "no-noise"),
        ({"x": "xi/sqrt(tau)"}, "rk4", "no-noise"),
        ({"x": "xi*xi*x"}, "heun", "noise-not-linear"),
    ],
)
def test_what_an_integrator_cannot_do(
    derivatives: dict[str, str], integrator: str, code: str
) -> None:
    with pytest.raises(SpecError) as caught:
        cell_of(derivatives, integrator)
    assert [each.code for each in caught.value.diagnostics] == [code]
