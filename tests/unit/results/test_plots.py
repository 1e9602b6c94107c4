"""Pictures: what they show, with few spikes, with many and with none."""

import io
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from unit.results import fakes

from netspec.ir import nodes as ir
from netspec.results.canvas import COLOURS
from netspec.results.raster import _nice
from netspec.results.record import NonFinite
from netspec.results.results import Recorded, Results


def drawn(figure: Figure) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()


def test_raster_shows_spikes_in_ms_and_rates_in_hz() -> None:
    results = fakes.results()
    upper, lower = results.plot_raster(Figure()).axes
    exc, inh = (line.get_xydata() for line in upper.get_lines())
    assert np.array_equal(exc[:, 0], results.spikes["exc"].t)
    assert np.array_equal(exc[:, 1], results.spikes["exc"].i)
    assert np.array_equal(inh[:, 1], results.spikes["inh"].i + fakes.EXC)
    assert upper.get_ylim() == (99.5, -0.5)  # the first neuron on top
    labels = {text.get_text(): text.get_color() for text in upper.get_yticklabels()}
    assert labels == {"exc (70)": COLOURS[0], "inh (30)": COLOURS[1]}
    assert (lower.get_xlabel(), lower.get_ylabel()) == ("time (ms)", "rate (Hz)")
    assert lower.get_xlim() == (0, 500)
    values, edges, _ = lower.patches[0].get_data()
    spikes_in_bins = values * np.diff(edges) / 1000 * fakes.EXC
    assert spikes_in_bins.sum() == pytest.approx(results.counts["exc"])


def test_views_are_stacked_without_gaps() -> None:
    recordings = (ir.SpikeRecording("exc", "spike", (ir.View(60, 70), ir.View(0, 2))),)
    results = fakes.results(fakes.network(spikes=recordings))
    axes = results.plot_raster(Figure()).axes[0]
    assert set(axes.get_lines()[0].get_ydata()) <= set(range(12))
    assert axes.get_ylim() == (11.5, -0.5)


def test_bands_are_in_the_order_of_the_monitors(tmp_path: Path) -> None:
    sizes = {"inh": fakes.INH, "exc": fakes.EXC, "ext": fakes.EXT}
    recordings = tuple(
        ir.SpikeRecording(name, "spike", (ir.View(0, size),)) for name, size in sizes.items()
    )
    results = fakes.results(fakes.network(spikes=recordings))
    results.save(tmp_path / "run.npz")
    for each in (results, Results.load(tmp_path / "run.npz")):
        upper = each.plot_raster(Figure()).axes[0]
        assert [text.get_text() for text in upper.get_yticklabels()] == [
            f"{name} ({size})" for name, size in sizes.items()
        ]
        rows = [text.get_position()[1] for text in upper.get_yticklabels()]
        assert rows == sorted(rows)


def many(names: list[str]) -> Results:
    """Return results of many populations, with their spikes."""
    one = fakes.results()
    spikes = Recorded(dict.fromkeys(names, one.spikes["inh"]))
    return replace(one, spikes=spikes)


@pytest.mark.parametrize(
    "names", [[f"population_{number}" for number in range(40)], [f"{'x' * 60}{n}" for n in "abc"]]
)
def test_labels_neither_overlap_nor_crowd_out_the_spikes(names: list[str]) -> None:
    figure = many(names).plot_raster(Figure(figsize=(9, 5.5)))
    drawn(figure)
    upper = figure.axes[0]
    assert upper.get_window_extent().width > 0.6 * figure.bbox.width
    boxes = [text.get_window_extent() for text in upper.get_yticklabels()]
    assert 3 <= len(boxes) <= len(names)
    assert all(above.y0 >= below.y1 for above, below in pairwise(boxes))


def test_an_empty_view_and_no_monitors_are_told_apart() -> None:
    empty = (ir.SpikeRecording("exc", "spike", (ir.View(0, 0),)),)
    for recordings, note in ((empty, "no neurons are recorded"), ((), "no spike monitors")):
        axes = fakes.results(fakes.network(spikes=recordings)).plot_raster(Figure()).axes[0]
        assert [text.get_text() for text in axes.texts] == [note]


def test_a_single_sample_can_be_seen() -> None:
    axes = fakes.results(steps=1).plot_traces(Figure()).axes[0]
    assert [line.get_marker() for line in axes.get_lines()] == ["o", "o", "o"]


