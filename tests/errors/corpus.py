"""The bad documents and what netspec says about each of them.

`documents/NAME.json` (or `.yaml`) stands beside `documents/NAME.txt`: exactly what
`netspec check NAME.json` writes to stderr. `python -m tests.regenerate` writes the texts anew. Data
files that documents refer to lie in `documents/data`.
"""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

from netspec.cli.main import main

FOLDER = Path(__file__).parent / "documents"

MAX_MEMORY = ("--max-memory", "16GB")
"""Given in every call: what is free differs between machines."""


def documents() -> list[Path]:
    """Return the bad documents, by name."""
    return sorted(path for path in FOLDER.iterdir() if path.suffix in (".json", ".yaml"))


def expected(document: Path) -> Path:
    """Return the file with the text that belongs to a document."""
    return document.with_suffix(".txt")


def complaint(document: Path, *command: str) -> tuple[int, str]:
    """Return the exit status of `netspec` for a document, and what it writes to stderr."""
    with _inside(document.parent):
        return _call(*(command or ("check",)), *MAX_MEMORY, document.name)


def _call(*arguments: str) -> tuple[int, str]:
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        status = main(arguments)
    return status, said.getvalue()


@contextlib.contextmanager
def _inside(folder: Path):
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
