from __future__ import annotations

import math

import numpy as np
import pytest
from unit.realise.drawn_edges import (
    KEY,
    OTHER_KEY,
    Key,
    assert_fits_over_seeds,
    assert_pairs_come_by_themselves,
    bernoulli_row,
    binomial,
    fit_counts,
    matrix,
    over_seeds,
    rule_of,
)

from netspec.ir.recipe import Rule
from netspec.realise.network import IndexArray
from netspec.realise.rules import Ends, renewal
from netspec.realise.rules.bernoulli import CountArray, bernoulli_rows


def rows_of(
    n_sources: int,
    n_targets: int,
    p: float,
    key: Key = KEY,
    *,
    diagonal: int | None = None,
) -> tuple[CountArray, IndexArray]:
    return bernoulli_rows(key, n_sources, n_targets, p, diagonal=diagonal)


def split(counts: CountArray, targets: IndexArray) -> list[list[int]]:
    """Rows as lists."""
    return [row.tolist() for row in np.split(targets, np.cumsum(counts)[:-1])]


@pytest.mark.parametrize("p", [1e-3, 0.05, 0.3, 0.7, 0.99, 1.0 - 2.0**-53])
@pytest.mark.parametrize("n_targets", [1, 2, 60, 500])
def test_rows_follow_the_definition(p: float, n_targets: int) -> None:
    rows = split(*rows_of(12, n_targets, p))

    assert rows == [list(bernoulli_row(KEY, row, n_targets, p)) for row in range(12)]


@pytest.mark.parametrize("batch", [4, 64, 1024, 2**17])
def test_a_row_depends_on_nothing_else(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    whole = split(*rows_of(40, 700, 0.1))
    monkeypatch.setattr(renewal, "_BATCH", batch)

    for count in (1, 17, 40):
        assert split(*rows_of(count, 700, 0.1)) == whole[:count]


def test_a_shorter_row_is_the_start_of_a_longer_one() -> None:
    long = split(*rows_of(20, 900, 0.2))
    short = split(*rows_of(20, 300, 0.2))

    assert short == [[target for target in row if target < 300] for row in long]


@pytest.mark.parametrize(("n_sources", "n_targets"), [(0, 0), (0, 5), (5, 0)])
@pytest.mark.parametrize("p", [0.0, 0.5, 1.0])
def test_empty_sizes(n_sources: int, n_targets: int, p: float) -> None:
    counts, targets = rows_of(n_sources, n_targets, p)

    assert counts.tolist() == [0] * n_sources
    assert targets.size == 0


@pytest.mark.parametrize("p", [0.0, -0.0, 5e-324, 1e-310, 1e-300])
def test_no_edges(p: float) -> None:
    counts, targets = rows_of(50, 1000, p)

    assert counts.tolist() == [0] * 50
    assert targets.size == 0


@pytest.mark.parametrize("n_targets", [1, 5, 300])
def test_all_edges(n_targets: int) -> None:
    counts, targets = rows_of(7, n_targets, 1.0)

    assert counts.tolist() == [n_targets] * 7
    assert targets.tolist() == list(range(n_targets)) * 7


@pytest.mark.parametrize("p", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("diagonal", [0, 5, -30])
def test_the_diagonal_is_dropped_and_nothing_else_changes(p: float, diagonal: int) -> None:
    free = split(*rows_of(60, 50, p))
    without = split(*rows_of(60, 50, p, diagonal=diagonal))

    expected = [
        [target for target in row if target != number + diagonal] for number, row in enumerate(free)
    ]
    assert without == expected


@pytest.mark.parametrize("n_targets", [2**16, 2**32])
def test_targets_are_narrow(n_targets: int) -> None:
    counts, targets = rows_of(400, n_targets, 20.0 / n_targets)

    assert targets.dtype == np.uint32
    assert counts.dtype == np.int64
    assert counts.sum() == targets.size
    assert int(targets.max()) >= n_targets * 0.99


@pytest.mark.parametrize("p", [-0.1, 1.5, math.nan])
def test_refuses_what_is_no_probability(p: float) -> None:
    with pytest.raises(ValueError, match=r"expected a probability in \[0, 1\]"):
        rows_of(1, 1, p)


def test_refuses_impossible_sizes() -> None:
    with pytest.raises(ValueError, match=r"expected 0 \.\.\. 2\*\*32 targets"):
        rows_of(1, 2**32 + 1, 0.1)
    with pytest.raises(ValueError, match="expected at least 0 rows"):
        rows_of(-1, 1, 0.1)


# Statistics


def pairwise(p: float) -> Rule:
    return rule_of("pairwise_bernoulli", p=p)


@pytest.mark.parametrize(("n", "p"), [(50, 0.1), (100, 0.9)])
@pytest.mark.parametrize("axis", [0, 1])
def test_degrees_are_binomial(axis: int, n: int, p: float) -> None:
    ends = Ends(500, n, None) if axis else Ends(n, 500, None)
    assert_fits_over_seeds(
        lambda key: fit_counts(matrix(pairwise(p), ends, key).sum(axis=axis), binomial(n, p))
    )


def test_pairs_have_the_same_frequency_over_seeds_and_are_independent() -> None:
    counts = over_seeds(pairwise(0.3), Ends(3, 7, None))
    assert counts.max() == 1
    assert_pairs_come_by_themselves(counts, 0.3, 0.3 * 0.7)


def test_two_projections_are_independent() -> None:
    ends, p = Ends(300, 1000, None), 0.1
    first, second = (matrix(pairwise(p), ends, key) for key in (KEY, OTHER_KEY))
    mean = first.size * p * p
    assert abs((first & second).sum() - mean) < 5.0 * math.sqrt(mean)
