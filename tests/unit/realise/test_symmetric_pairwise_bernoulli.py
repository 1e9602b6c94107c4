"""`symmetric_pairwise_bernoulli`: its definition, its switch and its statistics."""

from __future__ import annotations

import math

import numpy as np
import pytest
from unit.realise.drawn_edges import (
    KEY,
    OTHER_KEY,
    Key,
    Pairs,
    assert_fits_over_seeds,
    assert_pairs_come_by_themselves,
    bernoulli_row,
    binomial,
    connect,
    faults,
    fit_counts,
    matrix,
    over_seeds,
    rule_of,
)

from netspec.ir.recipe import Rule
from netspec.realise.rules import RULES, Ends, bernoulli, renewal


def symmetric(p: float, **switches: bool) -> Rule:
    return rule_of("symmetric_pairwise_bernoulli", p=p, **switches)


def population(size: int) -> Ends:
    return Ends(size, size, 0)


def by_hand(size: int, p: float, *, autapses: bool) -> Pairs:
    """The edges, straight from the definition."""
    edges = []
    for row in range(size):
        first = row if autapses else row + 1
        for position in bernoulli_row(KEY, row, size - first, p):
            edges += {(row, first + position), (first + position, row)}
    return sorted(edges)


@pytest.mark.parametrize("autapses", [True, False])
@pytest.mark.parametrize("p", [0.0, 5e-324, 0.01, 0.3, 0.8, 1.0 - 2.0**-53, 1.0])
@pytest.mark.parametrize("size", [0, 1, 2, 3, 40])
def test_edges_follow_the_definition(size: int, p: float, autapses: bool) -> None:
    edges = connect(symmetric(p, autapses=autapses), population(size))
    assert edges == by_hand(size, p, autapses=autapses)


@pytest.mark.parametrize("p", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("autapses", [True, False])
def test_what_leads_there_leads_back(p: float, autapses: bool) -> None:
    counts = matrix(symmetric(p, autapses=autapses), population(60))
    assert (counts == counts.T).all()
    assert counts.max() == 1
    assert counts.diagonal().any() == autapses


def test_certain_edges_are_all_pairs() -> None:
    every = [(i, j) for i in range(7) for j in range(7)]
    assert connect(symmetric(1), population(7)) == every
    without = connect(symmetric(1, autapses=False), population(7))
    assert without == [(i, j) for i, j in every if i != j]


@pytest.mark.parametrize("batch", [4, 64, 1000])
@pytest.mark.parametrize("p", [0.1, 0.6, 1.0])
def test_sizes_of_batches_change_nothing(
    monkeypatch: pytest.MonkeyPatch, p: float, batch: int
) -> None:
    whole = connect(symmetric(p), population(80))
    monkeypatch.setattr(renewal, "_BATCH", batch)
    monkeypatch.setattr(bernoulli, "_BATCH", batch)
    assert connect(symmetric(p), population(80)) == whole


@pytest.mark.parametrize(
    "ends", [Ends(5, 5, None), Ends(5, 5, 1), Ends(5, 6, 0), Ends(6, 5, 0), Ends(0, 0, None)]
)
def test_ends_are_the_same_neurons(ends: Ends) -> None:
    (problem,) = faults(symmetric(0.5), ends)
    assert (problem.code, problem.path) == ("not-one-population", "rule")
    assert faults(symmetric(0.5), Ends(5, 5, 0)) == []


@pytest.mark.parametrize("p", [-0.1, 1.5])
def test_a_probability_lies_between_0_and_1(p: float) -> None:
    (problem,) = faults(symmetric(p), population(5))
    assert (problem.code, problem.path) == ("out-of-range", "p")


@pytest.mark.parametrize("autapses", [True, False])
def test_the_number_of_edges_is_predicted(autapses: bool) -> None:
    rule = symmetric(0.25, autapses=autapses)
    predicted = RULES[rule.name].count(rule, population(6))
    # Every pair of different neurons is two edges at once.
    sizes = np.array([2.0] * 15 + [1.0] * (6 * autapses))
    assert predicted.mean == sizes.sum() * 0.25
    assert predicted.sd == pytest.approx(math.sqrt((sizes**2).sum() * 0.25 * 0.75), rel=1e-15)
    for p in (0, 1):
        rule = symmetric(p, autapses=autapses)
        assert RULES[rule.name].count(rule, population(6)).exact == sizes.sum() * p


# Statistics


def test_pairs_have_the_same_frequency_over_seeds_and_are_independent() -> None:
    size, p = 6, 0.3
    counts = over_seeds(symmetric(p), population(size))
    assert counts.max() == 1
    above = counts[:, *np.triu_indices(size)]
    assert_pairs_come_by_themselves(above, p, p * (1 - p))


def test_degrees_are_binomial() -> None:
    def p_value(key: Key) -> float:
        counts = matrix(symmetric(0.1, autapses=False), population(600), key)
        # Degrees of these are independent but for the pairs among themselves, which are left out.
        return fit_counts(counts[:300, 300:].sum(axis=1), binomial(300, 0.1))

    assert_fits_over_seeds(p_value)


def test_two_projections_are_independent() -> None:
    size, p = 600, 0.1
    rule = symmetric(p, autapses=False)
    first, second = (matrix(rule, population(size), key) for key in (KEY, OTHER_KEY))
    common = (first & second).sum() / 2
    mean = size * (size - 1) / 2 * p * p
    assert abs(common - mean) < 5 * math.sqrt(mean)
