"""What `examples/izhikevich_patterns` shows: the twenty patterns of Izhikevich (2004).

The program that belongs to the paper is here once more, as a plain loop for each neuron.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from gallery.scripts import results, script

PATTERNS = script("izhikevich_patterns").PATTERNS


def step(start: float, height: float) -> Callable[[float], float]:
    return lambda t: height if t > start else 0


def pulses(
    *starts: float, width: float, height: float, base: float = 0
) -> Callable[[float], float]:
    return lambda t: height if any(each < t < each + width for each in starts) else base


def threshold_variability(t: float) -> float:
    if 10 < t < 15 or 80 < t < 85:
        return 1
    return -6 if 70 < t < 75 else 0


def accommodation(t: float) -> float:
    if t < 200:
        return t / 25
    return (t - 300) / 12.5 * 4 if 300 <= t < 312.5 else 0


def inhibition(t: float) -> float:
    return 80 if t < 50 or t > 250 else 75


INPUTS: dict[str, Callable[[float], float]] = {
    "tonic spiking": step(10, 14),
    "phasic spiking": step(20, 0.5),
    "tonic bursting": step(22, 15),
    "phasic bursting": step(20, 0.6),
    "mixed mode": step(16, 10),
    "spike frequency adaptation": step(8.5, 30),
    "class 1 excitability": lambda t: 0.075 * (t - 30) if t > 30 else 0,
    "class 2 excitability": lambda t: -0.5 + 0.015 * (t - 30) if t > 30 else -0.5,
    "spike latency": pulses(10, width=3, height=7.04),
    "subthreshold oscillations": pulses(20, width=5, height=2),
    "resonator": pulses(40, 60, 280, 320, width=4, height=0.65),
    "integrator": pulses(100 / 11, 100 / 11 + 5, 70, 80, width=2, height=9),
    "rebound spike": pulses(20, width=5, height=-15),
    "rebound burst": pulses(20, width=5, height=-15),
    "threshold variability": threshold_variability,
    "bistability": pulses(37.5, 216, width=5, height=1.24, base=0.24),
    "depolarizing after-potential": lambda t: 20 if abs(t - 10) < 1 else 0,
    "accommodation": accommodation,
    "inhibition-induced spiking": inhibition,
    "inhibition-induced bursting": inhibition,
}
"""What the program feeds, at t in ms."""


def spikes_of_the_program(name: str) -> list[float]:
    """Return when the program's neuron spikes, in ms, as far as its panel goes."""
    p, drive = PATTERNS[name], INPUTS[name]
    V, u = p.V, -16 if name == "accommodation" else p.b * p.V
    slope, offset = (4.1, 108) if name in ("class 1 excitability", "integrator") else (5, 140)
    found = []
    for k in range(round(p.until / p.step)):
        t = k * p.step
        V = V + p.step * (0.04 * V**2 + slope * V + offset - u + drive(t))
        growth = p.b * (V + 65) if name == "accommodation" else p.b * V - u
        u = u + p.step * p.a * growth
        if V > 30:
            found.append(t)
            V, u = p.c, u + p.d
    return found


def spikes_of_the_example(name: str) -> list[float]:
    neuron = list(PATTERNS).index(name)
    times = results("izhikevich_patterns").spikes["patterns"].trains()[neuron]
    return [float(t) for t in times if t < PATTERNS[name].until]


@pytest.mark.parametrize("name", PATTERNS)
def test_the_example_spikes_when_the_program_does(name: str) -> None:
    assert spikes_of_the_example(name) == pytest.approx(spikes_of_the_program(name))


@pytest.mark.parametrize(
    ("name", "count", "latency"),
    [
        ("tonic spiking", 5, 13),
        ("phasic spiking", 1, 43.75),
        ("tonic bursting", 28, 25),
        ("phasic bursting", 6, 39),
        ("mixed mode", 6, 20),
        ("spike frequency adaptation", 6, 10.25),
        ("class 1 excitability", 10, 84.5),
        ("class 2 excitability", 14, 105.75),
        ("spike latency", 1, 26.6),
        ("subthreshold oscillations", 1, 26.5),
        ("resonator", 1, 338),
        ("integrator", 1, 20),
        ("rebound spike", 1, 68),
        ("rebound burst", 7, 68),
        ("threshold variability", 1, 93.25),
        ("bistability", 5, 45.25),
        ("depolarizing after-potential", 1, 11.3),
        ("accommodation", 1, 311.5),
        ("inhibition-induced spiking", 3, 94.5),
        ("inhibition-induced bursting", 12, 86.5),
    ],
)
def test_counts_and_latencies(name: str, count: int, latency: float) -> None:
    times = spikes_of_the_example(name)
    assert len(times) == count
    assert times[0] == pytest.approx(latency)


def test_intervals_tell_the_patterns_apart() -> None:
    intervals = {name: np.diff(spikes_of_the_example(name)) for name in PATTERNS}
    assert np.ptp(intervals["tonic spiking"][2:]) < 0.5
    assert sum(intervals["tonic bursting"] > 25) == 3
    assert max(intervals["mixed mode"][:2]) < 5 < 30 < min(intervals["mixed mode"][2:])
    assert (np.diff(intervals["spike frequency adaptation"][:5]) > 0).all()
    # The first interval of class 1 is long and they shorten; class 2 starts at its own frequency.
    assert intervals["class 1 excitability"][0] > 2 * intervals["class 1 excitability"][-1]
    assert intervals["class 2 excitability"][0] < 2 * intervals["class 2 excitability"][-1]
    assert sum(intervals["inhibition-induced bursting"] > 50) == 1


def test_the_second_pulse_ends_what_the_first_began_where_there_are_two_stable_states() -> None:
    times = spikes_of_the_example("bistability")
    assert np.ptp(np.diff(times)) < 0.5
    assert 37.5 < times[0] < 50 < 200 < times[-1] < 216


def test_v_swings_and_swings_are_magnified_by_pulses_in_phase_only() -> None:
    V = results("izhikevich_patterns").states["patterns"]["V"].to("mV")
    swings = V[1200:4000, list(PATTERNS).index("subthreshold oscillations")]
    turns = np.diff(np.sign(np.diff(swings[::5])))
    assert sum(turns != 0) >= 4
    resonator = V[:, list(PATTERNS).index("resonator")]
    assert resonator[1200:1600].max() < resonator[6400:6700].max()
