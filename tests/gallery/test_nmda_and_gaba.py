"""What `examples/nmda_and_gaba` shows of receptors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gallery.scripts import changed, results

POTENTIALS = np.arange(-90, 50, 10)


def currents(name: str) -> Any:
    """Return the currents into clamped neurons, by step and potential, in pA."""
    return results("nmda_and_gaba").states[name]["current_NMDA"].to("pA")


def spikes_between(start: float, end: float, **changes: Any) -> int:
    """Return how often the excitatory neurons spike, in a changed network if there are changes."""
    at = {name.replace("__", "."): value for name, value in changes.items()}
    found = changed("nmda_and_gaba", at) if at else results("nmda_and_gaba")
    times = found.spikes["exc"].t
    return int(((start <= times) & (times < end)).sum())


def test_magnesium_blocks_as_jahr_and_stevens_measured() -> None:
    peak = abs(currents("without_mg")[:, 0]).argmax()
    ratio = currents("clamped")[peak] / np.where(POTENTIALS == 0, 1, currents("without_mg")[peak])
    unblocked = 1 / (1 + np.exp(-0.062 * POTENTIALS) / 3.57)
    np.testing.assert_allclose(ratio, np.where(POTENTIALS == 0, 0, unblocked), rtol=1e-12)


def test_the_current_is_largest_at_middle_potentials_and_without_magnesium_a_line() -> None:
    peak = abs(currents("without_mg")[:, 0]).argmax()
    assert POTENTIALS[currents("clamped")[peak].argmax()] == -30
    assert np.diff(currents("without_mg")[peak]) == pytest.approx(-10, rel=1e-3)


def test_the_current_lasts() -> None:
    at_200_ms, at_300_ms = currents("clamped")[[1000, 1500], -1]
    assert at_300_ms / at_200_ms == pytest.approx(np.exp(-1))


def test_the_cue_is_remembered_until_inhibition_stops_it() -> None:
    assert spikes_between(0, 100) == 0
    assert spikes_between(200, 350) / 32 / 0.15 > 25  # Hz
    assert spikes_between(375, 500) == 0


def test_without_nmda_receptors_it_is_forgotten() -> None:
    changes = {"cells__pyramidal__receptors__NMDA__g_max": "0 nS"}
    assert spikes_between(100, 150, **changes) > 30
    assert spikes_between(175, 500, **changes) == 0


@pytest.mark.parametrize("projection", ["stop_inh", "inh_exc"])
def test_without_inhibition_nothing_stops_it(projection: str) -> None:
    assert spikes_between(400, 500, **{f"projections__{projection}__connected": False}) > 90
