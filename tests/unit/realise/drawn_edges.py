"""Edges of rules, made without a network, and what they are compared with."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice, product
from statistics import NormalDist

import mpmath
import numpy as np
import numpy.typing as npt

from netspec.errors import Diagnostic
from netspec.ir.recipe import Item, Rule, Scalar
from netspec.realise.evaluate import evaluate_function
from netspec.realise.rules import RULES, Ends
from netspec.realise.streams import draws_at, open_uniform, stream_key

Pairs = list[tuple[int, int]]
Key = tuple[int, int]

ALPHA = 1e-6
N_SEEDS = 10_000
KEY = stream_key(123, "projections.a", "connectivity")
OTHER_KEY = stream_key(123, "projections.b", "connectivity")

ENDS = [
    Ends(12, 9, None),
    Ends(10, 10, 0),
    Ends(7, 12, 3),
    Ends(12, 7, -3),
    Ends(12, 9, -6),
    Ends(6, 6, 4),
    Ends(6, 6, 9),
    Ends(1, 1, 0),
    Ends(1, 1, None),
    Ends(1, 8, 2),
    Ends(8, 1, -2),
]
"""Different objects, one population, and views of one that overlap in part or not at all."""


SWITCHES = list(product([True, False], [True, False]))
"""Whether autapses and multapses are allowed."""


def rule_of(
    name: str,
    *,
    autapses: bool = True,
    multapses: bool = True,
    **numbers: float | Fraction,
) -> Rule:
    """Return a rule as it is after `resolve`; `multapses` means nothing to some."""
    switches = (("autapses", autapses), ("multapses", multapses))
    items = (Item(each, Scalar(Fraction(value)), each) for each, value in numbers.items())
    return Rule(name, "rule", tuple(items), tuple(each for each, on in switches if on))


def of_purpose(key: Key, purpose: str) -> Key:
    """Return the key of another stream of the same projection, as good as any."""
    return key if purpose == "connectivity" else stream_key(key[0], str(key[1]), purpose)


def arrays(rule: Rule, ends: Ends, key: Key = KEY) -> tuple[npt.NDArray, npt.NDArray]:
    """Return sources and targets, once they are seen to be what every rule returns."""
    sources, targets = drawn(rule, ends, key)
    assert sources.dtype == targets.dtype == np.uint32
    assert sources.shape == targets.shape == (sources.size,)
    predicted = RULES[rule.name].count(rule, ends)
    assert abs(sources.size - predicted.mean) <= 6 * predicted.sd
    return sources, targets


def drawn(rule: Rule, ends: Ends, key: Key) -> tuple[npt.NDArray, npt.NDArray]:
    """Return sources and targets as the rule makes them."""
    return RULES[rule.name].connect(rule, ends, lambda each: of_purpose(key, each))


def connect(rule: Rule, ends: Ends, key: Key = KEY) -> Pairs:
    """Return the edges in the order of the rule."""
    return list(zip(*(each.tolist() for each in arrays(rule, ends, key)), strict=True))


def matrix(rule: Rule, ends: Ends, key: Key = KEY) -> npt.NDArray:
    """Return how many edges each pair has."""
    return counted(arrays(rule, ends, key), ends)


def counted(edges: tuple[npt.NDArray, npt.NDArray], ends: Ends) -> npt.NDArray:
    sources, targets = edges
    numbers = sources.astype(np.int64) * ends.targets + targets
    size = ends.sources * ends.targets
    return np.bincount(numbers, minlength=size).reshape(ends.sources, ends.targets)


def key_of(seed: int) -> Key:
    """Return the key of the projection under another seed."""
    return stream_key(seed, "projections.a", "connectivity")


def over_seeds(rule: Rule, ends: Ends, n_seeds: int = N_SEEDS) -> npt.NDArray:
    """Return how many edges each pair has, shape (seeds, sources, targets)."""
    return np.array([counted(drawn(rule, ends, key_of(each)), ends) for each in range(n_seeds)])


def faults(rule: Rule, ends: Ends) -> list[Diagnostic]:
    return list(RULES[rule.name].faults(rule, ends))


def draw(key: Key, row: int, index: int) -> int:
    return int(draws_at(key, row, index))


def open_draw(key: Key, row: int, index: int) -> float:
    return float(open_uniform(draws_at(key, row, index)))


def chosen(key: Key, row: int, choices: int, count: int, *, repeats: bool) -> list[int]:
    """The choices of a row, straight from the definition."""

    def sequence() -> Iterator[int]:
        index = 0
        while True:
            yield draw(key, row, index) * choices >> 64
            index += 1

    def different(wanted: int) -> set[int]:
        found: set[int] = set()
        numbers = sequence()
        while len(found) < wanted:
            found.add(next(numbers))
        return found

    if repeats:
        return sorted(islice(sequence(), count))
    if 2 * count <= choices:
        return sorted(different(count))
    return sorted(set(range(choices)) - different(choices - count))


def bernoulli_row(key: Key, row: int, length: int, p: float) -> Iterator[int]:
    """The edges of one row of `pairwise_bernoulli`, straight from the definition."""
    target, index = -1, 0
    while p > 0:
        if p < 1:
            v = open_draw(key, row, index)
            gap = float(evaluate_function("log", v)) / float(evaluate_function("log1p", -p))
            target += math.floor(min(gap, length))
        target += 1
        if target >= length:
            return
        yield target
        index += 1


def is_autapse(ends: Ends, source: int, target: int) -> bool:
    return ends.diagonal is not None and target == source + ends.diagonal


def assert_switches_hold(rule: Callable[..., Rule], numbers: list[int], *, multapses: bool) -> None:
    """See that neither switch lets anything through, and that without them something comes."""
    ends = Ends(10, 10, 0)
    for number in numbers:
        counts = matrix(rule(number, autapses=False, multapses=multapses), ends)
        assert counts.sum() > 0
        assert not counts.diagonal().any()
        assert multapses or counts.max() == 1
    counts = matrix(rule(numbers[-2]), ends)
    assert counts.diagonal().any()
    assert counts.max() > 1


def assert_independent(rule: Rule, ends: Ends, rows: int, choices: int, count: int) -> None:
    """Compare two projections, in which each of some rows takes so many different choices."""
    common = (matrix(rule, ends) & matrix(rule, ends, OTHER_KEY)).sum()
    p = count / choices
    variance = rows * count * p * (1 - p) * (choices - count) / (choices - 1)
    assert abs(common - rows * count * p) < 5 * math.sqrt(variance)


def normal_limit(comparisons: int = 1) -> float:
    """Return how many standard deviations the largest of some numbers may be from its mean."""
    return -NormalDist().inv_cdf(ALPHA / 2 / comparisons)


def assert_pairs_come_by_themselves(
    counts: npt.NDArray, means: npt.ArrayLike, variances: npt.ArrayLike
) -> None:
    """See that pairs come as often as they should, and without regard to each other.

    Args:
        counts: Edges of pairs under every seed, shape (seeds, sources, targets).
        means, variances: Of the number of edges of a pair. Where it does not vary it is certain.
    """
    n_seeds, *shape = counts.shape
    mean, variance = (np.broadcast_to(each, shape) for each in (means, variances))
    varies = variance > 0
    assert (counts == mean)[:, ~varies].all()
    scores = (counts - mean)[:, varies] / np.sqrt(variance[varies])
    n_pairs = scores.shape[1]
    assert tail((scores.sum(axis=0) ** 2).sum() / n_seeds, n_pairs) > ALPHA
    correlations = (scores.T @ scores / math.sqrt(n_seeds))[np.triu_indices(n_pairs, 1)]
    assert np.abs(correlations).max() < normal_limit(correlations.size)


def choice_p_value(counts: npt.NDArray, n_seeds: int, count: int, *, repeats: bool) -> float:
    """Compare the frequencies of choices, of shape (rows, choices); a row takes so many of them."""
    n_rows, n = counts.shape
    mean = n_seeds * count / n
    assert mean > 5.0
    # What one row's choices have less of variance, the sum of squares over the row has too.
    spread = 1.0 if repeats else (n - count) / (n - 1)
    return tail(((counts - mean) ** 2).sum() / (mean * spread), n_rows * (n - 1))


def tail(statistic: float, freedom: int) -> float:
    """Return the probability that chi squared is larger."""
    half = mpmath.mpf(statistic) / 2
    return float(mpmath.gammainc(mpmath.mpf(freedom) / 2, half, mpmath.inf, regularized=True))


def fit(observed: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """Return the p-value of numbers in bins, whose sum is given."""
    found, mean = np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)
    assert mean.min() > 5.0
    assert math.isclose(found.sum(), mean.sum(), rel_tol=1e-9)
    return tail(float(((found - mean) ** 2 / mean).sum()), mean.size - 1)


def fit_counts(samples: npt.ArrayLike, probabilities: list[float]) -> float:
    """Return the p-value of samples 0, 1, … of a distribution, its rare ends put together."""
    values = np.asarray(samples)
    expected = values.size * np.array(probabilities)
    common = np.flatnonzero(expected > 20.0)
    low, high = int(common[0]), int(common[-1])
    observed = np.bincount(np.clip(values, low, high) - low, minlength=high - low + 1)
    inner = expected[low : high + 1].copy()
    inner[0] += expected[:low].sum()
    inner[-1] = values.size - inner[:-1].sum()
    return fit(observed, inner)


def binomial(n: int, p: float) -> list[float]:
    return [
        math.exp(
            math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
            + k * math.log(p) + (n - k) * math.log1p(-p)
        )
        for k in range(n + 1)
    ]  # fmt: skip


def hypergeometric(choices: int, special: int, count: int) -> list[float]:
    """Probabilities of how many of some special choices are taken, of so many different ones."""
    every = math.comb(choices, count)
    return [
        math.comb(special, k) * math.comb(choices - special, count - k) / every
        for k in range(min(special, count) + 1)
    ]


def number_of(probabilities: npt.ArrayLike) -> list[float]:
    """Probabilities of how many of independent things happen."""
    total = np.ones(1)
    for p in np.asarray(probabilities).reshape(-1).tolist():
        total = np.convolve(total, [1.0 - p, p])
    return total.tolist()


def poisson(mean: float, most: int = 100) -> list[float]:
    return [math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(most)]


def assert_fits_over_seeds(p_value: Callable[[Key], float]) -> None:
    """See that what is compared under a hundred seeds fits under each, and under all of them."""
    assert_fits([p_value(key_of(seed)) for seed in range(100)])


def assert_fits(p_values: list[float]) -> None:
    """See that no p-value is beyond chance, and that all together they are uniform."""
    assert min(p_values) > ALPHA / len(p_values)
    assert_uniform(p_values)


def assert_uniform(p_values: list[float]) -> None:
    """Compare with the uniform distribution, by Kolmogorov and Smirnov."""
    ordered = np.sort(p_values)
    n = ordered.size
    places = np.arange(n + 1) / n
    distance = max((places[1:] - ordered).max(), (ordered - places[:-1]).max())
    assert distance * math.sqrt(n) < math.sqrt(-math.log(ALPHA / 2) / 2)
