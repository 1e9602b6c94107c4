from __future__ import annotations

import itertools
import subprocess
import sys

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


GROW = """
from pathlib import Path
import numpy as np
from netspec.realise.rules.growing import Growing

def most_so_far():
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])

piece, growing = np.ones(2**16, dtype=np.uint64), Growing(np.uint64)
before = most_so_far()
for _ in range(200):
    growing.extend(piece)
print((most_so_far() - before) / growing.whole().nbytes)
"""


def test_it_is_never_there_twice() -> None:
    # Of the process: tracemalloc counts an array twice that moves as a whole.
    command = [sys.executable, "-c", GROW]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert 0.9 < float(done.stdout) < 1.3
