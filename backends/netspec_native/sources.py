"""Sources that are no populations: how what they emit in a step is found."""

from __future__ import annotations

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import RealisedListed, RealisedPoisson, RealisedSource
from netspec_native import models
from netspec_native.arrays import ProgramArrays
from netspec_native.names import Names


class SourcePrinter:
    """Everything that is printed for one source.

    Args:
        source: Of the IR.
        values: What was realised for it.
        names: Identifiers of the program.
    """

    def __init__(self, source: ir.Source, values: RealisedSource, names: Names) -> None:
        self.source = source
        self.values = values
        self.names = names

    def name(self, role: str) -> str:
        """Return the identifier of something that belongs to the source."""
        return self.names(role, self.source.name)

    @property
    def is_poisson(self) -> bool:
        """Whether the source draws while running."""
        return isinstance(self.values, RealisedPoisson)

    def share(self, arrays: ProgramArrays) -> None:
        """Share thresholds or listed events with C."""
        key = f"inputs.{self.source.name}"
        if isinstance(self.values, RealisedPoisson):
            thresholds = self.values.thresholds
            note = "fires if a draw is below high * 2**32 + low"
            arrays.share_own(self.name("high"), f"{key}.high", thresholds.high, note)
            arrays.share_own(self.name("low"), f"{key}.low", thresholds.low)
        else:
            arrays.share(self.name("listed_steps"), f"{key}.steps", self.values.steps)
            arrays.share(self.name("listed_indices"), f"{key}.indices", self.values.indices)

    def model(self) -> models.Source:
        """Return what the template needs."""
        own = (self.source.name, ir.SPIKE)
        poisson = self.values if isinstance(self.values, RealisedPoisson) else None
        listed = self.values if isinstance(self.values, RealisedListed) else None
        return models.Source(
            title=self.source.name,
            function=self.name("emit"),
            first=self.name("first"),
            end=self.name("end"),
            fired=self.names("fired", *own),
            n_fired=self.names("n_fired", *own),
            high=self.name("high"),
            low=self.name("low"),
            key=poisson.key if poisson else None,
            listed_steps=self.name("listed_steps"),
            listed_indices=self.name("listed_indices"),
            n_listed=int(np.size(listed.steps)) if listed else 0,
            next=self.name("next"),
        )
