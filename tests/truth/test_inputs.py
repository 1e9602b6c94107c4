"""Inputs against NumPy and against what statistics say: what cells get is what was written."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import netspec
from netspec.realise.streams import draws, stream_key
from netspec.testing.documents import document
from netspec.testing.oracle import scalar

SEED, DT, STEPS = 2026, 1e-4, 300
Z = 4.9
"""Standard errors that a mean is off by with a probability of 1e-6."""

METER: dict[str, Any] = {
    "inputs": {"I": "pA"},
    "state": {
        "x": {"unit": "pA", "initial": "0 pA"},
        "n": {"unit": "1", "initial": "0", "kind": "integer"},
        "sum": {"unit": "1", "initial": "0"},
    },
    "update": [["x = I"]],
    "spike": {"when": "x > 1e12*pA"},
}
COUNTER = {"equations": {"weight": "1", "on_event": "n = n_events"}}
ADDER = {"equations": {"weight": "1", "on_event": "sum = acc"}}
SIZE = 4


def measured(inputs: dict[str, Any], steps: int = STEPS, **more: Any) -> dict[str, npt.NDArray]:
    """Return what neurons see in each step: a current in pA, a number and a weight of events."""
    network = document(
        "meters",
        f"{steps}e-1 ms",
        cells={
            "meter": {
                "model": {"equations": METER},
                "receptors": {
                    name: {"model": model}
                    for name, model in (("C", COUNTER), ("A", ADDER))
                    if any(each.get("receptor") == name for each in inputs.values())
                },
            }
        },
        populations={"meters": {"size": SIZE, "cell": "meter"}},
        inputs=inputs,
        monitors={"states": [{"of": "meters", "variables": ["x", "n", "sum"]}]},
        **more,
    )
    # One step more, since what acts in a step is recorded in the next.
    longer = netspec.Network(**network | {"duration": f"{steps + 1}e-1 ms"})
    recorded = longer.run(backend="numpy").states["meters"]
    return {
        name: np.asarray(recorded[name].values).reshape(steps + 1, SIZE)[1:] * factor
        for name, factor in (("x", 1e12), ("n", 1), ("sum", 1))
    }


def current(amplitude: Any, steps: int = STEPS, **more: Any) -> npt.NDArray:
    given = {"model": "current", "target": "meters", "into": "I", "amplitude": amplitude}
    return measured({"c": {**given, **more}}, steps)["x"]


T = np.arange(STEPS)[:, np.newaxis] * DT
NEURONS = np.arange(SIZE)


# --- time courses -------------------------------------------------------------------------------


def test_a_sine_is_that_of_the_beginning_of_each_step() -> None:
    given = {"amplitude": "(20 + i)*pA", "frequency": "70 Hz", "phase": 0.3, "offset": "5 pA"}
    wanted = 5 + (20 + NEURONS) * np.sin(2 * math.pi * 70 * T + 0.3)
    np.testing.assert_allclose(current({"sine": given}), wanted, rtol=0, atol=1e-11)


def test_a_ramp_keeps_its_ends() -> None:
    given = {"first": "-3 pA", "last": "7 pA", "start": "5 ms", "stop": "20 ms"}
    wanted = np.interp(T, [5e-3, 20e-3], [-3, 7]) + 0 * NEURONS
    np.testing.assert_allclose(current({"ramp": given}), wanted, rtol=0, atol=1e-12)


def test_an_array_holds_each_row_and_then_the_last() -> None:
    given = {"values": [1.5, [1, 2, 3, 4], -2], "unit": "pA", "interval": "0.7 ms"}
    rows = np.array([[1.5] * 4, [1, 2, 3, 4], [-2] * 4])
    wanted = rows[np.minimum(np.arange(STEPS) // 7, 2)]
    np.testing.assert_allclose(current({"array": given}), wanted, rtol=1e-15)


def test_pieces_begin_at_their_times() -> None:
    given = {"times": ["0.2 ms", "1 ms"], "values": ["2 pA", ["1 pA", "2 pA", "3 pA", "4 pA"]]}
    steps = np.arange(STEPS)[:, np.newaxis]
    wanted = np.where(steps < 2, 0, np.where(steps < 10, 2, 1 + NEURONS))
    np.testing.assert_allclose(current({"piecewise": given}), wanted, rtol=1e-15)


def test_a_window_is_closed_before_its_start_and_from_its_stop_on() -> None:
    wanted = np.zeros((STEPS, SIZE))
    wanted[10:25, 1:3] = 3
    found = current("3 pA", target="meters[1:3]", start="1 ms", stop="2.5 ms")
    np.testing.assert_allclose(found, wanted, rtol=1e-15)


def test_an_expression_reads_time_and_index() -> None:
    found = current("i*pA + 1*pA*t/ms")
    np.testing.assert_allclose(found, NEURONS + T * 1e3, rtol=1e-13, atol=1e-12)


@pytest.mark.parametrize("shared", [False, True])
def test_noise_is_made_from_the_stream_of_its_input(shared: bool) -> None:
    noise = {"mean": "3 pA", "sd": "2 pA", "interval": "0.7 ms", "clip": [None, "5 pA"]}
    found = current({"noise": {**noise, "shared": shared}})
    key = stream_key(SEED, "inputs.c", "amplitude noise")
    drawn = draws(key, np.arange(STEPS) // 7, 0, SIZE)
    normal = np.array([[scalar.random_number("normal", int(u), 0.0) for u in row] for row in drawn])
    wanted = np.minimum(3 + 2 * (normal[:, :1] + 0 * normal if shared else normal), 5)
    np.testing.assert_allclose(found, wanted, rtol=1e-14, atol=1e-14)


def test_noise_has_its_mean_and_its_standard_deviation() -> None:
    steps, hold = 30_000, 3
    noise = {"mean": "3 pA", "sd": "2 pA", "interval": "0.3 ms"}
    numbers = current({"noise": noise}, steps).reshape(-1, hold, SIZE)
    assert (numbers == numbers[:, :1]).all()
    normal = (numbers[:, 0].ravel() - 3) / 2
    count = normal.size
    assert abs(normal.mean()) < Z / math.sqrt(count)
    assert abs((normal**2).mean() - 1) < Z * math.sqrt(2 / count)
    neighbours = normal.reshape(-1, SIZE)
    for one, other in (
        (neighbours[1:].ravel(), neighbours[:-1].ravel()),
        (neighbours[:, 1:].ravel(), neighbours[:, :-1].ravel()),
    ):
        assert abs((one * other).mean()) < Z / math.sqrt(one.size)


def test_a_constant_current_is_that_of_the_membrane() -> None:
    values = {
        "C_m": "200 pF",
        "g_L": "10 nS",
        "E_L": "-70 mV",
        "V_th": "-50 mV",
        "V_reset": "-60 mV",
    }
    cell = {"model": "leaky_if", "integrator": "exact", "t_ref": "2 ms", **values}
    network = document(
        "same",
        "200 ms",
        cells={"own": {**cell, "I_e": "310 pA"}, "given": cell},
        populations={name: {"size": 1, "cell": name} for name in ("own", "given")},
        inputs={"c": {"model": "current", "target": "given", "amplitude": "310 pA"}},
        monitors={
            "spikes": ["own", "given"],
            "states": [{"of": name, "variables": ["V"]} for name in ("own", "given")],
        },
    )
    results = netspec.Network(**network).run(backend="numpy")
    assert results.spikes["own"].step.tolist() == results.spikes["given"].step.tolist() != []
    own, given = (results.states[name]["V"].values for name in ("own", "given"))
    np.testing.assert_allclose(own, given, rtol=1e-12)


# --- events -------------------------------------------------------------------------------------


def test_a_drive_brings_the_numbers_of_its_stream_with_weights_on_their_grid() -> None:
    given = {"model": "poisson_drive", "target": "meters", "rate": "(3 + 2*i)*kHz"}
    found = measured(
        {
            "d": {**given, "receptor": "C", "weight": "1"},
            "e": {**given, "receptor": "A", "weight": "0.3", "weight_bits": 10},
        }
    )
    for name, seen, weight in (("d", "n", 1.0), ("e", "sum", 614 / 2048)):
        drawn = draws(stream_key(SEED, f"inputs.{name}", "events"), np.arange(STEPS), 0, SIZE)
        means = (3 + 2 * NEURONS) * 1e3 * DT
        counts = [
            [scalar.poisson_count(float(mean), int(u)) for mean, u in zip(means, row, strict=True)]
            for row in drawn
        ]
        assert found[seen].tolist() == (np.array(counts) * weight).tolist()


def sources(inputs: dict[str, Any], steps: int) -> dict[str, npt.NDArray]:
    """Return who fires in each step, for sources alone."""
    network = document(
        "sources", f"{steps}e-1 ms", inputs=inputs, monitors={"spikes": sorted(inputs)}
    )
    results = netspec.Network(**network).run(backend="numpy")
    found = {}
    for name, each in inputs.items():
        fires = np.zeros((steps, each["size"]))
        fires[results.spikes[name].step, results.spikes[name].i] = 1
        found[name] = fires
    return found


TOGETHER = {"model": "correlated_poisson", "size": 30, "rate": "600 Hz", "correlation": 0.3}


@cache
def correlated() -> dict[str, npt.NDArray]:
    methods = ("common_source", "multiple_interaction")
    return sources({method: {**TOGETHER, "method": method} for method in methods}, 40_000)


P, C = 0.06, 0.3
CORRELATIONS = {
    "common_source": C * (1 - P) / (1 - C * P),
    "multiple_interaction": (C - P) / (1 - P),
}


@pytest.mark.parametrize("method", CORRELATIONS)
def test_correlated_trains_have_their_rate(method: str) -> None:
    per_step = correlated()[method].mean(axis=1)
    assert abs(per_step.mean() - P) < Z * per_step.std() / math.sqrt(len(per_step))


@pytest.mark.parametrize("method", CORRELATIONS)
def test_correlated_trains_have_their_correlation(method: str) -> None:
    off = correlated()[method] - P
    n = off.shape[1]
    # The mean of the products of all pairs of neurons, in each step.
    pairs = (off.sum(axis=1) ** 2 - (off**2).sum(axis=1)) / (n * (n - 1) * P * (1 - P))
    error = pairs.std() / math.sqrt(len(pairs))
    assert error < 0.012
    assert abs(pairs.mean() - CORRELATIONS[method]) < Z * error
    assert abs(pairs.mean() - 1.2 * CORRELATIONS[method]) > Z * error  # it can fail


@pytest.mark.parametrize("method", CORRELATIONS)
def test_steps_of_correlated_trains_are_independent(method: str) -> None:
    off = (correlated()[method] - P).sum(axis=1)
    assert abs((off[1:] * off[:-1]).mean()) < Z * off.var() / math.sqrt(len(off))


def test_a_rate_that_moves_is_followed() -> None:
    rate = "400*hertz*(1 + sin(2*t/ms*0.1))"
    fires = sources({"p": {"model": "poisson", "size": 200, "rate": rate}}, 2000)["p"]
    p = 0.04 * (1 + np.sin(2 * np.arange(2000) * 0.01))
    off = fires.sum(axis=1) - 200 * p
    for wave in (np.ones(2000), p - p.mean(), np.cos(2 * np.arange(2000) * 0.01)):
        error = math.sqrt((wave**2 * 200 * p * (1 - p)).sum())
        assert abs((wave * off).sum()) < Z * error
