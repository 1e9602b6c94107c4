"""Against NEST: its neurons get the input spikes that netspec's get, and do what those do."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from promises import require_nest
from truth.nest_networks import MODELS, STEPS, V_TH, Model, Pair, Run, parameters, run

require_nest()

MEMBRANES: list[Pair] = [("250 pF", "25 nS"), ("200 pF", "10 nS")]
"""Capacitance and leak: 10 ms and 20 ms."""

SYNAPSES: list[Pair] = [
    ("0.5 ms", "0.5 ms"),
    ("2 ms", "5 ms"),
    ("10 ms", "20 ms"),  # those of the membranes
    ("20 ms", "10.00000001 ms"),
]


def agree(own: Run, nest: Run) -> npt.NDArray[np.bool_]:
    """Return which neurons fired in the same steps; see that the others had a reason not to.

    V is equal until the spikes differ, and then is so close to the threshold that rounding decides.
    """
    differs = own.fired != nest.fired
    alike = ~differs.any(axis=0)
    end = np.where(alike, STEPS, differs.argmax(axis=0))
    before = np.arange(STEPS)[:, np.newaxis] <= end
    assert np.abs(own.V / nest.V - 1)[before].max() < 1e-9
    for neuron in np.flatnonzero(~alike):
        silent = nest if own.fired[end[neuron], neuron] else own
        assert abs(silent.V[end[neuron] + 1, neuron] - V_TH) < 1e-9
    return alike


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_neurons_fire_when_those_of_nest_fire(model: Model, tmp_path: Path) -> None:
    periods, currents = ("0 ms", "0.1 ms", "2 ms"), ("0 pA", "200 pA", "360 pA")
    neurons = itertools.product(MEMBRANES, SYNAPSES, periods, currents)
    own, nest = run(model, parameters(model, neurons), tmp_path)
    assert agree(own, nest).all()
    assert own.fired.sum() > 2500
    assert np.count_nonzero(own.fired.any(axis=0)) > 40


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_spikes_differ_only_where_rounding_decides(model: Model, tmp_path: Path) -> None:
    # 375 pA take V to the threshold itself, 1 pA more takes it 0.04 mV further
    beyond = [f"375.{'0' * zeros}{digit} pA" for zeros in (9, 10, 11, 12) for digit in (1, 3, 6)]
    neurons = [(MEMBRANES[0], SYNAPSES[0], "2 ms", current) for current in ("375 pA", *beyond)]
    alike = agree(*run(model, parameters(model, neurons), tmp_path, rate="0 Hz"))
    assert 0 < np.count_nonzero(alike) < len(neurons)
