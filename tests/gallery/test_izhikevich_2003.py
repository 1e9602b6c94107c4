"""What `examples/izhikevich_2003` shows: the rhythms of the program `net.m`.

The program is here once more, as a plain loop that is fed with the numbers that were drawn.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from gallery.scripts import document, results, script

from netspec.passes.pipeline import realised

NAMES = ("exc", "inh")


@pytest.mark.parametrize("name", NAMES)
def test_about_eight_spikes_per_second(name: str) -> None:
    assert 6.5 < results("izhikevich_2003").rates[name] < 9


def test_the_rate_has_a_rhythm_of_about_ten_hertz() -> None:
    frequencies, power = script("izhikevich_2003").spectrum(results("izhikevich_2003"))
    assert 6 <= frequencies[power.argmax()] <= 12
    assert power.max() > 50


@cache
def with_noise_recorded() -> tuple[Any, np.ndarray]:
    """Return what comes out, and the noise of each step of all neurons in mV/ms."""
    states = [{"of": name, "variables": ["noise"]} for name in NAMES]
    found = document("izhikevich_2003").replace({"monitors.states": states}).run(backend="numpy")
    # Samples are taken before the update, so each shows the noise of the step before.
    noise = [found.states[name]["noise"].to("mV/ms")[1:] for name in NAMES]
    return found, np.hstack(noise)


def spikes_of_the_program() -> set[tuple[int, int]]:
    """Return (step, neuron) as `net.m` finds them; it finds a spike one millisecond later."""
    network = realised(document("izhikevich_2003"))
    of = {
        name: np.concatenate(
            [np.broadcast_to(network.populations[p].parameters[name], n) for p, n in SIZES]
        )
        for name in "abcd"
    }
    # From SI: a and b in 1/s, c in V, d in V/s, weights in V/s.
    a, b, c, d = of["a"] * 1e-3, of["b"] * 1e-3, of["c"] * 1e3, of["d"]
    S = np.zeros((1000, 1000))
    start = {"exc": 0, "inh": 800}
    for name, edges in network.projections.items():
        source, target = name.split("_")
        S[edges.targets + start[target], edges.sources + start[source]] = edges.weights
    v = np.full(1000, -65.0)
    u = b * v
    found = set()
    for t, noise in enumerate(with_noise_recorded()[1]):
        fired = np.flatnonzero(v >= 30)
        found |= {(t - 1, int(neuron)) for neuron in fired}
        v[fired] = c[fired]
        u[fired] += d[fired]
        current = noise + S[:, fired].sum(1)
        for _ in range(2):
            v = v + 0.5 * (0.04 * v**2 + 5 * v + 140 - u + current)
        u = u + a * (b * v - u)
    return found


SIZES = (("exc", 800), ("inh", 200))


def test_the_noise_is_normal() -> None:
    _, noise = with_noise_recorded()
    assert noise[:, :800].std() == pytest.approx(5, rel=0.01)
    assert noise[:, 800:].std() == pytest.approx(2, rel=0.01)


def test_the_example_spikes_when_the_program_does() -> None:
    """For half a second: later, rounding in other units grows into other spikes."""
    found, _ = with_noise_recorded()
    of_the_example = {
        (int(step), int(neuron) + first)
        for name, first in (("exc", 0), ("inh", 800))
        for step, neuron in zip(found.spikes[name].step, found.spikes[name].i, strict=True)
    }
    program = spikes_of_the_program()
    until = 500
    assert {each for each in program if each[0] < until} == {
        each for each in of_the_example if each[0] < until
    }
    assert len(program) == pytest.approx(len(of_the_example), rel=0.1)
