"""The plot of a resemblance: how statistics are distributed over neurons, in both recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from netspec.expr.parse import shorten
from netspec.results.canvas import COLOURS, figure_or_new, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netspec.results.resemblance import FloatArray, Resemblance

Style = Literal["-", "--"]

_STYLES: tuple[Style, Style] = ("-", "--")
"""Of the lines of the one recording and of the other."""

_LABEL_LENGTH = 24
_COLUMNS = 6
"""Of the legend."""

_ROOM = 1.05
"""Right of the largest value, as a ratio."""


def draw_resemblance(found: Resemblance, figure: Figure | None) -> Figure:
    """Draw cumulative distributions, one colour per population, the other recording dashed.

    Cumulative ones need no bins, and show a difference of one neuron.
    """
    figure = figure_or_new(figure, (9.0, 6.0))
    panels = figure.subplots(2, 2, sharey=True)
    titles = (
        ("rate (Hz)", "neurons"),
        ("CV of intervals", "neurons"),
        (f"correlation in bins of {found.width:.15g} ms", "pairs"),
        (f"distance, tau = {found.tau:.15g} ms", "neurons"),
    )
    for axes, (title, of) in zip(panels.flat, titles, strict=True):
        axes.set_xlabel(title)
        axes.set_ylabel(f"share of {of}")
        axes.set_ylim(0, 1.02)
    for number, each in enumerate(found.populations):
        colour = COLOURS[number % len(COLOURS)]
        for side, style in enumerate(_STYLES):
            _draw(panels[0, 0], each.rates[side], colour, style)
            _draw(panels[0, 1], each.variations[side], colour, style)
            _draw(panels[1, 0], each.correlations[side], colour, style)
        _draw(panels[1, 1], each.distances, colour, "-")
    last = panels[1, 1]
    last.set_xlim(0, max(_ROOM, *(_largest(each.distances) for each in found.populations)))
    last.axvline(1.0, color="0.6", linewidth=0.8, zorder=0)
    for place, text, alignment in ((0.0, "the same", "left"), (1.0, "unrelated", "center")):
        last.text(place, 1.04, text, color="0.4", ha=alignment, fontsize=9)
    _explain(found, figure)
    tidy(*panels.flat)
    return figure


def _largest(values: FloatArray) -> float:
    return _ROOM * float(values.max(initial=0.0))


def _explain(found: Resemblance, figure: Figure) -> None:
    """Name colours and styles above the panels."""
    from matplotlib.lines import Line2D

    entries = [
        (Line2D([], [], color="0.3", linestyle=style), name)
        for style, name in zip(_STYLES, found.names, strict=True)
    ]
    entries += [
        (Line2D([], [], color=COLOURS[number % len(COLOURS)]), each.name)
        for number, each in enumerate(found.populations)
    ]
    lines, names = zip(*entries, strict=True)
    legend = figure.legend(
        lines,
        [shorten(name, _LABEL_LENGTH) for name in names],
        loc="outside upper center",
        ncols=min(len(entries), _COLUMNS),
        frameon=False,
    )
    for entry in legend.get_texts():
        entry.set_parse_math(False)


def _draw(axes: Axes, values: FloatArray, colour: str, style: Style) -> None:
    """Draw which share of values is at most x, if there are any."""
    ordered = np.sort(values)
    if not ordered.size:
        return
    shares = np.arange(len(ordered) + 1) / len(ordered)
    x = np.concatenate([ordered[:1], ordered])
    axes.step(x, shares, where="post", color=colour, linestyle=style, linewidth=1.4)
