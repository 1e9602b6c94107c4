"""Values of edges in the narrowest types that hold them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from netspec.realise import blocks
from netspec.realise.narrow import narrow_steps, narrow_steps_of, narrow_weights


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 16)


@pytest.mark.parametrize("count", [0, 1, 2, 15, 16, 17, 99, 10_000])
def test_weights_of_few_bits_become_narrow_where_they_are(count: int) -> None:
    weights = np.random.default_rng(count).integers(-(2**24), 2**24, count) * 2.0**-40
    expected = weights.copy()
    narrow = narrow_weights(weights)
    assert narrow.dtype == np.float32
    assert narrow.shape == (count,)
    assert np.array_equal(narrow, expected)
    assert weights.nbytes <= expected.nbytes // 2 + 8


@pytest.mark.parametrize("weight", [1.0 + 2.0**-24, 2.0**128, 2.0**-150, 1e-310])
@pytest.mark.parametrize("place", [0, 15, 16, 98])
def test_weights_that_would_change_stay_wide(weight: float, place: int) -> None:
    weights = np.ones(99)
    weights[place] = weight
    expected = weights.copy()
    found = narrow_weights(weights)
    assert found.dtype == np.float64
    assert np.array_equal(found, expected)


@pytest.mark.parametrize(("weight", "kind"), [(0.5, np.float32), (0.1, np.float64)])
def test_one_weight_for_all_stays_one(weight: float, kind: type) -> None:
    found = narrow_weights(np.asarray(weight))
    assert found.dtype == kind
    assert found.shape == ()
    assert found == weight


@pytest.mark.parametrize(("most", "kind"), [(255, np.uint8), (256, np.uint16), (65535, np.uint16)])
@pytest.mark.parametrize("place", [0, 20, 98])
@pytest.mark.parametrize("given", [np.int64, np.float64])
def test_steps_are_as_narrow_as_the_longest(
    most: int, kind: type, place: int, given: Callable[[int], float]
) -> None:
    steps = np.arange(99)
    steps[place] = most
    pieces = ((block, steps[block].astype(given)) for block in blocks.blocks(99))
    for found in (narrow_steps(steps), narrow_steps_of(99, pieces)):
        assert found.dtype == kind
        assert np.array_equal(found, steps)
