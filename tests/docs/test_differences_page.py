"""The recipes for git of `docs/differences.md`, carried out in a repository."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from docs.fences import CHECKOUT, fences
from docs.shell import in_shell

PAGE = (CHECKOUT / "docs" / "differences.md").read_text(encoding="utf-8")
RECIPES = [fence.text for fence in fences(PAGE) if fence.tag == "text"]
EXAMPLE = CHECKOUT / "examples" / "lif_inhibition.json"
MODEL = "models/relay.json"
GOLDEN = "models/relay.golden.json"
PEOPLE = ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL")

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def recipe(beginning: str) -> str:
    return next(each for each in RECIPES if each.startswith(beginning))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one model, which was edited since."""
    (tmp_path / "models").mkdir()
    shutil.copy(EXAMPLE, tmp_path / MODEL)
    (tmp_path / GOLDEN).write_text('{"seed": 1}\n', encoding="utf-8")
    (tmp_path / ".gitattributes").write_text(recipe("models/"), encoding="utf-8")
    execute("git init -q . && git add . && git commit -qm first", tmp_path)
    data = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    data["dt"], data["cells"]["lif"]["C_m"] = "100 us", "300 pF"
    (tmp_path / MODEL).write_text(json.dumps(data), encoding="utf-8")
    return tmp_path


def execute(command: str, folder: Path) -> str:
    """Carry out a line of a shell with a git that knows nothing of this machine's settings.

    Nothing is to be complained about.
    """
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_PAGER": "cat",
        **{f"GIT_{each}": "test" for each in PEOPLE},
    }
    done = in_shell(command, folder, environment, timeout=120)
    assert (done.returncode, done.stderr) == (0, ""), f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def changed_lines(diff: str) -> list[str]:
    return [
        line
        for line in diff.splitlines()
        if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")
    ]


def test_git_compares_meanings(repository: Path) -> None:
    execute(recipe("git config diff.netspec.textconv"), repository)
    assert changed_lines(execute("git diff", repository)) == [
        "-populations.exc.C_m: 281 pF",
        "+populations.exc.C_m: 300 pF",
        "-populations.inh.C_m: 281 pF",
        "+populations.inh.C_m: 300 pF",
    ]


def test_git_shows_a_version_with_mistakes_as_it_is(repository: Path) -> None:
    execute(recipe("git config diff.netspec.textconv"), repository)
    (repository / MODEL).write_text('{"netspec": "1"}\n', encoding="utf-8")
    assert '+{"netspec": "1"}' in changed_lines(execute("git diff", repository))


@pytest.mark.parametrize("setting", ["textconv", "command"])
def test_git_shows_golden_files_as_they_are(repository: Path, setting: str) -> None:
    execute(recipe(f"git config diff.netspec.{setting}"), repository)
    (repository / GOLDEN).write_text('{"seed": 2}\n', encoding="utf-8")
    said = changed_lines(execute(f"git diff {GOLDEN}", repository))
    assert said == ['-{"seed": 1}', '+{"seed": 2}']


def test_git_shows_a_new_description(repository: Path) -> None:
    execute(recipe("git config diff.netspec.command"), repository)
    shutil.copy(EXAMPLE, repository / "models" / "new.json")
    execute("git add --intent-to-add models/new.json", repository)
    said = changed_lines(execute("git diff models/new.json", repository))
    assert said == [f"+{line}" for line in EXAMPLE.read_text(encoding="utf-8").splitlines()]


def test_git_shows_the_report(repository: Path) -> None:
    execute(recipe("git config diff.netspec.command"), repository)
    said = execute("git diff", repository)
    assert "  cells.lif.C_m  281 pF → 300 pF  +6.76 %; in exc, inh\n" in said
    assert "  dt  0.1 ms → 100 us  the same value\n" in said
