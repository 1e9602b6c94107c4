"""The plot of recorded state: one panel per variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netspec.results.canvas import COLOURS, figure_or_new, tidy
from netspec.results.clock import step_in_milliseconds

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netspec.results.results import Results
    from netspec.results.traces import FloatArray

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
        gaps = np.flatnonzero(np.diff(trace.step) > trace.every) + 1  # of the recording
        times = np.insert(trace.t, gaps, np.nan)
        values = np.insert(trace.to(unit), gaps, np.nan, axis=0)
        neurons = len(trace.i)
        alone = _alone(times)
        for column, neuron in enumerate(trace.i):
            axes.plot(
                times,
                values[:, column],
                color=COLOURS[column % len(COLOURS)],
                marker="o" if alone else None,
                markevery=alone or None,
                clip_on=not alone,  # one may stand on the axis
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


def _alone(times: FloatArray) -> list[int]:
    """Return the numbers of the samples between two gaps, through which no line goes."""
    is_gap = np.isnan(np.concatenate([[np.nan], times, [np.nan]]))
    numbers: list[int] = np.flatnonzero(is_gap[:-2] & ~is_gap[1:-1] & is_gap[2:]).tolist()
    return numbers
