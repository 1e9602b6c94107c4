"""`watts_strogatz`: its definition, its switches and its statistics."""

from __future__ import annotations

import numpy as np
import pytest
from unit.realise.drawn_edges import (
    ALPHA,
    KEY,
    OTHER_KEY,
    SWITCHES,
    Key,
    Pairs,
    binomial,
    chosen,
    connect,
    draw,
    faults,
    fit,
    fit_counts,
    matrix,
    of_purpose,
    rule_of,
)

from netspec.ir.recipe import Rule
from netspec.realise import blocks
from netspec.realise.rules import RULES, Ends, choices
from netspec.realise.streams import stream_key


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


def test_pairs_come_with_their_frequency_over_seeds() -> None:
    n_seeds, size, k, p = 2000, 8, 4, 0.6
    total = np.zeros((size, size), dtype=np.int64)
    for seed in range(n_seeds):
        key = stream_key(seed, "projections.a", "connectivity")
        total += matrix(small_world(k, p), ring(size), key)
    # Of q rewired edges each leads to any of the 7 - (k - q) others with the same probability.
    chances = binomial(k, p)
    elsewhere = sum(chance * q / (size - 1 - k + q) for q, chance in enumerate(chances))
    stays = [0.0, 0.0]
    for q, chance in enumerate(binomial(k - 1, p)):
        stays[0] += chance * (1 - p)
        stays[1] += chance * p * (q + 1) / (size - k + q)
    of_way = [sum(stays)] * k + [elsewhere] * (size - 1 - k)
    assert sum(of_way) == pytest.approx(k)
    ways = (np.arange(size) - np.arange(size)[:, np.newaxis]) % size
    is_near = (ways <= k // 2) | (ways >= size - k // 2)
    for near, chance in ((True, of_way[0]), (False, elsewhere)):
        found = total[(is_near == near) & (ways != 0)]
        sd = np.sqrt(n_seeds * chance * (1 - chance))
        assert np.abs(found - n_seeds * chance).max() < 5.5 * sd  # one of 56 by one in 4e5
        assert abs(found.sum() - found.size * n_seeds * chance) < 5 * np.sqrt(found.size) * sd
    assert not total.diagonal().any()


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


def test_two_projections_are_independent() -> None:
    rule, size, k, p = small_world(10, 1.0), 2000, 10, 1.0
    common = (matrix(rule, ring(size)) & matrix(rule, ring(size), OTHER_KEY)).sum()
    mean = size * k * k / (size - 1) * p
    assert abs(common - mean) < 5 * np.sqrt(mean)
