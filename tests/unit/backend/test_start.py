"""The record of a run that was stopped before its first step is what the oracle's would be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from netspec.backend.protocol import RunControl
from netspec.backend.start import not_finite_at_start, record_of_no_step
from netspec.compare import record_differences
from netspec.realise.network import RealisedNetwork
from netspec.results.record import NonFinite, RunRecord
from netspec.testing import networks
from netspec.testing.oracle import backend as oracle


def of_no_step(network: RealisedNetwork) -> tuple[RunRecord, RealisedNetwork]:
    """Return the oracle's record of no steps, and what it ran."""
    none = replace(network, ir=replace(network.ir, steps=0))
    program = oracle.emit(none, oracle.options())
    return oracle.build(program, oracle.options()).run(RunControl()), none


@pytest.mark.parametrize("name", ["everything", "corners", "whole_language"])
def test_nothing_was_recorded_but_the_initial_state(name: str) -> None:
    expected, none = of_no_step(networks.realised(name))
    record = record_of_no_step(none, state_digest=True)
    assert record_differences(expected, record, none) == []
    assert record.spikes.keys() == expected.spikes.keys()
    for ours, theirs in zip(record.states, expected.states, strict=True):
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
    assert record_of_no_step(none, state_digest=False).state_digests == {}


def test_a_shared_value_that_is_not_finite_is_the_first_neurons() -> None:
    network = networks.realised("happenings")
    busies = network.populations["busies"]
    broken = replace(busies, initial={**busies.initial, "tide": np.array(np.inf)})
    populations = {**network.populations, "busies": broken}
    expected, none = of_no_step(replace(network, populations=populations))
    record = record_of_no_step(none, state_digest=True)
    assert record.outcome == not_finite_at_start(none) == NonFinite(0, "busies", 0, "tide")
    assert record_differences(expected, record, none) == []


def test_state_that_is_not_finite_from_the_start() -> None:
    network = networks.realised("linear")
    counters = network.populations["counters"]
    voltages = np.array([0.0, 0.0, np.nan, np.inf, 0.0])
    broken = replace(counters, initial={**counters.initial, "V": voltages})
    populations = {**network.populations, "counters": broken}
    expected, none = of_no_step(replace(network, populations=populations))
    record = record_of_no_step(none, state_digest=True)
    assert record.outcome == not_finite_at_start(none) == NonFinite(0, "counters", 2, "V")
    assert record_differences(expected, record, none) == []
