"""From the cell of a population to the render model of its group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import NumberArray, RealisedEntry
from netspec_brian2 import models
from netspec_brian2.arrays import ScriptArrays
from netspec_brian2.cells import CellPrinter
from netspec_brian2.changes import Change, gathered, in_brian2_order
from netspec_brian2.declarations import equation_lines, integer_names
from netspec_brian2.names import NOT_FINITE
from netspec_brian2.units import quantity_text

_FIRST = "-1"


class GroupPrinter:
    """Everything that is declared and set for one population.

    Args:
        cell: Its code.
        timeline: Of the network, with numbers.
        samplings: Events that only serve to sample.
    """

    def __init__(
        self,
        cell: CellPrinter,
        timeline: Sequence[tuple[int, RealisedEntry]],
        samplings: Sequence[models.Event],
    ) -> None:
        self.cell = cell
        self.samplings = samplings
        found = (self._change(index, entry) for index, entry in timeline)
        known = [each for each in found if each and not each.is_empty]
        self.changes = in_brian2_order(gathered(known))

    def functions(self) -> set[str]:
        """Return Brian2's names of the functions that the group calls."""
        return self.cell.functions() | {change.function for change in self.changes}

    def model(self, arrays: ScriptArrays) -> models.Group:
        """Return what the template needs."""
        cell, population = self.cell, self.cell.population
        name, names = population.name, self.cell.names
        update = tuple(cell.update())
        has_method = any(each.kind == "derivative" for each in cell.cell.equations)
        update_name = names.object("update", name)
        operations = [
            models.Operation(names.object("timeline", name), self._timeline(), "before_start"),
            models.Operation(update_name, () if has_method else update, "groups"),
            models.Operation(
                names.object("immediate", name), tuple(cell.immediate()), "after_thresholds"
            ),
            models.Operation(names.object("ports", name), tuple(cell.ports()), "after_synapses"),
        ]
        spike = next((each for each in cell.cell.events if each.name == ir.SPIKE), None)
        reset = cell.reset(spike) if spike else ()
        return models.Group(
            name=cell.group,
            title=f"population {name}: {population.size} x {cell.cell.model}",
            size=population.size,
            equations_name=names.object("equations", name),
            equations=tuple(equation_lines(cell, self.changes)),
            method=update_name if has_method else "",
            update=update if has_method else (),
            integrator=cell.cell.integrator,
            threshold=cell.scope.print(spike.condition) if spike else "",
            reset=names.object("reset", name) if reset else "",
            reset_lines=reset,
            events=(*self._events(), *self.samplings),
            resets=tuple(self._resets()),
            integers=tuple(integer_names(cell, self.changes)),
            keys=names.object("keys", name) if cell.cell.draws else "",
            streams=tuple(cell.streams()),
            tables=tuple(self._tables(arrays)),
            values=tuple(self._values(arrays)),
            operations=tuple(each for each in operations if each.lines),
        )

    def _tables(self, arrays: ScriptArrays) -> Iterator[models.Table]:
        for table in self.cell.cell.tables:
            name = self.cell.table(table)
            stored = arrays.load(name, self.cell.values.tables[table.name])
            yield models.Table(name, quantity_text(stored, table.dimension), table.hold)

    def _events(self) -> Iterator[models.Event]:
        for event in self._beside_spike:
            condition = self.cell.scope.print(event.condition)
            yield models.Event(self.cell.name(event.name, "event"), condition, "thresholds")

    def _resets(self) -> Iterator[models.Reset]:
        for order, event in enumerate(self._beside_spike, 1):
            if lines := self.cell.reset(event):
                emitted = ir.event_object(self.cell.population.name, event.name)
                name = self.cell.names.object("reset", emitted)
                yield models.Reset(self.cell.name(event.name, "event"), name, lines, order)

    @property
    def _beside_spike(self) -> list[ir.Event]:
        return [each for each in self.cell.cell.events if each.name != ir.SPIKE]

    def _timeline(self) -> tuple[str, ...]:
        return tuple(change.line(self.cell.population.size) for change in self.changes)

    def _values(self, arrays: ScriptArrays) -> Iterator[models.Assigned]:
        cell, values, group = self.cell.cell, self.cell.values, self.cell.group
        known: list[tuple[ir.Variable | ir.Parameter, NumberArray]] = [
            *((each, values.initial[each.name]) for each in cell.state),
            *((each, values.parameters[each.name]) for each in cell.parameters),
        ]
        for entry, numbers in known:
            if entry.name != ir.COUNTDOWN or numbers.any():
                name = self.cell.name(entry.name)
                text = arrays.quantity(f"{group}.{name}", numbers, entry.dimension)
                yield models.Assigned(name, text)
        for change in self.changes:
            if change.is_stored:
                text = change.full(self.cell.population.size, arrays, group)
                yield models.Assigned(change.later, text)
        if self.cell.watched:
            yield models.Assigned(self.cell.name(NOT_FINITE, "own"), _FIRST)

    def _change(self, index: int, entry: RealisedEntry) -> Change | None:
        population = self.cell.population
        match entry.action:
            case ir.SetParameter(owner, name, view) if owner == population.name:
                known = {each.name: each for each in population.cell.parameters}
                place = view if known[name].per_neuron else None
                dimension = known[name].dimension
            case ir.SetState(owner, name, view) if owner == population.name:
                place = view
                dimension = {each.name: each for each in population.cell.state}[name].dimension
            case _:
                return None
        assert isinstance(entry.values, np.ndarray)
        later = self.cell.names.variable(owner, "change", str(index))
        return Change(self.cell.name(name), later, dimension, (entry.step,), place, entry.values)
