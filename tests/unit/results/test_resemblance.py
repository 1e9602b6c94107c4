"""Statistics of recordings that cannot be equal."""

from __future__ import annotations

import math
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from unit.results import fakes

from netspec.limits import MAX_NEURONS
from netspec.results.elsewhere import Recording, RecordingError, read_recordings
from netspec.results.results import Results, SpikingObject
from netspec.results.spikes import Spikes
from netspec.results.statistics import (
    MOST_NEURONS,
    correlations,
    distances,
    rates,
    van_rossum,
    variations,
)


def train(*times: float) -> np.ndarray:
    return np.array(times, dtype=np.float64)


# --- statistics ---------------------------------------------------------------------------


def test_rates_and_variations() -> None:
    trains = [train(), train(1, 3, 5, 7), train(0, 1, 4), train(2, 9)]
    assert rates(trains, 500.0).tolist() == [0.0, 8.0, 6.0, 4.0]
    assert variations(trains).tolist() == [0.0, 0.5]


def test_correlations_are_of_pairs_that_spike() -> None:
    trains = [train(1, 11), train(2, 12), train(), train(6, 16), train(1, 6, 11, 16)]
    found = correlations(trains, 21.0, 5.0)  # four bins; the last neuron is the same in each
    assert found == pytest.approx([1.0, -1.0, -1.0])
    assert correlations(trains[:1], 21.0, 5.0).size == 0
    assert correlations(trains, 4.0, 5.0).size == 0


def test_correlations_are_those_of_all_bins() -> None:
    """As numpy has them; bins without spikes, of which a long run has any number, take no room."""
    rng = np.random.default_rng(5)
    trains = [np.round(np.sort(rng.uniform(0, 59.9, 25)), 1) for _ in range(4)]
    edges = np.arange(int(60 / 0.3) + 1) * 0.3
    counts = [np.histogram(each, edges)[0] for each in trains]
    whole = np.corrcoef(counts)[np.triu_indices(4, 1)]
    assert correlations(trains, 60.0, 0.3) == pytest.approx(whole, rel=1e-12)
    alike = correlations([train(1, 11), train(1, 11), train(1, 9e15)], 1e16, 5.0)
    assert alike == pytest.approx([1.0, 0.5, 0.5])


def test_correlations_are_of_so_many_neurons() -> None:
    rng = np.random.default_rng(3)
    trains = [np.sort(rng.uniform(0, 1000, 20)) for _ in range(MOST_NEURONS + 20)]
    pairs = correlations(trains, 1000.0, 5.0)
    assert pairs.size == MOST_NEURONS * (MOST_NEURONS - 1) // 2
    assert abs(pairs.mean()) < 0.01


def test_the_distance_is_that_of_its_closed_form() -> None:
    """Two single spikes are 1 - exp(-distance/tau) apart, a spike and nothing 1/2."""
    assert van_rossum(train(), train(), 10.0) == 0.0
    assert van_rossum(train(4), train(4), 10.0) == 0.0
    assert van_rossum(train(4), train(), 10.0) == 0.5
    assert van_rossum(train(4), train(9), 10.0) == pytest.approx(1 - math.exp(-0.5), rel=1e-14)


def test_the_distance_is_the_integral() -> None:
    rng = np.random.default_rng(5)
    one, other = (np.sort(rng.uniform(0, 100, number)) for number in (7, 9))
    tau, width = 8.0, 0.002
    t = np.arange(0, 260, width)

    def filtered(spikes: np.ndarray) -> np.ndarray:
        return sum(np.where(t >= s, np.exp(-(t - s) / tau), 0.0) for s in spikes)

    integral = ((filtered(one) - filtered(other)) ** 2).sum() * width / tau
    assert van_rossum(one, other, tau) == pytest.approx(integral, rel=1e-3)
    assert van_rossum(other, one, tau) == pytest.approx(van_rossum(one, other, tau), rel=1e-12)


def test_the_distance_of_unrelated_trains_is_1() -> None:
    rng = np.random.default_rng(7)
    ones, others = (
        [np.sort(rng.uniform(0, 1000, rng.poisson(30))) for _ in range(300)] for _ in range(2)
    )
    found = distances(ones, others, 10.0)
    assert found.mean() == pytest.approx(1.0, abs=4 * found.std() / math.sqrt(300))
    assert distances(ones, ones, 10.0) == pytest.approx(np.zeros(300), abs=1e-12)
    assert distances([train()], [train()], 10.0).size == 0


