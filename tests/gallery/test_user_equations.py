"""What `examples/user_equations` shows: two modes of thalamic relay neurons, in own equations."""

from __future__ import annotations

import numpy as np
import pytest
from gallery.scripts import results


def count(name: str, start: float, end: float) -> int:
    times = results("user_equations").spikes[name].t
    return int(((start <= times) & (times < end)).sum())


def bursts_in(times: list[float]) -> list[float]:
    """Return when a second spike follows within 15 ms of one after a silence of 50 ms."""
    found, number, last = [], 0, -np.inf
    for t in times:
        pause = t - last
        number = 1 if pause > 50 else number + 1 if number and pause < 15 else 0
        if number == 2:
            found.append(t)
        last = t
    return found


def test_a_burst_is_reported_one_step_after_its_second_spike() -> None:
    spikes, bursts = (results("user_equations").spikes[name] for name in ("relay", "relay.burst"))
    for neuron, times in spikes.trains().items():
        expected = [t + 0.1 for t in bursts_in(times.tolist())]
        assert bursts.trains()[neuron].tolist() == pytest.approx(expected)


def test_hyperpolarized_neurons_burst_and_depolarized_ones_repeat_the_retina() -> None:
    assert count("relay.burst", 0, 500) == 8
    assert count("relay.burst", 500, 600) == 3  # as the calcium current is let go
    assert count("relay.burst", 600, 1000) == 0
    assert count("relay", 600, 1000) == count("retina", 600, 1000) == 12


def test_the_detector_hears_bursts_only_and_reports_each_crossing_once() -> None:
    heard = results("user_equations").spikes["relay.burst"].step + 21  # 2 ms and one update
    reported = results("user_equations").spikes["cortex"].step
    # Two bursts 0.3 ms apart are one crossing.
    assert reported.tolist() == [k for k in heard if not {k - 1, k - 2, k - 3} & set(heard)]


def test_a_pulse_of_transmitter_opens_the_receptors_as_its_kinetics_say() -> None:
    r = results("user_equations").states["relay"]["r_AMPA"][:4000, 0]
    opened = 1.1 / (1.1 + 0.19) * -np.expm1(-(1.1 + 0.19) * 1)
    assert r.max() == pytest.approx(opened, rel=0.02)
    closing = r[r.argmax() + 10 : r.argmax() + 110]
    np.testing.assert_allclose(closing[50] / closing[0], np.exp(-0.19 * 5), rtol=1e-6)
