"""What the documentation shows works: documents load, Python and commands run."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
from docs.fences import CHECKOUT, Fence, fences

from netspec.cli.main import main
from netspec.passes import pipeline
from netspec.spec.network import Network

PAGES = sorted(
    [
        CHECKOUT / "README.md",
        *(CHECKOUT / "docs").rglob("*.md"),
        CHECKOUT / "backends" / "README.md",
    ]
)
TAGS = {
    "json": "a whole document",
    "yaml": "a whole document",
    "python": "runs after those before it on its page",
    "sh": "commands; those of netspec are run",
    "jsonc": "part of a document",
    "toml": "part of a file",
    "text": "anything else",
}


def blocks(page: Path) -> list[Fence]:
    return list(fences(page.read_text(encoding="utf-8")))


def of(*tags: str) -> list[object]:
    return [
        pytest.param(block, id=f"{page.relative_to(CHECKOUT)}:{block.line}")
        for page in PAGES
        for block in blocks(page)
        if block.tag in tags
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a new one with the examples and the schemas."""
    for name in ("examples", "schemas"):
        shutil.copytree(CHECKOUT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_block_says_what_it_is(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = list(fences(text))
    assert text.count("```") == 2 * len(found)
    assert {block.tag for block in found} <= TAGS.keys()


def test_quick_start_is_two_lines() -> None:
    """The gate runs these two blocks as they are printed."""
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## Quick start\n")[2].partition("\n## ")[0]
    commands = [block.text for block in fences(section) if block.tag == "sh"]
    assert [command.count("\n") for command in commands] == [1, 1]


@pytest.mark.parametrize("block", of("json", "yaml"))
def test_documents(block: Fence) -> None:
    syntax = "json" if block.tag == "json" else "yaml"
    report = pipeline.check(Network.loads(block.text, syntax=syntax))
    assert report.diagnostics == ()


@pytest.mark.parametrize("block", of("json"))
def test_documents_run(block: Fence) -> None:
    assert Network.loads(block.text).run(backend="numpy").complete


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if any(block.tag == "python" for block in blocks(page))],
    ids=lambda page: str(page.relative_to(CHECKOUT)),
)
def test_python(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot")
    monkeypatch.setattr(pyplot, "show", lambda: None)
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page):
        if block.tag == "python":
            # The lines before it keep the line numbers of the page in a traceback.
            code = compile("\n" * block.line + block.text, str(page), "exec")
            exec(code, names)  # noqa: S102 (the page is our own)
    pyplot.close("all")


@pytest.mark.parametrize("block", of("sh"))
def test_commands(block: Fence, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands = [shlex.split(line, comments=True) for line in block.text.splitlines()]
    for words in commands:
        if words[:1] == ["netspec"]:
            assert main(words[1:]) == 0, f"{shlex.join(words)}\n{capsys.readouterr().err}"
