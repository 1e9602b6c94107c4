"""What `examples/potjans_diesmann` shows: the rates of the populations of a cortical column.

The published rates are those of NEST at full scale. The quick form has 3 % of the neurons, each
with a tenth of the synapses. That spikes are those of NEST is seen in `tests/truth`.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from gallery.scripts import results, script

import netspec
from netspec.passes import pipeline

EXAMPLE = script("potjans_diesmann")


@cache
def quick() -> netspec.Results:
    built: netspec.Network = EXAMPLE.build(0.03, indegrees=0.1, duration="500 ms")
    return built.run(backend="numpy", state_digest=False)


def assert_published(rates: dict[str, float]) -> None:
    for name, published in EXAMPLE.RATES.items():
        assert rates[name] == pytest.approx(published, rel=0.3, abs=0.5), name


def test_rates_are_about_the_published_ones() -> None:
    assert_published(EXAMPLE.rates(quick()))


def test_inhibitory_neurons_fire_more_than_excitatory_ones() -> None:
    rates = EXAMPLE.rates(quick())
    for layer in ("L23", "L4", "L5", "L6"):
        assert rates[f"{layer}I"] > rates[f"{layer}E"]


def test_at_full_scale_the_synapses_are_the_published_ones_and_nothing_makes_up_for_more() -> None:
    full = EXAMPLE.build(1)
    predicted = pipeline.check(full, max_memory=2**50).projections
    assert sum(each.mean for each in predicted) == 298_880_968
    currents = [population.parameters["I_e"].text for population in full.populations.values()]
    assert currents == ["0 pA"] * 8
    rates = [full.inputs[f"ext_{name}"].rate.text for name in EXAMPLE.SIZES]
    assert rates[0] == "12800 Hz"


def test_the_column_is_drawn() -> None:
    assert len(EXAMPLE.draw(quick()).axes) == 3


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_tenth_has_about_the_published_rates_and_is_irregular() -> None:
    assert_published(EXAMPLE.rates(results("potjans_diesmann")))
    longer = EXAMPLE.build(duration="5.2 s").run(backend="numpy", state_digest=False)
    assert_published(EXAMPLE.rates(longer))
    for name in EXAMPLE.SIZES:
        assert 0.6 < np.mean(EXAMPLE.variations(longer, name, least=10)) < 1
