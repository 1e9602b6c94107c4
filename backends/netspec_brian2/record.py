"""Reading what the worker recorded."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from netspec.backend.handed_back import record_handed_back
from netspec.results.record import RunRecord


def read_record(path: Path) -> RunRecord:
    """Return the record of a run from the worker's file."""
    with np.load(path, allow_pickle=False) as stored:
        header = json.loads(str(stored["header"]))
        spikes = {
            name: (stored[f"steps_{number}"], stored[f"indices_{number}"])
            for number, name in enumerate(header["objects"])
        }
        counts = [stored[f"counts_{number}"] for number in range(header["n_counts"])]
        states = [stored[f"state_{number}"] for number in range(header["n_states"])]
    return record_handed_back({**header, "spikes": spikes, "counts": counts, "states": states})
