"""What `examples/f_i_curve` shows: frequencies that are known in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gallery.scripts import results, script

EXAMPLE = script("f_i_curve")


def intervals(name: str, which: int) -> np.ndarray:
    return EXAMPLE.intervals(results("f_i_curve"), name, which)


@pytest.mark.parametrize(
    ("name", "rheobase", "closed_form"),
    [
        ("leaky", 200, EXAMPLE.interval_of_leaky),
        ("quadratic", 50, EXAMPLE.interval_of_quadratic),
    ],
)
def test_intervals_are_the_closed_form_and_end_with_a_step(
    name: str, rheobase: float, closed_form: Any
) -> None:
    """V is looked at when a step ends, so an interval is the next multiple of 0.1 ms."""
    current = EXAMPLE.currents(name)
    found = intervals(name, -1)
    assert np.isinf(found[current <= rheobase]).all()
    above = current > rheobase
    late = found[above] - closed_form(current[above])
    assert (late > -1e-6).all()
    assert (late < 0.1 + 1e-6).all()


def test_adex_fires_from_its_rheobase_on() -> None:
    fires = np.isfinite(intervals("adapting", -1))
    assert (fires == (EXAMPLE.currents("adapting") > EXAMPLE.rheobase_of_adapting())).all()


def test_adaptation_makes_frequencies_fall() -> None:
    first, last = intervals("adapting", 0), intervals("adapting", -1)
    fires = np.isfinite(last)
    assert (last[fires] > 1.8 * first[fires]).all()
