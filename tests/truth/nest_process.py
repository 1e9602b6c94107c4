"""Programs for NEST, which keeps state in its process: each run gets a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np


def in_nest(program: str, given: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run a program that lies beside this module on given arrays, and return its arrays."""
    np.savez(folder / "given.npz", **given)
    subprocess.run(
        [sys.executable, Path(__file__).with_name(program), "given.npz", "nest.npz"],
        check=True,
        cwd=folder,
        env=os.environ | {"PYNEST_QUIET": "1"},
    )
    with np.load(folder / "nest.npz") as found:
        return dict(found)
