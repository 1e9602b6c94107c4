"""Weights lie on grids of powers of two, so that their sums are exact in any order."""

from __future__ import annotations

import math
from dataclasses import fields
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from unit.documents import small

from netspec.errors import SpecError
from netspec.ir.recipe import ProjectionRecipe
from netspec.passes import pipeline
from netspec.realise.weights import MAX_BITS, grid_quantum, on_grid
from netspec.spec.connectivity import Projection
from netspec.spec.network import Network

finite = st.floats(-1e3, 1e3, allow_nan=False, allow_subnormal=False)
weights = st.lists(finite, min_size=1, max_size=20)


def grid(values: list[float], bits: int = 24) -> list[float]:
    return on_grid(np.array(values), bits).tolist()


def two_projections(first: Any, second: Any, **changes: Any) -> Network:
    data = small({"timeline": []}).to_document()
    base = {**data["projections"]["ext_exc"], "rule": {"all_to_all": {}}}
    data["projections"] = {"a": {**base, "weight": first}, "b": {**base, "weight": second}}
    return Network(**data).replace(changes) if changes else Network(**data)


# The grid


def test_a_stated_largest_weight_makes_the_grid() -> None:
    assert grid_quantum(np.array([1.0, 0.3]), 24, Fraction(3)) == 2.0**-22
    assert on_grid(np.array([1 / 3]), 8, Fraction(100)).tolist() == [0.5]
    stated = two_projections("1 nS", "(1 + i)*nS").replace({"projections.a.w_max": "100 nS"})
    report = pipeline.check(stated)
    assert report.ok
    assert report.grids["a"].quanta[0] == math.ldexp(1.0, math.frexp(1e-7)[1] - 24)
    assert report.grids["b"].quanta[0] != report.grids["a"].quanta[0]


@pytest.mark.parametrize(
    ("largest", "bits", "quantum"),
    [
        (1.0, 24, 2.0**-23),
        (0.75, 24, 2.0**-24),
        (0.5, 24, 2.0**-24),
        (3.0, 8, 2.0**-6),
        (-3.0, 8, 2.0**-6),
        (2e-9, 24, 2.0**-52),
        (5e-324, 24, 5e-324),
        (1e308, 32, 2.0 ** (1024 - 32)),
    ],
)
def test_the_quantum_follows_from_the_largest_weight(
    largest: float, bits: int, quantum: float
) -> None:
    assert grid_quantum(np.array([largest, largest / 3]), bits) == quantum
    assert grid_quantum(np.array(largest), bits) == quantum
    mantissa, exponent = math.frexp(abs(largest))
    assert 0.5 <= mantissa < 1
    assert quantum == max(math.ldexp(1.0, exponent - bits), 5e-324)


def test_weights_are_rounded_to_the_nearest_ties_to_even() -> None:
    quantum = 2.0**-7
    assert grid([1.0, 0.5 * quantum, 1.5 * quantum, 2.5 * quantum, 0.51 * quantum], 8) == [
        *(1.0, 0.0, 2 * quantum, 2 * quantum, quantum)
    ]


def test_minus_zero_becomes_plus_zero() -> None:
    rounded = on_grid(np.array([1.0, -0.0, -1e-30, 1e-30]), 24)
    assert rounded.tolist() == [1.0, 0.0, 0.0, 0.0]
    assert not np.signbit(rounded).any()
    assert not np.signbit(on_grid(np.array(-0.0), 24))


def test_no_weights_and_zeros_stay() -> None:
    assert grid([]) == []
    assert grid([0.0, -0.0]) == [0.0, 0.0]
    assert grid_quantum(np.zeros(3), 24) == grid_quantum(np.zeros(0), 24) == 0.0


@given(weights, st.integers(8, 32))
@settings(derandomize=True, max_examples=200)
def test_a_weight_on_the_grid_is_a_multiple_of_the_quantum_nearby(
    values: list[float], bits: int
) -> None:
    largest = max(map(abs, values))
    quantum = grid_quantum(np.array(values), bits)
    for written, rounded in zip(values, grid(values, bits), strict=True):
        assert rounded == 0.0 or (rounded / quantum).is_integer()
        assert abs(rounded - written) <= 2.0**-bits * largest


@given(weights, st.integers(8, 32))
@settings(derandomize=True, max_examples=100)
def test_rounding_twice_changes_nothing_more(values: list[float], bits: int) -> None:
    once = on_grid(np.array(values), bits)
    assert on_grid(once, bits).tolist() == once.tolist()


