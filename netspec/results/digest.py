"""Digests: one hash says whether two runs agree in every spike, or in every bit of state."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import numpy as np

from netspec.results.record import SpikeRecord, SpikeTally

_CHUNK = 1 << 20


def spike_digest(spikes: SpikeRecord) -> str:
    """Return the hexadecimal digest of an object's spikes.

    It covers step and index of every spike as unsigned 64-bit little-endian integers, in the
    order (step, index) in which a `SpikeRecord` keeps them.
    """
    digest = sha256()
    # In chunks, so that a long record is never copied whole.
    for start in range(0, len(spikes.steps), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        pairs = np.stack([spikes.steps[chunk], spikes.indices[chunk]], axis=1)
        digest.update(pairs.astype("<u8", copy=False).tobytes())
    return digest.hexdigest()


def tally(spikes: SpikeRecord) -> SpikeTally:
    """Return number and digest of spikes that are all of their object's."""
    return SpikeTally(len(spikes.steps), spike_digest(spikes))


def combined_digest(digests: Mapping[str, str]) -> str:
    """Return one hexadecimal digest for several named ones.

    It covers, for each name in code-point order, the name in UTF-8, a zero byte and the 32 bytes
    of its digest.
    """
    digest = sha256()
    for name in sorted(digests):
        digest.update(name.encode() + b"\0" + bytes.fromhex(digests[name]))
    return digest.hexdigest()
