"""Choices by draws: exact numbers, and the first different ones of a sequence."""

from __future__ import annotations

import numpy as np
import pytest
from unit.realise.drawn_edges import KEY, chosen

from netspec.realise.rules import choices as own
from netspec.realise.rules.choices import choose, choose_in_rows, scaled
from netspec.realise.streams import draws, draws_in_spans

LIMITS = [1, 2, 3, 10, 2**16, 2**32 - 1, 2**32, 2**32 + 1, 10**15, 2**63 + 1, (2**32 - 1) ** 2]


@pytest.mark.parametrize("limit", [*LIMITS, 2**64 - 1])
def test_draws_are_scaled_in_exact_integers(limit: int) -> None:
    edges = [0, 1, 2**32 - 1, 2**32, 2**63, 2**64 - 2, 2**64 - 1]
    # Where the result goes up by 1, and one draw before.
    steps = [-(-(number << 64) // limit) for number in (1, limit // 3, limit // 2, limit - 1)]
    near = [step - back for step in steps for back in (0, 1) if 0 <= step - back < 2**64]
    u = [*edges, *near, *draws(KEY, 0, 0, 200)[0].tolist()]
    assert scaled(np.array(u, dtype=np.uint64), limit).tolist() == [n * limit >> 64 for n in u]


@pytest.mark.parametrize(
    ("limit", "count"),
    [(1, 0), (1, 1), (2, 1), (5, 2), (5, 3), (5, 5), (40, 20), (40, 21), (300, 7), (300, 299)],
)
@pytest.mark.parametrize("repeats", [True, False])
def test_rows_follow_the_definition(limit: int, count: int, repeats: bool) -> None:
    rows = np.array([0, 1, 7, 2**32 - 1, 2**40])
    found = choose(KEY, rows, limit, count, repeats=repeats)
    assert found.shape == (5, count)
    assert found.tolist() == [chosen(KEY, row, limit, count, repeats=repeats) for row in rows]


@pytest.mark.parametrize("batch", [1, 8, 64, 1024])
@pytest.mark.parametrize(("limit", "count"), [(60, 30), (60, 31), (60, 60), (5000, 100), (9, 0)])
@pytest.mark.parametrize("repeats", [True, False])
def test_a_row_depends_on_nothing_else(
    monkeypatch: pytest.MonkeyPatch, batch: int, limit: int, count: int, repeats: bool
) -> None:
    def row_by_row(rows: range) -> dict[int, list[int]]:
        parts = choose_in_rows(KEY, rows, limit, count, repeats=repeats)
        return {
            int(row): own.tolist()
            for part, found in parts
            for row, own in zip(part, found, strict=True)
        }

    whole = row_by_row(range(40))
    assert list(whole) == list(range(40))
    monkeypatch.setattr(own, "_BATCH", batch)
    assert row_by_row(range(40)) == whole
    assert row_by_row(range(11, 23)) == {row: whole[row] for row in range(11, 23)}


@pytest.mark.parametrize("limit", [2**33, 2**64 - 1])
def test_one_row_may_choose_among_more_than_32_bits_count(limit: int) -> None:
    found = choose(KEY, np.array([0]), limit, 500, repeats=False)
    assert found[0].tolist() == chosen(KEY, 0, limit, 500, repeats=False)
    assert int(found[0, -1]) > limit * 0.98


def test_more_than_half_of_all_are_as_many_as_are_asked_for() -> None:
    for count in (10_000, 10_001, 19_999, 20_000):
        (found,) = choose(KEY, np.array([0]), 20_000, count, repeats=False)
        assert np.unique(found).size == count
        assert found.max() < 20_000


def test_spans_are_parts_of_their_rows() -> None:
    rows = np.array([3, 0, 9, 9, 4, 2**40])
    firsts = np.array([0, 1, 4, 7, 2, 3])
    counts = np.array([5, 3, 4, 1, 0, 9])
    whole = draws(KEY, rows, 0, 12)
    expected = [
        whole[n, first : first + count]
        for n, (first, count) in enumerate(zip(firsts, counts, strict=True))
    ]
    assert draws_in_spans(KEY, rows, firsts, counts).tolist() == np.concatenate(expected).tolist()
    assert draws_in_spans(KEY, rows[:0], firsts[:0], counts[:0]).size == 0
