"""The canonical text of the IR of the examples, pinned in `ir/`."""

from __future__ import annotations

from pathlib import Path

from netspec.ir.dump import dump
from netspec.passes import pipeline
from netspec.spec.network import Network

NAMES = ("lif_inhibition",)

_EXAMPLES = Path(__file__).parents[2] / "examples"


def pinned(name: str) -> Path:
    """Return the file with the text of an example."""
    return Path(__file__).parent / "ir" / f"{name}.txt"


def dump_of(name: str) -> str:
    """Return the IR of an example as text."""
    return dump(pipeline.lowered(Network.load(_EXAMPLES / f"{name}.json")))
