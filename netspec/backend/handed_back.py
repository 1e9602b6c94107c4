"""What a program hands back, plain data and arrays, as a record.

A program that is Python returns it (`shared/result.jinja`); a process leaves it in a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netspec.results.record import NonFinite, RunRecord, SpikeRecord, SpikeTally


def record_handed_back(returned: Mapping[str, Any]) -> RunRecord:
    """Return the record of a run.

    Args:
        returned: `steps`; by object `tallies` and `spikes`; `states` and `counts` in the order of
            the recordings; by population `state_digests`; `non_finite`, the ending, or `None`.
    """
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