@given(weights)
@settings(derandomize=True, max_examples=100)
def test_sums_of_weights_on_a_grid_do_not_depend_on_the_order(values: list[float]) -> None:
    rounded = grid(values)
    forth, back = 0.0, 0.0
    for value in rounded:
        forth += value
    for value in reversed(rounded):
        back += value
    assert forth == back == math.fsum(rounded)


def test_weights_written_once_stay_scalar_and_lists_are_per_edge() -> None:
    realised = pipeline.realised(small())
    assert realised.projections["ext_exc"].weights.shape == ()
    assert realised.projections["exc_inh"].weights.shape == (40,)


# Sums that would not be exact


def test_weights_of_too_different_size_on_one_port_are_refused() -> None:
    with pytest.raises(SpecError) as caught:
        pipeline.realised(two_projections("2 nS", "1e-9 nS"))
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.path) == ("weight-range", "projections.a.weight")
    assert "'exc.AMPA'" in problem.message
    assert problem.notes == ("what leads to it: 'a', 'b'",)
    assert problem.hints == ("give what has the smallest weights a receptor of its own",)


def test_a_receptor_of_its_own_or_fewer_bits_help() -> None:
    pipeline.realised(two_projections("2 nS", "1e-9 nS", **{"projections.b.receptor": "GABA"}))
    pipeline.realised(two_projections("2 nS", "1e-7 nS", **{"projections.b.weight_bits": 8}))
    pipeline.realised(two_projections("2 nS", "0 nS"))


@pytest.mark.parametrize(("exponent", "fits"), [(-25, True), (-26, False)])
def test_the_limit_is_2_to_the_53_of_the_smallest_quantum(exponent: int, fits: bool) -> None:
    # At each target arrive 20 weights of 1 and 20 of 2**exponent, whose quantum is 2**(exponent
    # + 1 - 24): the sum, a little over 20, stays below 2**53 of these only for -25.
    unit = 2.0**-30
    network = two_projections(f"{unit!r} S", f"{unit * 2.0**exponent!r} S")
    if fits:
        pipeline.realised(network)
        return
    with pytest.raises(SpecError, match="weight-range"):
        pipeline.realised(network)


def test_weights_that_the_timeline_brings_count_too() -> None:
    entry = {"at": "1 ms", "set": {"b.weight": "1e-9 nS"}}
    with pytest.raises(SpecError, match="weight-range"):
        pipeline.realised(two_projections("2 nS", "2 nS", timeline=[entry]))


def test_each_stretch_of_the_timeline_has_its_own_grid() -> None:
    network = small(
        {
            "timeline": [
                {"at": "1 ms", "set": {"ext_exc.weight": "0.3 nS"}},
                {"at": "2 ms", "set": {"exc_inh.weight": "(1 + 0.3*j)*nS"}},
            ]
        }
    )
    realised = pipeline.realised(network)
    first, second = (entry.values for entry in realised.timeline)
    assert first == on_grid(np.array(0.3e-9), 24)
    j = realised.projections["exc_inh"].targets
    expected = on_grid((1.0 + 0.3 * j.astype(float)) * 1e-9, 24)
    assert second.tolist() == expected.tolist()
    assert realised.projections["ext_exc"].weights == on_grid(np.array(2e-9), 24)


def test_the_largest_weight_may_round_up_to_a_power_of_two() -> None:
    almost = np.nextafter(1.0, 0.0)
    assert grid_quantum(np.array([almost]), 8) == 2.0**-8
    assert grid([almost, 2.0**-8], 8) == [1.0, 2.0**-8]


def test_one_weight_of_zero_is_an_array_like_any_other() -> None:
    assert isinstance(on_grid(np.array(-0.0), 24), np.ndarray)


@pytest.mark.parametrize("name", ["rounding", "weight_bits"])
def test_the_recipe_has_the_defaults_of_the_language(name: str) -> None:
    (own,) = (each for each in fields(ProjectionRecipe) if each.name == name)
    assert own.default == Projection.model_fields[name].default


def test_the_language_takes_the_most_bits_and_no_more() -> None:
    assert small({"projections.ext_exc.weight_bits": MAX_BITS})
    with pytest.raises(SpecError, match=f"expected at most {MAX_BITS}"):
        small({"projections.ext_exc.weight_bits": MAX_BITS + 1})
