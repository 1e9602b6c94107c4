"""What `examples/brunel_delta` shows: the four states of Brunel (2000), figure 8.

The published rates are those of table 1, from simulations. The quick form has a tenth of the
neurons with as many synapses each, so that any two share most of their input: rates are about the
same, and all states are more synchronous. Over 6 seeds B is then at 51 to 64 Hz, C at 35 to 42 Hz,
and D at 5 to 11 Hz.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pytest
from gallery.scripts import script

import netspec

EXAMPLE = script("brunel_delta")
QUICK = 0.1
FULL = pytest.param(1, marks=[pytest.mark.long, pytest.mark.timeout(600)], id="full")


class Found(NamedTuple):
    rate: float
    variation: float
    peak: float
    modulation: float
    """Standard deviation of the rate in bins of 0.5 ms, by its mean."""


@cache
def results(state: str, scale: float) -> netspec.Results:
    g, eta, duration, _ = EXAMPLE.STATES[state]
    duration = "300 ms" if scale < 1 else duration
    built: netspec.Network = EXAMPLE.build(g, eta, scale, duration)
    return built.run(backend="numpy", state_digest=False)


def found(state: str, scale: float) -> Found:
    each = results(state, scale)
    counts = EXAMPLE.counts(each, steps=5)
    measures = (EXAMPLE.rate(each), EXAMPLE.variation(each), EXAMPLE.peak(each))
    return Found(*measures, counts.std() / counts.mean())


@pytest.mark.parametrize("scale", [QUICK, FULL])
def test_neurons_fire_regularly_and_together_where_excitation_is_strong(scale: float) -> None:
    rate, variation, peak, modulation = found("A", scale)
    assert 300 < rate < 330
    assert variation < 0.05
    # Two groups take turns.
    assert peak == pytest.approx(2 * rate, rel=0.03)
    assert modulation > 1.4


@pytest.mark.parametrize(
    ("state", "rate", "variation", "peak"),
    [("B", 60.7, 1.2, 180), ("C", 37.7, 0.65, 115), ("D", 5.5, 0.4, 22)],
)
def test_rates_are_about_the_published_ones_in_a_small_network(
    state: str, rate: float, variation: float, peak: float
) -> None:
    small = found(state, QUICK)
    assert small.rate == pytest.approx(rate, rel=0.2, abs=6)
    assert small.variation == pytest.approx(variation, rel=0.25)
    assert small.peak == pytest.approx(peak, rel=0.2)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("state", "rate", "tolerance", "variation", "peak"),
    [("B", 60.7, 0.05, 0.9, 180), ("C", 37.7, 0.05, 0.43, 115), ("D", 5.5, 0.15, 0.65, 22)],
)
def test_rates_are_the_published_ones(
    state: str, rate: float, tolerance: float, variation: float, peak: float
) -> None:
    full = found(state, 1)
    assert full.rate == pytest.approx(rate, rel=tolerance)
    assert full.variation == pytest.approx(variation, rel=0.15)
    assert full.peak == pytest.approx(peak, rel=0.2)


@pytest.mark.parametrize("scale", [QUICK, FULL])
def test_c_is_the_least_synchronous(scale: float) -> None:
    modulation = {state: found(state, scale).modulation for state in ("B", "C", "D")}
    assert modulation["C"] < 0.8 if scale == 1 else modulation["C"] < 1.8
    assert modulation["D"] > 2 * modulation["C"]
    assert scale < 1 or modulation["B"] > 1.5 * modulation["C"]


def test_populations_are_alike() -> None:
    rates = results("C", QUICK).rates
    assert rates["exc"] == pytest.approx(rates["inh"], rel=0.08)


def test_the_states_are_drawn() -> None:
    figure = EXAMPLE.draw({state: results(state, QUICK) for state in EXAMPLE.STATES})
    assert len(figure.axes) == 12
