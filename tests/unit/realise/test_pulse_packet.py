"""`pulse_packet`: its definition, and how its spikes are scattered."""

from __future__ import annotations

import math

import numpy as np
from unit.realise.made_trains import Trains, assert_distributed, function, trains, word


def by_hand(size: int, centres: list[float], spikes: int, sd: list[float], steps: int) -> Trains:
    """The trains, straight from the definition, with centres in steps."""
    found = []
    for neuron in range(size):
        train = set()
        for packet, centre in enumerate(centres):
            for spike in range(spikes):
                z = function("normal_quantile", word("jitter", neuron, packet * spikes + spike))
                step = math.floor((centre + (sd[neuron] * z) / 0.0001) + 0.5)
                train |= {step} if 0 <= step < steps else set()
        found.append(sorted(train))
    return found


def test_trains_follow_the_definition() -> None:
    given = {
        "model": "pulse_packet",
        "size": 5,
        "centres": ["30 ms", "0.7 ms", "30 ms", "100 ms", "101.05 ms", "200 ms"],
        "spikes": 5,
        "sd": "(i + 0.3)*ms",
    }
    sd = [(i + 0.3) * 0.001 for i in range(5)]
    wanted = by_hand(5, [300.0, 7.0, 300.0, 1000.0, 1010.5, 2000.0], 5, sd, 1000)
    assert trains(given, duration="100 ms") == wanted
    assert {0, 999} & {step for train in wanted for step in train}  # a packet is cut at either end


def test_times_are_normal_and_neurons_independent() -> None:
    given = {
        "model": "pulse_packet",
        "size": 5000,
        "centres": ["1 s", "3 s"],
        "spikes": 4,
        "sd": "20 ms",
    }
    made = np.array(trains(given, dt="1 ns", duration="4 s")) * 1e-9
    assert made.shape == (5000, 8)
    for packet, centre in ((made[:, :4], 1.0), (made[:, 4:], 3.0)):
        scattered = (packet.reshape(-1) - centre) / 0.02
        assert_distributed(scattered, lambda x: 0.5 * math.erfc(-x / math.sqrt(2.0)))
    means = np.stack([made[:, :4].mean(axis=1), made[:, 4:].mean(axis=1)])
    pairs = [(means[0], means[1]), *((each[1:], each[:-1]) for each in means)]
    for one, other in pairs:  # packets of one neuron, and neurons next to each other
        assert abs(np.corrcoef(one, other)[0, 1]) < 5.1 / math.sqrt(one.size)


def test_without_jitter_a_packet_is_one_spike_at_the_nearest_step() -> None:
    given = {"model": "pulse_packet", "size": 2, "centres": ["0.3 ms", "0.77 ms", "1.05 ms"]}
    assert trains({**given, "spikes": 9, "sd": "0 ms"}) == [[3, 8, 11]] * 2
    assert trains({**given, "spikes": 0, "sd": "1 ms"}) == [[], []]
    assert trains({**given, "centres": [], "spikes": 9, "sd": "1 ms"}) == [[], []]
