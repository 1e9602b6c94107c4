"""Draw the pictures in `docs/images/` anew: `python docs/draw.py`, or with names of examples.

Each script of `examples/` writes its picture into the current folder, so it is run in that one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
IMAGES = ROOT / "docs" / "images"


def draw(name: str, folder: Path = IMAGES) -> Path:
    """Run the script of an example and return the picture that it has written.

    Raises:
        subprocess.CalledProcessError: The script failed; what it said stands on stderr.
    """
    subprocess.run(
        [sys.executable, EXAMPLES / f"{name}.py"],
        cwd=folder,
        env={**os.environ, "MPLBACKEND": "agg"},
        check=True,
    )
    return folder / f"{name}.png"


def main() -> None:
    """Draw the examples that are named, or all."""
    for name in sys.argv[1:] or sorted(path.stem for path in EXAMPLES.glob("*.py")):
        picture = draw(name)
        sys.stdout.write(f"{picture.relative_to(ROOT)}: {picture.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
