"""`watts_strogatz`: its definition, its switches and its statistics."""

from __future__ import annotations

import math
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
import pytest
from unit.realise.drawn_edges import (
    ALPHA,
    KEY,
    N_SEEDS,
    OTHER_KEY,
    SWITCHES,
    Key,
    Pairs,
    assert_fits_over_seeds,
    binomial,
    chosen,
    connect,
    draw,
    faults,
    fit,
    fit_counts,
    matrix,
    normal_limit,
    number_of,
    of_purpose,
    over_seeds,
    rule_of,
)

from netspec.ir.recipe import Rule
from netspec.realise import blocks
from netspec.realise.rules import RULES, Ends, choices


def small_world(k: int, p: float, *, autapses: bool = False, multapses: bool = False) -> Rule:
    switches = {"autapses": autapses, "multapses": multapses}
    return rule_of("watts_strogatz", neighbours=k, p_rewire=p, **switches)


def ring(size: int) -> Ends:
    return Ends(size, size, 0)


def by_hand(size: int, k: int, p: float, key: Key, *, autapses: bool, multapses: bool) -> Pairs:
    """The edges, straight from the definition."""
    ways = [way for way in range(-k // 2, k // 2 + 1) if way] if k else []
    edges = []
    for row in range(size):
        kept, moved = [], 0
        for number, way in enumerate(ways):
            if (draw(of_purpose(key, "rewiring"), row, number) >> 11) * 2.0**-53 < p:
                moved += 1
            else:
                kept.append((row + way) % size)
        free = [
            each
            for each in range(size)
            if (autapses or each != row) and (multapses or each not in kept)
        ]
        taken = chosen(key, row, len(free), moved, repeats=multapses) if moved else []
        edges += sorted((row, target) for target in kept + [free[number] for number in taken])
    return edges


@pytest.mark.parametrize(("autapses", "multapses"), SWITCHES)
@pytest.mark.parametrize(("size", "k"), [(0, 0), (1, 0), (3, 2), (5, 4), (11, 4), (11, 10)])
@pytest.mark.parametrize("p", [0.0, 0.2, 0.8, 1.0])
def test_edges_follow_the_definition(
    size: int, k: int, p: float, autapses: bool, multapses: bool
) -> None:
    switches = {"autapses": autapses, "multapses": multapses}
    rule = small_world(k, p, **switches)
    assert faults(rule, ring(size)) == []
    assert RULES[rule.name].count(rule, ring(size)).exact == size * k
    assert connect(rule, ring(size)) == by_hand(size, k, p, KEY, **switches)


def test_nothing_rewired_is_the_ring() -> None:
    counts = matrix(small_world(4, 0.0), ring(9))
    assert [np.flatnonzero(row).tolist() for row in counts[[0, 4, 8]]] == [
        [1, 2, 7, 8],
        [2, 3, 5, 6],
        [0, 1, 6, 7],
    ]


@pytest.mark.parametrize(("autapses", "multapses"), SWITCHES)
def test_the_switches_hold(autapses: bool, multapses: bool) -> None:
    counts = matrix(small_world(6, 0.7, autapses=autapses, multapses=multapses), ring(60))
    assert counts.sum(axis=1).tolist() == [6] * 60
    assert counts.diagonal().any() == autapses
    assert (counts.max() > 1) == multapses


@pytest.mark.parametrize("size", [7, 100])
@pytest.mark.parametrize(("autapses", "multapses"), SWITCHES)
def test_sizes_of_batches_change_nothing(
    monkeypatch: pytest.MonkeyPatch, size: int, autapses: bool, multapses: bool
) -> None:
    rules = [small_world(k, 0.4, autapses=autapses, multapses=multapses) for k in (2, 20, 38)]
    whole = [connect(rule, ring(40)) for rule in rules]
    monkeypatch.setattr(choices, "_BATCH", size)
    monkeypatch.setattr(blocks, "SIZE", size)
    assert [connect(rule, ring(40)) for rule in rules] == whole


@pytest.mark.parametrize(
    ("rule", "ends", "code", "path"),
    [
        (small_world(2, 0.1), Ends(5, 5, None), "not-one-population", "rule"),
        (small_world(2, 0.1), Ends(5, 5, 1), "not-one-population", "rule"),
        (small_world(3, 0.1), ring(5), "not-even", "neighbours"),
        (small_world(4, 0.1), ring(4), "too-many-connections", "neighbours"),
        (small_world(2, 0.1), ring(0), "too-many-connections", "neighbours"),
        (small_world(2, 1.5), ring(5), "out-of-range", "p_rewire"),
    ],
)
def test_what_makes_no_sense_is_refused(rule: Rule, ends: Ends, code: str, path: str) -> None:
    assert [(each.code, each.path) for each in faults(rule, ends)] == [(code, path)]


# Statistics


def outcomes(
    size: int, k: int, p: float, *, autapses: bool, multapses: bool
) -> dict[tuple[int, ...], float]:
    """The targets that neuron 0 may have, with their probabilities, straight from the words."""
    ways = [way % size for way in range(-k // 2, k // 2 + 1) if way]
    found: dict[tuple[int, ...], float] = {}
    for is_moved in product([False, True], repeat=k):
        kept = [way for way, moved in zip(ways, is_moved, strict=True) if not moved]
        moved = k - len(kept)
        free = [
            each
            for each in range(size)
            if (autapses or each != 0) and (multapses or each not in kept)
        ]
        chosen = list(product(free, repeat=moved) if multapses else combinations(free, moved))
        for each in chosen:
            targets = tuple(sorted((*kept, *each)))
            chance = p**moved * (1 - p) ** len(kept) / len(chosen)
            found[targets] = found.get(targets, 0.0) + chance
    return found


def from_neuron_0(counts: npt.NDArray) -> npt.NDArray:
    """Return what the counts would be if each neuron were neuron 0."""
    size = counts.shape[-1]
    everyone = np.arange(size)
    return counts[..., everyone[:, np.newaxis], (everyone[:, np.newaxis] + everyone) % size]


@pytest.mark.parametrize(
    ("autapses", "multapses", "n_seeds"), [(False, False, N_SEEDS), (True, True, 2000)]
)
def test_targets_and_pairs_come_with_their_frequency_over_seeds(
    autapses: bool, multapses: bool, n_seeds: int
) -> None:
    size, k, p = 6, 2, 0.6
    switches = {"autapses": autapses, "multapses": multapses}
    expected = outcomes(size, k, p, **switches)
    assert sum(expected.values()) == pytest.approx(1.0)
    counts = from_neuron_0(over_seeds(small_world(k, p, **switches), ring(size), n_seeds))
    code = (k + 1) ** np.arange(size)
    numbers = {int(np.bincount(each, minlength=size) @ code): each for each in expected}
    found, often = np.unique((counts @ code).ravel(), return_counts=True)
    assert set(found.tolist()) == set(numbers)
    means = [counts[..., 0].size * expected[numbers[each]] for each in found.tolist()]
    assert fit(often, means) > ALPHA
    table = np.array([np.bincount(each, minlength=size) for each in expected])
    chances = np.array(list(expected.values()))[:, np.newaxis]
    mean = (chances * table).sum(axis=0)
    sd = np.sqrt((chances * (table - mean) ** 2).sum(axis=0))
    apart = np.abs(counts.sum(axis=0) - n_seeds * mean)
    assert np.all(apart <= normal_limit(size * size) * sd * math.sqrt(n_seeds))


def mean_by_way(size: int, k: int, p: float) -> npt.NDArray:
    """Return the probability of an edge to the next neuron, the one after that, and so on."""
    # Of q rewired edges each leads to any of the n - 1 - (k - q) others with one probability.
    q, chances = np.arange(k + 1), np.array(binomial(k, p))
    elsewhere = (chances * q / (size - 1 - k + q)).sum()
    mean = np.full(size, elsewhere)
    mean[[way for way in range(-k // 2, k // 2 + 1) if way]] = (k - elsewhere * (size - 1 - k)) / k
    mean[0] = 0.0
    return mean


@pytest.mark.parametrize("p", [0.1, 0.7])
def test_indegrees_are_sums_over_neurons(p: float) -> None:
    size, k = 1500, 4
    expected = number_of(mean_by_way(size, k, p))

    def p_value(key: Key) -> float:
        degrees = matrix(small_world(k, p), ring(size), key).sum(axis=0)
        return fit_counts(degrees[:: k + 1], expected)  # of neurons without common neighbours

    assert_fits_over_seeds(p_value)


def test_targets_that_replace_others_are_equally_likely() -> None:
    counts = matrix(small_world(2, 1.0, autapses=True, multapses=True), ring(3000))
    edges = [
        int(target - source) % 3000 for source, target in zip(*np.nonzero(counts), strict=True)
    ]
    bins = np.bincount(np.array(edges) // 100, minlength=30)
    assert fit(bins, [bins.sum() / 30] * 30) > ALPHA


def test_the_number_of_edges_that_stay_is_binomial() -> None:
    size, k, p = 20_000, 6, 0.3
    sources, targets = RULES["watts_strogatz"].connect(
        small_world(k, p, autapses=True, multapses=True),
        ring(size),
        lambda each: of_purpose(KEY, each),
    )
    ways = (targets.astype(np.int64) - sources) % size
    near = np.count_nonzero(((ways <= 3) | (ways >= size - 3)).reshape(size, k), axis=1)
    # That a rewired one comes back, or an autapse, has a probability of 7/20000.
    stay = 1 - p + p * 7 / size
    assert fit_counts(near, binomial(k, stay)) > ALPHA


@pytest.mark.parametrize("p", [0.3, 0.999])
def test_two_projections_are_independent(p: float) -> None:
    size, k = 2000, 10
    counts = [matrix(small_world(k, p), ring(size), key) for key in (KEY, OTHER_KEY)]
    first, second = from_neuron_0(np.array(counts)) - mean_by_way(size, k, p)
    of_rows = (first * second).sum(axis=1)
    assert abs(of_rows.sum()) < normal_limit() * of_rows.std() * math.sqrt(size)
