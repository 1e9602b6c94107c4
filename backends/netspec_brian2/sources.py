"""Sources: groups that draw, and groups that emit listed events."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import RealisedEntry, RealisedListed, RealisedPoisson
from netspec_brian2 import models
from netspec_brian2.arrays import ScriptArrays
from netspec_brian2.changes import gathered, rate_changes
from netspec_brian2.functions import POISSON, signed_key
from netspec_brian2.names import Names


class PoissonPrinter:
    """A group whose threshold is a draw."""

    def __init__(
        self,
        source: ir.PoissonSource,
        values: RealisedPoisson,
        timeline: Sequence[tuple[int, RealisedEntry]],
        names: Names,
    ) -> None:
        self.source = source
        self.values = values
        self.names = names
        later = {
            (half, index): names.variable(source.name, half, str(index))
            for index, entry in timeline
            if isinstance(entry.action, ir.SetRate) and entry.action.source == source.name
            for half in ("high", "low")
        }
        found = rate_changes(timeline, source.name, later)
        self.changes = gathered(change for change in found if not change.is_empty)

    def functions(self) -> set[str]:
        """Return Brian2's names of the functions that the group calls."""
        return {POISSON, *(change.function for change in self.changes)}

    def model(self, arrays: ScriptArrays) -> models.Group:
        """Return what the template needs."""
        name, size = self.names.object("group", self.source.name), self.source.size
        flag = "" if self.changes else " (constant)"
        stored = [change for change in self.changes if change.is_stored]
        thresholds = self.values.thresholds
        halves = {
            "high": thresholds.high.astype(np.int64),
            "low": thresholds.low.astype(np.int64),
        }
        values = []
        for half, numbers in halves.items():
            text = arrays.quantity(f"{name}.{half}", numbers)
            values.append(models.Assigned(half, text))
        values += [models.Assigned(each.later, each.full(size, arrays, name)) for each in stored]
        operation = models.Operation(
            self.names.object("timeline", self.source.name),
            tuple(change.line(size) for change in self.changes),
            "before_start",
        )
        later = [change.later for change in stored]
        return models.Group(
            name=name,
            title=f"source {self.source.name}: fires where a 64-bit draw is below high*2**32 + low",
            size=size,
            equations_name=self.names.object("equations", self.source.name),
            equations=(
                f"high : integer{flag}",
                f"low : integer{flag}",
                *(f"{each} : integer (constant)" for each in later),
            ),
            method="",
            update=(),
            integrator="",
            threshold=f"{POISSON}(i, t_in_timesteps, key, high, low)",
            reset="",
            reset_lines=(),
            events=(),
            resets=(),
            integers=("high", "low", *later),
            keys=self.names.object("keys", self.source.name),
            streams=(models.Stream("key", signed_key(self.values.key), "spikes"),),
            tables=(),
            values=tuple(values),
            operations=(operation,) if self.changes else (),
        )


def listed_model(
    source: ir.ListedSource, values: RealisedListed, names: Names, arrays: ScriptArrays
) -> models.Listed:
    """Return what the template needs for a source with some events."""
    name = names.object("group", source.name)
    return models.Listed(
        name=name,
        title=f"source {source.name}: {values.steps.size} listed events",
        size=source.size,
        indices=arrays.load(f"{name}.indices", values.indices.astype(np.int32)),
        steps=arrays.load(f"{name}.steps", values.steps),
    )
