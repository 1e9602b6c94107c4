"""`fixed_total_number`: its definition, its switches and its statistics."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from unit.realise.drawn_edges import (
    ALPHA,
    ENDS,
    KEY,
    SWITCHES,
    arrays,
    assert_independent,
    assert_switches_hold,
    assert_uniform,
    binomial,
    choice_p_value,
    chosen,
    connect,
    faults,
    fit_counts,
    is_autapse,
    matrix,
    rule_of,
)

from netspec.ir.recipe import Rule
from netspec.realise import blocks
from netspec.realise.rules import Ends, choices
from netspec.realise.streams import stream_key


def total(number: int, **switches: bool) -> Rule:
    return rule_of("fixed_total_number", number=number, **switches)


def allowed(ends: Ends, *, autapses: bool) -> list[tuple[int, int]]:
    every = product(range(ends.sources), range(ends.targets))
    return [pair for pair in every if autapses or not is_autapse(ends, *pair)]


@pytest.mark.parametrize(("autapses", "multapses"), SWITCHES)
@pytest.mark.parametrize("ends", ENDS, ids=str)
def test_edges_follow_the_definition(ends: Ends, autapses: bool, multapses: bool) -> None:
    pairs = allowed(ends, autapses=autapses)
    half = len(pairs) // 2
    numbers = {0, 1, half, half + 1, len(pairs) - 1, len(pairs), len(pairs) + 1, 300}
    for number in numbers - {-1}:
        rule = total(number, autapses=autapses, multapses=multapses)
        is_possible = number <= len(pairs) or (multapses and pairs != [])
        codes = [each.code for each in faults(rule, ends)]
        assert codes == ["too-many-connections"] * (not is_possible)
        if is_possible:
            expected = chosen(KEY, 0, len(pairs), number, repeats=multapses)
            assert connect(rule, ends) == [pairs[each] for each in expected]


@pytest.mark.parametrize("multapses", [True, False])
def test_the_switches_hold(multapses: bool) -> None:
    assert_switches_hold(total, [1, 40, 80, 90], multapses=multapses)


def test_all_choices_are_all_pairs() -> None:
    for autapses in (True, False):
        pairs = allowed(Ends(6, 8, -1), autapses=autapses)
        rule = total(len(pairs), autapses=autapses, multapses=False)
        assert connect(rule, Ends(6, 8, -1)) == pairs


@pytest.mark.parametrize("ends", [Ends(0, 0, 0), Ends(0, 5, None), Ends(5, 0, None), Ends(1, 1, 0)])
def test_nobody_to_choose(ends: Ends) -> None:
    assert faults(total(0, autapses=False), ends) == []
    assert connect(total(0, autapses=False), ends) == []
    codes = [each.code for each in faults(total(1, autapses=False), ends)]
    assert codes == ["too-many-connections"]


@pytest.mark.parametrize("size", [4, 64, 1000])
@pytest.mark.parametrize(("autapses", "multapses"), SWITCHES)
def test_sizes_of_batches_change_nothing(
    monkeypatch: pytest.MonkeyPatch, size: int, autapses: bool, multapses: bool
) -> None:
    ends = Ends(50, 60, -7)
    rules = [total(n, autapses=autapses, multapses=multapses) for n in (500, 1400, 2600)]
    whole = [connect(rule, ends) for rule in rules]
    monkeypatch.setattr(choices, "_BATCH", size)
    monkeypatch.setattr(blocks, "SIZE", size)
    assert [connect(rule, ends) for rule in rules] == whole


def test_pairs_may_be_more_than_32_bits_count() -> None:
    n = 2**32 - 1
    for multapses, autapses in SWITCHES:
        rule = total(400, autapses=autapses, multapses=multapses)
        ends = Ends(n, n, 0)
        sources, targets = arrays(rule, ends)
        row = n if autapses else n - 1
        expected = [divmod(each, row) for each in chosen(KEY, 0, n * row, 400, repeats=multapses)]
        if not autapses:
            expected = [(i, j + (j >= i)) for i, j in expected]
        assert list(zip(sources.tolist(), targets.tolist(), strict=True)) == expected


# Statistics


@pytest.mark.parametrize(("number", "multapses"), [(6, False), (20, False), (15, True)])
def test_pairs_have_the_same_frequency_over_seeds(number: int, multapses: bool) -> None:
    n_seeds, ends = 3000, Ends(4, 7, -1)
    counts = np.zeros((4, 7), dtype=np.int64)
    for seed in range(n_seeds):
        key = stream_key(seed, "projections.a", "connectivity")
        counts += matrix(total(number, autapses=False, multapses=multapses), ends, key)
    pairs = np.array([counts[pair] for pair in allowed(ends, autapses=False)])
    assert pairs.sum() == counts.sum() == n_seeds * number
    assert choice_p_value(pairs[np.newaxis], n_seeds, number, repeats=multapses) > ALPHA


def test_degrees_are_binomial() -> None:
    p_values = []
    for seed in range(100):
        key = stream_key(seed, "projections.a", "connectivity")
        sources, _ = arrays(total(60_000), Ends(3000, 50, None), key)
        # Degrees of one network add up, which takes one degree of freedom of three thousand.
        degrees = np.bincount(sources, minlength=3000)
        p_values.append(fit_counts(degrees[:1000], poisson_like(60_000, 1 / 3000)))
    assert min(p_values) > ALPHA / 100
    assert_uniform(p_values)


def poisson_like(n: int, p: float) -> list[float]:
    """The binomial distribution where powers would be too small for doubles."""
    return [
        math.exp(
            math.lgamma(n + 1)
            - math.lgamma(k + 1)
            - math.lgamma(n - k + 1)
            + k * math.log(p)
            + (n - k) * math.log1p(-p)
        )
        for k in range(100)
    ]


def test_multiplicities_of_pairs_are_binomial() -> None:
    samples = []
    for seed in range(4000):
        key = stream_key(seed, "projections.a", "connectivity")
        samples.append(matrix(total(30), Ends(4, 5, None), key)[seed % 4, seed % 5])
    assert fit_counts(samples, binomial(30, 1 / 20)) > ALPHA


@pytest.mark.parametrize("number", [30_000, 240_000])
def test_two_projections_are_independent(number: int) -> None:
    rule = total(number, multapses=False)
    assert_independent(rule, Ends(300, 1000, None), 1, 300_000, number)
