"""`netspec diff`: what is said of changes that people make, word for word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from acceptance.edits import EDITS, FOLDER, SAME_MEANING, edited, reports

from netspec.cli.main import main


@pytest.mark.parametrize("name", EDITS)
def test_what_is_said(name: str) -> None:
    for path, text in reports(name).items():
        assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EDITS)
def test_the_command_says_it_and_has_the_status_of_diff(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for file, data in zip(("old.json", "new.json"), edited(name), strict=True):
        Path(file).write_text(json.dumps(data), encoding="utf-8")
    for suffix, options in ((".txt", []), (".md", ["--markdown"])):
        status = main(["diff", "old.json", "new.json", *options])
        pinned = (FOLDER / f"{name}{suffix}").read_text(encoding="utf-8")
        assert (status, capsys.readouterr()) == (int(name not in SAME_MEANING), (pinned, ""))


def test_nothing_else_is_pinned() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == EDITS.keys()
