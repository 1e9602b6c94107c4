"""Where two runs differ first, and why: never with a tolerance, spikes and state alike.

- `records`: what differs between what two runs recorded;
- `everything`: networks that record more than was asked for;
- `divergence`: the step in which equal state became different, run again and looked into;
- `terms`, `arrivals`: what is looked at there, parts of the update and events that arrive;
- `step`: what came of both for one neuron, on both sides;
- `origin`, `fused`: the first term that differs, and which known faults would explain it;
- `report`: that in words.

Nothing here knows a backend: whatever is to be run again is handed to a function.
"""

from __future__ import annotations

from netspec.compare.divergence import (
    Divergence as Divergence,
    explain_divergence as explain_divergence,
    find_divergence as find_divergence,
    known_to_differ as known_to_differ,
)
from netspec.compare.everything import (
    with_all_spikes as with_all_spikes,
    with_everything as with_everything,
)
from netspec.compare.records import record_differences as record_differences
