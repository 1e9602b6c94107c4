"""What is known of a run before its first step."""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import NumberArray, RealisedNetwork
from netspec.results.digest import tally
from netspec.results.record import NonFinite, RunRecord, SpikeRecord


def record_of_no_step(network: RealisedNetwork, *, state_digest: bool) -> RunRecord:
    """Return the record of a run that was stopped before its first step."""
    schedule = network.ir
    outcome = not_finite_at_start(network)
    hashed = schedule.populations if state_digest and outcome is None else ()
    return RunRecord(
        steps=0,
        tallies={each.name: tally(_no_spikes()) for each in schedule.emitters},
        spikes={each.name: _no_spikes() for each in schedule.spike_recordings},
        states=tuple(map(_no_samples, schedule.state_recordings)),
        counts=tuple(np.zeros(each.shape, np.int64) for each in schedule.count_recordings),
        state_digests={each.name: _state_digest(network, each) for each in hashed},
        outcome=outcome,
    )


def not_finite_at_start(network: RealisedNetwork) -> NonFinite | None:
    """Return the first variable that is NaN or infinite when it is realised."""
    for population in network.ir.populations:
        initial = network.populations[population.name].initial
        declared = [each.name for each in population.cell.declared_state]
        size = (population.size,)
        wrong = [np.broadcast_to(~np.isfinite(initial[name]), size) for name in declared]
        if any(each.any() for each in wrong):
            table = np.array(wrong)
            index = int(table.any(axis=0).argmax())
            variable = declared[int(table[:, index].argmax())]
            return NonFinite(0, population.name, index, variable)
    return None


def _no_spikes() -> SpikeRecord:
    return SpikeRecord(np.zeros(0, np.int64), np.zeros(0, np.int64))


def _no_samples(recording: ir.StateRecording) -> NumberArray:
    shape = (0, len(recording.view))
    return np.zeros(shape, np.int64) if recording.kind == "integer" else np.zeros(shape)


def _state_digest(network: RealisedNetwork, population: ir.Population) -> str:
    initial, cell = network.populations[population.name].initial, population.cell
    countdown = np.zeros(population.size, np.int64)
    hashed = [initial[each.name] for each in cell.declared_state]
    hashed.append(initial[ir.COUNTDOWN] if cell.has_countdown else countdown)
    return sha256(b"".join(each.tobytes() for each in hashed)).hexdigest()
