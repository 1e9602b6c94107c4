"""What a program returns that is Python, as a record; `shared/result.jinja` is what returns it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netspec.results.record import NonFinite, RunRecord, SpikeRecord, SpikeTally


def record_of(returned: Mapping[str, Any]) -> RunRecord:
    """Return the record of a run from what its program returned, which is plain data and arrays."""
    non_finite = returned["non_finite"]
    return RunRecord(
        steps=returned["steps"],
        tallies={name: SpikeTally(*each) for name, each in returned["tallies"].items()},
        spikes={name: SpikeRecord(*pair) for name, pair in returned["spikes"].items()},
        states=tuple(returned["states"]),
        counts=tuple(returned["counts"]),
        state_digests=returned["state_digests"],
        outcome=None if non_finite is None else NonFinite(*non_finite),
    )
