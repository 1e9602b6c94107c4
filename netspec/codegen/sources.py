"""A source that is no population, as far as all programs have the same of it."""

from __future__ import annotations

from collections.abc import Callable

from netspec.ir import nodes as ir
from netspec.realise.network import RealisedPoisson, RealisedSource

FIRES = "fires if a draw is below high * 2**32 + low"
"""What thresholds of a source that draws mean."""


class ProgramSource:
    """What is known of one source while it is printed.

    Args:
        source: Of the IR.
        values: What was realised for it.
        names: Identifiers of the program, by role and names of the IR.
    """

    def __init__(
        self, source: ir.Source, values: RealisedSource, names: Callable[..., str]
    ) -> None:
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
