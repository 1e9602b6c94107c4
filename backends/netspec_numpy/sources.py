"""Sources: how what they emit in a step is found."""

from __future__ import annotations

from netspec.codegen.sources import FIRES, ProgramSource
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedPoisson, Thresholds
from netspec_numpy import models
from netspec_numpy.arrays import ProgramArrays
from netspec_numpy.cells import batch_length


class SourcePrinter(ProgramSource):
    """Everything that is printed for one source."""

    def setup(self, arrays: ProgramArrays) -> models.ObjectSetup:
        """Return the thresholds or the listed events."""
        key = f"inputs.{self.source.name}"
        neurons = f"{self.source.size} neurons"
        if isinstance(self.values, RealisedPoisson):
            thresholds = self.values.thresholds
            high = arrays.load_own(f"{key}.high", thresholds.high)
            low = arrays.load_own(f"{key}.low", thresholds.low)
            return models.ObjectSetup(
                f"Poisson source {self.source.name}, {neurons}{_how_often(thresholds)}",
                (
                    models.Constant(self.name("high"), high, FIRES),
                    models.Constant(self.name("low"), low),
                    models.Constant(self.name("batch_end"), "0", "drawn up to this step"),
                ),
            )
        arrays.load(f"{key}.steps", self.values.steps)
        arrays.load(f"{key}.indices", self.values.indices)
        return models.ObjectSetup(
            f"listed events of {self.source.name}, {neurons}",
            (models.Constant(self.name("listed"), f'by_step(arrays, "{key}")'),),
        )

    def draw(self) -> models.PoissonDraw:
        """Return how a batch of steps is drawn."""
        assert isinstance(self.values, RealisedPoisson)
        return models.PoissonDraw(
            fired=self.names("fired", self.source.name, ir.SPIKE),
            batch=self.name("batch"),
            start=self.name("batch_start"),
            end=self.name("batch_end"),
            steps=batch_length(self.source.size),
            key=self.values.key,
            high=self.name("high"),
            low=self.name("low"),
        )

    def listed(self) -> models.Listed:
        """Return how listed events are looked up."""
        fired = self.names("fired", self.source.name, ir.SPIKE)
        return models.Listed(fired, self.name("listed"))


def _how_often(thresholds: Thresholds) -> str:
    """Return in which part of the steps each neuron fires, if all are alike before step 0."""
    high = thresholds.high
    if not high.size or (high != high[0]).any():
        return ""
    return f", each fires in {float(high[0]) / 2**32:.4g} of all steps"
