"""The record of a run that was stopped before its first step is what the oracle's would be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from netspec.backend.protocol import RunControl
from netspec.backend.start import not_finite_at_start, record_of_no_step
from netspec.compare import differences
from netspec.realise.network import RealisedNetwork
from netspec.results.record import NonFinite, RunRecord
from netspec.testing import networks
from netspec.testing.oracle import backend as oracle


def of_no_step(network: RealisedNetwork) -> tuple[RunRecord, RealisedNetwork]:
    """Return the oracle's record of no steps, and what it ran."""
    none = replace(network, ir=replace(network.ir, steps=0))
    program = oracle.emit(none, oracle.options())
    return oracle.build(program, oracle.options()).run(RunControl()), none


@pytest.mark.parametrize("name", ["everything", "corners"])
def test_nothing_was_recorded_but_the_initial_state(name: str) -> None:
    expected, none = of_no_step(networks.realised(name))
    assert differences(expected, record_of_no_step(none, state_digest=True), none) == []
    assert record_of_no_step(none, state_digest=False).state_digests == {}


def test_state_that_is_not_finite_from_the_start() -> None:
    network = networks.realised("linear")
    counters = network.populations["counters"]
    voltages = np.array([0.0, 0.0, np.nan, np.inf, 0.0])
    broken = replace(counters, initial={**counters.initial, "V": voltages})
    populations = {**network.populations, "counters": broken}
    expected, none = of_no_step(replace(network, populations=populations))
    record = record_of_no_step(none, state_digest=True)
    assert record.outcome == not_finite_at_start(none) == NonFinite(0, "counters", 2, "V")
    assert differences(expected, record, none) == []
