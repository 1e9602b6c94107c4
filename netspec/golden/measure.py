"""From a run to what a golden file holds of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import isnan

import numpy as np
from pydantic import ValidationError

from netspec.compare import with_all_spikes
from netspec.errors import BackendError
from netspec.golden.file import Golden, GoldenObject, GoldenOutcome, steps_per_second
from netspec.ir.contract import SEMANTICS
from netspec.realise.network import RealisedNetwork
from netspec.results.digest import combined_digest, spike_digest
from netspec.results.record import RunRecord, SpikeRecord
from netspec.results.results import Results


def with_nothing_but_spikes(network: RealisedNetwork) -> RealisedNetwork:
    """Return the network with all spikes recorded, and nothing else of what its author wants.

    State is digested whatever is recorded.
    """
    schedule = replace(network.ir, spike_recordings=(), state_recordings=(), count_recordings=())
    return with_all_spikes(replace(network, ir=schedule))


def golden_of(record: RunRecord, network: RealisedNetwork, backends: Iterable[str]) -> Golden:
    """Return what a golden file says of a run.

    Args:
        record: With all spikes, and state digests unless the state became non-finite.
        network: What was run.
        backends: That the file names.

    Raises:
        BackendError: The record contradicts itself.
    """
    try:
        return _golden_of(record, network, backends)
    except ValidationError as error:
        first = error.errors()[0]
        problem = first.get("ctx", {}).get("problem", first["msg"])
        raise BackendError(f"what the backend gave contradicts itself: {problem}") from error


def _golden_of(record: RunRecord, network: RealisedNetwork, backends: Iterable[str]) -> Golden:
    results = Results.from_record(record, network.ir, {})
    rates, second = results.rates, steps_per_second(results.dt)
    end = record.outcome
    return Golden(
        network=network.ir.name,
        semantics=SEMANTICS,
        fingerprint=network.fingerprint,
        backends=tuple(sorted(backends)),
        seed=network.ir.seed,
        dt=results.dt,
        steps=results.steps,
        outcome=None
        if end is None
        else GoldenOutcome(
            step=end.step, population=end.population, index=end.index, variable=end.variable
        ),
        spike_digest=results.digest(),
        state_digest=results.state_digest() if results.state_digests else None,
        objects={
            name: GoldenObject(
                kind=each.kind,
                size=each.size,
                count=each.count,
                rate=None if isnan(rates[name]) else rates[name],
                digest=each.digest,
            )
            for name, each in results.objects.items()
        },
        states=dict(results.state_digests),
        steps_per_second=second,
        seconds=tuple(_digests_of_stretches(record, second)),
    )


def _digests_of_stretches(record: RunRecord, length: int) -> Iterator[str]:
    """Yield one digest of all spikes of each stretch of the run that was begun."""
    for start in range(0, record.steps, length):
        yield combined_digest(
            {
                name: spike_digest(_within(spikes, start, start + length))
                for name, spikes in record.spikes.items()
            }
        )


def _within(spikes: SpikeRecord, start: int, stop: int) -> SpikeRecord:
    part = slice(*np.searchsorted(spikes.steps, (start, stop)))
    return SpikeRecord(spikes.steps[part], spikes.indices[part])
