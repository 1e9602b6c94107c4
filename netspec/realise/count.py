"""What is known of edges and spikes before they are made."""

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


@dataclass(frozen=True, slots=True)
class ExpectedEdges:
    """What is known of the edges of a projection before they are made.

    Attributes:
        count: How many there will be, on average.
        weight_bits: Of the grid of their weights.
        several_weights: Whether they may have different weights.
        several_delays: Whether they may have different delays.
    """

    count: float
    weight_bits: int
    several_weights: bool
    several_delays: bool
