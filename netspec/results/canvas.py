"""What netspec's plots have in common: colours, a figure to draw into, plain axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netspec.errors import NetspecError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's palette, which colour-blind readers can tell apart; its yellow is too light."""


def figure_or_new(figure: Figure | None, size: tuple[float, float]) -> Figure:
    """Return the figure, or a new one of pyplot with this size in inches.

    Raises:
        NetspecError: Matplotlib is not installed.
    """
    if figure is not None:
        figure.set_layout_engine("constrained")
        return figure
    try:
        from matplotlib import pyplot as plt
    except ImportError as error:
        message = "plots need matplotlib; install it with: pip install matplotlib"
        raise NetspecError(message) from error
    return plt.figure(figsize=size, layout="constrained")


def tidy(*panels: Axes) -> None:
    """Leave only the axes that carry a scale."""
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
