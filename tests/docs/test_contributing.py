"""The recipes of CONTRIBUTING work, each in a copy of the checkout of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs.fences import CHECKOUT, Fence, fences

COPIED = (
    "netspec",
    "backends",
    "benchmarks",
    "schemas",
    "docs",
    "examples",
    "pyproject.toml",
    "README.md",
)
PAGE = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def recipes() -> Iterator[object]:
    for section in re.split(r"^### ", PAGE.partition("## Recipes")[2], flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        yield pytest.param(list(fences(text)), id=title.replace(" ", "-").lower())


class Copy:
    """A copy of the checkout in which recipes are carried out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ignored = shutil.ignore_patterns("__pycache__")
        for name in COPIED:
            if (CHECKOUT / name).is_dir():
                shutil.copytree(CHECKOUT / name, folder / name, ignore=ignored)
            else:
                shutil.copy(CHECKOUT / name, folder / name)
        hidden = ("PYTEST_", "PIP_", "VIRTUAL_ENV")
        own = {name: text for name, text in os.environ.items() if not name.startswith(hidden)}
        self.environment = own | {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), own.get("PATH", "")]),
            "PYTHONPATH": os.pathsep.join(str(folder / each) for each in (".", "backends", "site")),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MPLBACKEND": "agg",
            # What is installed goes beside the copy, from what is there already.
            "PIP_TARGET": str(folder / "site"),
            "PIP_NO_INDEX": "1",
            "PIP_NO_DEPS": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def carry_out(self, block: Fence) -> None:
        """Write, change or run what a block shows."""
        if block.file:
            path = self.folder / block.file
            assert not path.exists(), f"{block.file} exists already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.tag == "diff":
            for name, change in re.findall(
                r"^--- a/(\S+)\n((?:(?!--- a/).*\n)+)", block.text, re.M
            ):
                self.apply(name, change)
        elif block.tag == "python":
            self.run(sys.executable, "-c", block.text)
        elif block.tag == "sh":
            self.run("bash", "-euc", block.text)

    def apply(self, name: str, change: str) -> None:
        """Apply a diff whose parts are found by what they hold, not by line numbers."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        for part in re.split(r"^@@\n", change, flags=re.MULTILINE)[1:]:
            lines = part.splitlines(keepends=True)
            before = "".join(line[1:] or "\n" for line in lines if line[0] != "+")
            after = "".join(line[1:] or "\n" for line in lines if line[0] != "-")
            assert text.count(before) == 1, f"{name}: found {text.count(before)} times:\n{before}"
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")

    def run(self, *command: str) -> None:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("blocks", recipes())
def test_recipe(blocks: list[Fence], tmp_path: Path) -> None:
    assert blocks
    copy = Copy(tmp_path)
    for block in blocks:
        copy.carry_out(block)
