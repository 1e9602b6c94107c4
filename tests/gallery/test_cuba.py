"""What `examples/cuba` shows: a low rate where neurons rest above their threshold.

Over 8 seeds the excitatory rate is 5.3 to 6.0 Hz and the mean CV 0.53 to 0.55.
"""

from __future__ import annotations

import pytest
from gallery.scripts import changed, results, script


@pytest.mark.parametrize("name", ["exc", "inh"])
def test_five_to_six_spikes_per_second(name: str) -> None:
    assert 5 < results("cuba").rates[name] < 6.5


@pytest.mark.parametrize("name", ["exc", "inh"])
def test_intervals_are_irregular(name: str) -> None:
    assert 0.45 < script("cuba").variation(results("cuba"), name).mean() < 0.65


def test_inhibition_keeps_the_rate_low() -> None:
    changes = {f"projections.inh_{name}.connected": False for name in ("exc", "inh")}
    assert changed("cuba", {**changes, "duration": "100 ms"}).rates["exc"] > 50
