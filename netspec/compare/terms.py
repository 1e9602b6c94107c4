"""Every part of a step of a cell, kept as state, so that any backend shows what it computes.

A part is a node of the tree of an assignment or a condition, or a name that it reads. Each gets a
state variable of the compiler's own, which is assigned right where the part is computed: in the
same stage, or just before its statement. Nothing else changes, so a network with terms does what
it did, and no backend learns of this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from netspec.expr.nodes import (
    Call,
    Constant,
    Expression,
    Integer,
    Name,
    children,
)
from netspec.expr.types import TRUTH, Truth, ValueType, type_of
from netspec.ir import nodes as ir
from netspec.ir.kinds import kind_of
from netspec.realise.network import NumberArray, RealisedNetwork, RealisedPopulation
from netspec.units import DIMENSIONLESS, TIME

KEPT = "_term_"
"""Begins the names of the variables that keep terms."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a step.

    Attributes:
        variable: That keeps it; a truth value is kept as 1 or 0.
        kind: Of the value.
    """

    variable: str
    value: Expression
    kind: ir.Kind

    @property
    def label(self) -> str:
        """What reports call it: `[7]`."""
        return f"[{self.variable.removeprefix(KEPT)}]"


@dataclass(frozen=True, slots=True)
class Line:
    """A statement or a condition of a cell.

    Attributes:
        place: In words, e.g. `stage 2` or `port AMPA`.
        target: What is assigned; empty for a condition or the mean of a draw.
        value: Of the whole.
        terms: Its parts, each after what it is made of; those that an earlier line of the same
            stage has are left out. The whole comes last, unless that line has it.
        event: Whose statement or condition it is, if any.
        is_condition: Whether it is the condition of the event.
        port: Whose statement it is, if any.
        scope: All terms that read the values which this line reads, by what they are.
    """

    place: str
    target: str
    value: Expression
    terms: tuple[Term, ...]
    event: str = ""
    is_condition: bool = False
    port: str = ""
    scope: Mapping[Expression, Term] = field(default_factory=dict)


def with_terms(
    network: RealisedNetwork, population: str, *, whole: bool = False
) -> tuple[RealisedNetwork, tuple[Line, ...]]:
    """Return the network with all terms of one population kept, and its lines in order.

    Args:
        network: What was run.
        population: Of the network.
        whole: Whether of a line only the names that it reads and its value are kept, so that a
            compiler still sees all of its parts together.
    """
    own = next(each for each in network.ir.populations if each.name == population)
    keeper = _Keeper(own.cell, ends if whole else parts)
    changed = replace(own, cell=keeper.cell(own.cell))
    populations = tuple(changed if each is own else each for each in network.ir.populations)
    realised = _with_zeros(network.populations[population], keeper.variables, own.size)
    return replace(
        network,
        ir=replace(network.ir, populations=populations),
        populations={**network.populations, population: realised},
    ), tuple(keeper.lines)


def parts(expression: Expression) -> tuple[Expression, ...]:
    """Return what a value is made of and itself, each once and after its own parts.

    Constants and `dt` are left out: they are in the text of the others.
    """
    found: dict[Expression, None] = {}
    waiting = [(expression, False)]
    while waiting:
        node, is_done = waiting.pop()
        if isinstance(node, Constant | Integer) or node == Name(ir.TIME_STEP):
            continue
        if is_done:
            found.setdefault(node)
        else:
            waiting.append((node, True))
            waiting.extend((child, False) for child in reversed(children(node)))
    return tuple(found)


def ends(expression: Expression) -> tuple[Expression, ...]:
    """Return of `parts` the names that are read, and the whole."""
    return tuple(each for each in parts(expression) if isinstance(each, Name) or each == expression)


class _Keeper:
    """Makes the variables of one cell."""

    def __init__(
        self, cell: ir.Cell, chosen: Callable[[Expression], tuple[Expression, ...]]
    ) -> None:
        self.chosen = chosen
        self.lines: list[Line] = []
        self.variables: list[ir.Variable] = []
        declared: tuple[ir.Variable | ir.Parameter, ...]
        declared = (*cell.state, *cell.locals, *cell.gathered, *cell.parameters)
        variables = (*cell.state, *cell.locals)
        self.shared = {each.name for each in variables if each.shared}
        self.kinds: dict[str, ir.Kind] = {each.name: each.kind for each in declared}
        self.kinds |= dict.fromkeys((each.name for each in cell.draws), "real")
        self.kinds |= dict.fromkeys((each.name for each in cell.tables), "real")
        self.kinds |= {ir.TIME: "real", ir.TIME_STEP: "real"}
        self.kinds |= {ir.ACCUMULATOR: "real", ir.N_EVENTS: "integer"}
        self.types: dict[str, ValueType] = {each.name: each.dimension for each in declared}
        self.types |= {each.name: TRUTH for each in variables if each.kind == "truth"}
        self.types |= {each.name: each.dimension for each in cell.tables}
        self.types |= dict.fromkeys((each.name for each in cell.draws), DIMENSIONLESS)
        self.types |= {ir.TIME: TIME, ir.TIME_STEP: TIME, ir.N_EVENTS: DIMENSIONLESS}

    def cell(self, cell: ir.Cell) -> ir.Cell:
        """Return the cell with all terms kept."""
        means = self.means(cell.draws)
        stages = [self.stage(number, each) for number, each in enumerate(cell.stages, start=1)]
        conditions = self.conditions(cell.events)
        events = [
            replace(each, immediate=self.sequence(f"{each.name}, at once", each.immediate, each))
            for each in cell.events
        ]
        ports = [self.port(each) for each in cell.ports]
        events = [
            replace(each, statements=self.sequence(f"{each.name}, reset", each.statements, each))
            for each in events
        ]
        around = [each for each in (means, *stages, conditions) if each.statements]
        return replace(
            cell,
            state=(*cell.state, *self.variables),
            stages=tuple(around),
            events=tuple(events),
            ports=tuple(ports),
        )

    def means(self, draws: Iterable[ir.Draw]) -> ir.Stage:
        """Return a stage that keeps the means of draws; they read what no stage assigns."""
        known: dict[Expression, Term] = {}
        for each in draws:
            if each.mean is not None:
                self.line(f"draw {each.name}", "", each.mean, known, each.shared)
        return ir.Stage(_kept(known.values()))

    def stage(self, number: int, stage: ir.Stage) -> ir.Stage:
        """Return a stage that also keeps what it reads, which is from before it."""
        known: dict[Expression, Term] = {}
        first = len(self.lines)
        for each in stage.statements:
            shared = each.target in self.shared
            self.line(f"stage {number}", each.target, each.value, known, shared)
        new = (each for line in self.lines[first:] for each in line.terms)
        return ir.Stage((*stage.statements, *_kept(new)))

    def conditions(self, events: Iterable[ir.Event]) -> ir.Stage:
        """Return a last stage that keeps conditions, which are about to be tested."""
        known: dict[Expression, Term] = {}
        for each in events:
            text = f"condition of {each.name}"
            self.line(text, "", each.condition, known, event=each.name, is_condition=True)
        return ir.Stage(_kept(known.values()))

    def port(self, port: ir.Port) -> ir.Port:
        """Return a port that keeps what it reads, `acc` and `n_events` too."""
        self.types[ir.ACCUMULATOR] = port.weight_dimension
        statements = self.sequence(f"port {port.name}", port.statements, port=port.name)
        return replace(port, statements=statements)

    def sequence(
        self,
        place: str,
        statements: Iterable[ir.Statement],
        event: ir.Event | None = None,
        port: str = "",
    ) -> tuple[ir.Statement, ...]:
        """Return statements, each behind others that keep what it reads."""
        found: list[ir.Statement] = []
        name = "" if event is None else event.name
        for each in statements:
            known: dict[Expression, Term] = {}
            self.line(place, each.target, each.value, known, event=name, port=port)
            found += [*_kept(known.values()), each]
        return tuple(found)

    def line(
        self,
        place: str,
        target: str,
        value: Expression,
        known: dict[Expression, Term],
        shared: bool = False,
        event: str = "",
        is_condition: bool = False,
        port: str = "",
    ) -> None:
        """Add a line; what is `known` of its stage is not kept twice, unless only one is shared."""
        new = []
        for part in self.chosen(value):
            if part not in known or (shared and not self.is_shared(known[part])):
                known[part] = self.term(part, shared)
                new.append(known[part])
        line = Line(place, target, value, tuple(new), event, is_condition, port, known)
        self.lines.append(line)

    def is_shared(self, term: Term) -> bool:
        """Tell whether a term is kept once per population."""
        return self.variables[int(term.variable.removeprefix(KEPT))].shared

    def term(self, part: Expression, shared: bool) -> Term:
        """Return a new term."""
        kind, name = kind_of(part, self.kinds), f"{KEPT}{len(self.variables)}"
        found = type_of(part, self.types)
        dimension = DIMENSIONLESS if isinstance(found, Truth) else found
        stored: ir.Kind = "integer" if kind == "truth" else kind
        self.variables.append(ir.Variable(name, dimension, stored, shared))
        return Term(name, part, kind)


def _kept(terms: Iterable[Term]) -> tuple[ir.Statement, ...]:
    """Return the assignments that keep terms."""
    one, none = Integer(1), Integer(0)
    return tuple(
        ir.Statement(
            each.variable,
            Call("where", (each.value, one, none)) if each.kind == "truth" else each.value,
        )
        for each in terms
    )


def _with_zeros(
    realised: RealisedPopulation, variables: Iterable[ir.Variable], size: int
) -> RealisedPopulation:
    """Return a population in which further variables begin at 0."""
    initial: dict[str, NumberArray] = dict(realised.initial)
    for each in variables:
        shape = () if each.shared else (size,)
        is_integer = each.kind == "integer"
        initial[each.name] = np.zeros(shape, np.int64) if is_integer else np.zeros(shape)
    return replace(realised, initial=initial)
