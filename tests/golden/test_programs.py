"""What backends emit is what is pinned, and passes the checks that people's code here passes."""

from __future__ import annotations

import difflib
import io
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest
from golden.programs import LANGUAGE_TOUR, TOUR, emitted, network, pinned

from netspec.ir.features import FEATURES, required_features

ROOT = Path(__file__).parents[2]
ANEW = "to write the pinned programs anew: python -m tests.regenerate"


@pytest.fixture(scope="module")
def programs() -> dict[str, str]:
    return emitted()


def in_python(programs: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in programs.items() if name.endswith(".py")}


def test_the_tours_use_every_feature() -> None:
    used = [required_features(network(tour).ir) for tour in (TOUR, LANGUAGE_TOUR)]
    assert used[0] | used[1] == FEATURES.keys()


def test_programs_are_pinned(programs: dict[str, str]) -> None:
    known = pinned()
    assert sorted(programs) == sorted(known), ANEW
    changed = [
        line
        for name in sorted(programs)
        for line in difflib.unified_diff(
            known[name].splitlines(), programs[name].splitlines(), f"pinned/{name}", name, n=1
        )
    ]
    assert not changed, "\n".join([ANEW, *changed[:60]])


def test_programs_in_python_pass_the_checks(programs: dict[str, str], tmp_path: Path) -> None:
    for name, text in in_python(programs).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    # An equation is one line and a step one loop, and a program prints its digests.
    but = ["--ignore", "C901,E501,T201"]
    rules = ["--config", str(ROOT / "pyproject.toml"), *but, "--no-cache"]
    command = [sys.executable, "-m", "ruff", "check", *rules, str(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_within_brackets_begins_at_the_margin(programs: dict[str, str]) -> None:
    for name, text in in_python(programs).items():
        depth, before = 0, 0
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            row, column = token.start
            closes = token.string in (")", "]", "}")
            if depth and row != before and token.type != tokenize.NL:
                assert column or (closes and depth == 1), f"{name}:{row}"
            if token.type == tokenize.OP:
                depth += (token.string in ("(", "[", "{")) - closes
            before = token.end[0]
