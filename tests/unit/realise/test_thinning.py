"""Pairs with a probability each: the edges of a bound, of which each is kept with its share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from unit.documents import small
from unit.realise.drawn_edges import (
    KEY,
    OTHER_KEY,
    assert_fits_over_seeds,
    assert_pairs_come_by_themselves,
    fit_counts,
    matrix,
    normal_limit,
    number_of,
    over_seeds,
)

from netspec.errors import SpecError
from netspec.ir.recipe import Rule
from netspec.passes import pipeline
from netspec.realise import blocks
from netspec.realise.rules import Ends, pairwise_bernoulli
from netspec.realise.rules.bernoulli import bernoulli_rows
from netspec.realise.streams import draws_at, stream_key, uniform
from netspec.spec.network import Network

GAUSS = "exp(-(distance/(0.25*mm))**2)"


def network(p: object, **changes: Any) -> Network:
    rule = {"p": p} | {
        name: changes.pop(name) for name in ("p_max", "allow_autapses") if name in changes
    }
    projection = {
        "source": "exc",
        "target": "exc",
        "receptor": "AMPA",
        "rule": {"pairwise_bernoulli": rule},
        "weight": "1 nS",
        "delay": "1 ms",
    }
    return small(
        {
            "projections": {"rec": projection},
            "timeline": [],
            "monitors": {},
            "populations.exc.positions": {"x": "0.1*mm*i"},
            **changes,
        }
    )


def pairs(p: object, **changes: Any) -> list[tuple[int, int]]:
    found = pipeline.realised(network(p, **changes)).projections["rec"]
    return list(zip(found.sources.tolist(), found.targets.tolist(), strict=True))


def test_edges_follow_the_definition() -> None:
    key, thinning = (
        stream_key(1, "projections.rec", purpose) for purpose in ("connectivity", "thinning")
    )
    counts, targets = bernoulli_rows(key, 10, 10, 0.9)
    i, j = np.repeat(np.arange(10), counts), targets.astype(np.int64)
    p = (10 * i + j) / 100
    kept = uniform(draws_at(thinning, i, j)) * 0.9 < p
    with pytest.raises(SpecError, match=r"between 0 and 'p_max', 0\.9, got 0\.91"):
        pairs("(10*i + j)/100", p_max=0.9)
    assert pairs("min((10*i + j)/100, 0.9)", p_max=0.9) == list(
        zip(i[kept].tolist(), j[kept].tolist(), strict=True)
    )


def test_without_a_bound_it_is_the_largest_probability() -> None:
    assert pairs(GAUSS) == pairs(GAUSS, p_max=1.0)
    assert pairs(f"0.3*{GAUSS}") == pairs(f"0.3*{GAUSS}", p_max=0.3)


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_where_all_pairs_are_alike_the_edges_are_those_of_one_number(p: float) -> None:
    assert pairs(f"{p} + 0*i") == pairs(p)


def test_probabilities_0_and_1_are_certain() -> None:
    assert pairs("where(i == j or j == 3, 1, 0)") == [
        (i, j) for i in range(10) for j in range(10) if j in (i, 3)
    ]


def test_leaving_out_autapses_changes_no_other_pair() -> None:
    less = pairs(GAUSS, allow_autapses=False)
    assert less == [(i, j) for i, j in pairs(GAUSS) if i != j]


def test_a_probability_reads_parameters_at_both_ends() -> None:
    read = {"populations.exc.parameters": {"C_m": "(200 + i)*pF"}}
    found = pairs("where(source(C_m) > C_m, 1, 0)", **read)
    assert found == [(i, j) for i in range(10) for j in range(10) if i > j]


def test_edges_do_not_depend_on_how_many_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pairs(GAUSS)
    monkeypatch.setattr(blocks, "SIZE", 7)
    assert pairs(GAUSS) == whole


@pytest.mark.parametrize("autapses", [True, False])
def test_the_expected_number_is_the_sum(autapses: bool) -> None:
    (edges,) = pipeline.check(network(GAUSS, allow_autapses=autapses)).projections
    apart = 0.1 * np.abs(np.arange(10)[:, None] - np.arange(10))
    p = np.exp(-((apart / 0.25) ** 2))
    if not autapses:
        np.fill_diagonal(p, 0.0)
    assert (edges.mean, edges.sd) == pytest.approx((p.sum(), np.sqrt((p * (1 - p)).sum())))


@pytest.mark.parametrize("autapses", [True, False])
def test_of_very_many_pairs_some_are_counted(
    autapses: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounded = network(GAUSS, p_max=1.0, allow_autapses=autapses)
    (exact,) = pipeline.check(bounded).projections
    monkeypatch.setattr(pairwise_bernoulli, "MAX_PAIRS", 99)
    (estimate,) = pipeline.check(bounded).projections
    assert estimate.mean != exact.mean
    assert estimate.mean == pytest.approx(exact.mean, rel=1e-3)
    assert exact.sd <= estimate.sd < 1.001 * exact.sd


@pytest.mark.parametrize("p", ["distance/mm*2", "-0.1*i", "0.5/i - 0.5/i"])
def test_a_probability_out_of_its_range_is_refused_with_its_pair(p: str) -> None:
    report = pipeline.check(network(p))
    assert [(each.code, each.path) for each in report.diagnostics] == [
        ("out-of-range", "projections.rec.rule.pairwise_bernoulli.p")
    ]
    assert "for the pair [" in report.diagnostics[0].message


# Statistics


def rule_with(p: str, p_max: float) -> Rule:
    """A rule as it is after `resolve`."""
    return pipeline.prepare(network(p, p_max=p_max)).recipe.projections["rec"].rule


def test_every_pair_comes_with_its_frequency_and_by_itself() -> None:
    p = np.outer(np.arange(1, 4), np.arange(4)) / 10
    counts = over_seeds(rule_with("(i + 1)*j/10", 0.9), Ends(3, 4, None))
    assert counts.max() == 1
    assert_pairs_come_by_themselves(counts, p, p * (1 - p))


@pytest.mark.parametrize("axis", [0, 1])
def test_degrees_are_sums_over_pairs(axis: int) -> None:
    rule = rule_with("0.01*j" if axis else "0.01*i", 1.0)
    ends = Ends(400, 30, None) if axis else Ends(30, 400, None)
    expected = number_of(0.01 * np.arange(30))
    assert_fits_over_seeds(lambda key: fit_counts(matrix(rule, ends, key).sum(axis=axis), expected))


def test_two_projections_are_independent() -> None:
    rule, ends = rule_with("0.3 + 0.001*j", 0.8), Ends(200, 500, None)
    first, second = (matrix(rule, ends, key) for key in (KEY, OTHER_KEY))
    p = 0.3 + 0.001 * np.arange(500)
    scores = (first - p) * (second - p) / (p * (1 - p))
    assert abs(scores.sum()) < normal_limit() * np.sqrt(scores.size)
