from __future__ import annotations

import itertools
import tracemalloc

import numpy as np
import pytest

from netspec.realise import blocks
from netspec.realise.rules.growing import Growing


@pytest.mark.parametrize("sizes", [[], [0], [3, 0, 5], [40, 1, 1, 100, 7], [2] * 50])
def test_it_holds_what_was_written(sizes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 16)
    ends = np.cumsum([0, *sizes])
    growing = Growing(np.uint32)
    for first, end in itertools.pairwise(ends):
        growing.extend(np.arange(first, end, dtype=np.int64))
    whole = growing.whole()
    assert whole.dtype == np.uint32
    assert whole.tolist() == list(range(ends[-1]))


def test_it_is_never_there_twice() -> None:
    piece, growing = np.zeros(2**16, dtype=np.uint64), Growing(np.uint64)
    tracemalloc.start()
    try:
        for _ in range(200):
            growing.extend(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1.2 * growing.whole().nbytes
