"""What NEST gets for three tenths of the microcircuit, which takes it hours: recorded.

    python -m tests.truth.larger_column [SEED ...]

runs NEST for each seed that has no record, or only for some, and adds what it finds.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

if __name__ == "__main__":  # else pytest has done so
    sys.path.insert(0, str(Path(__file__).parents[1]))

from truth.column import Array, model, nest_run, observed, own_run

SIZE = {"scale": 0.3, "indegrees": 0.3, "steps": 102_000}
"""23,151 neurons, and 10 s after the transient."""

OWN_SEEDS, NEST_SEEDS = range(501, 511), range(401, 411)
"""Chosen before anything had run."""

RECORD = Path(__file__).with_name("nest_larger_column.json")


def recorded() -> dict[int, Array]:
    """Return the observables of NEST by seed, each of shape (populations, observables)."""
    known = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}
    return {int(seed): np.array(rows) for seed, rows in known.items()}


def own(seed: int) -> Array:
    """Return the observables of netspec."""
    return observed(own_run(seed, **SIZE))


def record(seed: int) -> None:
    """Run NEST, and add what it finds to the record."""
    with tempfile.TemporaryDirectory() as folder:
        found = observed(nest_run(model(**SIZE), seed, Path(folder)))
    known = sorted((recorded() | {seed: found}).items())
    rows = (f'"{each}": {json.dumps(values.tolist())}' for each, values in known)
    RECORD.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def main() -> None:
    for seed in map(int, sys.argv[1:] or NEST_SEEDS):
        if seed not in recorded():
            record(seed)


if __name__ == "__main__":
    main()
