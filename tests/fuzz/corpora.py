"""The texts that a search begins with, and what any text may cost; nothing of netspec.

`corpus/TARGET.json` is a list of texts: some by hand, the others those few of a search that make
netspec do something else each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"

TARGETS = tuple(sorted(path.stem for path in FOLDER.iterdir()))

SECONDS = 10
"""In which any text has been read."""

MEGABYTES = 1000
"""Which a process that reads texts, one after another, does not exceed."""


def corpus(target: str) -> list[str]:
    """Return the texts of a target."""
    texts: list[str] = json.loads(file_of(target).read_text(encoding="ascii"))
    return texts


def write(path: Path, texts: Iterable[str]) -> None:
    """Write a corpus: each text once, the short ones first."""
    ordered = sorted(set(texts), key=lambda text: (len(text), text))
    path.write_text(json.dumps(ordered, indent=0) + "\n", encoding="ascii")


def file_of(target: str) -> Path:
    """Return the file of a corpus."""
    return FOLDER / f"{target}.json"
