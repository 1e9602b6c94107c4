"""The plot of recorded state: one panel per variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netspec.results.canvas import COLOURS, figure_or_new, tidy
from netspec.results.clock import step_in_milliseconds

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netspec.results.results import Results

_FIELD_UNIT = {"V": "mV", "A": "pA", "S": "nS", "F": "pF", "s": "ms", "V/s": "mV/ms"}
"""The unit the field reads a quantity in, by its SI unit."""

_LABELLED = 6
"""Up to so many neurons are named in a legend."""


def draw_traces(results: Results, figure: Figure | None) -> Figure:
    """Draw recorded state over time in ms, each variable in the unit the field uses for it."""
    found = [
        (population, variable, trace)
        for population, variables in results.states.items()
        for variable, trace in variables.items()
    ]
    figure = figure_or_new(figure, (9.0, 1.0 + 2.0 * max(len(found), 1)))
    panels = figure.subplots(max(len(found), 1), 1, sharex=True, squeeze=False)[:, 0]
    for axes, (population, variable, trace) in zip(panels, found, strict=False):
        unit = _FIELD_UNIT.get(trace.unit, trace.unit)
        values = trace.to(unit)
        neurons = len(trace.i)
        is_point = len(trace.t) == 1  # through which no line goes
        for column, neuron in enumerate(trace.i):
            axes.plot(
                trace.t,
                values[:, column],
                color=COLOURS[column % len(COLOURS)],
                marker="o" if is_point else None,
                clip_on=not is_point,  # it stands on the axis
                linewidth=1.0 if neurons <= _LABELLED else 0.6,
                alpha=1.0 if neurons <= _LABELLED else 0.6,
                label=str(neuron),
            )
        axes.set_ylabel(variable if unit == "1" else f"{variable} ({unit})", parse_math=False)
        axes.set_title(population, loc="left", parse_math=False)
        if not neurons:
            axes.text(0.5, 0.5, "no neurons are recorded", ha="center", transform=axes.transAxes)
        elif neurons <= _LABELLED:
            axes.legend(title="neuron", loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    if not found:
        panels[0].text(0.5, 0.5, "no state monitors", ha="center", transform=panels[0].transAxes)
    duration = float(results.steps * step_in_milliseconds(results.dt))
    panels[-1].set_xlim(0, duration or 1)
    panels[-1].set_xlabel("time (ms)")
    tidy(*panels)
    return figure
