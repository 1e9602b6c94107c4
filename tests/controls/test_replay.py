"""Replay tells a local fault from chaos: only the neuron with the fault differs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from controls import faults
from controls.test_divergence import sound

from netspec.backend.registry import get
from netspec.compare import record_differences, with_everything
from netspec.realise.network import RealisedListed, RealisedNetwork, RealisedProjection
from netspec.realise.replay import replayed_objects, with_replay
from netspec.results.record import RunRecord
from netspec.results.replay import own_spikes

FAULT = "rest_one_step_shorter"
FAULTY = "exc[4]"


@cache
def replayed() -> RealisedNetwork:
    network = faults.network()
    lists = {
        each.name: RealisedListed(
            sound().spikes[each.name].steps, sound().spikes[each.name].indices.astype(np.uint32)
        )
        for each in replayed_objects(network.ir)
    }
    return with_replay(network, lists)


def unlike_at_the_end(one: RunRecord, other: RunRecord, network: RealisedNetwork) -> set[str]:
    """Return the neurons whose last samples differ."""
    last = zip(network.ir.state_recordings, one.states, other.states, strict=True)
    return {
        f"{recording.population}[{index}]"
        for recording, mine, theirs in last
        for index in np.flatnonzero(mine[-1] != theirs[-1]).tolist()
    }


def test_only_the_neuron_with_the_fault_differs() -> None:
    sound_side, broken = faults.side(get("oracle")), faults.side(faults.FAULTS[FAULT]())
    free, driven = with_everything(faults.network()), with_everything(replayed())
    spread = unlike_at_the_end(sound_side(free), broken(free), free)
    local = unlike_at_the_end(sound_side(driven), broken(driven), driven)
    assert len(spread & {f"exc[{index}]" for index in range(6)}) > 3
    assert local == {FAULTY}


def test_spikes_of_the_same_network_change_nothing() -> None:
    network, driven = with_everything(faults.network()), with_everything(replayed())
    record = faults.side(get("numpy"))(driven)
    kept = {name: record.spikes[name] for name in sound().spikes}
    tallies = {name: record.tallies[name] for name in sound().tallies}
    same = replace(record, spikes=kept, tallies=tallies)
    assert record_differences(sound(), same, network) == []
    (own,) = own_spikes(record.spikes, {"exc": sound().spikes["exc"]}, record.steps).values()
    assert (own.own, own.neurons, str(own)) == (own.replayed, 0, "the same spikes")


def test_listeners_hear_the_replayed_spikes_alone() -> None:
    """With nothing replayed, the neurons emit as if they were not connected."""
    network = faults.network()
    silent = RealisedListed(np.zeros(0, np.int64), np.zeros(0, np.uint32))
    alone = replace(
        network,
        projections={**network.projections, "exc_exc": _no_edges()},
    )
    run = faults.side(get("oracle"))
    driven = run(with_everything(with_replay(network, {"exc": silent})))
    expected = run(with_everything(alone))
    assert driven.tallies["exc"] == expected.tallies["exc"] != sound().tallies["exc"]
    assert driven.state_digests == expected.state_digests


def _no_edges() -> RealisedProjection:
    none = np.zeros(0, np.uint32)
    return RealisedProjection.of(none, none, np.zeros(0), np.ones(0, np.int64))
