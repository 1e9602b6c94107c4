"""Reading what the worker recorded."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from netspec.results.record import NonFinite, RunRecord, SpikeRecord, SpikeTally


def read_record(path: Path) -> RunRecord:
    """Return the record of a run from the worker's file."""
    with np.load(path, allow_pickle=False) as stored:
        header = json.loads(str(stored["header"]))
        spikes = {
            name: SpikeRecord(stored[f"steps_{number}"], stored[f"indices_{number}"])
            for number, name in enumerate(header["objects"])
        }
        counts = tuple(stored[f"counts_{number}"] for number in range(header["n_counts"]))
        states = tuple(stored[f"state_{number}"] for number in range(header["n_states"]))
    found = header["non_finite"]
    return RunRecord(
        steps=header["steps"],
        tallies={name: SpikeTally(*each) for name, each in header["tallies"].items()},
        spikes=spikes,
        states=states,
        counts=counts,
        state_digests=header["state_digests"],
        outcome=None if found is None else NonFinite(*found),
    )
