"""Inputs said in other words, in another order or for longer: what must not make a difference."""

from __future__ import annotations

import copy
import tracemalloc
from typing import Any

import pytest

import netspec
from netspec.backend.protocol import RunControl
from netspec.backend.registry import get
from netspec.passes.pipeline import realised
from netspec.testing.conformance import run
from netspec.testing.documents import Document, document, leaky, states
from netspec.testing.parts import stimuli


def poisson(rate: Any) -> Document:
    source = {"model": "poisson", "size": 9, "rate": rate}
    return document("p", "50 ms", inputs={"p": source}, monitors={"spikes": ["p"]})


def digests(network: Document, backend: str = "numpy") -> tuple[dict[str, str], dict[str, str]]:
    results = netspec.Network(**network).run(backend=backend)
    return dict(results.digests), dict(results.state_digests)


def spikes(rate: Any, backend: str = "numpy") -> str:
    return digests(poisson(rate), backend)[0]["p"]


CONSTANT: dict[str, Any] = {
    "90 Hz": "90 Hz",
    "as a list": ["90 Hz"] * 9,
    "in one piece": {"piecewise": {"times": ["0 ms"], "values": ["90 Hz"]}},
    "over time": "90*hertz + 0*t/(second*second)",
    "flat ramp": {
        "ramp": {"first": "90 Hz", "last": "90 Hz", "start": "1 ms", "stop": "2 ms"},
    },
    "flat sine": {"sine": {"amplitude": "0 Hz", "frequency": "5 Hz", "offset": "90 Hz"}},
    "in a table": {"array": {"values": [90], "unit": "Hz", "interval": "0.1 ms"}},
    "in two pieces": {
        "piecewise": {"times": ["0 ms", "20 ms"], "values": ["90 Hz", ["0.09 kHz"] * 9]},
    },
    "noise of none": {"noise": {"mean": "90 Hz", "sd": "0 Hz", "interval": "1 ms"}},
}


@pytest.mark.parametrize("words", CONSTANT)
def test_a_constant_rate_gives_the_same_spikes_in_all_words(words: str) -> None:
    assert spikes(CONSTANT[words]) == spikes("90 Hz")


def test_another_rate_does_not() -> None:
    """The check above can fail."""
    assert spikes("90.5*hertz + 0*t/(second*second)") != spikes("90 Hz")


def test_pieces_are_entries_of_the_timeline() -> None:
    pieces = {"times": ["0 ms", "20 ms", "30 ms"], "values": ["90 Hz", "i*90*hertz", "20 Hz"]}
    timeline = [
        {"at": "20 ms", "set": {"p.rate": "i*90*hertz"}},
        {"at": "30 ms", "set": {"p.rate": "20 Hz"}},
    ]
    assert digests(poisson("90 Hz") | {"timeline": timeline}) == digests(
        poisson({"piecewise": pieces})
    )


def driven(**changes: Any) -> Document:
    drive = {
        "model": "poisson_drive",
        "target": "exc",
        "receptor": "X",
        "rate": "16 kHz",
        "weight": "90 pA",
    }
    current = {"model": "current", "target": "exc", "amplitude": "20*pA*sin(t/ms)"}
    return document(
        "driven",
        "30 ms",
        cells={
            "lif": leaky(
                {"X": {"model": "curr_exp", "tau_decay": "0.5 ms"}},
                integrator="exact",
                t_ref="1 ms",
            )
        },
        populations={"exc": {"size": 5, "cell": "lif"}},
        inputs={
            "drive": drive | changes,
            "current": current | {"target": changes.get("target", "exc")},
        },
        monitors={"spikes": ["exc"]},
    )


SAME: dict[str, dict[str, Any]] = {
    "a view of all": {"target": "exc[0:5]"},
    "an open view": {"target": "exc[:]"},
    "a window of all": {"start": "0 ms", "stop": "30 ms"},
    "a window beyond the end": {"stop": "1 s"},
    "weights in a list": {"weight": ["90 pA"] * 5},
    "in one piece": {"rate": {"piecewise": {"times": ["0 ms"], "values": ["16 kHz"]}}},
    "over time": {"rate": "16*kHz + 0*t/(second*second)"},
    "by name": {"rate": "16*kHz + 0*C_m/(farad*second)"},
}


@pytest.mark.parametrize("words", SAME)
def test_a_drive_is_the_same_in_other_words(words: str) -> None:
    assert digests(driven(**SAME[words])) == digests(driven())


