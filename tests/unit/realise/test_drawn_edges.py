"""The comparisons of edges with their definition can fail: rules that are wrong are found out."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from unit.realise import drawn_edges
from unit.realise.drawn_edges import (
    ALPHA,
    KEY,
    N_SEEDS,
    Key,
    assert_fits_over_seeds,
    assert_independent,
    assert_pairs_come_by_themselves,
    assert_uniform,
    binomial,
    choice_p_value,
    fit_counts,
    hypergeometric,
    matrix,
    number_of,
    poisson,
    rule_of,
)

from netspec.realise.rules import Ends, choices

MEAN, VARIANCE = 0.3, 0.21


def chance() -> np.random.Generator:
    return np.random.default_rng(1)


def sound() -> npt.NDArray:
    """Return edges of twelve pairs as they should be."""
    return (chance().random((N_SEEDS, 3, 4)) < MEAN).astype(int)


def test_what_is_as_it_should_be_passes() -> None:
    assert_pairs_come_by_themselves(sound(), MEAN, VARIANCE)


def all_a_little_more_often(counts: npt.NDArray) -> None:
    counts[:200] = 1


def one_pair_more_often(counts: npt.NDArray) -> None:
    counts[:500, 1, 2] = 1


def two_pairs_together(counts: npt.NDArray) -> None:
    counts[:1500, 0, 0] = counts[:1500, 2, 3]


def one_seed_for_all(counts: npt.NDArray) -> None:
    counts[:] = counts[0]


@pytest.mark.parametrize(
    "mistake", [all_a_little_more_often, one_pair_more_often, two_pairs_together, one_seed_for_all]
)
def test_other_pairs_do_not(mistake: Callable[[npt.NDArray], None]) -> None:
    counts = sound()
    mistake(counts)
    with pytest.raises(AssertionError):
        assert_pairs_come_by_themselves(counts, MEAN, VARIANCE)


def test_a_pair_that_should_be_certain_and_is_not_is_found() -> None:
    counts, p = sound(), np.full((3, 4), MEAN)
    counts[:, 0], p[0] = 1, 1.0
    assert_pairs_come_by_themselves(counts, p, p * (1 - p))
    counts[77, 0, 1] = 0
    with pytest.raises(AssertionError):
        assert_pairs_come_by_themselves(counts, p, p * (1 - p))


def test_choices_that_leave_out_the_last_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    rule, ends = rule_of("fixed_outdegree", outdegree=4), Ends(20_000, 50, None)

    def p_value() -> float:
        return choice_p_value(matrix(rule, ends).sum(axis=0)[np.newaxis], 20_000, 4, repeats=True)

    sound_scaled = choices.scaled
    assert p_value() > ALPHA
    monkeypatch.setattr(choices, "scaled", lambda u, limit: sound_scaled(u, limit - 1))
    assert p_value() < ALPHA


def test_degrees_of_another_distribution_are_found() -> None:
    rule, ends = rule_of("pairwise_bernoulli", p=0.3), Ends(300, 40, None)

    def degrees(key: Key) -> npt.NDArray:
        return matrix(rule, ends, key).sum(axis=1)

    def compare(expected: list[float]) -> None:
        assert_fits_over_seeds(
            lambda key: fit_counts(matrix(rule, ends, key).sum(axis=1), expected)
        )

    compare(binomial(40, 0.3))
    with pytest.raises(AssertionError):
        compare(poisson(12.0))


def test_p_values_that_are_not_uniform_are_found() -> None:
    p_values = chance().random(100)
    assert_uniform(p_values.tolist())
    for wrong in (np.full(100, 0.5), p_values**0.4, 0.5 + 0.5 * p_values):
        with pytest.raises(AssertionError):
            assert_uniform(wrong.tolist())


def test_projections_with_one_stream_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = rule_of("fixed_outdegree", outdegree=100, multapses=False)
    monkeypatch.setattr(drawn_edges, "OTHER_KEY", KEY)
    with pytest.raises(AssertionError):
        assert_independent(rule, Ends(300, 1000, None), 300, 1000, 100)


def test_distributions_are_those_of_the_textbooks() -> None:
    for n, p in ((1, 0.5), (7, 0.2), (3000, 0.001)):
        assert math.fsum(binomial(n, p)) == pytest.approx(1.0)
        assert np.arange(n + 1) @ binomial(n, p) == pytest.approx(n * p)
    assert number_of([0.2] * 7) == pytest.approx(binomial(7, 0.2))
    assert hypergeometric(10, 4, 3) == pytest.approx([20 / 120, 60 / 120, 36 / 120, 4 / 120])
    assert poisson(2.0)[3] == pytest.approx(8 / 6 * math.exp(-2))
