"""Phases, windows, counts and rates: each is what all spikes and samples say in its part."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from netspec.errors import NetspecError
from netspec.passes import pipeline
from netspec.results.results import NotRecordedError, Results
from netspec.spec.network import Network
from netspec.testing.parts.experiments import recordings

ALL = {
    "spikes": ["crowd", "crowd_rain"],
    "states": [{"of": "crowd", "variables": ["V", "g_E"]}],
}


def run(**changes: object) -> Results:
    return Network(**(recordings() | changes)).run(backend="numpy")


@pytest.fixture(scope="module")
def whole() -> Results:
    return run(monitors=ALL, timeline=[])


@pytest.fixture(scope="module")
def parts() -> Results:
    return run()


def inside(steps: np.ndarray, *windows: tuple[int, int]) -> np.ndarray:
    return np.any([(steps >= start) & (steps < stop) for start, stop in windows], axis=0)


def test_recording_changes_nothing(whole: Results, parts: Results) -> None:
    assert whole.digests == parts.digests
    assert whole.state_digest() == parts.state_digest()
    assert whole.metadata["fingerprint"] == parts.metadata["fingerprint"]


def test_windows_keep_what_lies_in_them(whole: Results, parts: Results) -> None:
    every, kept = whole.spikes["crowd"], parts.spikes["crowd"]
    seen = inside(every.step, (30, 44), (150, 500)) & (every.i >= 1) & (every.i < 5)
    assert kept.step.tolist() == every.step[seen].tolist()
    assert kept.i.tolist() == every.i[seen].tolist()
    assert 0 < len(kept) < len(every)
    assert kept.windows == ((30, 44), (150, 500))
    V, some = whole.states["crowd"]["V"], parts.states["crowd"]["V"]
    rows = inside(V.step, (0, 200), (300, 350), (400, 410), (430, 600))
    assert some.step.tolist() == V.step[rows].tolist()
    assert np.array_equal(some.values, V.values[rows])
    assert parts.states["crowd"]["g_E"].step.tolist() == list(range(21, 90, 7))


def test_the_timeline_starts_and_stops_recordings(whole: Results, parts: Results) -> None:
    every, kept = whole.spikes["crowd_rain"], parts.spikes["crowd_rain"]
    # Stopped at 3 ms for the first time, so it records until then.
    windows = [(0, 30), *((start, start + 48) for start in range(52, 600, 70))]
    seen = inside(every.step, *windows)
    assert kept.step.tolist() == every.step[seen].tolist()
    assert 0 < len(kept) < len(every)


def test_counts_are_those_of_all_spikes(whole: Results, parts: Results) -> None:
    crowd, rain = whole.spikes["crowd"], whole.spikes["crowd_rain"]
    assert parts.spike_counts["crowd"].values.tolist() == crowd.count.tolist()
    some = parts.spike_counts["crowd_rain[2:5]"]
    assert (some.i.tolist(), some.values.tolist()) == ([2, 3, 4], rain.count[2:5].tolist())
    for name, (start, stop) in parts.phases.items():
        found, seen = parts.phase(name), inside(crowd.step, (start, stop))
        assert found.counts["crowd"] == seen.sum()
        assert found.spike_counts["crowd"].values.tolist() == [
            int((crowd.i[seen] == neuron).sum()) for neuron in range(6)
        ]
    assert sum(whole.counts.values()) > 0
    assert whole.counts == parts.counts


def test_rates_are_counts_in_bins(whole: Results, parts: Results) -> None:
    crowd, found = whole.spikes["crowd"], parts.population_rates["crowd[1:6]"]
    steps = crowd.step[crowd.i > 0]
    assert found.counts.tolist() == np.histogram(steps, [*range(0, 600, 7), 600])[0].tolist()
    assert found.t[:3].tolist() == [0.0, 0.7, 1.4]
    # The last bin has 5 of the 7 steps.
    assert found.rate[-1] == pytest.approx(found.counts[-1] / (5 * 0.0005))
    rain = parts.phase("late").population_rates["crowd_rain"]
    assert rain.step.tolist() == list(range(150, 500, 50))


def test_rates_in_several_bins_go_by_their_names(whole: Results) -> None:
    wide = {"of": "crowd", "bin": "5 ms", "name": "crowd_slow"}
    results = run(monitors={"rates": [{"of": "crowd", "bin": "1 ms"}, wide]}, timeline=[])
    found = results.population_rates
    assert list(found) == ["crowd", "crowd_slow"]
    fine, coarse = (found[name].counts for name in found)
    assert coarse.tolist() == fine.reshape(-1, 5).sum(axis=1).tolist()
    assert coarse.sum() == whole.counts["crowd"]


def test_a_phase_holds_what_lies_in_it(whole: Results) -> None:
    late = whole.phase("late")
    assert (late.start, late.stop) == (150, 500)
    spikes, trace = late.spikes["crowd"], late.states["crowd"]["V"]
    assert spikes.step.min() >= 150
    assert spikes.step.max() < 500
    assert len(spikes) == late.counts["crowd"] > 0
    assert late.rates["crowd"] == pytest.approx(len(spikes) / (6 * 0.035))
    assert np.array_equal(trace.values, whole.states["crowd"]["V"].values[150:500])
    assert trace.t[0] == 15.0
    last = whole.phase("last")  # as far as the run goes
    assert (last.start, last.stop) == (590, 600)
    with pytest.raises(NotRecordedError, match="there is no phase 'lat'; phases: 'early', 'late'"):
        whole.phase("lat")


def test_files_keep_all_of_it(parts: Results, tmp_path: Path) -> None:
    parts.save(tmp_path / "parts.npz")
    again = Results.load(tmp_path / "parts.npz")
    assert again.phases == parts.phases
    assert again.counts_by_phase == parts.counts_by_phase
    assert again.spikes["crowd"].windows == parts.spikes["crowd"].windows
    for name, rate in parts.population_rates.items():
        assert np.array_equal(again.population_rates[name].rate, rate.rate)
    for name, counts in parts.phase("late").spike_counts.items():
        assert np.array_equal(again.phase("late").spike_counts[name].values, counts.values)
    ours, theirs = (each.phase("early").states["crowd"]["V"] for each in (parts, again))
    assert np.array_equal(ours.values, theirs.values)
    assert np.array_equal(ours.step, theirs.step)


def test_samples_outside_of_windows_take_no_room() -> None:
    def room(during: list[list[str]]) -> int:
        monitor = {"of": "crowd", "variables": ["V"], "during": during}
        compiled = pipeline.realised(
            Network(**(recordings() | {"timeline": [], "monitors": {"states": [monitor]}}))
        )
        return sum(each.n_samples(600) for each in compiled.ir.state_recordings)

    assert room([["1 ms", "2 ms"]]) == 10
    result = run(
        timeline=[],
        monitors={"states": [{"of": "crowd", "variables": ["V"], "during": [["1 ms", "2 ms"]]}]},
    )
    assert result.states["crowd"]["V"].values.base.shape == (10, 6)  # what was allocated


def test_memory_does_not_grow_with_the_run() -> None:
    def peak(duration: str) -> int:
        compiled = netspec_compile(duration)
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        results = compiled.run()
        assert sum(results.counts.values()) > 100
        return tracemalloc.get_traced_memory()[1] - before

    def netspec_compile(duration: str):
        from netspec import api

        bare = recordings() | {"monitors": {}, "timeline": [], "duration": duration}
        return api.compile(Network(**bare), backend="numpy")

    netspec_compile("60 ms").run()
    tracemalloc.start()
    try:
        assert peak("900 ms") == pytest.approx(peak("300 ms"), rel=0.02)
    finally:
        tracemalloc.stop()


def test_unknown_names_are_told(parts: Results) -> None:
    with pytest.raises(NetspecError, match="'exc' was not recorded; recorded: 'crowd'"):
        parts.spike_counts["exc"]


def test_weights_of_added_edges_come_after_the_others() -> None:
    added = {
        "projection": "crowd_wet",
        "rule": {"explicit": {"pairs": [[3, 1], [0, 2]]}},
        "weight": "7 nS",
    }
    results = run(
        timeline=[
            {"at": "20 ms", "add_edges": added},
            {"at": "30 ms", "set": {"crowd_wet.weight": "(4 + i)*nS"}},
        ],
        monitors={"weights": [{"of": "crowd_wet", "every": 100}]},
    )
    trace = results.weights["crowd_wet"]
    assert trace.i.tolist() == list(range(len(trace.source)))
    assert list(zip(trace.source[-2:], trace.target[-2:], strict=True)) == [(0, 2), (3, 1)]
    assert trace.to("nS")[:3] == pytest.approx(np.tile([*[3.0] * (len(trace.i) - 2), 7, 7], (3, 1)))
    assert trace.to("nS")[3] == pytest.approx(4.0 + trace.source)
    part = {"weights": [{"of": "crowd_wet", "edges": [len(trace.i) - 3, len(trace.i) - 1]}]}
    some = run(timeline=[{"at": "20 ms", "add_edges": added}], monitors=part).weights["crowd_wet"]
    assert some.source.tolist() == trace.source[-3:-1].tolist()
    assert some.to("nS")[0] == pytest.approx([3.0, 7.0])


def test_weights_are_those_that_hold(tmp_path: Path) -> None:
    results = run(
        timeline=[
            {"at": "20 ms", "set": {"crowd_wet.weight": "(4 + i)*nS"}},
            {"at": "40 ms", "every": "1 ms", "until": "60 ms", "set": {"crowd_wet.weight": "5 nS"}},
        ],
        monitors={
            "weights": [
                {"of": "crowd_wet", "edges": [2, 9], "every": 50, "during": [["10 ms", "1 s"]]}
            ]
        },
    )
    trace = results.weights["crowd_wet"]
    assert trace.step.tolist() == list(range(100, 600, 50))
    assert trace.i.tolist() == list(range(2, 9))
    assert trace.to("nS")[:2] == pytest.approx(3.0)
    assert trace.to("nS")[2:6] == pytest.approx(np.tile(4.0 + trace.source, (4, 1)))
    assert trace.to("nS")[6:] == pytest.approx(5.0)
    assert len(set(trace.source.tolist())) > 1
    assert len(trace.target) == 7
    results.save(tmp_path / "weights.npz")
    again = Results.load(tmp_path / "weights.npz").phase("late").weights["crowd_wet"]
    assert again.step.tolist() == list(range(150, 500, 50))
