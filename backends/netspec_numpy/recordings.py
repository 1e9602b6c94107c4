"""State recordings: where samples go, when they are taken, and what is handed back."""

from __future__ import annotations

from netspec.ir import nodes as ir
from netspec_numpy import models
from netspec_numpy.cells import CellPrinter


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
        view = f"{recording.view.start}:{recording.view.stop}"
        self.value = cell.part(view).print(recording.value)

    def setup(self, steps: int) -> models.ObjectSetup:
        """Return the array of samples for a run of some steps."""
        each = self.recording
        shape = f"({-(-steps // each.every)}, {len(each.view)})"
        dtype = ", np.int64" if each.kind == "integer" else ""
        text = f"np.empty({shape}{dtype})"
        title = f"recording of {each.population}, {each.variable}"
        return models.ObjectSetup(title, (models.Constant(self.samples, text),))

    def sample(self) -> models.Sample:
        """Return how a sample is taken."""
        return models.Sample(self.samples, self.value)

    def result(self) -> models.Samples:
        """Return what is handed back."""
        return models.Samples(self.samples, self.recording.every)
