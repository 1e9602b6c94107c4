"""Populations: their equations, and the code of each phase of a step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import count

import numpy as np

from netspec.expr.nodes import Expression, names
from netspec.ir import nodes as ir
from netspec.ir.features import counts_events, expressions, sums_weights
from netspec.realise.network import RealisedPopulation
from netspec_brian2 import models
from netspec_brian2.functions import DRAWN_BY, REMEMBER, WHERE, WHERE_INTEGER, signed_key
from netspec_brian2.names import NOT_FINITE, SNAPSHOT, Names
from netspec_brian2.options import Target
from netspec_brian2.printer import Scope
from netspec_brian2.statements import delayed_targets, in_sequence, selected, stage_lines
from netspec_brian2.units import quantity_text


class CellPrinter:
    """Everything that is printed for the cell of one population.

    Args:
        population: Of the IR.
        values: What was realised for it.
        names: Identifiers of the script.
        fed: Names of the ports to which some events can be delivered.
        gathers: That can add to its neurons.
        target: Of Brian2.
    """

    def __init__(
        self,
        population: ir.Population,
        values: RealisedPopulation,
        names: Names,
        fed: frozenset[str],
        gathers: Sequence[ir.Gather],
        target: Target,
    ) -> None:
        self.population = population
        self.cell = population.cell
        self.values = values
        self.names = names
        self.fed = fed
        self.gathers = gathers
        self.target = target
        self.group = names.object("group", population.name)

    def name(self, variable: str, role: str = "value") -> str:
        """Return Brian2's name of something in the group."""
        return self.names.variable(self.population.name, role, variable)

    @cached_property
    def scope(self) -> Scope:
        """Names as everything but ports sees them."""
        known: list[ir.Variable | ir.Parameter] = [*self.cell.state, *self.cell.locals]
        known += [*self.cell.gathered, *self.cell.parameters]
        kinds: dict[str, ir.Kind] = {each.name: each.kind for each in known}
        kinds |= {draw.name: "real" for draw in self.cell.draws}
        kinds |= {table.name: "real" for table in self.cell.tables}
        for equation in self.cell.equations:
            kinds.setdefault(equation.name, "real")
        texts = {name: self.name(name) for name in kinds}
        noise = self._noise(kinds)
        kinds |= dict.fromkeys(noise, "real")
        texts |= noise
        never_zero = {
            each.name
            for each in self.cell.parameters
            if not each.varies and np.all(self.values.parameters[each.name] != 0)
        }
        return Scope(
            texts={**texts, ir.TIME: "t", ir.TIME_STEP: "dt"},
            kinds={**kinds, ir.TIME: "real", ir.TIME_STEP: "real"},
            never_zero=frozenset({*never_zero, ir.TIME_STEP}),
            plain=self._plain() if self.target == "numpy" else None,
            # Brian2 has Cython look at every denominator.
            is_cython=self.target == "cython",
        )

    def _noise(self, known: Iterable[str]) -> dict[str, str]:
        """Return Brian2's names of the white noise of the equations: all that is not declared.

        Brian2 wants `xi` in one equation only; what several have in common is called otherwise.
        """
        declared = {*known, ir.TIME, ir.TIME_STEP}
        found = Counter(name for each in self.cell.equations for name in names(each.value))
        noise = {name: name for name in sorted(found.keys() - declared)}
        if found["xi"] > 1:
            numbered = (f"xi_{number}" for number in count(1))
            noise["xi"] = next(name for name in numbered if name not in noise)
        return noise

    def _plain(self) -> frozenset[str]:
        """Return variables that a statement or definition makes one number for all neurons."""
        found: set[str] = set()
        assigned = list(_statements(self.cell))
        for each in self.cell.equations:
            if each.kind == "definition":
                assigned.append(ir.Statement(each.name, each.value))
        for _ in assigned:  # one may be set to another one
            found |= {each.target for each in assigned if names(each.value) <= found}
        return frozenset(found)

    @cached_property
    def spare(self) -> dict[str, str]:
        """Names for new values that cannot take their place at once."""
        known = (*self.cell.state, *self.cell.locals)
        return {each.name: self.name(each.name, "next") for each in known}

    @cached_property
    def _read_later(self) -> frozenset[str]:
        """Names that something after the update reads."""
        later = expressions(replace(self.cell, stages=()))
        return frozenset(name for tree in later for name in names(tree))

    @cached_property
    def stored_locals(self) -> list[ir.Variable]:
        """Locals that something after the update reads, or whose 64 bits need a declaration."""
        return [
            each
            for each in self.cell.locals
            if each.name in self._read_later or each.kind == "integer"
        ]

    @cached_property
    def stored_draws(self) -> list[ir.Draw]:
        """Random numbers that something after the update or an equation reads."""
        read = {*self._read_later}.union(*(names(each.value) for each in self.cell.equations))
        return [draw for draw in self.cell.draws if draw.name in read]

    def adding(self, local: str) -> list[ir.Gather]:
        """Return the gathers that add to a local, in order."""
        return [gather for gather in self.gathers if gather.local == local]

    def summed(self, gather: ir.Gather) -> str:
        """Return Brian2's name of what one gather adds: it fills a variable of its own."""
        if len(self.adding(gather.local)) == 1:
            return self.name(gather.local)
        return self.name(gather.name, "summed")

    def table(self, table: ir.Table) -> str:
        """Return the name of the function of time that a table is."""
        return self.names.object("table", self.population.name, table.name)

    def streams(self) -> Iterator[models.Stream]:
        """Yield what random numbers are drawn from."""
        for draw in self.cell.draws:
            key = signed_key(self.values.keys[draw.name])
            yield models.Stream(self.name(draw.name, "key"), key, draw.purpose)

    def _draws(self) -> Iterator[str]:
        """Yield the statements that draw the random numbers of a step."""
        for draw in self.cell.draws:
            step = "t_in_timesteps" if draw.hold == 1 else f"t_in_timesteps // {draw.hold}"
            given = ["0" if draw.shared else "i", step, self.name(draw.name, "key")]
            given += [] if draw.mean is None else [self.scope.print(draw.mean)]
            function = DRAWN_BY[draw.distribution]
            yield f"{self.name(draw.name)} = {function}({', '.join(given)})"

    @cached_property
    def watched(self) -> list[str]:
        """Declared state that could become infinite, in order."""
        return [each.name for each in self.cell.declared_state if each.kind == "real"]

    @cached_property
    def stored_spares(self) -> list[str]:
        """Targets of the update whose spare name needs a declaration of its 64 bits."""
        integer = {name for name, kind in self.scope.kinds.items() if kind == "integer"}
        return sorted(delayed_targets(self.cell.stages) & integer)

    def update(self) -> list[str]:
        """Return draws and statements of the update, and what remembers what is not finite."""
        lines = [*self._draws()]
        for stage in self.cell.stages:
            lines += stage_lines(stage, self.scope, self.spare)
        place, number = self.name(NOT_FINITE, "own"), len(self.watched)
        for position, variable in enumerate(self.watched):
            code = "t_in_timesteps" if number == 1 else f"{number}*t_in_timesteps + {position}"
            lines.append(f"{place} = {REMEMBER}({place}, {self.name(variable)}, {code})")
        return lines

    def immediate(self) -> list[str]:
        """Return what events do before delivery; all conditions are tested first."""
        events = [event for event in self.cell.events if event.immediate]
        fires = {event.name: self.name(event.name, "fires") for event in events}
        lines = [f"{fires[each.name]} = {self.scope.print(each.condition)}" for each in events]
        for event in events:
            for statement in event.immediate:
                lines.append(selected(statement, fires[event.name], self.scope))
        return lines

    def ports(self) -> list[str]:
        """Return what ports do; then their sums are cleared."""
        lines: list[str] = []
        cleared: list[str] = []
        for port in self.cell.ports:
            own = {
                ir.ACCUMULATOR: self.name(port.name, "acc"),
                ir.N_EVENTS: self.name(port.name, "n_events"),
            }
            lines += in_sequence(port.statements, self._in_port(own), self.spare)
            if port.name in self.fed:
                if sums_weights(port):
                    zero = quantity_text("0.0", port.weight_dimension)
                    cleared.append(f"{own[ir.ACCUMULATOR]} = {zero}")
                if counts_events(port):
                    cleared.append(f"{own[ir.N_EVENTS]} = 0")
        return lines + cleared

    def reset(self, event: ir.Event) -> tuple[str, ...]:
        """Return the statements at the end of a step."""
        return tuple(in_sequence(event.statements, self.scope, self.spare))

    @property
    def snapshot(self) -> str:
        """The event at which the state is kept for its digest."""
        return self.name(SNAPSHOT, "own")

    def functions(self) -> set[str]:
        """Return Brian2's names of the functions that the code and the equations call."""
        trees: list[Expression] = [*expressions(self.cell)]
        trees += [equation.value for equation in self.cell.equations]
        found = self._in_port({ir.ACCUMULATOR: "", ir.N_EVENTS: ""}).functions(trees)
        found |= {REMEMBER} if self.watched else set()
        found |= {DRAWN_BY[draw.distribution] for draw in self.cell.draws}
        for event in self.cell.events:
            targets = [self.scope.kinds[each.target] for each in event.immediate]
            found |= {WHERE_INTEGER if kind == "integer" else WHERE for kind in targets}
        return found

    def _in_port(self, texts: dict[str, str]) -> Scope:
        return self.scope.with_names(texts, {ir.ACCUMULATOR: "real", ir.N_EVENTS: "integer"})


def _statements(cell: ir.Cell) -> Iterator[ir.Statement]:
    parts: tuple[ir.Stage | ir.Port | ir.Event, ...] = (*cell.stages, *cell.ports, *cell.events)
    for part in parts:
        yield from part.statements
    for event in cell.events:
        yield from event.immediate
