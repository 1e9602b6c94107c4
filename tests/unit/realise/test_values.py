"""Values of a recipe as arrays."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from unit.documents import small

from netspec.errors import InternalError, OutOfRangeError, SpecError
from netspec.expr.fold import fold, real_indices
from netspec.expr.parse import parse_expression
from netspec.ir.recipe import Computed, Item, PerItem, Scalar
from netspec.passes import pipeline
from netspec.realise.distributions import ItemStream
from netspec.realise.network import RealisedPopulation
from netspec.realise.values import (
    realise_items,
    realise_value,
)

DT = Fraction(1, 10_000)


def computed(text: str) -> Computed:
    return Computed(fold(real_indices(parse_expression(text), frozenset({"i", "j"}))))


def no_stream(item: Item) -> ItemStream:
    raise AssertionError(f"{item.name} is not drawn")


def code(error: SpecError) -> str:
    (problem,) = error.diagnostics
    return problem.code


def population(changes: dict[str, Any], name: str = "exc") -> RealisedPopulation:
    return pipeline.realised(small(changes)).populations[name]


# Values


def test_exact_values_are_rounded_once() -> None:
    assert realise_value(Scalar(Fraction(1, 3)), {}, "").item() == 1 / 3
    listed = realise_value(PerItem((Fraction(1, 10), Fraction(-2, 3))), {}, "")
    assert listed.tolist() == [0.1, -2 / 3]


def test_formulas_are_computed_as_they_stand() -> None:
    known = {"i": np.arange(3), "a": np.array(0.1)}
    assert realise_value(computed("a + a + a"), known, "").item() == 0.1 + 0.1 + 0.1
    assert realise_value(computed("i*a"), known, "").tolist() == [0.0, 0.1, 0.2]


@pytest.mark.parametrize("text", ["1/i", "log(i - 1)", "exp(1000 + i)"])
def test_computed_values_are_finite(text: str) -> None:
    with pytest.raises(SpecError, match="the value computed for index") as caught:
        realise_value(computed(text), {"i": np.arange(3)}, "somewhere")
    assert code(caught.value) == "not-finite"
    assert caught.value.diagnostics[0].path == "somewhere"


def test_formulas_read_each_other_in_any_order() -> None:
    items = [
        Item("a", computed("b + 1"), ""),
        Item("b", computed("c*2"), ""),
        Item("c", Scalar(Fraction(3)), ""),
    ]
    assert {name: float(value) for name, value in realise_items(items, {}, no_stream).items()} == {
        "a": 7.0,
        "b": 6.0,
        "c": 3.0,
    }


def test_a_circle_is_a_fault_of_netspec() -> None:
    items = [Item("a", computed("b"), "x"), Item("b", computed("a"), "y")]
    with pytest.raises(InternalError, match="the values of 'a', 'b' read each other"):
        realise_items(items, {}, no_stream)


# Populations


def test_parameters_are_scalar_unless_they_differ() -> None:
    own = population({"populations.exc.parameters": {"V_th": "-50*mV + i*mV", "g_L": "31 nS"}})
    assert own.parameters["g_L"].shape == own.parameters["C_m"].shape == ()
    assert own.parameters["V_th"].tolist() == [-0.05 + number * 0.001 for number in range(10)]
    assert own.initial["V"].shape == own.initial["g_AMPA"].shape == (10,)


def test_initial_values_may_read_parameters_state_and_the_index() -> None:
    own = population(
        {"populations.exc.initial": {"V": "E_L + i*mV", "g_AMPA": "(V - E_L)/volt*nS"}}
    )
    expected = (own.initial["V"] - own.parameters["E_L"]) * 1e-9
    assert own.initial["g_AMPA"].tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("t_ref", "steps"),
    [
        ("2 ms", 20),
        ("0.5*ms + 5*dt", 10),
        ("i*0.1*ms", list(range(10))),
        (["1 ms"] * 10, [10] * 10),
    ],
)
def test_refractory_periods_are_counted_in_steps(t_ref: Any, steps: Any) -> None:
    own = population({"populations.exc.parameters.t_ref": t_ref})
    assert own.parameters["_period"].tolist() == steps


@pytest.mark.parametrize(
    ("t_ref", "expected"),
    [
        ("1*ms/i", "not-finite"),
        ("0.05*ms*i", "not-a-multiple-of-dt"),
        ("(i - 5)*ms", "negative-duration"),
        ("1e300*second*(1 + i)", "too-long"),
    ],
)
def test_other_refractory_periods_are_refused_at_their_place(t_ref: str, expected: str) -> None:
    with pytest.raises(SpecError) as caught:
        population({"populations.exc.parameters.t_ref": t_ref})
    assert code(caught.value) == expected
    assert caught.value.diagnostics[0].path == "populations.exc.parameters.t_ref"


# Sources


@pytest.mark.parametrize(
    ("rate", "high"),
    [
        ("0 Hz", 0),
        ("10000 Hz", 2**32),
        ("5000 Hz", 2**31),
    ],
)
def test_a_rate_becomes_a_threshold(rate: str, high: int) -> None:
    source = pipeline.realised(small({"inputs.ext.rate": rate})).sources["ext"]
    assert source.thresholds.high.tolist() == [high] * 20
    assert source.thresholds.low.tolist() == [0] * 20


@pytest.mark.parametrize(
    ("rate", "neuron"), [("-1 Hz", 0), ("10001 Hz", 0), ("(5 - i)*hertz", 6), ("2000*i*hertz", 6)]
)
def test_a_rate_out_of_range_names_step_object_and_neuron(rate: str, neuron: int) -> None:
    with pytest.raises(OutOfRangeError) as caught:
        pipeline.realised(small({"inputs.ext.rate": rate}))
    (problem,) = caught.value.diagnostics
    assert problem.path == "inputs.ext.rate"
    assert f"'ext' leaves its range at step 0, neuron {neuron}" in problem.message


def test_listed_spikes_are_sorted_by_step_and_index_and_end_with_the_run() -> None:
    times = [["2 ms", "1 ms", "10 ms"], ["1 ms"], []]
    source = pipeline.realised(small({"inputs.beat.times": times})).sources["beat"]
    pairs = list(zip(source.steps.tolist(), source.indices.tolist(), strict=True))
    assert pairs == [(10, 0), (10, 1), (20, 0)]
    assert (source.steps.dtype, source.indices.dtype) == (np.int64, np.uint32)
