"""What NEST gets for three tenths of the microcircuit, which takes it hours: recorded.

    python -m tests.truth.larger_column [SEED ...]

runs NEST for each seed that has no record, or only for some, and adds what it finds.
"""

from __future__ import annotations

import hashlib
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


def identity() -> str:
    """Return a hash of all that NEST is told: numbers of the model, and the program."""
    numbers = {name: np.asarray(value).tolist() for name, value in model(**SIZE).items()}
    program = RECORD.with_name("nest_column.py").read_text(encoding="utf-8")
    return hashlib.sha256(f"{json.dumps(numbers)}{program}".encode()).hexdigest()


def recorded() -> dict[int, Array]:
    """Return the observables of NEST by seed, each of shape (populations, observables).

    Raises:
        ValueError: The record is of another model.
    """
    if not RECORD.is_file():
        return {}
    known = json.loads(RECORD.read_text(encoding="utf-8"))
    if known["of"] != identity():
        raise ValueError(f"{RECORD.name} is of another model; remove it and record again")
    return {int(seed): np.array(rows) for seed, rows in known["seeds"].items()}


def own(seed: int) -> Array:
    """Return the observables of netspec."""
    return observed(own_run(seed, **SIZE))


def record(seed: int) -> None:
    """Run NEST, and add what it finds to the record."""
    with tempfile.TemporaryDirectory() as folder:
        found = observed(nest_run(model(**SIZE), seed, Path(folder)))
    known = sorted((recorded() | {seed: found}).items())
    rows = ",\n".join(f'"{each}": {json.dumps(values.tolist())}' for each, values in known)
    text = f'{{\n"of": "{identity()}",\n"seeds": {{\n{rows}\n}}\n}}\n'
    RECORD.write_text(text, encoding="utf-8")


def main() -> None:
    for seed in map(int, sys.argv[1:] or NEST_SEEDS):
        if seed not in recorded():
            record(seed)


if __name__ == "__main__":
    main()
