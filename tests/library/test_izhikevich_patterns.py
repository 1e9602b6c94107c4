"""Firing patterns of the library's model `izhikevich`, with the values of the gallery's example.

The example takes the steps of the paper's program; here the model's equations are followed closely,
in a step of 0.05 ms. Six of its twenty patterns need more: class 1 excitability, the integrator and
accommodation have other equations, class 2 excitability takes a ramp, and bistability and bursts by
inhibition only are what they are in the long steps of the program.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from gallery.scripts import document, script
from library.networks import run


@cache
def trains() -> dict[str, npt.NDArray[np.float64]]:
    """Return the spike times of each pattern in 350 ms."""
    network = document("izhikevich_patterns").to_document()
    network["cells"]["simple_model"] = {"model": "izhikevich", "integrator": "euler"}
    population = network["populations"]["patterns"]
    for name in population["parameters"].keys() - {"a", "b", "c", "d", "I_e"}:
        del population["parameters"][name]
    network["timeline"] = [
        entry
        for entry in network["timeline"]
        if all(place.endswith(".I_e") for place in entry["set"])
    ]
    network |= {"duration": "350 ms", "monitors": {"spikes": ["patterns"]}}
    found = run(network).spikes["patterns"].trains()
    return {name: found[i] for i, name in enumerate(script("izhikevich_patterns").PATTERNS)}


def intervals(name: str) -> npt.NDArray[np.float64]:
    return np.diff(trains()[name])


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("phasic spiking", 1),
        ("phasic bursting", 8),
        ("spike latency", 1),
        ("subthreshold oscillations", 1),
        ("resonator", 1),
        ("rebound spike", 1),
        ("rebound burst", 13),
        ("threshold variability", 1),
        ("depolarizing after-potential", 3),
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
