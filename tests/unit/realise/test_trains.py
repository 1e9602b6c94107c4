"""All kinds of trains: what they have in common."""

from __future__ import annotations

import tracemalloc
from typing import Any, get_args

import numpy as np
import pytest
from unit.realise.made_trains import listed, network, trains

import netspec
from netspec.errors import SpecError
from netspec.passes import pipeline
from netspec.realise.trains import TRAINS, gamma_renewal, pulse_packet, regular, rounds
from netspec.spec.trains import Trains

KINDS: dict[str, dict[str, Any]] = {
    "regular": {"rate": "70 Hz"},
    "regular, drawn": {
        "rate": {"gamma": {"shape": 1, "scale": "50 Hz"}},
        "phase": {"uniform": {"low": "0 ms", "high": "1/rate"}},
    },
    "gamma_renewal": {"rate": "10*hertz + i*5*hertz", "shape": 2.5},
    "gamma_renewal, bursting": {"rate": "100 Hz", "shape": 0.05, "equilibrium": False},
    "gamma_renewal, dead": {"rate": "100 Hz", "shape": 0.7, "dead_time": "4 ms"},
    "pulse_packet": {"centres": ["100 ms", "0 ms", "1 s"], "spikes": 7, "sd": "(1 + i)*ms"},
}


def given(kind: str, size: int = 20, **more: Any) -> dict[str, Any]:
    return {"model": kind.partition(",")[0], "size": size, **KINDS[kind], **more}


def test_every_kind_of_the_language_has_a_meaning() -> None:
    models = {each.model_fields["model"].default: each for each in get_args(Trains)}
    assert models.keys() == TRAINS.keys()
    for name, kind in TRAINS.items():
        assert kind.dimensions.keys() <= models[name].model_fields.keys()


def test_kinds_are_written_in_python_by_their_class() -> None:
    inputs = {
        "ticks": netspec.Regular(size=2, rate="50 Hz", phase=["0 ms", "3 ms"]),
        "renewing": netspec.GammaRenewal(size=1, rate="50 Hz", shape=4, equilibrium=False),
        "volleys": netspec.PulsePacket(size=1, centres=["5 ms"], spikes=1, sd="1 ms"),
        "noise": netspec.Poisson(size=1, rate="3 Hz"),
        "times": netspec.SpikeTimes(times=[["1 ms"]]),
    }
    document = network({"model": "regular", "size": 1, "rate": "1 Hz"}, inputs=inputs).to_document()
    assert document["inputs"]["ticks"] == {
        "model": "regular",
        "size": 2,
        "rate": "50 Hz",
        "phase": ["0 ms", "3 ms"],
    }
    assert [document["inputs"][name]["model"] for name in sorted(inputs)] == [
        "poisson",
        "gamma_renewal",
        "regular",
        "spike_times",
        "pulse_packet",
    ]
    assert netspec.Network(**document).to_document() == document


# Neurons and batches


