"""A program: what `emit` makes and `build` runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.files import atomic_writer, refuse_link

ARRAYS_FILE = "arrays.npz"


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Text files and arrays that together simulate one network.

    Attributes:
        backend: Name of the backend that emitted it.
        entry: The file to start.
        files: Text by file name.
        arrays: By name; stored beside the files as `arrays.npz`.
    """

    backend: str
    entry: str
    files: Mapping[str, str]
    arrays: Mapping[str, npt.NDArray[np.generic]]

    def write(self, folder: Path) -> None:
        """Write the program into a folder, which is made if needed; each file whole or not at all.

        Raises:
            OSError: The folder cannot be made or written, or a link stands in a file's place.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for name in (*sorted(self.files), ARRAYS_FILE):
            refuse_link(folder / name)
        for name, text in sorted(self.files.items()):
            with atomic_writer(folder / name, follow_link=False) as stream:
                stream.write(text.encode())
        with atomic_writer(folder / ARRAYS_FILE, follow_link=False) as stream:
            arrays: dict[str, Any] = dict(sorted(self.arrays.items()))
            np.savez(stream, **arrays)