# --- results and other recordings ---------------------------------------------------------


@pytest.fixture(scope="module")
def results() -> Results:
    return fakes.results(fakes.network(steps=2000), p=2e-3)


def as_table(results: Results, names: tuple[str, ...]) -> str:
    rows = ["object,t_ms,i"]
    for name in names:
        spikes = results.spikes[name]
        rows += [f"{name},{t!r},{i}" for t, i in zip(spikes.t.tolist(), spikes.i, strict=True)]
    return "\n".join(rows) + "\n"


def test_a_recording_of_the_same_spikes(results: Results, tmp_path: Path) -> None:
    path = tmp_path / "spikes.csv"
    path.write_text(as_table(results, ("exc",)))
    found = results.resemblance(path, names=("a", "b"))
    (only,) = found.populations
    assert (only.name, only.neurons, found.duration) == ("exc", fakes.EXC, 200.0)
    for one, other in (only.rates, only.variations, only.correlations):
        assert one.size
        assert np.array_equal(one, other)
    assert only.distances == pytest.approx(np.zeros(only.distances.size), abs=1e-12)


def test_results_and_arrays_of_every_kind(results: Results, tmp_path: Path) -> None:
    results.save(tmp_path / "run.npz")
    (tmp_path / "spikes.csv").write_text(as_table(results, ("exc", "inh")))
    arrays = {
        f"{name}/{column}": values
        for name, each in results.spikes.items()
        for column, values in (("i", each.i.astype(np.uint8)), ("t_s", each.t / 1000.0))
    }
    np.savez_compressed(tmp_path / "arrays.npz", **arrays)
    recordings = {name: Recording(each.i, each.t) for name, each in results.spikes.items()}
    texts = {
        str(results.resemblance(other))
        for other in (
            results,
            recordings,
            tmp_path / "run.npz",
            tmp_path / "spikes.csv",
            str(tmp_path / "arrays.npz"),
        )
    }
    assert len(texts) == 1


def test_the_table_is_pinned(results: Results) -> None:
    late = {name: Recording(each.i, each.t + 1.0) for name, each in results.spikes.items()}
    found = results.resemblance(late, names=("model.npz", "lab.csv"), tau="20 ms", width="2 ms")
    assert str(found) == (Path(__file__).parent / "resemblance.txt").read_text().rstrip("\n")


def test_a_shorter_run_is_compared_as_far_as_it_goes(results: Results) -> None:
    short = fakes.results(fakes.network(steps=1000), p=2e-3)
    found = results.resemblance(short)
    assert found.duration == 100.0
    (one, other) = found.populations[0].rates
    assert one.sum() == pytest.approx((results.spikes["exc"].step < 1000).sum() / 0.1)
    assert other.sum() == pytest.approx(len(short.spikes["exc"]) / 0.1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'x.csv' has nothing; expected 'i', the index of the neuron, and 't_ms' or 't_s'"),
        ("i,time\n1,2\n", "'x.csv' has 'i', 'time'; expected 'i', the index of the neuron, and "),
        ("i,t_ms\n1,2\n3\n", "line 3 of 'x.csv': 1 field, expected 2"),
        ("i,t_ms\n1,soon\n", "line 2 of 'x.csv': 'soon' is no time"),
        ("i,t_ms\n1.5,2\n", "line 2 of 'x.csv': '1.5' is no index of a neuron"),
        ("i,t_ms\n-1,2\n", "'x.csv' has neurons that are no whole numbers from 0"),
        (f"i,t_ms\n{2**63},2\n", "'x.csv' has neurons that are no whole numbers from 0"),
        ("i,t_ms\n1,nan\n", "'x.csv' has times that are not finite"),
        ("i,t_ms\n1,2\n", "'x.csv' does not say of which population its spikes are"),
    ],
)
def test_tables_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.csv").write_text(text)
    with pytest.raises(RecordingError) as error:
        read_recordings(Path("x.csv"))
    assert str(error.value).startswith(message)


