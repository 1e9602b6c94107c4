"""Whose time course it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from netspec.expr.types import Symbols
from netspec.ir import nodes as ir
from netspec.ir.recipe import FromFile, PerItem, Value


@dataclass(frozen=True, slots=True)
class CourseOwner:
    """The input that a course belongs to, and the neurons that it is for.

    Attributes:
        name: Of the input.
        population: That the neurons belong to; the input itself if it emits spikes.
        view: The neurons.
        size: Of the population.
        symbols: What values before step 0 may read.
        running: Those of them that can be read while running.
        suffix: Of the names of what is made.
        alike: Whether all neurons must have the same value.
    """

    name: str
    population: str
    view: ir.View
    size: int
    symbols: Symbols
    running: frozenset[str] = frozenset()
    suffix: str = ""
    alike: bool = False

    @property
    def path(self) -> str:
        """Its place in the document."""
        return f"inputs.{self.name}"

    @property
    def is_whole(self) -> bool:
        """Whether the neurons are all of the population."""
        return self.view == ir.View(0, self.size)

    def called(self, own: str) -> str:
        """Return what the cell calls something of the input."""
        return f"{own}{self.suffix}"

    def spread(self, value: Value) -> Value:
        """Return a value of the neurons as one of the whole population; others have 0."""
        if self.is_whole:
            return value
        before, after = self.view.start, self.size - self.view.stop
        match value:
            case PerItem(values):
                zero = Fraction(0)
                return PerItem((*[zero] * before, *values, *[zero] * after))
            case FromFile():
                return replace(value, before=before, after=after)
            case _:
                return value