def test_a_raster_tells_silence_from_what_was_not_recorded() -> None:
    windows = (ir.Window(1000, 1030), ir.Window(2000, 4000))
    watched = ir.SpikeRecording("exc", "spike", (ir.View(0, fakes.EXC),), windows)
    results = fakes.results(fakes.network(spikes=(watched,)))
    upper, lower = results.plot_raster(Figure()).axes
    (band,) = upper.collections
    shaded = [path.get_extents().intervalx.tolist() for path in band.get_paths()]
    assert shaded == [[100, 103], [200, 400]]
    rates, edges, _ = lower.patches[0].get_data()
    assert np.array_equal(edges, np.linspace(0, 500, 101))
    first, spikes = 20, results.spikes["exc"].step
    assert rates[first] == pytest.approx(np.sum(spikes < 1030) / (0.003 * fakes.EXC))
    seen = np.flatnonzero(np.isfinite(rates))
    assert seen.tolist() == [first, *range(40, 80)]


def test_no_line_leads_through_what_was_not_recorded() -> None:
    windows = (ir.Window(0, 30), ir.Window(2000, 2001), ir.Window(4000, 4100))
    watched = replace(fakes.sampled("V", ir.View(0, 3), 10), windows=windows)
    net = fakes.network(states=(watched,))
    raw = fakes.record(net)
    kept = replace(raw, states=(raw.states[0][:14],))
    results = Results.from_record(kept, net, fakes.metadata(net, raw.steps))
    line = results.plot_traces(Figure()).axes[0].get_lines()[0]
    times = [0, 1, 2, np.nan, 200, np.nan, *range(400, 410)]
    assert np.array_equal(line.get_xdata(), times, equal_nan=True)
    kept_values = results.states["exc"]["V"].to("mV")[:, 0]
    assert np.array_equal(np.delete(line.get_ydata(), [3, 5]), kept_values)
    assert (line.get_marker(), line.get_markevery()) == ("o", [4])


@pytest.mark.parametrize(
    "results",
    [
        fakes.results(fakes.network(spikes=(), states=())),
        fakes.results(p=0.0),
        fakes.results(steps=0),
        fakes.results(steps=1),
        fakes.results(steps=4321, end=NonFinite(4321, "exc", 0, "V")),
        fakes.results(fakes.network(spikes=(ir.SpikeRecording("exc", "spike", (ir.View(0, 0),)),))),
        fakes.results(
            fakes.network(spikes=(ir.SpikeRecording("exc", "spike", (ir.View(0, 9),), ()),)), p=0.0
        ),
    ],
    ids=[
        "no-monitors",
        "silent",
        "no-steps",
        "one-step",
        "non-finite",
        "empty-view",
        "never-recorded",
    ],
)
def test_every_run_can_be_drawn(results) -> None:
    assert drawn(results.plot_raster(Figure())).startswith(b"\x89PNG")
    assert drawn(results.plot_traces(Figure())).startswith(b"\x89PNG")


def test_a_million_spikes_are_drawn_as_pixels() -> None:
    net = fakes.network(
        sizes=(8000, 2000, 1), spikes=(ir.SpikeRecording("exc", "spike", (ir.View(0, 8000),)),)
    )
    figure = fakes.results(net, p=0.025).plot_raster(Figure())
    assert figure.axes[0].get_lines()[0].get_rasterized()
    stream = io.BytesIO()
    figure.savefig(stream, format="svg")
    assert len(stream.getvalue()) < 2_000_000


def test_traces_are_in_the_units_of_the_field() -> None:
    results = fakes.results()
    upper, lower = results.plot_traces(Figure()).axes
    assert (upper.get_ylabel(), lower.get_ylabel()) == ("V (mV)", "u (mV/ms)")
    expected = results.states["exc"]["V"].to("mV")[:, 0]
    assert np.array_equal(upper.get_lines()[0].get_ydata(), expected)


def test_names_are_not_read_as_formulas() -> None:
    results = fakes.results()
    results.metadata["name"] = "$\\frac$"
    assert drawn(results.plot_raster(Figure()))


def test_no_display_is_needed() -> None:
    script = (
        "from unit.results import fakes\n"
        "figure = fakes.results().plot_raster(); figure.savefig('/dev/null', format='png')\n"
        "import matplotlib; print(matplotlib.get_backend().lower())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{script}"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.stdout == "agg\n"


@pytest.mark.parametrize(
    ("steps", "width"), [(1, 1), (2, 2), (3, 5), (6, 10), (50, 50), (51, 100), (300, 500)]
)
def test_bins_are_round(steps: int, width: int) -> None:
    assert _nice(steps) == width