def test_arrays_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("no.npz").write_bytes(b"nothing")
    np.savez("names.npz", x=np.zeros(2))
    Path("cut.npz").write_bytes(Path("names.npz").read_bytes()[:100])
    Path("empty.npz").touch()
    np.savez("uneven.npz", i=np.zeros(2, int), t_ms=np.zeros(3))
    np.savez("objects.npz", i=np.array([None, "x"], dtype=object), t_ms=np.zeros(2))
    for name, message in {
        "no.npz": "'no.npz' is no .npz file of arrays: ",
        "cut.npz": "'cut.npz' is no .npz file of arrays: ",
        "empty.npz": "'empty.npz' is no .npz file of arrays: ",
        "names.npz": "'names.npz' has 'x'; expected 'i', the index of the neuron, and ",
        "uneven.npz": "'uneven.npz' has neurons and times of different number",
        "objects.npz": "'objects.npz' is no .npz file of arrays: Object arrays cannot be loaded",
        "spikes.h5": "spikes are read from .csv and .npz, not from 'spikes.h5'",
    }.items():
        with pytest.raises(RecordingError) as error:
            read_recordings(Path(name), "exc")
        assert str(error.value).startswith(message)
        with pytest.raises(RecordingError):  # nor is it taken for results of netspec
            fakes.results().resemblance(name, of="exc")


def test_a_file_of_zeros_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez_compressed("zeros.npz", i=np.zeros(10**6, dtype=np.int64), t_ms=np.zeros(10**6))
    with pytest.raises(RecordingError) as error:
        read_recordings(Path("zeros.npz"), "exc")
    assert str(error.value) == (
        "'zeros.npz' is no .npz file of arrays: its members would take more than 100 times as much "
        "memory as the file is long"
    )
    times = np.arange(10**5) * 0.1
    np.savez_compressed("regular.npz", i=np.zeros(10**5, dtype=np.int64), t_ms=times)
    assert np.array_equal(read_recordings(Path("regular.npz"), "exc")["exc"].t, times)


def test_the_cost_is_that_of_what_was_recorded(results: Results) -> None:
    size = MAX_NEURONS
    neurons = np.array([0, 1, size - 1])
    spikes = Spikes(np.array([1, 2, 5, 7]), np.array([0, 1, size - 1, 1]), neurons, size, 1e-4)
    objects = {"exc": SpikingObject("population", size, 9, "")}
    big = replace(results, objects=objects, spikes={"exc": spikes})
    tracemalloc.start()
    try:
        trains = spikes.trains()
        alike = big.resemblance(big)
        other = big.resemblance({"exc": Recording(spikes.i, spikes.t)})
        assert tracemalloc.get_traced_memory()[1] < 10**7
    finally:
        tracemalloc.stop()
    assert {name: each.tolist() for name, each in trains.items()} == {
        0: [0.1],
        1: [0.2, 0.7],
        size - 1: [0.5],
    }
    assert str(alike) == str(other)
    assert alike.populations[0].neurons == 3


def test_recordings_that_do_not_fit(results: Results) -> None:
    one = Recording(np.array([fakes.EXC]), np.array([1.0]))
    for other, message in (
        ({"exc": one}, "'exc' has 70 neurons, counted from 0, and there is a spike of neuron 70"),
        ({"ex": one}, "nothing was recorded in both: 'exc', 'inh' here, 'ex' there"),
    ):
        with pytest.raises(RecordingError) as error:
            results.resemblance(other)
        assert str(error.value) == message
    for odd in ("1e-320 ms", "1e308 s"):
        with pytest.raises(RecordingError, match="width: expected a time from 1 ps to "):
            results.resemblance(results, width=odd)
    with pytest.raises(RecordingError, match="tau: expected a time above 0 such as '10 ms'"):
        results.resemblance(results, tau="3 mV")
    with pytest.raises(RecordingError, match="width: "):
        results.resemblance(results, width="3")


def test_the_plot_has_four_panels(results: Results) -> None:
    figure_module = pytest.importorskip("matplotlib.figure")
    figure = results.resemblance(results, names=("$a", "b")).plot(figure_module.Figure())
    labels = [axes.get_xlabel() for axes in figure.axes]
    assert labels == [
        "rate (Hz)",
        "CV of intervals",
        "correlation in bins of 5 ms",
        "distance, tau = 10 ms",
    ]
    assert [len(axes.lines) for axes in figure.axes] == [4, 4, 4, 3]
    (legend,) = figure.legends
    assert [each.get_text() for each in legend.get_texts()] == ["$a", "b", "exc", "inh"]
    figure.canvas.draw()
