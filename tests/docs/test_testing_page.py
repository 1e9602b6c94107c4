"""The repository that `docs/testing.md` shows: made in a folder, and its commands carried out."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from docs.fences import CHECKOUT, fences
from docs.shell import in_shell
from ruamel.yaml import YAML

from netspec.golden.file import Golden, read
from netspec.golden.verify import Verdict

PAGE = (CHECKOUT / "docs" / "testing.md").read_text(encoding="utf-8")
WORKFLOW = ".github/workflows/tests.yml"
FILES = ("pyproject.toml", "models/relay.json", "tests/test_relay.py", WORKFLOW)
SHOWN = {fence.file: fence.text for fence in fences(PAGE)}
GOLDEN = "models/relay.golden.json"


def execute(command: str, folder: Path, *, status: int = 0) -> str:
    """Carry out a line of a shell, with `netspec` and `pytest` of this environment."""
    hidden = {"PYTEST_XDIST_WORKER", "PYTHONPATH"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment["PYTEST_ADDOPTS"] = "-p no:hypothesispytest"  # a laboratory would not have it
    done = in_shell(command, folder, environment, timeout=600)
    assert done.returncode == status, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def made(folder: Path) -> None:
    """Make the files that the page shows."""
    for name in FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SHOWN[name], encoding="utf-8")


def steps() -> Iterator[str]:
    """Yield the commands of the workflow but the one that installs."""
    workflow = YAML(typ="safe").load(SHOWN[WORKFLOW])
    for step in workflow["jobs"]["tests"]["steps"]:
        if "run" in step and shlex.split(step["run"])[0] != "pip":
            yield step["run"]


def shown(beginning: str) -> str:
    """Return the block that begins so."""
    return next(fence.text for fence in fences(PAGE) if fence.text.startswith(beginning))


@pytest.mark.slow
def test_the_repository_works_as_the_page_says(tmp_path: Path) -> None:
    made(tmp_path)
    execute(SHOWN[GOLDEN].strip(), tmp_path)
    there = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert set(shown("pyproject.toml\n").split()) == there
    backends = read(tmp_path / GOLDEN).backends

    commands = list(steps())
    assert [shlex.split(each)[0] for each in commands] == ["pytest", "netspec"]
    tested, verified = (execute(command, tmp_path) for command in commands)
    assert f"{3 * len(backends)} passed" in tested
    assert [line.split()[:3] for line in verified.splitlines()] == [
        line.split()[:3] for line in shown("document ").splitlines()
    ]

    model = tmp_path / "models" / "relay.json"
    model.write_text(SHOWN["models/relay.json"].replace('"seed": 42', '"seed": 43'))
    failed = execute("pytest --netspec-backends numpy models", tmp_path, status=1)
    assert shown("models/relay.json on numpy") in failed
    execute("netspec golden models/relay.json --update --backends numpy", tmp_path)
    execute("pytest --netspec-backends numpy models", tmp_path)


def test_every_field_and_every_result_is_explained() -> None:
    for name in (*Golden.model_fields, *get_args(Verdict)):
        assert f"`{name}`" in PAGE
