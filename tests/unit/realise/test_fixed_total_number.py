"""`fixed_total_number`: its definition, its switches and its statistics."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from unit.realise.drawn_edges import (
    ALPHA,
    ENDS,
    KEY,
    N_SEEDS,
    SWITCHES,
    Key,
    arrays,
    assert_fits_over_seeds,
    assert_independent,
    assert_switches_hold,
    binomial,
    choice_p_value,
    chosen,
    connect,
    faults,
    fit_counts,
    hypergeometric,
    is_autapse,
    over_seeds,
    rule_of,
)

from netspec.ir.recipe import Rule
from netspec.realise import blocks
from netspec.realise.rules import Ends, choices


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


@pytest.mark.parametrize(("number", "multapses"), [(6, False), (15, True)])
def test_pairs_have_the_same_frequency_over_seeds(number: int, multapses: bool) -> None:
    rule, ends = total(number, autapses=False, multapses=multapses), Ends(4, 7, -1)
    counts = over_seeds(rule, ends).sum(axis=0)
    pairs = np.array([counts[pair] for pair in allowed(ends, autapses=False)])
    assert pairs.sum() == counts.sum() == N_SEEDS * number
    assert choice_p_value(pairs[np.newaxis], N_SEEDS, number, repeats=multapses) > ALPHA


@pytest.mark.parametrize("multapses", [True, False])
@pytest.mark.parametrize(("side", "ends"), [(0, Ends(3000, 20, None)), (1, Ends(20, 3000, None))])
def test_degrees_are_those_of_choices(side: int, ends: Ends, multapses: bool) -> None:
    number = 18_000
    expected = binomial(number, 1 / 3000) if multapses else hypergeometric(60_000, 20, number)

    def p_value(key: Key) -> float:
        edges = arrays(total(number, multapses=multapses), ends, key)[side]
        # Degrees of one network add up, which takes one degree of freedom of three thousand.
        return fit_counts(np.bincount(edges, minlength=3000)[:1000], expected)

    assert_fits_over_seeds(p_value)


def test_multiplicities_of_pairs_are_binomial() -> None:
    counts = over_seeds(total(30), Ends(4, 5, None), 4000)
    seeds = np.arange(4000)
    samples = counts[seeds, seeds % 4, seeds % 5]
    assert fit_counts(samples, binomial(30, 1 / 20)) > ALPHA


@pytest.mark.parametrize("number", [30_000, 240_000])
def test_two_projections_are_independent(number: int) -> None:
    rule = total(number, multapses=False)
    assert_independent(rule, Ends(300, 1000, None), 1, 300_000, number)
