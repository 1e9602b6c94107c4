"""The firing patterns of Izhikevich's simple model, one neuron for each.

Values of Izhikevich, IEEE Trans. Neural Networks 15 (2004), figure 1 and the program that draws it.
Missing are class 1 excitability, the integrator and accommodation, for which the program changes
the equations; class 2 excitability, which takes a ramp; bistability, in which a pulse has to hit
the phase that the program's step of 0.25 ms leads to; and bursts by inhibition, for which the
program and the figure have different values.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from library.networks import alone, run, used

PULSES = {
    "tonic spiking": [(10, 14)],
    "phasic spiking": [(20, 0.5)],
    "tonic bursting": [(22, 15)],
    "phasic bursting": [(20, 0.6)],
    "mixed mode": [(16, 10)],
    "spike frequency adaptation": [(8.5, 30)],
    "spike latency": [(10, 7.04), (13, 0)],
    "subthreshold oscillations": [(20, 2), (25, 0)],
    "resonator": [
        *((40, 0.65), (44, 0), (60, 0.65), (64, 0)),
        *((280, 0.65), (284, 0), (320, 0.65), (324, 0)),
    ],
    "rebound spike": [(20, -15), (25, 0)],
    "rebound burst": [(20, -15), (25, 0)],
    "threshold variability": [(10, 1), (15, 0), (70, -6), (75, 0), (80, 1), (85, 0)],
    "depolarizing after-potential": [(9, 20), (11, 0)],
    "inhibition-induced spiking": [(0, 80), (50, 75), (250, 80)],
}
"""When the input changes, in ms, and to what, in mV/ms."""

VALUES = {
    "tonic spiking": (0.02, 0.2, -65, 6, -70),
    "phasic spiking": (0.02, 0.25, -65, 6, -64),
    "tonic bursting": (0.02, 0.2, -50, 2, -70),
    "phasic bursting": (0.02, 0.25, -55, 0.05, -64),
    "mixed mode": (0.02, 0.2, -55, 4, -70),
    "spike frequency adaptation": (0.01, 0.2, -65, 8, -70),
    "spike latency": (0.02, 0.2, -65, 6, -70),
    "subthreshold oscillations": (0.05, 0.26, -60, 0, -62),
    "resonator": (0.1, 0.26, -60, -1, -62),
    "rebound spike": (0.03, 0.25, -60, 4, -64),
    "rebound burst": (0.03, 0.25, -52, 0, -64),
    "threshold variability": (0.03, 0.25, -60, 4, -64),
    "depolarizing after-potential": (1, 0.2, -60, -21, -70),
    "inhibition-induced spiking": (-0.02, -1, -60, 8, -63.8),
}
"""a, b, c, d and where V starts, in 1/ms, 1/ms, mV, mV/ms and mV."""


@cache
def trains() -> dict[str, npt.NDArray[np.float64]]:
    """Return the spike times of each pattern in 350 ms."""
    columns = list(zip(*VALUES.values(), strict=True))
    units = {"a": "1/ms", "b": "1/ms", "c": "mV", "d": "mV/ms"}
    network = alone(
        used("cells", "izhikevich") | {"integrator": "euler"},
        duration="350 ms",
        timeline=[
            {"at": f"{at} ms", "set": {f"one[{neuron}:{neuron + 1}].I_e": f"{drive} mV/ms"}}
            for neuron, name in enumerate(VALUES)
            for at, drive in PULSES[name]
        ],
        monitors={"spikes": ["one"]},
    )
    network["populations"]["one"] = {
        "size": len(VALUES),
        "cell": "cell",
        "parameters": {
            name: {"values": list(column), "unit": unit}
            for (name, unit), column in zip(units.items(), columns[:4], strict=True)
        }
        | {"I_e": ["0 mV/ms"] * len(VALUES)},
        "initial": {"V": {"values": list(columns[4]), "unit": "mV"}},
    }
    found = run(network).spikes["one"].trains()
    return {name: found[neuron] for neuron, name in enumerate(VALUES)}


def intervals(name: str) -> npt.NDArray[np.float64]:
    return np.diff(trains()[name])


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("phasic spiking", 1),
        ("phasic bursting", 7),
        ("spike latency", 1),
        ("subthreshold oscillations", 1),
        ("resonator", 1),
        ("rebound spike", 1),
        ("rebound burst", 12),
        ("threshold variability", 1),
        ("depolarizing after-potential", 2),
        ("inhibition-induced spiking", 4),
    ],
)
def test_what_happens_once(name: str, count: int) -> None:
    assert len(trains()[name]) == count


def test_what_happens_again_and_again() -> None:
    assert np.ptp(intervals("tonic spiking")[4:]) < 0.11
    between = intervals("tonic bursting")
    assert sum(between > 30) >= 6
    assert sum(between < 6) > 30
    assert (intervals("mixed mode")[:2] < 4).all()
    assert (intervals("mixed mode")[2:] > 30).all()
    adapting = intervals("spike frequency adaptation")
    assert (np.diff(adapting[:5]) > 0).all()
    assert adapting[-1] > 10 * adapting[0]


def test_when_it_happens() -> None:
    assert trains()["spike latency"][0] > 16  # long after the pulse from 10 to 13 ms
    assert trains()["resonator"][0] > 320  # the pulses at 280 and 320 ms are in phase
    assert trains()["rebound spike"][0] > 25  # after the inhibition
    assert trains()["threshold variability"][0] > 80  # the same pulse at 10 ms did nothing
    assert (trains()["inhibition-induced spiking"] > 50).all()
