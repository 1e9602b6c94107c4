"""The raster plot: spikes over time, objects as bands, mean rates below."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from netspec.expr.parse import shorten
from netspec.results.canvas import COLOURS, figure_or_new, tidy
from netspec.results.clock import step_in_milliseconds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netspec.results.results import Results
    from netspec.results.spikes import Spikes

_BINS = 100
"""The rate is averaged over bins of 1, 2 or 5 times a power of ten steps, about this many."""

_SMALLEST_DOT, _LARGEST_DOT = 0.6, 2.2
"""In points; larger marks are vertical bars."""


_LABEL_SIZE, _LABEL_HEIGHT = 9, 12
"""Of the font and of a line, in points."""

_LABEL_LENGTH = 24
"""Longer names are cut in the middle."""

_LEGEND_LENGTH, _HANDLE_LENGTH = 90, 7
"""Characters of a line of the legend, and of the mark before a name. Where names do not fit there
is no legend; the labels of the bands name the objects all the same."""


def draw_raster(results: Results, figure: Figure | None) -> Figure:
    """Draw recorded spikes; time in ms, one row per neuron from the top, one colour per object."""
    figure = figure_or_new(figure, (9.0, 5.5))
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    duration = float(results.steps * step_in_milliseconds(results.dt))
    rows = sum(len(spikes.neurons) for spikes in results.spikes.values())
    size = _marker_size(upper, rows, sum(map(len, results.spikes.values())))
    top = 0
    labels: list[_Label] = []
    for number, (name, spikes) in enumerate(results.spikes.items()):
        colour = COLOURS[number % len(COLOURS)]
        _draw_band(upper, spikes, top, colour, size)
        own = shorten(name, _LABEL_LENGTH)
        _draw_rate(lower, spikes, results.steps, colour, own)
        text = f"{own} ({len(spikes.neurons)})"
        labels.append(_Label(top + (len(spikes.neurons) - 1) / 2, text, colour))
        top += len(spikes.neurons)
    upper.set_ylim(max(rows, 1) - 0.5, -0.5)  # rows are counted from the top
    upper.set_ylabel("neurons")
    lower.set_ylabel("rate (Hz)")
    lower.set_ylim(0, None if any(map(len, results.spikes.values())) else 1)
    lower.set_xlim(0, duration or 1)
    lower.set_xlabel("time (ms)")
    if labels and sum(_HANDLE_LENGTH + len(each.text) for each in labels) <= _LEGEND_LENGTH:
        legend = lower.legend(
            ncols=len(labels), loc="lower right", bbox_to_anchor=(1, 0.93), frameon=False
        )
        for entry in legend.get_texts():
            entry.set_parse_math(False)
    if rows:
        _label(upper, labels, rows)
    else:
        upper.set_yticks([])
        note = "no neurons are recorded" if results.spikes else "no spike monitors"
        upper.text(0.5, 0.5, note, ha="center", transform=upper.transAxes)
    upper.set_title(str(results.metadata.get("name", "")), loc="left", parse_math=False)
    tidy(upper, lower)
    return figure


class _Label(NamedTuple):
    """Says which object a band is, in its colour."""

    row: float
    text: str
    colour: str


def _label(axes: Axes, labels: list[_Label], rows: int) -> None:
    """Write labels beside their bands, from the top down; one that has no room is left out."""
    room = rows * _LABEL_HEIGHT / (72 * _extent(axes)[1])
    shown: list[_Label] = []
    for label in labels:
        if not shown or label.row - shown[-1].row >= room:
            shown.append(label)
    axes.set_yticks([each.row for each in shown], [each.text for each in shown])
    axes.tick_params(axis="y", length=0, labelsize=_LABEL_SIZE)
    for text, label in zip(axes.get_yticklabels(), shown, strict=True):
        text.set_color(label.colour)


def _draw_band(axes: Axes, spikes: Spikes, top: int, colour: str, size: float) -> None:
    height = len(spikes.neurons)
    if spikes.windows is None:
        axes.axhspan(top - 0.5, top + height - 0.5, color=colour, alpha=0.07, linewidth=0)
    else:  # white is where nothing was recorded, which is not silence
        step = float(step_in_milliseconds(spikes.dt))
        recorded = [(start * step, (stop - start) * step) for start, stop in spikes.windows]
        rows = (top - 0.5, height)
        axes.broken_barh(recorded, rows, color=colour, alpha=0.07, linewidth=0)
    place = top + np.searchsorted(spikes.neurons, spikes.i)
    axes.plot(
        spikes.t,
        place,
        linestyle="none",
        marker="|" if size > _LARGEST_DOT else "o",
        markersize=size,
        markeredgewidth=1.0 if size > _LARGEST_DOT else 0,
        color=colour,
        alpha=1.0 if size > _SMALLEST_DOT else 0.5,  # where dots overlap, density still shows
        rasterized=True,
    )


def _marker_size(axes: Axes, rows: int, spikes: int) -> float:
    """Return a size in points: a bar as high as its row, or a dot that leaves room for the rest."""
    width, height = _extent(axes)
    bar = 0.8 * 72 * height / max(rows, 1)
    room = 72 * float(np.sqrt(width * height / max(spikes, 1)))
    return min(max(bar, float(np.clip(0.3 * room, _SMALLEST_DOT, _LARGEST_DOT))), 10)


def _extent(axes: Axes) -> tuple[float, float]:
    """Return width and height in inches."""
    extent = axes.get_window_extent().transformed(axes.figure.dpi_scale_trans.inverted())
    return extent.width, extent.height


def _draw_rate(axes: Axes, spikes: Spikes, steps: int, colour: str, label: str) -> None:
    width = _nice(max(steps // _BINS, 1))
    edges = np.append(np.arange(0, steps, width), steps)
    counts = np.bincount(spikes.step // width, minlength=len(edges) - 1)
    seconds = _recorded_steps(spikes, edges) * spikes.dt
    neuron_seconds = np.where(seconds > 0, seconds * max(len(spikes.neurons), 1), np.nan)
    per_neuron: npt.NDArray[np.float64] = counts / neuron_seconds
    step = float(step_in_milliseconds(spikes.dt))
    axes.stairs(per_neuron, edges * step, color=colour, linewidth=1.3, baseline=None, label=label)


def _recorded_steps(spikes: Spikes, edges: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return in how many steps of each bin spikes were recorded; the last bin may be shorter."""
    if spikes.windows is None:
        return np.diff(edges)
    return sum(
        (np.diff(np.clip(edges, start, stop)) for start, stop in spikes.windows),
        start=np.zeros(len(edges) - 1, dtype=np.int64),
    )


def _nice(steps: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50, … that is at least `steps`."""
    candidates = (int(digit * 10**power) for power in count() for digit in (1, 2, 5))
    return next(each for each in candidates if each >= steps)
