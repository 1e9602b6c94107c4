"""`pairwise_poisson`: its definition, its switch and its statistics."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from unit.realise.drawn_edges import (
    ALPHA,
    ENDS,
    KEY,
    OTHER_KEY,
    Key,
    Pairs,
    arrays,
    assert_fits_over_seeds,
    assert_pairs_come_by_themselves,
    connect,
    faults,
    fit_counts,
    is_autapse,
    matrix,
    open_draw,
    over_seeds,
    poisson,
    rule_of,
)

from netspec.ir.recipe import Rule
from netspec.realise.evaluate import evaluate_function
from netspec.realise.rules import RULES, Ends, renewal


def poisson_rule(mean: float | Fraction, **switches: bool) -> Rule:
    return rule_of("pairwise_poisson", mean=mean, **switches)


def by_hand(ends: Ends, mean: float, *, autapses: bool) -> Pairs:
    """The edges, straight from the definition."""
    edges = []
    for source in range(ends.sources if mean else 0):
        y, index = 0.0, 0
        while True:
            y -= float(evaluate_function("log", open_draw(KEY, source, index))) / mean
            if y >= ends.targets:
                break
            target = math.floor(y)
            if autapses or not is_autapse(ends, source, target):
                edges.append((source, target))
            index += 1
    return edges


@pytest.mark.parametrize("autapses", [True, False])
@pytest.mark.parametrize("mean", [0.0, 1e-300, 0.01, 0.3, 1.0, 2.7, 50.0])
@pytest.mark.parametrize("ends", ENDS, ids=str)
def test_edges_follow_the_definition(ends: Ends, mean: float, autapses: bool) -> None:
    edges = connect(poisson_rule(mean, autapses=autapses), ends)
    assert edges == by_hand(ends, mean, autapses=autapses)


def test_leaving_out_autapses_changes_no_other_edge() -> None:
    ends = Ends(40, 50, -3)
    full, less = (connect(poisson_rule(1.5, autapses=each), ends) for each in (True, False))
    assert less == [pair for pair in full if not is_autapse(ends, *pair)]
    assert len(less) < len(full)


@pytest.mark.parametrize("batch", [4, 64, 1000])
@pytest.mark.parametrize("mean", [0.1, 3.0])
def test_a_row_depends_on_no_other(
    monkeypatch: pytest.MonkeyPatch, mean: float, batch: int
) -> None:
    rule = poisson_rule(mean)
    whole = connect(rule, Ends(50, 60, None))
    monkeypatch.setattr(renewal, "_BATCH", batch)
    assert connect(rule, Ends(50, 60, None)) == whole
    assert connect(rule, Ends(17, 60, None)) == [pair for pair in whole if pair[0] < 17]
    assert connect(rule, Ends(50, 31, None)) == [pair for pair in whole if pair[1] < 31]


@pytest.mark.parametrize("mean", [0.0, 0.5])
@pytest.mark.parametrize("ends", [Ends(0, 0, 0), Ends(0, 5, None), Ends(5, 0, None)])
def test_no_edges(ends: Ends, mean: float) -> None:
    assert faults(poisson_rule(mean), ends) == []
    assert connect(poisson_rule(mean), ends) == []


def test_the_smallest_mean_makes_no_edge() -> None:
    assert connect(poisson_rule(5e-324), Ends(100, 1000, None)) == []


@pytest.mark.parametrize("mean", [-0.001, -3, 2**32 + 1, Fraction(10) ** 400])
def test_a_mean_is_a_sensible_number(mean: float | Fraction) -> None:
    (problem,) = faults(poisson_rule(mean), Ends(1, 1, None))
    assert (problem.code, problem.path) == ("out-of-range", "mean")
    assert faults(poisson_rule(2**32), Ends(1, 1, None)) == []


def test_the_number_of_edges_is_predicted() -> None:
    count = RULES["pairwise_poisson"].count(poisson_rule(0.5, autapses=False), Ends(10, 10, 0))
    assert (count.mean, count.sd, count.exact) == (45.0, math.sqrt(45.0), None)
    assert RULES["pairwise_poisson"].count(poisson_rule(0), Ends(10, 10, 0)).exact == 0


# Statistics


@pytest.mark.parametrize("mean", [0.05, 1.0, 12.0])
def test_multiplicities_of_pairs_are_poisson(mean: float) -> None:
    counts = matrix(poisson_rule(mean), Ends(200, 300, None))
    assert fit_counts(counts.ravel(), poisson(mean)) > ALPHA


@pytest.mark.parametrize(("axis", "ends"), [(1, Ends(500, 20, None)), (0, Ends(20, 500, None))])
def test_degrees_are_poisson(axis: int, ends: Ends) -> None:
    def p_value(key: Key) -> float:
        return fit_counts(matrix(poisson_rule(0.3), ends, key).sum(axis=axis), poisson(6.0))

    assert_fits_over_seeds(p_value)


def test_pairs_have_the_same_frequency_over_seeds_and_are_independent() -> None:
    counts = over_seeds(poisson_rule(0.4), Ends(3, 7, None))
    assert_pairs_come_by_themselves(counts, 0.4, 0.4)
    assert fit_counts(counts.ravel(), poisson(0.4)) > ALPHA


def test_two_projections_are_independent() -> None:
    mean, ends = 0.5, Ends(200, 1000, None)
    first, second = (matrix(poisson_rule(mean), ends, key) for key in (KEY, OTHER_KEY))
    product = ((first - mean) * (second - mean)).sum()
    assert abs(product) < 5 * mean * math.sqrt(200_000)


def test_far_targets_are_as_likely_as_near_ones() -> None:
    n = 2**32 - 1
    _, targets = arrays(poisson_rule(Fraction(1000, n)), Ends(40, n, None))
    assert fit_counts(targets >> 27, [1 / 32] * 32) > ALPHA
