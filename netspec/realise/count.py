"""How many edges or spikes there will be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """How many there will be.

    Attributes:
        mean: Expected number.
        sd: Its standard deviation; 0 where the number is certain.
    """

    mean: float
    sd: float = 0.0

    @property
    def exact(self) -> int | None:
        """The number where it is certain."""
        return int(self.mean) if self.sd == 0.0 else None