@pytest.mark.parametrize("kind", KINDS)
def test_a_train_depends_on_no_other_and_not_on_what_is_made_at_a_time(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = trains(given(kind))
    assert sum(map(len, whole)) > 100
    for module, spikes in ((rounds, 64), (pulse_packet, 5), (regular, 64)):
        monkeypatch.setattr(module, "SIZE", spikes)
    assert trains(given(kind)) == whole
    assert trains(given(kind, size=7)) == whole[:7]
    others = {"b": given("pulse_packet"), "c": given(kind)}
    assert trains(given(kind), inputs=others) == whole


@pytest.mark.parametrize("kind", KINDS)
def test_a_shorter_run_has_the_beginning_of_the_spikes(kind: str) -> None:
    whole = trains(given(kind))
    short = trains(given(kind), duration="300.1 ms")
    assert short == [[step for step in train if step < 3001] for train in whole]
    assert trains(given(kind), duration="0 ms") == [[]] * 20


@pytest.mark.parametrize("kind", [each for each in KINDS if each != "pulse_packet"])
def test_trains_begin_at_their_start_and_end_before_their_stop(kind: str) -> None:
    whole = trains(given(kind))
    late = trains(given(kind, start="200 ms"))
    assert late == [[step + 2000 for step in train if step < 8000] for train in whole]
    early = trains(given(kind, start="200 ms", stop="500 ms"))
    assert early == [[step for step in train if step < 5000] for train in late]
    assert trains(given(kind, start="2 s")) == [[]] * 20


@pytest.mark.parametrize("kind", [each for each in KINDS if each != "regular"])
def test_drawn_trains_of_another_name_or_seed_are_others(kind: str) -> None:
    whole = trains(given(kind))
    assert trains(given(kind), seed=12) != whole
    renamed = pipeline.realised(network(given(kind), inputs={"b": given(kind)}))
    assert not np.array_equal(renamed.sources["a"].steps, renamed.sources["b"].steps)


def test_what_is_written_otherwise_is_the_same_and_what_means_something_else_is_not() -> None:
    prints = [
        network(given("regular", **more)).fingerprint()
        for more in (
            {},
            {"rate": "0.07 kHz", "phase": "0 s", "start": "0 s"},
            {"phase": "0.1 ms"},
            {"start": "0.1 ms"},
            {"stop": "1 s"},
            {"rate": "71 Hz"},
        )
    ]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 5


# What they cost


@pytest.mark.parametrize("kind", KINDS)
def test_spikes_are_predicted(kind: str) -> None:
    report = pipeline.check(network(given(kind, size=300)))
    (predicted,) = report.trains
    made = listed(given(kind, size=300)).steps.size
    # Of those that count once all are predicted.
    lost = {"gamma_renewal, bursting": 0.7, "pulse_packet": 0.4}.get(kind, 0.001)
    assert made <= predicted.mean + 4 * predicted.sd
    assert made >= (1 - lost) * (predicted.mean - 4 * predicted.sd)
    if kind == "regular":
        assert (predicted.mean, predicted.sd) == (made, 0.0)


@pytest.mark.parametrize(
    "kind", ["regular", "regular, drawn", "gamma_renewal, dead", "pulse_packet"]
)
def test_trains_take_no_more_memory_than_predicted(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (rounds, pulse_packet, regular):
        monkeypatch.setattr(module, "SIZE", 2**12)
    more = {"sd": "50 ms", "spikes": 25} if kind == "pulse_packet" else {}
    prepared = pipeline.prepare(network(given(kind, size=1500, **more)))
    (predicted,) = pipeline.check_memory(prepared).spikes
    tracemalloc.start()
    try:
        made = pipeline.draw(prepared).network.sources["a"]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert made.steps.size > 70_000  # type: ignore[union-attr]
    assert peak < predicted.bytes + 1.5e6  # what is made at a time, and neurons


@pytest.mark.parametrize("size", [10**6, 2**32 - 1])
def test_too_many_spikes_are_refused_before_any_is_made(size: int) -> None:
    with pytest.raises(SpecError, match="too-much-memory"):
        pipeline.realised(
            network({"model": "regular", "size": size, "rate": "10 kHz"}), max_memory=10**9
        )


def test_check_makes_no_more_spikes_than_are_quick_but_looks_at_values() -> None:
    many = {"model": "gamma_renewal", "size": 10**6, "rate": "10 Hz", "shape": 2}
    report = pipeline.check(network(many), max_memory=10**10)
    assert (report.ok, report.undrawn) == (True, ("a",))
    assert report.trains[0].mean == pytest.approx(1e7)
    report = pipeline.check(network({**many, "shape": "i"}), max_memory=10**10)
    assert [each.path for each in report.diagnostics] == ["inputs.a.shape"]


def test_spikes_that_count_once_are_warned_about_if_they_are_many() -> None:
    for shape, warned in ((0.05, True), (4, False)):
        given = {"model": "gamma_renewal", "size": 100, "rate": "50 Hz", "shape": shape}
        codes = [each.code for each in pipeline.check(network(given)).diagnostics]
        assert ("merged-spikes" in codes) == warned


def test_a_shape_of_almost_nothing_would_never_end() -> None:
    given = {
        "model": "gamma_renewal",
        "size": 50,
        "rate": "10 Hz",
        "shape": gamma_renewal.MIN_SHAPE,
    }
    listed({**given, "equilibrium": False})
