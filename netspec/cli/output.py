"""Files that commands write: looked at before they work, written after it, whole or not at all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from netspec.cli.status import OutputError, UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netspec.results.results import Results
    from netspec.spec.network import Network

RESULT_SUFFIXES = (".npz", ".csv")
PLOT_SUFFIXES = (".png", ".pdf", ".svg")

_SHOWN = 3
"""Names that are suggested where nothing is recorded."""

_LONGEST_REASON = 200
"""Characters of what matplotlib says, which may be the whole log of LaTeX."""


@dataclass(frozen=True)
class Output:
    """A file to be written."""

    path: Path

    @property
    def holds_spikes_alone(self) -> bool:
        """Whether the file is of recorded spikes and nothing else, as tables and pictures are.

        It is empty where none are recorded, and does not say that a run is incomplete.
        """
        return self.path.suffix.lower() != ".npz"

    def write(self, results: Results) -> None:
        """Write the results in the form that the file's suffix says.

        Raises:
            OSError: The file cannot be written; nothing is left under its name.
            OutputError: The picture cannot be drawn.
        """
        match self.path.suffix.lower():
            case ".npz":
                results.save(self.path)
            case ".csv":
                from netspec.results.spike_table import save_csv

                save_csv(results, self.path)
            case _:
                _save_plot(results, self.path)


def planned_outputs(out: str | None, plot: str | None) -> tuple[Output, ...]:
    """Return the files that are asked for, after making sure that they can be written.

    Raises:
        UsageError: A file has the wrong kind of name.
        OutputError: A file cannot be written where it is to be.
    """
    outputs = []
    if out is not None:
        outputs.append(_planned("--out", out, RESULT_SUFFIXES))
    if plot is not None:
        outputs.append(planned_plot(plot))
    return tuple(outputs)


def planned_plot(plot: str) -> Output:
    """Return the picture that is asked for, after making sure that it can be drawn and written.

    Raises:
        UsageError: The file has the wrong kind of name, or matplotlib is not installed.
        OutputError: The file cannot be written where it is to be.
    """
    output = _planned("--plot", plot, PLOT_SUFFIXES)
    if find_spec("matplotlib") is None:
        raise UsageError("--plot needs matplotlib; install it with: pip install matplotlib")
    return output


def refuse_empty(outputs: tuple[Output, ...], network: Network) -> None:
    """Refuse files of recorded spikes where none are recorded.

    Raises:
        UsageError: A file would be empty; the message says what to record.
    """
    if network.monitors.spikes:
        return
    from netspec.spec.inputs import Effect

    emitting = (name for name, each in network.inputs.items() if not isinstance(each, Effect))
    recordable = json.dumps([*network.populations, *emitting][:_SHOWN])
    for output in outputs:
        if output.holds_spikes_alone:
            raise UsageError(
                f"'{output.path}' is for recorded spikes, and the description records none; add "
                f"them to its monitors, or with --set 'monitors.spikes={recordable}'"
            )


def _planned(option: str, text: str, suffixes: tuple[str, ...]) -> Output:
    path = Path(text)
    if path.suffix.lower() not in suffixes:
        wanted = " or ".join(suffixes)
        raise UsageError(f"{option} expects a file name ending in {wanted}, got '{text}'")
    if path.is_dir():
        raise OutputError(path, "it is a folder")
    try:
        # Only the attempt tells: permissions say little to root or on a read-only disk.
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}."):
            pass
    except OSError as error:
        raise OutputError(path, error) from None
    return Output(path)


def _save_plot(results: Results, path: Path) -> None:
    with drawing(path):
        from matplotlib.figure import Figure

        # A figure of its own, without pyplot: works without a display whatever MPLBACKEND says.
        figure = results.plot_raster(Figure(figsize=(9.0, 5.5)))
    save_figure(figure, path)


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure in the format that the file's suffix says.

    Raises:
        OSError: The file cannot be written; nothing is left under its name.
        OutputError: matplotlib cannot draw; says why.
    """
    from netspec.files import atomic_writer

    with atomic_writer(path) as stream, drawing(path):
        figure.savefig(stream, format=path.suffix.lower().removeprefix("."), dpi=150)


@contextmanager
def drawing(path: Path) -> Iterator[None]:
    """Tell what matplotlib raises, whose settings are the user's, from what netspec does.

    Raises:
        OutputError: It cannot be imported or cannot draw; says why.
    """
    try:
        yield
    except (OSError, MemoryError):
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:_LONGEST_REASON] or type(error).__name__
        raise OutputError(path, f"matplotlib cannot draw it: {reason}") from error
