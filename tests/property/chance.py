"""What random documents are made with: choices, and data files that lie beside a document."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

Document = dict[str, Any]
Columns = Mapping[str, Sequence[Any]]


class Chance:
    """Makes choices that follow from a number.

    Attributes:
        files: Contents of the data files that were made, by name.
    """

    def __init__(self, number: int) -> None:
        self.rng = random.Random(number)
        self.files: dict[str, bytes] = {}

    def one(self, *choices: Any) -> Any:
        """Return one of some things, or what it returns if it can be called."""
        choice = self.rng.choice(choices)
        return choice() if callable(choice) else choice

    def often(self) -> bool:
        """Tell whether to take what is usual."""
        return self.rng.random() < 0.8

    def some(self, things: Any, most: int, least: int = 0) -> list[Any]:
        """Return up to so many of some things, in their order."""
        count = self.rng.randint(least, min(most, len(things)))
        return sorted(self.rng.sample(sorted(things), count))

    def steps(self, least: int, most: int) -> str:
        """Return a duration of so many steps of 0.1 ms."""
        return duration(self.rng.randint(least, most))

    def number(self, most: float) -> float:
        """Return a number up to a largest one, of few digits."""
        return float(f"{self.rng.random() * most:.4g}")

    def file(self, columns: Columns, *suffixes: str) -> str:
        """Return the name of a data file of one of some kinds; one content has one name."""
        suffix = self.one(*suffixes)
        content = _WRITERS[suffix](columns)
        name = f"{sha256(content).hexdigest()[:12]}{suffix}"
        self.files[name] = content
        return name

    def from_file(self, count: int, most: float, unit: str) -> Document:
        """Return random numbers of a data file that has other numbers too, or not."""
        numbers = [self.number(most) for _ in range(count)]
        others = {"others": list(range(count))}
        name = self.file({"numbers": numbers}, ".npy", ".npz", ".csv")
        if not name.endswith(".npy") and self.one(True, False):
            name = self.file({"numbers": numbers, **others}, ".npz", ".csv")
            return {"file": name, "column": "numbers", "unit": unit}
        return {"file": name, "unit": unit}


def duration(steps: int) -> str:
    """Return steps of 0.1 ms."""
    return f"{steps}e-1 ms"


def _csv(columns: Columns) -> bytes:
    rows = zip(*columns.values(), strict=True)
    lines = [columns.keys(), *(map(repr, row) for row in rows)]
    return "".join(f"{','.join(line)}\n" for line in lines).encode()


def _npy(columns: Columns) -> bytes:
    """Return an array: the only column, or a table of all of them."""
    stream = io.BytesIO()
    table = np.array(list(columns.values()))
    np.save(stream, table[0] if len(table) == 1 else table.T.copy())
    return stream.getvalue()


def _npz(columns: Columns) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **{name: np.array(each) for name, each in columns.items()})
    return stream.getvalue()


_WRITERS = {".csv": _csv, ".npy": _npy, ".npz": _npz}
