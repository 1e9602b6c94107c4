"""Replay on the side of results: which spikes a run lends, and what another one made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netspec.errors import NetspecError
from netspec.ir import nodes as ir
from netspec.results.first import NO_SPIKE, first_spike
from netspec.results.record import SpikeRecord
from netspec.results.text import counted

if TYPE_CHECKING:
    from netspec.results.results import Results


class ReplayError(NetspecError, ValueError):
    """Results cannot be replayed into a network; the message says what they lack."""


@dataclass(frozen=True, slots=True)
class OwnSpikes:
    """What neurons emitted themselves while the spikes of another run were replayed.

    Attributes:
        own: Number of their own spikes.
        replayed: Number of those that were sent in their place.
        neurons: How many neurons have other spikes of their own than were replayed.
        step: Of the first such spike, `None` if there is none.
        index: Of its neuron.
        is_missing: Whether it was replayed, and not emitted.
    """

    own: int
    replayed: int
    neurons: int = 0
    step: int | None = None
    index: int | None = None
    is_missing: bool | None = None

    def __str__(self) -> str:
        if self.step is None:
            return "the same spikes"
        what = NO_SPIKE[bool(self.is_missing)]
        differ = f"{counted(self.neurons, 'neuron')} differ{'s' * (self.neurons == 1)}"
        return f"{differ}, first in step {self.step}, [{self.index}]: {what}"


def spikes_to_replay(
    results: Results, network: ir.Network, objects: Iterable[ir.Emitter]
) -> dict[str, SpikeRecord]:
    """Return the spikes of results that are to be replayed into a network.

    Args:
        results: Of a run that recorded all spikes of those objects.
        network: That gets them.
        objects: Of the network, whose spikes are replaced.

    Raises:
        ReplayError: Steps are of another length or not as many, or an object is missing, is of
            another size, or was recorded in part only.
    """
    if results.dt != network.dt:
        raise ReplayError(
            f"the steps of the replayed results last {results.dt} s, those of the network "
            f"{network.dt} s"
        )
    if results.steps < network.steps:
        raise ReplayError(
            f"the replayed results end after {results.steps} steps, the run has {network.steps}; "
            "shorten it, in the description or with --duration"
        )
    return {each.name: _all_spikes(results, each) for each in objects}


def _all_spikes(results: Results, wanted: ir.Emitter) -> SpikeRecord:
    known = results.objects.get(wanted.name)
    if known is None:
        names = ", ".join(f"'{name}'" for name in results.objects) or "nothing"
        raise ReplayError(f"the replayed results have no '{wanted.name}'; they have {names}")
    if known.size != wanted.size:
        raise ReplayError(
            f"'{wanted.name}' has {wanted.size} neurons, {known.size} in the replayed results"
        )
    spikes = results.spikes.get(wanted.name)
    seen = 0 if spikes is None else len(spikes.neurons)
    if spikes is None or seen < known.size or spikes.windows is not None:
        part = "in part of the run only" if seen == known.size else f"of {seen} neurons"
        raise ReplayError(
            f"to replay '{wanted.name}', all spikes of its {known.size} neurons are needed, and "
            f"they were recorded {part}; run again with it in monitors.spikes"
        )
    return SpikeRecord(spikes.step, spikes.i)


def own_spikes(
    emitted: Mapping[str, SpikeRecord], replayed: Mapping[str, SpikeRecord], steps: int
) -> dict[str, OwnSpikes]:
    """Return how the spikes that objects emitted differ from those that were replayed.

    Args:
        emitted: All spikes of the objects, by name.
        replayed: Those of the other run.
        steps: That were completed; what was replayed later is left out.
    """
    return {name: _own(emitted[name], _until(each, steps)) for name, each in replayed.items()}


def _until(spikes: SpikeRecord, steps: int) -> SpikeRecord:
    inside = slice(0, int(np.searchsorted(spikes.steps, steps)))
    return SpikeRecord(spikes.steps[inside], spikes.indices[inside])


def _own(emitted: SpikeRecord, replayed: SpikeRecord) -> OwnSpikes:
    counts = len(emitted.steps), len(replayed.steps)
    first = first_spike(replayed, emitted)
    if first is None:
        return OwnSpikes(*counts)
    pairs = [
        {*zip(each.steps.tolist(), each.indices.tolist(), strict=True)}
        for each in (emitted, replayed)
    ]
    neurons = {index for _, index in pairs[0] ^ pairs[1]}
    step, index, is_missing = first
    return OwnSpikes(*counts, len(neurons), step, index, is_missing)
