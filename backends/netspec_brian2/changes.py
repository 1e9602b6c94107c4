"""The timeline: entries of a group become selections that look at the number of the step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.codegen.arrays import is_uniform, number
from netspec.codegen.steps import series
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
        steps: When they come, ascending.
        view: Which neurons change; `None` if the variable is one value for all.
        values: Shape () or that of the view.
    """

    variable: str
    later: str
    dimension: Dimension
    steps: tuple[int, ...]
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
        condition = at_steps(self.steps)
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

    @property
    def content(self) -> tuple[Any, ...]:
        """What it changes and to what, so that two changes can be compared."""
        values = self.values
        return (self.variable, self.view, values.dtype.str, values.shape, values.tobytes())


def at_steps(steps: Sequence[int]) -> str:
    """Return the condition that the step is one of some."""
    parts = []
    for each in series(steps):
        if len(each) == 1:
            parts.append(f"t_in_timesteps == {each.start}")
            continue
        part = f"t_in_timesteps >= {each.start} and t_in_timesteps < {each.stop}"
        if each.step > 1:
            part += f" and (t_in_timesteps - {each.start}) % {each.step} == 0"
        parts.append(f"({part})")
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def gathered(changes: Iterable[Change]) -> list[Change]:
    """Return changes so that what happens at several steps is there once.

    What one step does to one variable stays together and in order.
    """
    by_place: dict[tuple[str, int], list[Change]] = {}
    for change in changes:
        by_place.setdefault((change.variable, change.steps[0]), []).append(change)
    first: dict[tuple[Any, ...], list[Change]] = {}
    steps: dict[tuple[Any, ...], list[int]] = {}
    for (_, step), several in by_place.items():
        content = tuple(each.content for each in several)
        first.setdefault(content, several)
        steps.setdefault(content, []).append(step)
    return [
        replace(each, steps=tuple(steps[content]))
        for content, several in first.items()
        for each in several
    ]


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
                    yield Change(half, name, DIMENSIONLESS, (entry.step,), view, integers)
