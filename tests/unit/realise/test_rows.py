"""Edges by their sources."""

from __future__ import annotations

import numpy as np
import pytest

from netspec.realise import blocks
from netspec.realise.rows import Rows, sources_of


def made(size: int = 500, seed: int = 1, most: int = 300) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    sources = np.sort(random.integers(3, 60, size)).astype(np.uint32)  # some have none
    return sources, random.integers(0, most, size).astype(np.uint32)


def test_sources_are_found_again() -> None:
    sources, targets = made()
    rows = Rows.of(sources, targets)
    assert len(rows) == 500
    assert rows.firsts.size == sources[-1] + 2
    for edges in (slice(0, 500), slice(17, 17), slice(17, 18), slice(100, 471)):
        found = rows.sources(edges)
        assert found.dtype == np.uint32
        assert np.array_equal(found, sources[edges])


def test_sources_of_scattered_edges_are_found() -> None:
    sources, targets = made()
    edges = np.sort(np.random.default_rng(2).choice(500, 40, replace=False))
    assert np.array_equal(sources_of(Rows.of(sources, targets).firsts, edges), sources[edges])


def test_blocks_have_all_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 64)
    sources, targets = made()
    pieces = list(Rows.of(sources, targets).blocks())
    assert [each.start for each, _, _ in pieces] == list(range(0, 500, 64))
    assert np.array_equal(np.concatenate([each for _, each, _ in pieces]), sources)
    assert np.array_equal(np.concatenate([each for _, _, each in pieces]), targets)


@pytest.mark.parametrize(
    ("most", "shift", "before", "after"),
    [
        (2**16 - 1, 0, np.uint16, np.uint16),
        (2**16 - 6, 5, np.uint16, np.uint16),
        (2**16 - 5, 5, np.uint16, np.uint32),
        (2**16, 0, np.uint32, np.uint32),
    ],
)
def test_targets_are_as_narrow_as_they_can_be(
    most: int, shift: int, before: type, after: type
) -> None:
    sources, targets = made()
    targets[77] = most
    rows = Rows.of(sources, targets)
    assert rows.targets.dtype == before
    moved = rows.shifted(7, shift)
    assert moved.targets.dtype == after
    assert np.array_equal(moved.targets, targets + np.uint32(shift))
    assert np.array_equal(moved.sources(slice(0, 500)), sources + 7)


def test_sources_at_the_end_may_have_no_edges() -> None:
    rows = Rows.counted(np.array([0, 0, 2, 3, 3, 3]), np.array([5, 6, 5], np.uint32))
    assert rows.firsts.tolist() == [0, 0, 2, 3]
    assert rows.targets.dtype == np.uint16
    assert rows.sources(slice(0, 3)).tolist() == [1, 1, 2]


def test_there_may_be_no_edges() -> None:
    none = np.zeros(0, np.uint32)
    for rows in (Rows.of(none, none), Rows.counted(np.zeros(4, np.int64), none)):
        assert rows.firsts.tolist() == [0]
        assert len(rows) == len(rows.sources(slice(0, 0))) == 0
        assert rows.shifted(3, 4).firsts.tolist() == [0]