@pytest.mark.parametrize(
    "changes", [{"target": "exc[0:4]"}, {"stop": "29 ms"}, {"weight": "91 pA"}, {"rate": "15 kHz"}]
)
def test_another_drive_is_not(changes: dict[str, Any]) -> None:
    """The check above can fail."""
    assert digests(driven(**changes)) != digests(driven())


@pytest.mark.filterwarnings("ignore::netspec.DescriptionWarning")
@pytest.mark.parametrize("change", [{"weight": "0 pA"}, {"start": "30 ms"}, {"rate": "0 Hz"}])
def test_a_drive_that_brings_nothing_is_no_drive(change: dict[str, Any]) -> None:
    silent = driven()
    silent["inputs"]["silent"] = driven(**change)["inputs"]["drive"] | {"target": "exc[1:4]"}
    assert digests(silent) == digests(driven())


def test_parts_act_as_the_whole() -> None:
    """A current onto two halves is that onto all neurons."""
    whole, halves = driven(), driven()
    current = halves["inputs"].pop("current")
    halves["inputs"]["low"] = current | {"target": "exc[:2]"}
    halves["inputs"]["high"] = current | {"target": "exc[2:]"}
    assert digests(halves) == digests(whole)


@pytest.mark.parametrize("state", [{}, {"tide": {"unit": "1", "initial": "0", "shared": True}}])
def test_shared_noise_is_one_for_all_neurons(state: Document) -> None:
    """Whatever else the cell has that exists once per population."""
    equations = {
        "inputs": {"drive": "mV"},
        "state": {"V": {"unit": "mV", "initial": "0 mV"}, **state},
        "derivatives": {"V": "(drive - V)/(5*ms)"},
    }
    course = {"mean": "0 mV", "sd": "1 mV", "interval": "0.1 ms", "shared": True}
    noise = {"model": "current", "target": "three", "into": "drive", "amplitude": {"noise": course}}
    whole = document(
        "shared_noise",
        "1 ms",
        cells={"plain": {"model": {"equations": equations}}},
        populations={"three": {"size": 3, "cell": "plain"}},
        inputs={"noise": noise},
        monitors=states(("three", ["V"], 1)),
    )
    samples = netspec.run(netspec.Network(**whole), backend="numpy").states["three"]["V"]
    assert [len(set(step.tolist())) for step in samples] == [1] * 10
    assert len(set(samples[:, 0].tolist())) == 10


def test_the_order_of_a_document_means_nothing() -> None:
    backwards = copy.deepcopy(stimuli())
    for section in ("cells", "populations", "inputs", "projections"):
        backwards[section] = dict(reversed(backwards[section].items()))
    for name, given in backwards["inputs"].items():
        backwards["inputs"][name] = dict(reversed(given.items()))
    assert record(backwards, 100) == record(stimuli(), 100)


def test_a_run_is_the_beginning_of_a_longer_one() -> None:
    """Numbers that hold and rows of tables do not depend on how long the run is."""
    short, _ = record(stimuli(), 77)
    long, _ = record(stimuli(), 150)
    assert sum(map(len, short.values())) > 50
    for name, pairs in short.items():
        assert [pair for pair in long[name] if pair[0] < 77] == pairs


def record(network: Document, steps: int) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """Return spikes as pairs of step and neuron, and digests of the state."""
    emitting = [*network["populations"], *sources_of(network)]
    changes = {"duration": f"{steps}e-1 ms", "monitors": {"spikes": emitting}}
    made, backend = realised(netspec.Network(**network | changes)), get("numpy")
    found = run(backend, backend.options(), made)
    spikes = {
        name: list(zip(each.steps.tolist(), each.indices.tolist(), strict=True))
        for name, each in found.spikes.items()
    }
    return spikes, dict(found.state_digests)


def sources_of(network: Document) -> list[str]:
    """Return the inputs that emit spikes."""
    effects = ("poisson_drive", "current")
    return [name for name, each in network["inputs"].items() if each["model"] not in effects]


def peak(duration: str) -> int:
    """Return the memory that a program takes at most while it runs, in bytes."""
    network = driven(rate="2 kHz")
    network["populations"]["exc"]["size"] = 400
    network |= {"duration": duration, "monitors": {}}
    backend = get("numpy")
    program = backend.emit(realised(netspec.Network(**network)), backend.options())
    simulation = backend.build(program, backend.options())
    tracemalloc.start()
    try:
        done = simulation.run(RunControl())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert done.tallies
    assert all(each.count == 0 for each in done.tallies.values())
    return most


def test_memory_does_not_grow_with_the_length_of_a_run() -> None:
    peak("10 ms")  # what is loaded and kept once
    assert peak("1 s") < 1.05 * peak("10 ms")
