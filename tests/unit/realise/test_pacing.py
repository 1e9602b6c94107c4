"""A step that is large for a time constant is a warning, and the warning is true."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from unit.documents import one_cell, small

from netspec.errors import Diagnostic
from netspec.passes import pipeline
from netspec.passes.integrate import INTEGRATORS
from netspec.passes.integrate.pacing import ORDERS
from netspec.spec.network import Network

DECAY = {
    "parameters": {"tau": "ms", "tau_y": {"unit": "ms", "default": "10 ms"}},
    "state": {"x": {"unit": "1", "initial": "1"}, "y": {"unit": "1", "initial": "0"}},
    "derivatives": {"x": "-x/tau", "y": "(x - y)/tau_y"},
}
"""One variable decays and drives another; a step is 0.1 ms."""


def decay(integrator: str, tau: str) -> Network:
    return one_cell(DECAY, integrator=integrator, tau=tau)


def warned(network: Network) -> list[Diagnostic]:
    report = pipeline.check(network)
    assert report.ok
    assert {each.code for each in report.diagnostics} <= {"large-time-step"}
    return list(report.diagnostics)


def after(network: Network, steps: int, variable: str = "x") -> float:
    """Return a variable after some steps."""
    monitors = {"states": [{"of": "pop", "variables": [variable]}]}
    long_enough = {"duration": f"{(steps + 1) / 10:.1f} ms", "monitors": monitors}
    with pytest.warns() if warned(network) else np.errstate():
        results = network.replace(long_enough).run(backend="numpy")
    return float(results.states["pop"][variable][steps, 0])


def number_behind(text: str, problem: Diagnostic) -> float:
    return float(problem.message.partition(text)[2].split()[0])


# When


@pytest.mark.parametrize(
    ("integrator", "fine", "large"),
    [
        ("euler", "0.42 ms", "0.41 ms"),
        ("euler_maruyama", "0.42 ms", "0.41 ms"),
        ("exponential_euler", "0.42 ms", "0.41 ms"),
        ("rk2", "0.16 ms", "0.15 ms"),
        ("heun", "0.16 ms", "0.15 ms"),
        ("rk4", "0.07 ms", "0.069 ms"),
    ],
)
def test_each_integrator_has_its_limit(integrator: str, fine: str, large: str) -> None:
    assert warned(decay(integrator, fine)) == []
    (problem,) = warned(decay(integrator, large))
    assert problem.path == "cells.own.tau"


def test_exact_has_none() -> None:
    assert warned(decay("exact", "0.0001 ms")) == []


def test_every_integrator_is_known_to_the_warning() -> None:
    assert ORDERS.keys() | {"exact", "exponential_euler"} == INTEGRATORS.keys()


def test_a_gate_that_exponential_euler_keeps_constant_may_go_most_of_its_way() -> None:
    gate = {**DECAY, "derivatives": {"x": "(0.5 - x)/(tau*(1 + y))", "y": "(x - y)/tau_y"}}
    assert warned(one_cell(gate, integrator="exponential_euler", tau="0.0482 ms")) == []
    (problem,) = warned(one_cell(gate, integrator="exponential_euler", tau="0.0479 ms"))
    assert "'x' decays at first with a time constant of 0.0479 ms" in problem.message


def test_a_variable_that_exponential_euler_keeps_from_nobody_is_fine() -> None:
    alone = {**DECAY, "derivatives": {"x": "-x/tau", "y": "-y/tau_y"}}
    assert warned(one_cell(alone, integrator="exponential_euler", tau="0.01 ms")) == []


def test_a_time_constant_without_end_or_without_length_is_no_trouble() -> None:
    assert warned(one_cell({**DECAY, "derivatives": {"x": "0*x/tau"}}, tau="10 ms")) == []
    (problem,) = warned(decay("euler", "0 ms"))
    assert "a time constant of 0 ms" in problem.message


# What it says


@pytest.mark.parametrize(("integrator", "tau"), [("euler", 0.2), ("rk2", 0.1), ("rk4", 0.06)])
def test_the_time_constant_is_that_of_the_simulation(integrator: str, tau: float) -> None:
    network = decay(integrator, f"{tau} ms")
    (problem,) = warned(network)
    assert number_behind("with a time constant of ", problem) == tau
    simulated = number_behind("makes that ", problem)
    assert after(network, 4) == pytest.approx(math.exp(-0.4 / simulated), rel=0.02)


@pytest.mark.parametrize(("tau", "share"), [("0.2 ms", 27), ("0.1 ms", 58)])
def test_others_get_so_much_too_much_of_a_variable_that_is_kept_constant(
    tau: str, share: int
) -> None:
    network = decay("exponential_euler", tau)
    (problem,) = warned(network)
    assert number_behind("others get ", problem) == share
    late = 100  # y has got all of x, and has begun to decay
    area = after(network, late, "y") / after(decay("exact", tau), late, "y")
    assert area == pytest.approx(1 + share / 100, abs=0.01)


@pytest.mark.parametrize(
    ("integrator", "tau", "said"),
    [
        ("euler", "0.08 ms", "makes it overshoot"),
        ("euler", "0.05 ms", "makes it grow without end"),
        ("rk2", "0.05 ms", "makes it grow without end"),
        ("rk4", "0.036 ms", "makes that"),
        ("rk4", "0.035 ms", "makes it grow without end"),
    ],
)
def test_what_overshoots_and_what_explodes_is_told(integrator: str, tau: str, said: str) -> None:
    network = decay(integrator, tau)
    (problem,) = warned(network)
    assert said in problem.message
    values = [after(network, steps) for steps in (1, 40)]
    assert (values[0] < 0) == (integrator == "euler")
    assert (abs(values[1]) >= 1) == (said == "makes it grow without end")


def test_what_grows_is_told_as_well() -> None:
    growing = {**DECAY, "derivatives": {"x": "x/tau"}}
    (problem,) = warned(one_cell(growing, tau="0.3 ms"))
    assert problem.message.startswith("'x' grows with a time constant of 0.3 ms")


def test_the_fastest_variable_is_shown_and_the_others_are_named() -> None:
    (problem,) = warned(one_cell(DECAY, tau="0.3 ms", tau_y="0.2 ms"))
    assert problem.path == "cells.own.tau_y"
    assert problem.message.startswith("'y' decays with a time constant of 0.2 ms")
    assert problem.notes == ("likewise 'x' (0.3 ms)",)


@pytest.mark.parametrize(
    ("derivative", "tau", "hint"),
    [
        ("(x - y)/tau_y", "0.2 ms", "use a smaller dt, or the integrator 'exact'"),
        ("(x*x - y)/tau_y", "0.2 ms", "use a smaller dt, or the integrator 'rk4'"),
        ("(x*x - y)/tau_y", "0.05 ms", "use a smaller dt"),
        ("(x - y)/tau_y + xi/sqrt(tau_y)", "0.2 ms", "use a smaller dt"),
    ],
)
def test_an_integrator_is_proposed_if_it_helps(derivative: str, tau: str, hint: str) -> None:
    equations = {**DECAY, "derivatives": {**DECAY["derivatives"], "y": derivative}}
    noisy = "xi" in derivative
    network = one_cell(equations, integrator="euler_maruyama" if noisy else "euler", tau=tau)
    assert warned(network)[0].hints == (hint,)


# Of which values


def test_populations_that_share_a_cell_are_told_once() -> None:
    fast: dict[str, Any] = {"cells.lif.receptors.AMPA.tau_decay": "0.3 ms"}
    (problem,) = warned(small(fast))
    assert problem.path == "cells.lif.receptors.AMPA.tau_decay"


def test_a_population_with_values_of_its_own_is_told_at_them() -> None:
    taus = ["5 ms"] * 9 + ["0.2 ms"]
    (problem,) = warned(small({"populations.exc.parameters": {"tau_decay_AMPA": taus}}))
    assert problem.path == "populations.exc.parameters.tau_decay_AMPA"
    assert "0.2 ms" in problem.message


def test_what_the_timeline_sets_is_looked_at() -> None:
    entry = {"at": "1 ms", "set": {"exc[3:4].tau_decay_AMPA": "0.2 ms", "inh.I_e": "1 pA"}}
    (problem,) = warned(small({"timeline": [entry]}))
    assert problem.path == 'timeline[0].set["exc[3:4].tau_decay_AMPA"]'


def test_rates_that_read_state_are_those_at_first() -> None:
    equations = {**DECAY, "derivatives": {"x": "-x*(1 + y)/tau", "y": "-y/tau_y"}}
    network = one_cell(equations, tau="0.5 ms")
    assert warned(network) == []
    (problem,) = warned(network.replace({"populations.pop.initial": {"y": "0.5"}}))
    assert problem.message.startswith("'x' decays at first with a time constant of 0.333 ms")
    by_exponential = {"cells.own.integrator": "exponential_euler"}
    assert warned(network.replace({"populations.pop.initial": {"y": "9"}, **by_exponential})) == []


@pytest.mark.parametrize("derivative", ["-x*x/tau", "-min(x, 1)/tau", "-x*t/tau/tau", "-y/tau"])
def test_nothing_is_said_where_there_is_no_factor_or_it_depends_on_time(derivative: str) -> None:
    equations = {**DECAY, "derivatives": {"x": derivative, "y": "-y/tau_y"}}
    assert warned(one_cell(equations, tau="0.01 ms")) == []
