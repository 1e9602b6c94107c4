"""The steps of one composition, which share the table of symbols."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from netspec.expr.errors import ExpressionError
from netspec.expr.fold import fold, integer_valued, real_indices
from netspec.expr.functions import Kind as FunctionKind
from netspec.expr.nodes import Binary, Constant, Expression, Name, names
from netspec.expr.parse import shorten
from netspec.expr.types import (
    TRUTH,
    Symbols,
    Truth,
    ValueType,
    require_dimension,
    type_of,
)
from netspec.ir.nodes import ACCUMULATOR, N_EVENTS, Draw
from netspec.ir.recipe import Value
from netspec.passes.compose.parts import CURRENT, Parts
from netspec.passes.compose.symbols import (
    AnyPart,
    SymbolTable,
    noise_explained,
    require_state,
    table_of,
    with_hidden_noise,
)
from netspec.passes.problems import Problems
from netspec.passes.resolved import Assigned, Definition, ReceptorPort, Symbol
from netspec.passes.size import check_size
from netspec.passes.special import refuse_special, replace_draws
from netspec.passes.values import ALL_ALIKE, resolve_value
from netspec.spec.cells import Cell
from netspec.spec.formulas import Assignment, Formula
from netspec.spec.names import RESERVED_FIELDS
from netspec.spec.problems import listed, meant, nearest
from netspec.spec.values import ValueField, text_of
from netspec.units import DIMENSIONLESS, TIME, Dimension, parse_unit

INDICES = frozenset({N_EVENTS, "i", "j"})
"""Names that stand for integers; an author's expression reads them as reals."""

STATEMENT: frozenset[FunctionKind] = frozenset({"draw", "history"})
"""Special functions that conditions and statements may call."""


