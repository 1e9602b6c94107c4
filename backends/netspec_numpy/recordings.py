"""State recordings: where samples go, when they are taken, and what is handed back."""

from __future__ import annotations

from netspec.codegen.kept import edges_text
from netspec.ir import nodes as ir
from netspec_numpy import models
from netspec_numpy.arrays import ProgramArrays
from netspec_numpy.cells import CellPrinter

_FEW = 3
"""Up to so many windows are compared one by one."""


class RecordingPrinter:
    """Everything that is printed for one state recording.

    Args:
        recording: Of the IR.
        number: Its place there.
        cell: Of its population.
    """

    def __init__(self, recording: ir.StateRecording, number: int, cell: CellPrinter) -> None:
        self.recording = recording
        self.samples = cell.names("samples", str(number))
        self.row = cell.names("n_samples", str(number))
        self.number = number
        view = f"{recording.view.start}:{recording.view.stop}"
        self.value = cell.part(view).print(recording.value)

    @property
    def times(self) -> object:
        """What recordings have in common that are sampled together."""
        return self.recording.every, self.recording.windows

    def within(self, arrays: ProgramArrays) -> str:
        """Return the condition that a step is in a window; empty if every step is."""
        windows = self.recording.windows
        if windows is None:
            return ""
        if 0 < len(windows) <= _FEW:
            tests = [f"{each.start} <= k < {each.stop}" for each in windows]
            return tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"
        return f"within(k, {edges_text(f'sampled.{self.number}.steps', windows, arrays)})"

    def setup(self, steps: int) -> models.ObjectSetup:
        """Return the array of samples for a run of some steps."""
        each = self.recording
        shape = f"({each.n_samples(steps)}, {len(each.view)})"
        dtype = ", np.int64" if each.kind == "integer" else ""
        text = f"np.empty({shape}{dtype})"
        title = f"recording of {each.population}, {each.variable}"
        return models.ObjectSetup(title, (models.Constant(self.samples, text),))

    def sample(self) -> models.Sample:
        """Return how a sample is taken."""
        return models.Sample(self.samples, self.value)

    def result(self, row: str) -> models.Samples:
        """Return what is handed back.

        Args:
            row: Name of the number of samples, or empty if it follows from the steps.
        """
        every = self.recording.every
        rows = row or ("begun" if every == 1 else f" -(-begun // {every})")
        return models.Samples(self.samples, rows)
