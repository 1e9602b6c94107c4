from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from unit.realise.drawn_edges import bernoulli_row

from netspec.realise.network import IndexArray
from netspec.realise.rules import renewal
from netspec.realise.rules.bernoulli import CountArray, bernoulli_rows
from netspec.realise.streams import stream_key

FloatArray = npt.NDArray[np.float64]
KEY = stream_key(123, "projections.inh_exc", "connectivity")

# Quantiles of chi squared at 1 - 1e-6, by degrees of freedom (computed with mpmath).
CHI_SQUARED = {12: 50.825252, 21: 67.146509}


def rows_of(
    n_sources: int,
    n_targets: int,
    p: float,
    key: tuple[int, int] = KEY,
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


def binomial_bins(n: int, p: float, n_samples: int, low: int, high: int) -> FloatArray:
    """Expected numbers of samples that are <= low, low + 1, ..., >= high."""
    terms = [math.comb(n, k) * p**k * (1.0 - p) ** (n - k) for k in range(n + 1)]
    inner = terms[low + 1 : high]
    return n_samples * np.array([sum(terms[: low + 1]), *inner, sum(terms[high:])])


@pytest.mark.parametrize(
    ("n", "p", "low", "high", "freedom"), [(50, 0.1, 0, 12, 12), (400, 0.9, 349, 370, 21)]
)
@pytest.mark.parametrize("direction", ["out", "in"])
def test_degrees_are_binomial(
    direction: str, n: int, p: float, low: int, high: int, freedom: int
) -> None:
    n_samples = 20_000
    if direction == "out":
        degrees, _ = rows_of(n_samples, n, p)
    else:
        degrees = np.bincount(rows_of(n, n_samples, p)[1], minlength=n_samples)

    expected = binomial_bins(n, p, n_samples, low, high)
    observed = np.bincount(np.clip(degrees, low, high) - low, minlength=high - low + 1)
    assert len(expected) == freedom + 1
    assert expected.min() > 5.0
    assert ((observed - expected) ** 2 / expected).sum() < CHI_SQUARED[freedom]


def test_pairs_have_the_same_frequency_over_seeds_and_are_independent() -> None:
    n_seeds, n_sources, n_targets, p = 10_000, 3, 7, 0.3
    matrices = np.zeros((n_seeds, n_sources * n_targets))
    for seed in range(n_seeds):
        key = stream_key(seed, "projections.a", "connectivity")
        counts, targets = rows_of(n_sources, n_targets, p, key)
        matrices[seed, np.repeat(np.arange(n_sources), counts) * n_targets + targets] = 1.0

    scores = (matrices - p) / math.sqrt(p * (1.0 - p))
    frequencies = scores.sum(axis=0) / math.sqrt(n_seeds)
    assert (frequencies**2).sum() < CHI_SQUARED[21]
    # 210 correlations at 1e-6 together: 5.8 standard deviations each.
    correlations = scores.T @ scores / math.sqrt(n_seeds)
    np.fill_diagonal(correlations, 0.0)
    assert np.abs(correlations).max() < 5.8


def test_two_paths_are_independent() -> None:
    n_sources, n_targets, p = 300, 1000, 0.1
    other = stream_key(123, "projections.inh_inh", "connectivity")
    pairs = [
        set((np.repeat(np.arange(n_sources), counts) * n_targets + targets).tolist())
        for counts, targets in (
            rows_of(n_sources, n_targets, p),
            rows_of(n_sources, n_targets, p, other),
        )
    ]

    n_common = len(pairs[0] & pairs[1])
    mean = n_sources * n_targets * p * p
    assert abs(n_common - mean) < 5.0 * math.sqrt(mean)
