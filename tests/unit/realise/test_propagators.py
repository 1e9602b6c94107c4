"""Propagators are the exponentials of matrices, by plain operations in a fixed order."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from unit.documents import one_cell

from netspec.errors import SpecError
from netspec.passes import pipeline
from netspec.realise.propagators import exponential

PSC_EXP: dict[str, Any] = {
    "parameters": {"tau_m": "ms", "tau_s": "ms", "C": "pF", "E": "mV", "I_e": "pA"},
    "state": {"V": {"unit": "mV", "initial": "E"}, "I": {"unit": "pA", "initial": "0 pA"}},
    "derivatives": {"V": "(E - V)/tau_m + (I + I_e)/C", "I": "-I/tau_s"},
}
VALUES = {"tau_m": "10 ms", "tau_s": "2 ms", "C": "250 pF", "E": "-70 mV", "I_e": "0 pA"}


def reference(matrix: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    with mpmath.workdps(60):
        exact = mpmath.expm(mpmath.matrix(matrix.tolist()), method="taylor")
        size = len(matrix)
        return np.array([[float(exact[i, j]) for j in range(size)] for i in range(size)])


def assert_close(matrix: Iterable[Iterable[float]]) -> None:
    array = np.array(matrix, dtype=np.float64)
    exact = reference(array)
    error = np.max(np.abs(exponential(array) - exact))
    assert error <= 1e-14 * np.max(np.abs(exact))


def propagators(**values: Any) -> dict[str, Any]:
    network = one_cell(PSC_EXP, integrator="exact", **{**VALUES, **values})
    own = pipeline.realised(network).populations["pop"].parameters
    return {name: value for name, value in own.items() if name.startswith("_")}


# The exponential


@pytest.mark.parametrize(
    "matrix",
    [
        [[0.0]],
        [[-0.01]],
        [[-7.0]],
        [[3.0]],
        [[0.0, 1.0], [0.0, 0.0]],
        [[-0.1, 0.4], [0.0, -0.05]],
        [[-0.05, 0.4], [0.0, -0.05]],  # tau_m = tau_s
        [[-0.05, 0.4], [0.0, -0.05 * (1 + 1e-12)]],
        [[0.0, 1.0], [-1.0, 0.0]],
        [[-0.01, 4.0e8, 0.0], [0.0, -0.05, 1.0], [0.0, 0.0, -0.05]],
        [[-0.01, 4.0e-9, -7e-4], [0.0, -0.05, 0.0], [0.0, 0.0, 0.0]],
        [[-1.0, 2.0, 3.0, 4.0], [0.5, -2.0, 1.0, 0.0], [0.1, 0.2, -0.3, 1.0], [0.0, 0.0, 0.0, 0.0]],
    ],
)
def test_exponentials_agree_with_mpmath(matrix: list[list[float]]) -> None:
    assert_close(matrix)


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(
            st.lists(st.floats(-2, 2, allow_subnormal=False), min_size=n, max_size=n),
            min_size=n,
            max_size=n,
        )
    )
)
@settings(derandomize=True, max_examples=60)
def test_exponentials_of_any_small_matrix_agree_with_mpmath(matrix: list[list[float]]) -> None:
    assert_close(matrix)


def test_matrices_side_by_side_are_computed_as_if_alone() -> None:
    matrices = [[[-0.01, 3.0], [0.0, -0.3]], [[-5.0, 0.1], [0.0, -9.0]], [[0.0, 0.0], [0.0, 0.0]]]
    together = exponential(np.array(matrices).transpose(1, 2, 0))
    for number, matrix in enumerate(matrices):
        assert together[:, :, number].tolist() == exponential(np.array(matrix)).tolist()


def test_nothing_changes_over_no_time() -> None:
    assert exponential(np.zeros((3, 3))).tolist() == np.eye(3).tolist()


# Propagators of a neuron


def ulps(value: float, expected: float) -> float:
    return abs(value - expected) / math.ulp(expected)


def test_the_constants_of_iaf_psc_exp_at_a_step_of_0_1_ms() -> None:
    found = propagators(tau_s="0.5 ms")
    assert ulps(float(found["_propagator_0_0"]), 0.8187307530779818) <= 2
    assert ulps(float(found["_propagator_1_1"]), 0.9900498337491681) <= 2


@pytest.mark.parametrize("tau_s", ["2 ms", "10 ms", "9.999999 ms", "0.1 ms", "1000 ms"])
def test_the_current_drives_the_membrane_as_in_closed_form(tau_s: str) -> None:
    found = propagators(tau_s=tau_s)
    with mpmath.workdps(60):
        h, tau, capacity = mpmath.mpf("1e-4"), mpmath.mpf("1e-2"), mpmath.mpf("250e-12")
        syn = mpmath.mpf(tau_s.removesuffix(" ms")) / 1000
        if syn == tau:
            exact = h / capacity * mpmath.exp(-h / tau)
        else:
            rate = 1 / syn - 1 / tau
            exact = (mpmath.exp(-h / tau) - mpmath.exp(-h / syn)) / rate / capacity
    assert abs(float(found["_propagator_1_0"]) / float(exact) - 1) < 1e-14


def test_a_constant_drive_is_integrated_exactly() -> None:
    found = propagators(I_e="100 pA")
    decay = math.exp(-0.01)
    steady = -0.070 + 100e-12 * 10e-3 / 250e-12
    assert float(found["_propagator_1"]) == pytest.approx(steady * (1 - decay), rel=1e-13)


def test_one_value_for_all_or_one_per_neuron() -> None:
    assert propagators()["_propagator_1_1"].shape == ()
    found = propagators(tau_m=["10 ms", "20 ms"])
    assert found["_propagator_1_1"].shape == (2,)
    assert found["_propagator_1_1"][0] == propagators()["_propagator_1_1"]
    assert found["_propagator_1_1"][1] == propagators(tau_m="20 ms")["_propagator_1_1"]


@pytest.mark.parametrize(
    ("values", "blamed", "note"),
    [
        ({"tau_m": "0 ms"}, "tau_m", "'tau_m' is 0"),
        ({"tau_s": "0 ms"}, "tau_s", "'tau_s' is 0"),
        ({"tau_s": ["1 ms", "0 ms"]}, "tau_s", "'tau_s' is 0"),
        ({"C": "0 pF", "I_e": "0 pA"}, "C", "'C' is 0"),
        ({"tau_m": "0 ms", "tau_s": "0 ms"}, "tau_m", "'tau_m' and 'tau_s' are 0"),
        ({"tau_m": "-1e-5 ms"}, "tau_m", "it depends on 'tau_m'"),
        ({"tau_s": "-1e-5 ms"}, "tau_s", "it depends on 'tau_s'"),
    ],
)
def test_a_propagator_that_is_not_finite_is_refused_at_who_is_to_blame(
    values: dict[str, Any], blamed: str, note: str
) -> None:
    with pytest.raises(SpecError, match="not finite with these parameters") as caught:
        propagators(**values)
    (problem,) = caught.value.diagnostics
    assert problem.path == f"cells.own.{blamed}"
    assert problem.notes == (note,)


def test_a_changed_parameter_is_to_blame_where_it_is_changed() -> None:
    entry = {"at": "1 ms", "set": {"pop.tau_s": "0 ms", "pop.E": "-60 mV"}}
    network = one_cell(PSC_EXP, integrator="exact", **VALUES).replace({"timeline": [entry]})
    with pytest.raises(SpecError) as caught:
        pipeline.realised(network)
    assert [each.path for each in caught.value.diagnostics] == ['timeline[0].set["pop.tau_s"]']


def test_a_changed_parameter_changes_its_propagators() -> None:
    entry = {"at": "1 ms", "set": {"pop.tau_m": "20 ms"}}
    network = one_cell(PSC_EXP, integrator="exact", **VALUES).replace({"timeline": [entry]})
    realised = pipeline.realised(network)
    changed = {each.action.parameter: each.values for each in realised.timeline}
    assert [each.step for each in realised.timeline] == [10] * len(changed)
    assert next(iter(changed)) == "tau_m"
    expected = propagators(tau_m="20 ms")
    assert {name: float(value) for name, value in changed.items() if name != "tau_m"} == {
        name: float(value) for name, value in expected.items()
    }