class Composer:
    """What the steps of a composition have in common."""

    def __init__(self, cell: Cell, parts: Parts, problems: Problems) -> None:
        self.cell, self.parts, self.problems = cell, parts, problems
        self.table: SymbolTable = table_of(parts, problems)
        self.draws: list[Draw] = []
        self.unusable: set[str] = set()
        """Definitions with an error that was reported; what reads them is left out."""
        self.defaults: list[tuple[str, str]] = []
        self.added: dict[str, list[str]] = {}
        """What is added to each input, in order."""
        self.definitions = self._definitions()
        self.symbols: dict[str, ValueType] = {
            **self.table.types,
            **{each.name: each.dimension for each in self.definitions},
        }
        names_of_definitions = {each.name: None for each in self.definitions}
        self.before_run: Symbols = self.table.before_run(names_of_definitions)

    # --- names and values ---------------------------------------------------------------

    def parameters(self) -> tuple[Symbol, ...]:
        """Return the parameters of all parts with their values."""
        found = []
        for part in self.parts.all:
            self._check_given(part)
            for own, declared in part.declaration.declared_parameters.items():
                if own in part.fields | RESERVED_FIELDS:
                    self.problems.error(
                        "reserved-name",
                        part.place("parameters", own),
                        f"a parameter cannot be named '{own}': its values are written beside the "
                        f"field '{own}'",
                    )
                    self.problems.excuse(f"{part.path}.{own}")
                value = part.values.get(own, declared.default)
                path = f"{part.path}.{own}"
                if own not in part.values and value is not None:
                    self.defaults.append((path, text_of(value)))
                    path = part.place("parameters", own, "default")
                dimension = parse_unit(declared.unit).dimension
                resolved = self._value(part.renamed(value), dimension, path, self.before_run)
                typical = None if declared.typical is None else declared.typical.text
                found.append(
                    Symbol(
                        part.rename(own),
                        dimension,
                        resolved,
                        path,
                        typical=typical,
                        instead=tuple(map(part.rename, declared.instead)),
                    )
                )
        return tuple(sorted(found, key=lambda symbol: symbol.name))

    def _check_given(self, part: AnyPart) -> None:
        alternatives = part.declaration.alternatives
        stands_for = {name: own for own, others in alternatives.items() for name in others}
        declared = part.declaration.parameters.keys() | stands_for.keys()
        for name in part.values:
            if name in declared:
                continue
            if (probably := meant(name, declared, part.values)) is not None:
                self.problems.excuse(f"{part.path}.{stands_for.get(probably, probably)}")
            self.problems.error(
                "unknown-parameter",
                f"{part.path}.{name}",
                f"the model has no parameter '{name}'",
                notes=(f"its parameters: {listed(declared)}",),
                hints=nearest(name, declared, part.values),
            )

    def state(self) -> tuple[Symbol, ...]:
        """Return the state variables of all parts with their values before step 0."""
        readable = {**self.before_run, **{name: self.symbols[name] for name in self.table.state}}
        found = []
        for part in self.parts.all:
            for own, declared in part.declaration.state.items():
                dimension = parse_unit(declared.unit).dimension
                path = part.place("state", own, "initial")
                if declared.kind == "integer" and dimension != DIMENSIONLESS:
                    self.problems.error(
                        "wrong-dimension",
                        part.place("state", own, "unit"),
                        f"the integer variable '{own}' cannot have a unit, got '{declared.unit}'",
                        hints=('write "unit": "1"',),
                    )
                initial = part.renamed(declared.initial)
                shared = declared.shared
                value = self._value(initial, dimension, path, readable, shared=shared)
                name = part.rename(own)
                found.append(Symbol(name, dimension, value, path, declared.kind, declared.shared))
        return tuple(sorted(found, key=lambda symbol: symbol.name))

    def _value(
        self,
        value: ValueField | None,
        dimension: Dimension,
        path: str,
        readable: Symbols,
        *,
        shared: bool = False,
    ) -> Value | None:
        if value is None:
            return None
        own = ALL_ALIKE if shared else DIMENSIONLESS
        symbols = {**readable, "i": own}
        return resolve_value(value, dimension, symbols, path, self.problems, count=None)

    # --- definitions --------------------------------------------------------------------

    def _definitions(self) -> tuple[Definition, ...]:
        """Return all abbreviations, each after those that it reads."""
        waiting = self._abbreviations()
        symbols: dict[str, ValueType] = dict(self.table.types)
        found: list[Definition] = []
        while waiting:
            ready = [
                name for name, (value, _, _) in waiting.items() if not names(value) & waiting.keys()
            ]
            if not ready:
                self._report_circle(waiting)
                break
            for name in ready:
                value, path, dimension = waiting.pop(name)
                definition = self._define(name, value, path, dimension, symbols)
                if definition is None:
                    self.unusable.add(name)
                else:
                    symbols[name] = definition.dimension
                    found.append(definition)
        return tuple(found)

    def _abbreviations(self) -> dict[str, tuple[Expression, str, Dimension | None]]:
        """Return value, place and, if it is known, dimension of each abbreviation by name."""
        found: dict[str, tuple[Expression, str, Dimension | None]] = {}
        for part in self.parts.attached:
            declaration = part.declaration
            if declaration.current is None:
                if "into" in declaration.model_fields_set:
                    self.problems.error(
                        "into-without-current",
                        part.place("into"),
                        f"'{part.name}' has no 'current' that could be added to "
                        f"'{declaration.into}'",
                    )
                continue
            name, path = part.rename(CURRENT), part.place("current")
            if declaration.into not in self.table.inputs:
                self.problems.error(
                    "unknown-input",
                    part.place("into"),
                    f"'{part.name}' adds to '{declaration.into}', no input of the cell",
                    notes=(f"inputs of the cell: {listed(self.table.inputs)}",),
                    hints=nearest(declaration.into, self.table.inputs),
                )
                self.unusable.add(name)
                continue
            value = part.written(declaration.current.expression)
            found[name] = (value, path, self.table.inputs[declaration.into])
            self.added.setdefault(declaration.into, []).append(name)
        for name, dimension in self.table.inputs.items():
            total = sum_of(self.added.get(name, ()), dimension)
            found[name] = (total, self.parts.main.place("inputs", name), dimension)
        for any_part in self.parts.all:
            for own, formula in any_part.declaration.definitions.items():
                value = any_part.written(formula.expression)
                found[any_part.rename(own)] = (value, *_place_and_dimension(own, any_part))
        return dict(sorted(found.items()))

    def _define(
        self,
        name: str,
        value: Expression,
        path: str,
        dimension: Dimension | None,
        symbols: Symbols,
    ) -> Definition | None:
        if names(value) & self.unusable:
            return None
        with self.problems.expressions_at(path):
            check_size((value,))
            refuse_special(value)
            given = type_of(value, symbols)
            if isinstance(given, Truth):
                raise ExpressionError("wrong-type", f"'{name}' is a truth value, not a number")
            if dimension is not None:
                require_dimension(value, dimension, symbols)
            return Definition(name, given, fold(real_indices(value, self.table.integers)))
        return None

    def _report_circle(self, waiting: Mapping[str, tuple[Expression, str, object]]) -> None:
        left = dict(waiting)
        while True:  # take away what only reads the circle
            read = frozenset().union(*(names(value) for value, _, _ in left.values()))
            kept = {name: each for name, each in left.items() if name in read}
            if len(kept) == len(left):
                break
            left = kept
        # An input only adds up; what closes the circle is the current or definition.
        first = min(left, key=lambda name: (name in self.table.inputs, left[name][1]))
        listing = ", ".join(f"'{name}'" for name in sorted(left))
        message = (
            f"'{first}' is defined by itself"
            if len(left) == 1
            else f"{listing} are defined by each other in a circle"
        )
        self.problems.error("circular-definitions", left[first][1], message)
        self.unusable |= waiting.keys()

    # --- what moves the state -------------------------------------------------------------

    def derivatives(self) -> tuple[Assigned, ...]:
        """Return the derivatives of all parts, sorted by name."""
        found = {}
        symbols = {**self.symbols, **self.table.noise}
        for part in self.parts.all:
            declaration = part.declaration
            if declaration.derivatives and declaration.update:
                self.problems.error(
                    "derivatives-and-update",
                    part.place("update"),
                    "a model has either 'derivatives' or an 'update', not both",
                )
            for own, formula in declaration.derivatives.items():
                path = part.place("derivatives", own)
                if own not in declaration.state or declaration.state[own].kind == "integer":
                    is_state = own in declaration.state
                    what = "is an integer" if is_state else "is not a state variable"
                    likely = nearest(own, declaration.state) or ("declare it under 'state'",)
                    self.problems.error(
                        "unknown-state",
                        path,
                        f"there is a derivative of '{own}', which {what}",
                        hints=() if is_state else likely,
                    )
                    continue
                dimension = parse_unit(declaration.state[own].unit).dimension / TIME
                value = self._expression(
                    formula, part, path, dimension, symbols, allowed={"history"}
                )
                if value is not None:
                    found[part.rename(own)] = value
        return tuple(sorted(found.items()))

    def update(self) -> tuple[tuple[Assigned, ...], ...]:
        """Return the stages that are written by hand: the membrane's, then those of the others."""
        stages = []
        for part in self.parts.all:
            for number, stage in enumerate(part.declaration.update):
                found = self.statements(stage, part, "update", number)
                targets = [target for target, _ in found]
                for target in sorted({each for each in targets if targets.count(each) > 1}):
                    self.problems.error(
                        "assigned-twice",
                        part.place("update", number),
                        f"one stage assigns '{target}' twice; its statements happen all at once",
                        hints=("put one of them into a stage of its own",),
                    )
                stages.append(found)
        return tuple(stages)

    def increments(self) -> tuple[Assigned, ...]:
        """Return what is added after the update, by receptor or mechanism, then by variable."""
        found = []
        for part in self.parts.attached:
            for own, formula in sorted(part.declaration.increment.items()):
                path = part.place("increment", own)
                with self.problems.expressions_at(path):
                    target = self._target(own, part)
                    dimension = parse_unit(self.table.state[target].unit).dimension
                    value = self._expression(
                        formula, part, path, dimension, role=part.role("increment", own)
                    )
                    if value is not None:
                        found.append((target, value))
        return tuple(found)

    def ports(self) -> tuple[ReceptorPort, ...]:
        """Return what arriving events do, by receptor."""
        found = []
        for part in self.parts.receptors:
            if part.declaration.on_event is None:
                continue
            weight = parse_unit(part.declaration.weight).dimension
            arrivals: dict[str, ValueType] = {ACCUMULATOR: weight, N_EVENTS: DIMENSIONLESS}
            statement = self.statement(part.declaration.on_event, part, "on_event", more=arrivals)
            if statement is not None:
                unit = part.declaration.weight
                found.append(ReceptorPort(part.name, unit, weight, *statement))
        return tuple(found)

    # --- statements and expressions ----------------------------------------------------------

    def statements(
        self,
        assignments: Iterable[Assignment],
        part: AnyPart,
        *steps: str | int,
        place: str = "",
    ) -> tuple[Assigned, ...]:
        """Return a list of statements in the cell's names; wrong ones are reported and left out.

        Args:
            assignments: As declared.
            part: Whose they are.
            steps: Where the list stands in its declaration.
            place: Where it stands in the document, if not in the declaration.
        """
        found = (
            self.statement(each, part, *steps, number, place=f"{place}[{number}]" if place else "")
            for number, each in enumerate(assignments)
        )
        return tuple(each for each in found if each is not None)

    def statement(
        self,
        assignment: Assignment,
        part: AnyPart,
        *steps: str | int,
        more: Symbols | None = None,
        place: str = "",
    ) -> Assigned | None:
        """Return a statement in the cell's names, `None` once it was reported as wrong.

        Args:
            assignment: As declared.
            part: Whose it is.
            steps: Where it stands in its declaration.
            more: What it may read beside the names of the cell.
            place: Where it stands in the document, if not in the declaration.
        """
        path = place or part.place(*steps)
        with self.problems.expressions_at(path):
            target = self._target(assignment.target, part)
            declared = self.table.state[target]
            value = self._expression(
                Formula(assignment.text, assignment.expression),
                part,
                path,
                parse_unit(declared.unit).dimension,
                {**self.symbols, **(more or {})},
                role=part.role(*steps),
                is_integer=declared.kind == "integer",
            )
            return None if value is None else (target, value)
        return None

    def _target(self, own: str, part: AnyPart) -> str:
        known = {*part.declaration.state, *self.parts.main.declaration.state}
        return require_state(own, part, self.parts, self.table, nearest(own, known))

    def _expression(
        self,
        formula: Formula,
        part: AnyPart,
        path: str,
        dimension: Dimension,
        symbols: Symbols | None = None,
        *,
        role: str = "",
        allowed: Collection[FunctionKind] = STATEMENT,
        is_integer: bool = False,
    ) -> Expression | None:
        """Return a checked and folded expression in the cell's names, `None` if it is wrong.

        Args:
            formula: As declared.
            part: Whose it is.
            path: Its place in the document.
            dimension: What it must be.
            symbols: What it may read; the names of the cell if left out.
            role: Names the streams of its random numbers.
            allowed: Special functions that it may call.
            is_integer: It is computed in integers.
        """
        written = part.written(formula.expression)
        if names(written) & self.unusable:
            return None
        readable = with_hidden_noise(self.symbols if symbols is None else symbols, written)
        with self.problems.expressions_at(path):
            refuse_special(written, allowed, self.table.state)
            with noise_explained():
                require_dimension(written, dimension, readable)
            drawn = self.with_draws(written, role)
            if is_integer:
                return integer_valued(drawn, self.table.integers | {N_EVENTS})
            return fold(real_indices(drawn, INDICES | self.table.integers))
        return None

    def condition(self, formula: Formula, path: str, role: str) -> Expression | None:
        """Return a checked and folded condition of the membrane, `None` if it is wrong."""
        written = self.parts.main.written(formula.expression)
        if names(written) & self.unusable:
            return None
        with self.problems.expressions_at(path):
            refuse_special(written, STATEMENT, self.table.state)
            if type_of(written, with_hidden_noise(self.symbols, written)) != TRUTH:
                message = f"'{shorten(formula.text)}' is a number, not a condition"
                raise ExpressionError("wrong-type", message, formula.text)
            return fold(real_indices(self.with_draws(written, role), self.table.integers))
        return None

    def with_draws(self, expression: Expression, role: str) -> Expression:
        """Put a draw of its own in place of every random number."""

        def new_draw(distribution: str) -> Expression:
            purpose = f"{role} {distribution}"
            count = sum(each.purpose.startswith(f"{purpose} ") for each in self.draws)
            name = f"_draw_{len(self.draws)}"
            self.draws.append(Draw(name, distribution, f"{purpose} {count}"))  # type: ignore[arg-type]
            return Name(name)

        return replace_draws(expression, new_draw)


def sum_of(added: Iterable[str], dimension: Dimension) -> Expression:
    """Return the sum of named things, left to right; 0 if there are none."""
    total: Expression | None = None
    for name in added:
        total = Name(name) if total is None else Binary("+", total, Name(name))
    return Constant(0.0, dimension) if total is None else total


def _place_and_dimension(own: str, part: AnyPart) -> tuple[str, Dimension | None]:
    """Return where a definition stands and, if it stands for a parameter, what it must be."""
    if own not in part.chosen:
        return part.place("definitions", own), None
    path = part.place("parameters", own, "instead", part.chosen[own], "value")
    return path, parse_unit(part.declared_as.declared_parameters[own].unit).dimension
