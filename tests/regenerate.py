"""Write the pinned texts of the tests anew: `python -m tests.regenerate`, then read the diff.

The texts of bad documents (`tests/errors/documents`), the IR of the examples (`tests/golden/ir`),
the programs of the backends (`tests/golden/programs`), the random networks that are compiled
together (`tests/property/drawn`), and what is said of faults (`tests/controls/divergences`) and
of edits of a description (`tests/acceptance/differences`).
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from acceptance import edits
from controls import faults
from errors.corpus import complaint, documents, expected
from golden import programs
from golden.dumps import NAMES, dump_of, pinned
from property import chosen


def main() -> None:
    for document in documents():
        _, said = complaint(document)
        expected(document).write_text(said, encoding="utf-8")
    for name in NAMES:
        pinned(name).parent.mkdir(parents=True, exist_ok=True)
        pinned(name).write_text(dump_of(name), encoding="utf-8")
    programs.write()
    chosen.write()
    faults.write()
    edits.write()


if __name__ == "__main__":
    main()
