"""State recordings: where samples go, when they are taken, and what is handed back."""

from __future__ import annotations

from netspec.ir import nodes as ir
from netspec_numpy import models
from netspec_numpy.names import Names


class RecordingPrinter:
    """Everything that is printed for one state recording.

    Args:
        recording: Of the IR.
        number: Its place there.
        names: Identifiers of the program.
    """

    def __init__(self, recording: ir.StateRecording, number: int, names: Names) -> None:
        self.recording = recording
        self.samples = names("samples", str(number))
        self.variable = names("value", recording.population, recording.variable)

    def setup(self, steps: int) -> models.ObjectSetup:
        """Return the array of samples for a run of some steps."""
        each = self.recording
        shape = f"({-(-steps // each.every)}, {len(each.view)})"
        text = f"np.empty({shape}, {self.variable}.dtype)"
        title = f"recording of {each.population}, {each.variable}"
        return models.ObjectSetup(title, (models.Constant(self.samples, text),))

    def sampling(self) -> models.Sampling:
        """Return how a sample is taken."""
        each = self.recording
        return models.Sampling(
            self.samples, self.variable, each.every, each.view.start, each.view.stop
        )

    def result(self) -> models.Samples:
        """Return what is handed back."""
        return models.Samples(self.samples, self.recording.every)
