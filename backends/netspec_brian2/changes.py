"""The timeline: entries of a group become selections that look at the number of the step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.codegen.arrays import is_uniform, number
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedEntry, Thresholds
from netspec.units import DIMENSIONLESS, Dimension
from netspec_brian2.arrays import ScriptArrays
from netspec_brian2.functions import WHERE, WHERE_INTEGER
from netspec_brian2.units import quantity_text


@dataclass(frozen=True, slots=True)
class Change:
    """New values of a variable of a group.

    Attributes:
        variable: Brian2's name of what changes.
        later: Brian2's name of a variable that holds the new values, if they differ.
        dimension: Of the values.
        step: When they come.
        view: Which neurons change; `None` if the variable is one value for all.
        values: Shape () or that of the view.
    """

    variable: str
    later: str
    dimension: Dimension
    step: int
    view: ir.View | None
    values: npt.NDArray[Any]

    @property
    def is_integer(self) -> bool:
        """Whether the values are integers."""
        return self.values.dtype.kind != "f"

    @property
    def is_stored(self) -> bool:
        """Whether the values need a variable of their own."""
        return bool(self.values.ndim) and not is_uniform(self.values)

    @property
    def is_empty(self) -> bool:
        """Whether the change concerns nobody."""
        return self.values.size == 0

    @property
    def function(self) -> str:
        """The function of the script that selects."""
        return WHERE_INTEGER if self.is_integer else WHERE

    def line(self, size: int) -> str:
        """Return the statement for a group of `size` neurons."""
        condition = f"t_in_timesteps == {self.step}"
        if self.view is not None and self.view.start > 0:
            condition += f" and i >= {self.view.start}"
        if self.view is not None and self.view.stop < size:
            condition += f" and i < {self.view.stop}"
        if self.is_stored:
            new = self.later
        else:
            new = quantity_text(number(self.values.reshape(-1)[0]), self.dimension)
        return f"{self.variable} = {self.function}({condition}, {new}, {self.variable})"

    def full(self, size: int, arrays: ScriptArrays, group: str) -> str:
        """Return the text of the stored values, for all neurons of the group."""
        assert self.view is not None
        spread = np.zeros(size, self.values.dtype)
        spread[self.view.start : self.view.stop] = self.values
        return arrays.quantity(f"{group}.{self.later}", spread, self.dimension)


def in_brian2_order(changes: Sequence[Change]) -> list[Change]:
    """Return changes with those of shared variables first, as Brian2 wants them.

    Those of one variable keep their order, and no other order matters.
    """
    return sorted(changes, key=lambda change: change.view is not None)


def rate_changes(
    entries: Sequence[tuple[int, RealisedEntry]], source: str, later: dict[tuple[str, int], str]
) -> Iterator[Change]:
    """Yield the changes of a Poisson source's thresholds.

    Args:
        entries: The timeline with numbers.
        source: Name of the source.
        later: Brian2's names by half and number of the entry.
    """
    for index, entry in entries:
        match entry.action, entry.values:
            case ir.SetRate(owner, view), Thresholds(high, low) if owner == source:
                for half, values in (("high", high), ("low", low)):
                    integers = values.astype(np.int64)
                    name = later[half, index]
                    yield Change(half, name, DIMENSIONLESS, entry.step, view, integers)
