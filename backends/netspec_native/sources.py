"""Sources that are no populations: how what they emit in a step is found."""

from __future__ import annotations

import numpy as np

from netspec.codegen.sources import FIRES, ProgramSource
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedPoisson
from netspec_native import models
from netspec_native.arrays import ProgramArrays


class SourcePrinter(ProgramSource):
    """Everything that is printed for one source."""

    def share(self, arrays: ProgramArrays) -> None:
        """Share thresholds or listed events with C."""
        key = f"inputs.{self.source.name}"
        if isinstance(self.values, RealisedPoisson):
            thresholds = self.values.thresholds
            arrays.share_own(self.name("high"), f"{key}.high", thresholds.high, FIRES)
            arrays.share_own(self.name("low"), f"{key}.low", thresholds.low)
            arrays.share_key(self.name("key"), self.values.key)
        else:
            steps = np.append(self.values.steps, np.int64(-1))
            note = "and one that never comes"
            arrays.share(self.name("listed_steps"), f"{key}.steps", steps, note)
            arrays.share(self.name("listed_indices"), f"{key}.indices", self.values.indices)

    def model(self) -> models.Source:
        """Return what the template needs."""
        own = (self.source.name, ir.SPIKE)
        return models.Source(
            title=self.source.name,
            function=self.name("emit"),
            first=self.name("first"),
            end=self.name("end"),
            fired=self.names("fired", *own),
            n_fired=self.names("n_fired", *own),
            high=self.name("high"),
            low=self.name("low"),
            is_poisson=self.is_poisson,
            key=self.name("key"),
            listed_steps=self.name("listed_steps"),
            listed_indices=self.name("listed_indices"),
            next=self.name("next"),
        )
