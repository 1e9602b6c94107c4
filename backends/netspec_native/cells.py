"""Populations: how the names of a cell are read, and its statements as C."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from netspec.expr.nodes import Expression, names as names_in
from netspec.ir import nodes as ir
from netspec.ir.features import counts_events, expressions, sums_weights
from netspec.realise.network import RealisedPopulation
from netspec_native import finite, growths, models
from netspec_native.names import Names, named_values
from netspec_native.printer import C_TYPES, Assignments, Texts, assigned, c_text, identifiers_in
from netspec_native.weights import Row

_LONGEST = (1 << 15) - 1
"""Steps that 16 bits can count."""


class CellPrinter:
    """Everything that is printed for one population.

    Args:
        population: Of the IR.
        number: Its place there.
        values: What was realised for it.
        names: Identifiers of the program.
        fed: Ports to which some events can be delivered, and what weights are added up in there.
        seen: What is read of the population from outside its cell.
        is_split: Ports come after all populations were updated, in a function of their own.
    """

    def __init__(
        self,
        population: ir.Population,
        number: int,
        values: RealisedPopulation,
        names: Names,
        *,
        fed: Mapping[str, Row],
        seen: Iterable[Expression],
        is_split: bool,
    ) -> None:
        self.population = population
        self.cell = population.cell
        self.number = number
        self.values = values
        self.names = names
        self.fed = fed
        self.is_split = is_split
        self.seen = {name for each in seen for name in names_in(each)}
        self.read = self.seen | {name for each in expressions(self.cell) for name in names_in(each)}
        """Names that some expression reads."""

    def of(self, role: str) -> str:
        """Return the identifier of something that belongs to the population."""
        return self.names(role, self.population.name)

    def name(self, value: str) -> str:
        """Return the identifier of a variable, parameter, table, draw or local."""
        return self.names("value", self.population.name, value)

    # --- what there is ---

    @cached_property
    def kinds(self) -> Mapping[str, ir.Kind]:
        """What each named value is."""
        known: dict[str, ir.Kind] = dict.fromkeys(named_values(self.cell), "real")
        for entries in (self.cell.state, self.cell.locals, self.cell.parameters):
            known |= {entry.name: entry.kind for entry in entries}
        return known

    @cached_property
    def common(self) -> frozenset[str]:
        """Names that have one value for the whole population."""
        cell = self.cell
        found = {each.name for each in (*cell.state, *cell.locals) if each.shared}
        found |= {each.name for each in cell.draws if each.shared}
        found |= {each.name for each in cell.parameters if not each.per_neuron}
        found |= {each.name for each in cell.tables if not each.per_neuron}
        return frozenset(found | {ir.TIME, ir.TIME_STEP})

    @cached_property
    def shared_state(self) -> list[str]:
        """State variables that exist once."""
        return [each.name for each in self.cell.state if each.shared]

    @cached_property
    def tables(self) -> list[ir.Table]:
        """The tables that some expression reads."""
        return [table for table in self.cell.tables if table.name in self.read]

    @cached_property
    def is_fused(self) -> bool:
        """Whether ports can come before what an event does at once, in the loop of the update.

        They can if neither reads or changes what the other changes.
        """
        at_once = [each for event in self.cell.events for each in event.immediate]
        received = [each for port in self.cell.ports for each in port.statements]
        return not (
            self.is_split
            or _targets(at_once) & (_targets(received) | _names(received))
            or _targets(received) & _names(at_once)
        )

    @cached_property
    def kept(self) -> list[str]:
        """Locals of each neuron that are read after the loop of the update."""
        after = {name for each in self._after_loop() for name in names_in(each)}
        own = (each.name for each in self.cell.locals if not each.shared)
        return [name for name in own if name in after]

    @cached_property
    def ahead(self) -> tuple[ir.Statement, ...]:
        """Locals that a block computes before its loop: `exprel` of whole blocks costs less."""
        return growths.ahead(self.cell, self.common)

    @cached_property
    def drawn(self) -> list[ir.Draw]:
        """Draws of each neuron."""
        return [draw for draw in self.cell.draws if not draw.shared]

    @cached_property
    def _aside(self) -> Mapping[str, str]:
        """Arrays of a block for state as it is before ports change it in the same loop."""
        ported = {name for port in self.cell.ports for name in _targets(port.statements)}
        return {
            each.name: self.names("updated", *self._own(each.name))
            for each in self.cell.declared_state
            if self.is_fused and each.kind == "real" and each.name in ported
        }

    @cached_property
    def lasting(self) -> list[str]:
        """Locals and draws of each neuron that must outlive the update of its block."""
        if not self.is_split:
            return []
        late = {name for each in self._late() for name in names_in(each)}
        return [name for name in (*self.kept, *(each.name for each in self.drawn)) if name in late]

    def _late(self) -> Iterator[Expression]:
        """Yield what resets compute, and ports outside of the loop of the update."""
        for port in self.cell.ports if not self.is_fused else ():
            yield from (each.value for each in port.statements)
        for event in self.cell.events:
            yield from (each.value for each in event.statements)

    def _after_loop(self) -> Iterator[Expression]:
        for event in self.cell.events:
            yield from (each.value for each in event.immediate)
        yield from self._late()

    @cached_property
    def has_short_countdown(self) -> bool:
        """Whether parts keep the countdown of refractoriness in 16 bits.

        All state passes through the cache in every step, and this is a good part of it.
        """
        periods = (each for each in self.cell.parameters if each.name == ir.PERIOD)
        return ir.COUNTDOWN not in self.seen and any(
            not each.varies and self.values.parameters[each.name].max() <= _LONGEST
            for each in periods
        )

    @cached_property
    def of_part(self) -> list[str]:
        """Names of which a part has arrays of its own."""
        return [*self.lasting, *([ir.COUNTDOWN] if self.has_short_countdown else [])]

    def stored_type(self, name: str) -> str:
        """Return the C type of a value in an array; truth values are as wide as numbers."""
        if name == ir.COUNTDOWN and self.has_short_countdown:
            return "int16_t"
        return "double" if self.kinds[name] == "real" else "int64_t"

    # --- how names are read ---

    @cached_property
    def everywhere(self) -> Texts:
        """Names that mean the same in each function: constants of the program."""
        texts = {ir.TIME: "t", ir.TIME_STEP: "dt"}
        constant = (each for each in self.cell.parameters if not (each.per_neuron or each.varies))
        return texts | {each.name: self.name(each.name) for each in constant}

    def at(self, index: str) -> Texts:
        """Return how state, parameters, tables and what is gathered are read between updates.

        Args:
            index: Text of the number of a neuron.
        """
        texts = dict(self.everywhere)
        for state in self.cell.state:
            own = self.name(state.name)
            texts[state.name] = f"part->{own}" if state.shared else f"net->{own}[{index}]"
        for parameter in self.cell.parameters:
            if parameter.per_neuron or parameter.varies:
                place = index if parameter.per_neuron else "0"
                texts[parameter.name] = f"net->{self.name(parameter.name)}[{place}]"
        for local in self.cell.gathered:
            texts[local.name] = f"net->{self.name(local.name)}[{index}]"
        for table in self.tables:
            row = self._row(table)
            place = f"{row} * {self.population.size} + {index}" if table.per_neuron else row
            texts[table.name] = f"net->{self.names('table', *self._own(table.name))}[{place}]"
        return texts

    def _own(self, name: str) -> tuple[str, str]:
        return self.population.name, name

    def _row(self, table: ir.Table) -> str:
        last = len(self.values.tables[table.name]) - 1
        step = "k" if table.hold == 1 else f"k / {table.hold}"
        return f"({step} < {last} ? {step} : {last})"

    @cached_property
    def in_block(self) -> Texts:
        """How names are read in a block, where `n` counts its neurons."""
        texts = dict(self.everywhere)
        for name in named_values(self.cell):
            if name not in texts:
                own = self.name(name)
                texts[name] = own if name in self.common else f"{own}[n]"
        return texts

    def constants(self, used: Collection[str]) -> list[str]:
        """Return lines for what is one number for the population in a step.

        Args:
            used: Identifiers in the lines that follow.
        """
        outside = self.at("0")
        return [
            f"const {C_TYPES[self.kinds[name]]} {self.name(name)} = {outside[name]};"
            for name in named_values(self.cell)
            if name in self.common and name in outside and self.name(name) in used
            if name not in self.everywhere
        ]

    def pointers(self, used: Collection[str]) -> list[str]:
        """Return lines for the arrays of a block.

        Args:
            used: Identifiers in the lines that follow.
        """
        found = []
        state = {each.name for each in self.cell.state}
        tables = {each.name for each in self.cell.tables}
        for name in named_values(self.cell):
            own, kind = self.name(name), self.stored_type(name)
            if own not in used or name in self.common or name in self._locals:
                continue
            source = f"net->{own}"
            if name in tables:
                table = next(each for each in self.cell.tables if each.name == name)
                source = f"net->{self.names('table', *self._own(name))}"
                source += f" + {self._row(table)} * {self.population.size}"
            constant = "" if name in state else "const "
            place = f"{source} + start"
            if name == ir.COUNTDOWN and self.has_short_countdown:
                place = self._in_part(name)
            found.append(f"{constant}{kind} *restrict {own} = {place};")
        for name in self.lasting:
            own = self.name(name)
            if own in used:
                found.append(f"{self.stored_type(name)} *restrict {own} = {self._in_part(name)};")
        return found

    def _in_part(self, name: str) -> str:
        """Return where the values of a block are in an array of the part."""
        return f"part->{self.name(name)} + (start - part->{self.of('first')})"

    @cached_property
    def _locals(self) -> frozenset[str]:
        return frozenset(
            each.name for entries in (self.cell.locals, self.cell.draws) for each in entries
        )

    # --- update ---

    def buffers(self) -> list[str]:
        """Return lines for the arrays of a block that do not outlive it."""
        ahead = (each.target for each in self.ahead)
        own = dict.fromkeys((*(each.name for each in self.drawn), *self.kept, *ahead))
        typed = [
            f"{self.stored_type(name)} {self.name(name)}"
            for name in own
            if name not in self.lasting
        ]
        typed += (f"double {array}" for array in self._aside.values())
        return [f"{each}[BLOCK];" for each in typed]

    def draws(self) -> tuple[list[str], list[str]]:
        """Return the lines that draw: once for the population, and in each block."""
        once, each_block = [], []
        for draw in self.cell.draws:
            own = self.name(draw.name)
            step = "k" if draw.hold == 1 else f"k / {draw.hold}"
            key = f"net->{self.names('key', *self._own(draw.name))}"
            stream = f"{step}, {key}[0], {key}[1]"
            mean = self.names("mean", *self._own(draw.name))
            if draw.shared:
                once.append(f"double {own};")
                if draw.mean is not None:
                    once += assigned(f"const double {mean}", c_text(draw.mean, self.in_block), 4)
                means = f", &{mean}" if draw.mean is not None else ""
                once.append(f"{draw.distribution}_numbers(&{own}{means}, 1, 0, {stream});")
            elif self.has_limits(draw):
                assert draw.mean is not None
                limits = f"&part->{self.names('limits', *self._own(draw.name))}"
                once.append(f"set_limits({limits}, {c_text(draw.mean, self.in_block)});")
                each_block.append(f"poisson_counts({own}, {limits}, count, start, {stream});")
            elif draw.mean is not None:
                each_block.append(f"double {mean}[BLOCK];")
                each_block.append("for (int n = 0; n < count; n++)")
                value = c_text(draw.mean, self.in_block)
                each_block += [f"    {line}" for line in assigned(f"{mean}[n]", value, 12)]
                call = f"{draw.distribution}_numbers({own}, {mean}, count, start, {stream});"
                each_block.append(call)
            else:
                call = f"{draw.distribution}_numbers({own}, count, start, {stream});"
                each_block.append(call)
        return once, each_block

    def has_limits(self, draw: ir.Draw) -> bool:
        """Tell whether the numbers of all neurons have one Poisson distribution."""
        return (
            draw.distribution == "poisson"
            and draw.mean is not None
            and not draw.shared
            and names_in(draw.mean) <= self.common
        )

    def update(self) -> models.Update:
        """Return the function that advances the population."""
        once = Assignments(self.in_block, self._versions, self._types, 4)
        loop = Assignments(self.in_block, self._versions, self._types, 12)
        shared = {each.name for each in (*self.cell.state, *self.cell.locals) if each.shared}
        unread = {each.name for each in self.cell.locals} - self.read
        for stage in self.cell.stages:
            done = unread | _targets(self.ahead)
            statements = [each for each in stage.statements if each.target not in done]
            of_each = [each for each in statements if each.target not in shared]
            loop.together(of_each)
            once.together(each for each in statements if each.target in shared)
            loop.texts |= {name: text for name, text in once.texts.items() if name in shared}
        after = {**self.in_block, **{name: once.texts[name] for name in shared}}
        aside = self._aside
        wrong = finite.wrong(self.cell, after | {each: f"{aside[each]}[n]" for each in aside})
        seen = finite.seen(self.cell, loop.texts)
        loop_stores = [f"{array}[n] = {loop.texts[each]};" for each, array in aside.items()]
        name = self.population.name
        ahead = list(growths.lines(name, self.ahead, self.in_block, self.names))
        events = tuple(self._event(event, loop.texts, after) for event in self.cell.events)
        rows, cleared = self._receive(loop) if self.is_fused else ([], [])
        loop_stores += [
            f"{self.in_block[name]} = {loop.texts[name]};"
            for name in loop.assigned
            if name in self.kept or name not in self._locals
        ]
        begin, each_block = self.draws()
        begin += once.lines
        stores = [f"part->{self.name(name)} = {after[name]};" for name in self.shared_state]
        ports = None if self.is_split or self.is_fused else self.ports(after)
        lines = [*begin, *each_block, *loop.lines, *wrong, *seen, *loop_stores, *stores, *ahead]
        lines += ports.loop if ports else ()
        for event in events:
            lines += (*event.condition, *event.immediate)
            lines += () if self.is_split else event.reset
        used = identifiers_in(lines)
        return models.Update(
            function=self.of("update"),
            constants=(*self.constants(used), *begin),
            buffers=tuple(self.buffers()),
            draws=tuple(each_block),
            ahead=tuple(ahead),
            growths=tuple(
                growths.growth(name, each.target, self.names)
                for each in self.ahead
                if growths.is_growth(each)
            ),
            loop=tuple(loop.lines),
            wrong=tuple(wrong),
            seen=tuple(seen),
            loop_stores=(*loop_stores, *cleared),
            stores=tuple(stores),
            events=events,
            ports=ports,
            needed=(*self.pointers(used), *rows),
        )

    @cached_property
    def _versions(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in named_values(self.cell):
            number = 1
            while (text := self.names.version(self.population.name, name, number)) is not None:
                found.setdefault(name, []).append(text)
                number += 1
        return found

    @property
    def _types(self) -> Mapping[str, str]:
        return {name: C_TYPES[kind] for name, kind in self.kinds.items()}

    def _event(self, event: ir.Event, now: Texts, texts: Texts) -> models.Event:
        """Return an event: its condition as names are read `now`, and what it does later."""
        own = (self.population.name, event.name)
        happens = self.names("happens", *own)
        return models.Event(
            fired=self.names("fired", *own),
            n_fired=self.names("n_fired", *own),
            happens=happens,
            any=self.names("any", *own),
            known=self.names("known", *own),
            reached=self.names("reached", *own),
            condition=tuple(
                assigned(f"{happens}[n]", c_text(event.condition, now), 12),
            ),
            immediate=tuple(self._sparse(event.immediate, texts)),
            reset=tuple(self._sparse(event.statements, texts)),
        )

    def _sparse(self, statements: Iterable[ir.Statement], texts: Texts) -> Iterator[str]:
        for each in statements:
            yield from assigned(texts[each.target], c_text(each.value, texts), 12)

    # --- ports ---

    def ports(self, texts: Texts | None = None) -> models.Ports:
        """Return what is done with what has arrived.

        Args:
            texts: How names are read; by default as at the beginning of a block.
        """
        known = texts or self.in_block
        loop = Assignments(known, self._versions, self._types, 12)
        rows, cleared = self._receive(loop)
        stores = [f"{known[name]} = {loop.texts[name]};" for name in loop.assigned]
        return models.Ports(tuple(rows), (*loop.lines, *stores, *cleared))

    def _receive(self, loop: Assignments) -> tuple[list[str], list[str]]:
        """Add the statements of ports; returns lines for what arrived, and those that clear it."""
        rows, cleared = [], []
        for port in self.cell.ports:
            arrived = {ir.ACCUMULATOR: "0.0", ir.N_EVENTS: "0LL"}
            if port.name in self.fed:
                own = (self.population.name, port.name)
                acc, n_events = self.names("acc", *own), self.names("n_events", *own)
                place = f"(start - part->{self.of('first')})"
                if sums_weights(port):
                    row = self.fed[port.name]
                    arrived[ir.ACCUMULATOR] = row.value(f"{acc}[n]")
                    rows.append(f"{row.kind} *restrict {acc} = part->{acc} + {place};")
                    cleared.append(f"{acc}[n] = 0;" if row.unit else f"{acc}[n] = 0.0;")
                if counts_events(port):
                    arrived[ir.N_EVENTS] = f"((int64_t){n_events}[n])"
                    rows.append(f"int32_t *restrict {n_events} = part->{n_events} + {place};")
                    cleared.append(f"{n_events}[n] = 0;")
            loop.texts |= arrived
            loop.in_sequence(port.statements)
        return rows, cleared

    def split_ports(self) -> models.SplitPorts:
        """Return the function that runs the ports and resets of the population."""
        names = self.in_block
        events = [self._event(event, names, names) for event in self.cell.events]
        ports = self.ports()
        used = identifiers_in((*ports.loop, *(line for each in events for line in each.reset)))
        return models.SplitPorts(
            function=self.of("ports"),
            constants=tuple(self.constants(used)),
            needed=self.pointers(used),
            ports=ports,
            events=tuple(each for each in events if each.reset),
        )


def _targets(statements: Iterable[ir.Statement]) -> set[str]:
    return {each.target for each in statements}


def _names(statements: Iterable[ir.Statement]) -> set[str]:
    return {name for each in statements for name in names_in(each.value)}
