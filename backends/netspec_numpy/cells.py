"""Populations: the printed statements of each phase of a step."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from netspec.expr.nodes import Expression, names as names_in
from netspec.ir import nodes as ir
from netspec.ir.features import counts_events, expressions, sums_weights
from netspec.realise.network import RealisedPopulation
from netspec_numpy import models
from netspec_numpy.arrays import ProgramArrays
from netspec_numpy.names import Names, named_values
from netspec_numpy.printer import Scope, assignment, stage_lines

# Blocks that are drawn together: they fit into the cache, and their cost hides that of the calls.
_BLOCKS = 4096


def batch_length(size: int) -> int:
    """Return the number of steps for which random numbers of `size` neurons are made at once."""
    return max(1, _BLOCKS // -(-size // 4))


class CellPrinter:
    """Everything that is printed for one population.

    Args:
        population: Of the IR.
        values: What was realised for it.
        names: Identifiers of the program.
        fed: Names of the ports to which some events can be delivered.
        seen: What is recorded of the population.
    """

    def __init__(
        self,
        population: ir.Population,
        values: RealisedPopulation,
        names: Names,
        fed: Collection[str],
        seen: Iterable[Expression],
    ) -> None:
        self.population = population
        self.cell = population.cell
        self.values = values
        self.names = names
        self.fed = fed
        self.size = names("size", population.name)
        self.read = {name for each in (*expressions(self.cell), *seen) for name in names_in(each)}
        """Names that some expression reads."""

    def name(self, variable: str) -> str:
        """Return the identifier of a variable, parameter or local."""
        return self.names("value", self.population.name, variable)

    @cached_property
    def scope(self) -> Scope:
        """Names as the update of a whole population sees them."""
        texts = {ir.TIME: "t", ir.TIME_STEP: "dt"}
        texts |= {name: self.name(name) for name in named_values(self.cell)}
        scalars = {ir.TIME, ir.TIME_STEP}
        scalars |= {entry.name for entry in self.cell.parameters if not entry.per_neuron}
        scalars |= {entry.name for entry in self.cell.tables if not entry.per_neuron}
        state = {variable.name for variable in self.cell.state}
        for stage in self.cell.stages:
            for statement in stage.statements:
                if statement.target not in state and names_in(statement.value) <= scalars:
                    scalars.add(statement.target)
        return Scope(texts, frozenset(scalars))

    @cached_property
    def common(self) -> frozenset[str]:
        """Names that have one value for the whole population, a number or an array of one."""
        shared = {each.name for each in (*self.cell.state, *self.cell.locals) if each.shared}
        shared |= {each.name for each in self.cell.draws if each.shared}
        return self.scope.scalars | shared

    def part(self, index: str) -> Scope:
        """Return names as statements over some of the neurons see them.

        Args:
            index: Text of an index into the arrays of the population.
        """
        texts = {
            name: text if name in self.common else f"{text}[{index}]"
            for name, text in self.scope.texts.items()
        }
        return Scope(texts, self.scope.scalars)

    def keeps(self, parameter: str) -> bool:
        """Tell whether the program needs a parameter that is not a constant."""
        return parameter in self.read

    def gathered(self) -> list[models.Constant]:
        """Return what gathers add to, with what it begins as in every step."""
        return [
            models.Constant(self.name(each.name), f"np.zeros({self.size})")
            for each in self.cell.gathered
            if each.name in self.read
        ]

    def accumulators(self) -> list[str]:
        """Return the identifiers of what ports sum up."""
        found = []
        for port in self.cell.ports:
            if port.name in self.fed:
                if sums_weights(port):
                    found.append(self.names("acc", self.population.name, port.name))
                if counts_events(port):
                    found.append(self.names("n_events", self.population.name, port.name))
        return found

    def update(self) -> models.PopulationUpdate:
        """Return the statements of the stages."""
        state = {variable.name for variable in self.cell.state}
        spare = {
            name: self.names("next", self.population.name, name)
            for name in (*state, *(local.name for local in self.cell.locals))
        }
        unread = {local.name for local in self.cell.locals} - self.read
        lines: list[str] = []
        for stage in self.cell.stages:
            statements = tuple(each for each in stage.statements if each.target not in unread)
            lines += stage_lines(ir.Stage(statements), self.scope, frozenset(state), spare, 8)
        return models.PopulationUpdate(self.population.name, self.cell.integrator, tuple(lines))

    def tables(self) -> list[ir.Table]:
        """Return the tables that some expression reads."""
        return [table for table in self.cell.tables if table.name in self.read]

    def lookups(self) -> list[models.Constant]:
        """Return what tables say of a step."""
        found = []
        for table in self.tables():
            row = "k" if table.hold == 1 else f"k // {table.hold}"
            last = len(self.values.tables[table.name]) - 1
            stored = self.names("table", self.population.name, table.name)
            text = f"{stored}[min({row}, {last})]"
            found.append(models.Constant(self.name(table.name), text))
        return found

    def setup_tables(self, arrays: ProgramArrays) -> models.ObjectSetup:
        """Return where the tables are."""
        title = f"numbers of {self.population.name} for each step"
        tables = (
            models.Constant(
                self.names("table", self.population.name, table.name),
                arrays.load(
                    f"tables.{self.population.name}.{table.name}", self.values.tables[table.name]
                ),
                f"{table.dimension}, a row for {table.hold} steps",
            )
            for table in self.tables()
        )
        return models.ObjectSetup(title, tuple(tables))

    def setup_draws(self) -> models.ObjectSetup:
        """Return where the batches of random numbers end at first."""
        ends = (
            models.Constant(self._of_draw("batch_end", draw), "0", "drawn up to this step")
            for draw in self.cell.draws
        )
        return models.ObjectSetup(f"random numbers of {self.population.name}", tuple(ends))

    def draws(self) -> list[models.Draw]:
        """Return how the random numbers of a step are made."""
        return [self._draw(draw) for draw in self.cell.draws]

    def _draw(self, draw: ir.Draw) -> models.Draw:
        batch, start = self._of_draw("batch", draw), self._of_draw("batch_start", draw)
        step = f"k - {start}" if draw.hold == 1 else f"(k - {start}) // {draw.hold}"
        function, made, row = f"{draw.distribution}_numbers", "", f"{batch}[{step}]"
        if draw.mean is not None:
            make = f"{function}({{}}, {self.scope.print(draw.mean)})"
            function = "integers_of_steps"
            if self._is_constant(draw):
                made = make.format(batch)
            else:
                row = make.format(row)
        return models.Draw(
            batch=batch,
            start=start,
            end=self._of_draw("batch_end", draw),
            steps=batch_length(1 if draw.shared else self.population.size) * draw.hold,
            hold=draw.hold,
            function=function,
            made=made,
            key=self.values.keys[draw.name],
            size="1" if draw.shared else self.size,
            line=assignment(self.name(draw.name), row, 8),
        )

    def _is_constant(self, draw: ir.Draw) -> bool:
        """Tell whether the mean of a draw changes with nothing but the timeline."""
        constant = {ir.TIME_STEP, *(parameter.name for parameter in self.cell.parameters)}
        return draw.mean is not None and names_in(draw.mean) <= constant

    def redrawn(self, parameter: str) -> list[str]:
        """Return the ends of the batches that have to be made anew when a parameter changes."""
        return [
            self._of_draw("batch_end", draw)
            for draw in self.cell.draws
            if draw.mean is not None
            and parameter in names_in(draw.mean)
            and self._is_constant(draw)
        ]

    def _of_draw(self, role: str, draw: ir.Draw) -> str:
        return self.names(role, self.population.name, draw.name)

    def squares(self) -> list[str]:
        """Return sums of squares, which are finite if all state is (and not huge)."""
        real = [self.name(each.name) for each in self.cell.declared_state if each.kind == "real"]
        return [f"{name}.dot({name})" for name in real]

    def conditions(self) -> list[str]:
        """Return the lines that find in which neurons each event happens."""
        found = []
        for event in self.cell.events:
            holds = f"({self.scope.print(event.condition)})"
            if names_in(event.condition) <= self.common:
                holds = f"np.full({self.size}, {holds})"
            fired = self.names("fired", self.population.name, event.name)
            found.append(assignment(fired, f"{holds}.nonzero()[0]", 8))
        return found

    def ports(self) -> models.PopulationLines:
        """Return the statements of the ports, in order."""
        lines = []
        for port in self.cell.ports:
            scope = self._port_scope(port)
            if port.name not in self.fed and sums_weights(port):
                lines.append(f"# no edge ends at {port.name}; adding 0.0 turns -0.0 into 0.0")
            for statement in port.statements:
                place = f"{self.name(statement.target)}[:]"
                lines.append(assignment(place, scope.print(statement.value), 8))
        return models.PopulationLines(self.population.name, tuple(lines))

    def _port_scope(self, port: ir.Port) -> Scope:
        if port.name in self.fed:
            own = {
                ir.ACCUMULATOR: self.names("acc", self.population.name, port.name),
                ir.N_EVENTS: self.names("n_events", self.population.name, port.name),
            }
            return Scope({**self.scope.texts, **own}, self.scope.scalars)
        nothing = {ir.ACCUMULATOR: "0.0", ir.N_EVENTS: "0"}
        return Scope({**self.scope.texts, **nothing}, self.scope.scalars | nothing.keys())

    def immediate(self) -> list[models.FiredLines]:
        """Return the statements that events execute before delivery."""
        return self._of_events([(event.name, event.immediate) for event in self.cell.events])

    def resets(self) -> list[models.FiredLines]:
        """Return the statements that events execute at the end of a step."""
        return self._of_events([(event.name, event.statements) for event in self.cell.events])

    def _of_events(
        self, events: Iterable[tuple[str, tuple[ir.Statement, ...]]]
    ) -> list[models.FiredLines]:
        """Print statements over nothing but the neurons that fired."""
        found = []
        for event, statements in events:
            fired = self.names("fired", self.population.name, event)
            scope = self.part(fired)
            lines = tuple(
                assignment(scope.texts[each.target], scope.print(each.value), 12)
                for each in statements
            )
            if lines:
                found.append(models.FiredLines(fired, lines))
        return found
