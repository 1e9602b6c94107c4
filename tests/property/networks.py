"""Whole random documents: small networks that use everything at once.

A document is made from one number, so that a failure is named by it. Backends run those of
`CORPUS`; elsewhere Hypothesis chooses numbers, and no more: documents that it made itself, piece by
piece, were mostly near copies of each other in which nothing was connected.
"""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from property.cells import cell, population
from property.chance import Chance, Document, duration
from property.experiment import PHASES, monitors, timeline
from property.stimuli import effect, source
from property.tables import table
from property.wiring import projection

import netspec

CORPUS = (
    *(2, 3, 5, 7, 10, 12, 19, 23, 28, 35, 39, 47, 63, 107),
    *(147, 169, 239, 254, 287, 302, 304, 314, 350, 394, 415, 434, 450, 461),
)
"""Numbers of the documents that every backend runs: few that have enough of all between them."""

SPACE = {"period": ["0.5 mm", None]}
"""Of all documents, so that several can be one."""


def documents() -> st.SearchStrategy[Document]:
    """Return whole documents; their data files are where `network` looks for them."""
    return st.integers(0, 2**32 - 1).map(document)


def document(number: int) -> Document:
    """Return a document; its data files are where `network` looks for them."""
    made, files = with_files(number)
    for name, content in files.items():
        (_folder() / name).write_bytes(content)
    return made


def network(made: Document) -> netspec.Network:
    """Return the network that a random document describes."""
    return netspec.Network(**made).in_folder(_folder())


@cache
def _folder() -> Path:
    """Return the folder of all data files, whose names say what is in them."""
    folder = Path(tempfile.mkdtemp(prefix="netspec-"))
    atexit.register(shutil.rmtree, folder)
    return folder


def with_files(number: int) -> tuple[Document, dict[str, bytes]]:
    """Return a document and the contents of its data files by name.

    It has at most three populations, three sources, two inputs that act on cells, five projections
    and a table of six.
    """
    chance = Chance(number)
    made: Document = {
        "netspec": "1",
        "name": "random",
        "seed": chance.rng.getrandbits(64),
        "dt": chance.one("0.1 ms", "0.05 ms"),
        "duration": duration(chance.one(60, 60, 90, 90, 120, 120, 1)),
        "space": SPACE,
        "tables": {},
        "phases": PHASES,
    }
    made["cells"] = {name: cell(chance) for name in ("cell_a", "cell_b")}
    names = ("one", "two", "three")[: chance.one(1, 2, 3)]
    made["populations"] = {name: population(chance, made["cells"]) for name in names}
    names = ("in_a", "in_b", "in_c")[: chance.one(0, 1, 2, 3)]
    made["inputs"] = {name: source(chance) for name in names}
    for place in range(chance.one(0, 1, 2)):
        if (onto_cells := effect(chance, made)) is not None:
            made["inputs"][f"on_cells_{place}"] = onto_cells
    made["projections"] = {}
    for place in range(chance.one(0, 2, 3, 4, 5, 5, 5)):
        if (edges := projection(chance, made)) is not None:
            made["projections"][f"edges_{place}"] = edges
    if chance.one(True, True, False) and (several := table(chance, made)) is not None:
        made["tables"]["web"] = several
    made["timeline"] = timeline(chance, made)
    made["monitors"] = monitors(chance, made)
    text = json.dumps(made)
    return made, {name: content for name, content in chance.files.items() if name in text}
