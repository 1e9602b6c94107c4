"""`fixed_outdegree` and `fixed_indegree`: their definition, their switches and their statistics."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from unit.realise.drawn_edges import (
    ALPHA,
    ENDS,
    KEY,
    N_SEEDS,
    SWITCHES,
    Key,
    Pairs,
    arrays,
    assert_fits_over_seeds,
    assert_independent,
    assert_switches_hold,
    binomial,
    choice_p_value,
    chosen,
    connect,
    faults,
    fit,
    fit_counts,
    is_autapse,
    matrix,
    over_seeds,
    rule_of,
)

from netspec.ir.recipe import Rule
from netspec.realise.rules import Ends, choices


def outdegree(degree: int, **switches: bool) -> Rule:
    return rule_of("fixed_outdegree", outdegree=degree, **switches)


def indegree(degree: int, **switches: bool) -> Rule:
    return rule_of("fixed_indegree", indegree=degree, **switches)


def by_hand(ends: Ends, degree: int, *, autapses: bool, multapses: bool) -> Pairs:
    """The edges of `fixed_outdegree`, straight from its definition."""
    edges = []
    for source in range(ends.sources):
        targets = [
            each for each in range(ends.targets) if autapses or not is_autapse(ends, source, each)
        ]
        numbers = chosen(KEY, source, len(targets), degree, repeats=multapses)
        edges += [(source, targets[number]) for number in numbers]
    return edges


@pytest.mark.parametrize(("autapses", "multapses"), SWITCHES)
@pytest.mark.parametrize("ends", ENDS, ids=str)
def test_edges_follow_the_definition(ends: Ends, autapses: bool, multapses: bool) -> None:
    switches = {"autapses": autapses, "multapses": multapses}
    for degree in range(ends.targets + 3):
        rule = outdegree(degree, **switches)
        if faults(rule, ends):
            continue
        expected = by_hand(ends, degree, **switches)
        assert connect(rule, ends) == expected
        exchanged = connect(indegree(degree, **switches), ends.reversed)
        assert exchanged == sorted((target, source) for source, target in expected)


@pytest.mark.parametrize("ends", ENDS, ids=str)
@pytest.mark.parametrize(("autapses", "multapses"), SWITCHES)
def test_what_cannot_be_is_refused_and_nothing_else(
    ends: Ends, autapses: bool, multapses: bool
) -> None:
    rows = [
        sum(autapses or not is_autapse(ends, source, each) for each in range(ends.targets))
        for source in range(ends.sources)
    ]
    for degree in range(ends.targets + 3):
        is_possible = all((multapses and n > 0) or degree <= n for n in rows)
        switches = {"autapses": autapses, "multapses": multapses}
        for rule, own in ((outdegree, ends), (indegree, ends.reversed)):
            found = faults(rule(degree, **switches), own)
            assert [each.code for each in found] == ["too-many-connections"] * (not is_possible)


@pytest.mark.parametrize("multapses", [True, False])
@pytest.mark.parametrize("rule", [outdegree, indegree])
def test_the_switches_hold(rule: Callable[..., Rule], multapses: bool) -> None:
    assert_switches_hold(rule, [1, 5, 8, 9], multapses=multapses)


def test_all_choices_are_all_pairs() -> None:
    every = [(i, j) for i in range(6) for j in range(6)]
    for rule in (outdegree, indegree):
        assert connect(rule(6, multapses=False), Ends(6, 6, 0)) == every
        without = connect(rule(5, multapses=False, autapses=False), Ends(6, 6, 0))
        assert without == [(i, j) for i, j in every if i != j]


@pytest.mark.parametrize("ends", [Ends(0, 0, 0), Ends(0, 5, None), Ends(5, 0, None), Ends(5, 5, 0)])
def test_no_edges(ends: Ends) -> None:
    for rule in (outdegree(0), indegree(0), outdegree(0, multapses=False, autapses=False)):
        assert faults(rule, ends) == []
        assert connect(rule, ends) == []


def test_nobody_to_choose() -> None:
    assert connect(outdegree(3), Ends(0, 5, None)) == []
    assert connect(indegree(3), Ends(5, 0, None)) == []
    assert [each.code for each in faults(outdegree(1), Ends(5, 0, None))] == [
        "too-many-connections"
    ]
    assert [each.code for each in faults(indegree(1), Ends(0, 5, None))] == ["too-many-connections"]


@pytest.mark.parametrize("batch", [1, 16, 300])
def test_a_row_depends_on_no_other(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    rules = [outdegree(20, autapses=False, multapses=each) for each in (True, False)]
    whole = [connect(rule, Ends(50, 60, -7)) for rule in rules]
    monkeypatch.setattr(choices, "_BATCH", batch)
    for rule, edges in zip(rules, whole, strict=True):
        assert connect(rule, Ends(50, 60, -7)) == edges
        assert connect(rule, Ends(31, 60, -7)) == edges[: 31 * 20]


# Statistics


@pytest.mark.parametrize(
    ("rule", "degree", "multapses"),
    [(outdegree, 2, False), (indegree, 4, True)],
)
def test_pairs_have_the_same_frequency_over_seeds(
    rule: Callable[..., Rule], degree: int, multapses: bool
) -> None:
    ends = Ends(4, 7, -1)
    own = ends if rule is outdegree else ends.reversed
    total = over_seeds(rule(degree, autapses=False, multapses=multapses), own).sum(axis=0)
    counts = total if rule is outdegree else total.T
    assert counts.sum(axis=1).tolist() == [N_SEEDS * degree] * 4
    assert not any(counts[i, i - 1] for i in (1, 2, 3))
    free, others = counts[:1], [np.delete(counts[i], i - 1) for i in (1, 2, 3)]
    assert choice_p_value(free, N_SEEDS, degree, repeats=multapses) > ALPHA
    assert choice_p_value(np.array(others), N_SEEDS, degree, repeats=multapses) > ALPHA


@pytest.mark.parametrize(
    ("rule", "degree", "multapses"),
    [(outdegree, 3, True), (outdegree, 3, False), (outdegree, 6, False), (indegree, 3, False)],
)
def test_the_other_degrees_are_binomial(
    rule: Callable[..., Rule], degree: int, multapses: bool
) -> None:
    # Of groups of 40 neurons each is a case of its own, in which one of the others is looked at.
    n_groups, n_others, which = 300, 9, 5
    p, n_draws = (1 / n_others, 40 * degree) if multapses else (degree / n_others, 40)
    ends = Ends(40 * n_groups, n_others, None)

    def p_value(key: Key) -> float:
        own = ends if rule is outdegree else ends.reversed
        edges = arrays(rule(degree, multapses=multapses), own, key)
        neurons, others = edges if rule is outdegree else edges[::-1]
        degrees = np.bincount(neurons[others == which] // 40, minlength=n_groups)
        return fit_counts(degrees, binomial(n_draws, p))

    assert_fits_over_seeds(p_value)


def test_multiplicities_of_pairs_are_binomial() -> None:
    counts = matrix(outdegree(12), Ends(30_000, 8, None))
    for target in range(8):
        assert fit_counts(counts[:, target], binomial(12, 1 / 8)) > ALPHA


def test_choices_without_repetition_are_equally_likely_sets() -> None:
    for degree in (2, 4):
        taken = matrix(outdegree(degree, multapses=False), Ends(30_000, 6, None))
        sets = np.unique(taken @ (1 << np.arange(6)), return_counts=True)[1]
        n_sets = math.comb(6, degree)
        assert sets.size == n_sets
        assert fit(sets, [30_000 / n_sets] * n_sets) > ALPHA


@pytest.mark.parametrize("degree", [100, 800])
@pytest.mark.parametrize(
    ("rule", "ends"), [(outdegree, Ends(300, 1000, None)), (indegree, Ends(1000, 300, None))]
)
def test_two_projections_are_independent(
    rule: Callable[..., Rule], ends: Ends, degree: int
) -> None:
    assert_independent(rule(degree, multapses=False), ends, 300, 1000, degree)
