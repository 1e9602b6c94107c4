"""What `examples/brunel_alpha` shows: what NEST's example of this network does.

NEST 3.10 counts 1427 and 1431 spikes of 50 excitatory and 50 inhibitory neurons in 1 s. The quick
form has a tenth of the neurons with as many synapses each; over 6 seeds it is at 28.9 to 30.7 Hz.
"""

from __future__ import annotations

from functools import cache

import pytest
from gallery.scripts import script

import netspec

EXAMPLE = script("brunel_alpha")
NEST = {"exc": 28.5, "inh": 28.6}


@cache
def results(scale: float, duration: str) -> netspec.Results:
    built: netspec.Network = EXAMPLE.build(scale=scale, duration=duration)
    return built.run(backend="numpy", state_digest=False)


def test_rates_of_a_small_network_are_about_those_of_nest() -> None:
    small = results(0.1, "300 ms")
    for name, rate in NEST.items():
        assert EXAMPLE.rate(small, name) == pytest.approx(rate, rel=0.1)
    assert EXAMPLE.variation(small) == pytest.approx(0.21, abs=0.06)


def test_it_is_drawn() -> None:
    assert len(EXAMPLE.draw(results(0.1, "300 ms")).axes) == 5


@pytest.mark.long
@pytest.mark.timeout(600)
def test_rates_are_those_of_nest() -> None:
    full = results(1, "1 s")
    for name, rate in NEST.items():
        assert full.rates[name] == pytest.approx(rate, rel=0.03)
    assert EXAMPLE.variation(full) == pytest.approx(0.195, abs=0.02)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("state", "g", "eta", "rate", "variation", "peak"),
    [
        ("A", 3, 2, 210, 0.03, 425),
        ("B", 6, 4, 44, 0.19, 184),
        ("D", 4.5, 0.9, 3.9, 0.62, 18),
    ],
)
def test_other_states_are_those_of_jumps_at_lower_rates(
    state: str, g: float, eta: float, rate: float, variation: float, peak: float
) -> None:
    built = EXAMPLE.build(g, eta, duration="300 ms" if state == "A" else "1 s")
    found = built.run(backend="numpy", state_digest=False)
    assert EXAMPLE.rate(found) == pytest.approx(rate, rel=0.15)
    assert EXAMPLE.variation(found) == pytest.approx(variation, rel=0.25)
    assert EXAMPLE.peak(found) == pytest.approx(peak, rel=0.2)
