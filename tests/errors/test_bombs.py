"""Expression, alias and size bombs are refused within seconds and 300 MB.

Unguarded they take minutes, on any machine: the limit need not be tight.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from errors import bombs


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, float, float]]:
    """Return status, seconds and megabytes by bomb, all tried in one fresh process."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, text in bombs.bombs().items():
        (folder / name).write_text(text, encoding="utf-8")
    script = Path(bombs.__file__)
    done = subprocess.run(
        [sys.executable, str(script), str(folder)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert "internal-error" not in done.stderr
    rows = (line.split() for line in done.stdout.splitlines())
    return {name: (int(status), float(took), float(size)) for name, status, took, size in rows}


def test_a_bomb_is_refused(outcomes: dict[str, tuple[int, float, float]]) -> None:
    assert {name for name, (status, _, _) in outcomes.items() if status != 2} == set()
    assert outcomes.keys() == bombs.bombs().keys()


def test_a_bomb_takes_seconds(outcomes: dict[str, tuple[int, float, float]]) -> None:
    assert {name: took for name, (_, took, _) in outcomes.items() if took >= 10} == {}


def test_a_bomb_takes_less_than_300_megabytes(
    outcomes: dict[str, tuple[int, float, float]],
) -> None:
    assert max(size for _, _, size in outcomes.values()) < 300
