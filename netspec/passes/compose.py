"""Composition: a membrane and named receptors become one flat cell.

A name `x` of receptor `AMPA` becomes `x_AMPA`. Named things are combined left to right in
code-point order of their names, so the order of the document changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from netspec import library
from netspec.expr.fold import fold, real_indices
from netspec.expr.nodes import Binary, Constant, Expression, Name, names, substitute
from netspec.expr.parse import ExpressionError, shorten
from netspec.expr.types import TRUTH, Hidden, Symbols, ValueType, require_dimension, type_of
from netspec.ir.nodes import ACCUMULATOR, N_EVENTS, TIME, TIME_STEP
from netspec.passes.integrate import INTEGRATORS
from netspec.passes.problems import Problems
from netspec.passes.resolved import ComposedCell, ReceptorPort, SpikeRule, Symbol
from netspec.passes.values import resolve_value
from netspec.spec.cells import Cell, Receptor, SpikeOverride
from netspec.spec.equations import (
    CellEquations,
    InlineCell,
    InlineReceptor,
    ParameterDeclaration,
    ReceptorEquations,
    StateDeclaration,
)
from netspec.spec.names import RESERVED_FIELDS
from netspec.spec.problems import listed, meant, nearest
from netspec.spec.reader import format_path
from netspec.spec.values import Formula, ValueField, write_value
from netspec.units import DIMENSIONLESS, Dimension, parse_unit
from netspec.units import TIME as TIME_DIMENSION

INTEGER_NAMES = frozenset({N_EVENTS, "i", "j"})
"""Names that stand for integers; an author's expression reads them as reals."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One declaration within a cell: the membrane (no suffix) or a receptor.

    Attributes:
        path: Of the cell or receptor.
        in_place: The declaration is written in the document, not taken from the library.
        fields: Of the cell or receptor, where values of parameters are written too.
        rename: The declaration's own names to the cell's.
    """

    path: str
    in_place: bool
    fields: Set[str]
    values: Mapping[str, ValueField]
    parameters: Mapping[str, ParameterDeclaration]
    state: Mapping[str, StateDeclaration]
    rename: Mapping[str, Expression]

    def place(self, *steps: str | int) -> str:
        """Return the path of a part of the declaration, or of the model that it is the part of."""
        if not self.in_place:
            return f"{self.path}.model"
        return f"{self.path}.model.{format_path(('equations', *steps))}"

    def units(self) -> list[tuple[str, str]]:
        """Return each symbol that is declared with its unit."""
        parameters = [(own, declared.unit) for own, declared in self.parameters.items()]
        return parameters + [(own, declared.unit) for own, declared in self.state.items()]

    def renamed(self, value: ValueField | None) -> ValueField | None:
        """Return a value whose formula reads the cell's names."""
        if not isinstance(value, Formula):
            return value
        return Formula(value.text, substitute(value.expression, dict(self.rename)))

    def name(self, own: str) -> str:
        renamed = self.rename.get(own)
        return renamed.name if isinstance(renamed, Name) else own


def compose(name: str, cell: Cell, problems: Problems) -> ComposedCell | None:
    """Return the flat cell, or `None` if a declaration is missing; problems are reported."""
    path = f"cells.{name}"
    _check_integrator(cell.integrator, f"{path}.integrator", problems)
    membrane = _cell_declaration(cell, path, problems)
    receptors = {
        receptor: _receptor_declaration(
            cell.receptors[receptor], f"{path}.receptors.{receptor}", problems
        )
        for receptor in sorted(cell.receptors)
    }
    if membrane is None or None in receptors.values():
        return None
    return _Composer(path, cell, membrane, receptors, problems).compose()  # type: ignore[arg-type]


def _cell_declaration(cell: Cell, path: str, problems: Problems) -> CellEquations | None:
    if isinstance(cell.model, InlineCell):
        return cell.model.equations
    declaration = library.cell(cell.model)
    if declaration is None:
        _unknown_model(cell.model, "cells", f"{path}.model", problems)
    return declaration


def _receptor_declaration(
    receptor: Receptor, path: str, problems: Problems
) -> ReceptorEquations | None:
    if isinstance(receptor.model, InlineReceptor):
        return receptor.model.equations
    declaration = library.receptor(receptor.model)
    if declaration is None:
        _unknown_model(receptor.model, "receptors", f"{path}.model", problems)
    return declaration


def _unknown_model(name: str, kind: str, path: str, problems: Problems) -> None:
    known = library.names(kind)
    problems.error(
        "unknown-model",
        path,
        f"the library of {kind} has no model '{shorten(name)}'",
        notes=(f"its models: {listed(known)}",),
        hints=nearest(name, known),
    )


def _check_integrator(name: str, path: str, problems: Problems) -> None:
    if name not in INTEGRATORS:
        problems.error(
            "unknown-integrator",
            path,
            f"there is no integrator '{shorten(name)}'",
            notes=(f"integrators: {listed(INTEGRATORS)}",),
            hints=nearest(name, INTEGRATORS),
        )


class _Composer:
    """The steps of one composition, which share the table of symbols."""

    def __init__(
        self,
        path: str,
        cell: Cell,
        membrane: CellEquations,
        receptors: Mapping[str, ReceptorEquations],
        problems: Problems,
    ) -> None:
        self.path, self.cell, self.problems = path, cell, problems
        self.membrane, self.receptors = membrane, receptors
        self.main = _part(path, cell, membrane, {})
        self.parts = {
            name: _receptor_part(
                name, f"{path}.receptors.{name}", cell.receptors[name], declaration
            )
            for name, declaration in receptors.items()
        }
        self.input_dimensions = {
            name: parse_unit(unit).dimension for name, unit in sorted(membrane.inputs.items())
        }
        self.defaults: list[tuple[str, str]] = []
        self.symbols = self._symbols()
        state = {part.name(own) for part in (self.main, *self.parts.values()) for own in part.state}
        moving = {name: Hidden("it changes while running") for name in (TIME, *state)}
        moving |= {name: Hidden("it is an input of the cell") for name in self.input_dimensions}
        self.before_run: Symbols = {**self.symbols, **moving}
        self.state_symbols: Symbols = {name: self.symbols[name] for name in state}

    def compose(self) -> ComposedCell:
        """Return the flat cell; whatever was wrong has been reported and is left out."""
        parameters = self._parameters()
        state = self._state()
        return ComposedCell(
            path=self.path,
            model=self.cell.model if isinstance(self.cell.model, str) else "equations",
            integrator=self.cell.integrator,
            parameters=tuple(sorted(parameters, key=lambda symbol: symbol.name)),
            state=tuple(sorted(state, key=lambda symbol: symbol.name)),
            inputs=self._inputs(),
            derivatives=self._derivatives(),
            increments=self._increments(),
            spike=self._spike(),
            ports=self._ports(),
            defaults=tuple(self.defaults),
        )

    def _symbols(self) -> dict[str, ValueType]:
        """Return the dimensions of all names that equations may read."""
        symbols: dict[str, ValueType] = {TIME: TIME_DIMENSION, TIME_STEP: TIME_DIMENSION}
        for part in (self.main, *self.parts.values()):
            for own, unit in part.units():
                name = part.name(own)
                if name in symbols:
                    self._duplicate(name, part)
                symbols[name] = parse_unit(unit).dimension
        for name, dimension in self.input_dimensions.items():
            if name in symbols:
                self._duplicate(name, self.main)
            symbols[name] = dimension
        return symbols

    def _duplicate(self, name: str, part: _Part) -> None:
        self.problems.error(
            "duplicate-name", part.place(), f"the cell would have two symbols '{name}'"
        )

    def _parameters(self) -> list[Symbol]:
        found = []
        for part in (self.main, *self.parts.values()):
            self._check_given(part)
            for own, declared in part.parameters.items():
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
                    self.defaults.append((path, str(write_value(value))))
                    path = part.place("parameters", own, "default")
                name = part.name(own)
                found.append(self._symbol(name, declared.unit, part.renamed(value), path))
        return found

    def _check_given(self, part: _Part) -> None:
        for name in part.values:
            if name not in part.parameters:
                missing = part.parameters.keys() - part.values.keys()
                if (probably := meant(name, missing)) is not None:
                    self.problems.excuse(f"{part.path}.{probably}")
                self.problems.error(
                    "unknown-parameter",
                    f"{part.path}.{name}",
                    f"the model has no parameter '{name}'",
                    notes=(f"its parameters: {listed(part.parameters)}",),
                    hints=nearest(name, part.parameters),
                )

    def _state(self) -> list[Symbol]:
        found = []
        for part in (self.main, *self.parts.values()):
            for own, declared in part.state.items():
                value, path = part.renamed(declared.initial), part.place("state", own, "initial")
                symbol = self._symbol(part.name(own), declared.unit, value, path, is_state=True)
                found.append(symbol)
        return found

    def _symbol(
        self,
        name: str,
        unit: str,
        value: ValueField | None,
        path: str,
        *,
        is_state: bool = False,
    ) -> Symbol:
        dimension = parse_unit(unit).dimension
        if value is None:
            return Symbol(name, dimension, None, path)
        more = self.state_symbols if is_state else {}
        readable = {**self.before_run, **more, "i": DIMENSIONLESS}
        resolved = resolve_value(value, dimension, readable, path, self.problems, count=None)
        return Symbol(name, dimension, resolved, path)

    def _inputs(self) -> tuple[tuple[str, Dimension, Expression], ...]:
        sums: dict[str, Expression] = {}
        for name, declaration in self.receptors.items():
            if declaration.current is None:
                continue
            part = self.parts[name]
            if declaration.into not in self.input_dimensions:
                self.problems.error(
                    "unknown-input",
                    part.place("into"),
                    f"receptor '{name}' adds to '{declaration.into}', no input of the cell",
                    notes=(f"inputs of the cell: {listed(self.input_dimensions)}",),
                    hints=nearest(declaration.into, self.input_dimensions),
                )
                continue
            dimension = self.input_dimensions[declaration.into]
            current = self._expression(declaration.current, part, part.place("current"), dimension)
            if current is not None and names(current) & self.input_dimensions.keys():
                self.problems.error(
                    "circular-input",
                    part.place("current"),
                    f"the current of receptor '{name}' reads an input that receptors add up to",
                )
            elif current is not None:
                before = sums.get(declaration.into)
                sums[declaration.into] = Binary("+", before, current) if before else current
        return tuple(
            (name, dimension, sums.get(name, Constant(0.0, dimension)))
            for name, dimension in self.input_dimensions.items()
        )

    def _derivatives(self) -> tuple[tuple[str, Expression], ...]:
        found = {}
        for part, declaration in self._declarations():
            for own, formula in declaration.derivatives.items():
                path = part.place("derivatives", own)
                if own not in part.state:
                    self.problems.error(
                        "unknown-state",
                        path,
                        f"there is a derivative of '{own}', which is not a state variable",
                        hints=nearest(own, part.state),
                    )
                    continue
                dimension = parse_unit(part.state[own].unit).dimension / TIME_DIMENSION
                value = self._expression(formula, part, path, dimension)
                if value is not None:
                    found[part.name(own)] = value
        return tuple(sorted(found.items()))

    def _increments(self) -> tuple[tuple[str, Expression], ...]:
        found = []
        for name, declaration in self.receptors.items():
            part = self.parts[name]
            for own, formula in sorted(declaration.increment.items()):
                path = part.place("increment", own)
                dimension = self._state_dimension(own, part, path)
                if dimension is None:
                    continue
                value = self._expression(formula, part, path, dimension)
                if value is not None:
                    found.append((part.name(own), value))
        return tuple(found)

    def _spike(self) -> SpikeRule | None:
        declared, override = self.membrane.spike, self.cell.spike
        if declared is None:
            if override is not None:
                self.problems.error(
                    "no-spike", f"{self.path}.spike", "the model has no spike that could be changed"
                )
            return None
        own = override or SpikeOverride()
        given = f"{self.path}.spike"
        when, place = declared.when, self.main.place("spike", "when")
        if own.when is not None:
            when, place = own.when, f"{given}.when"
        condition = self._truth(when, place)
        then = declared.then if own.then is None else own.then
        statements = []
        for number, assignment in enumerate(then):
            is_own = own.then is not None
            path = f"{given}.then[{number}]" if is_own else self.main.place("spike", "then", number)
            formula = Formula(assignment.text, assignment.expression)
            dimension = self._state_dimension(assignment.target, self.main, path)
            if dimension is not None:
                value = self._expression(formula, self.main, path, dimension)
                if value is not None:
                    statements.append((assignment.target, value))
        refractory = None
        if declared.refractory:
            path = self.main.place("spike", "refractory")
            with self.problems.expressions_at(path):
                refractory = declared.refractory.expression
                require_dimension(refractory, TIME_DIMENSION, self.before_run)
                refractory = fold(refractory)
        holds = self._holds(declared.holds) if refractory is not None else ()
        return SpikeRule(condition, tuple(statements), refractory, holds) if condition else None

    def _holds(self, declared: tuple[str, ...] | None) -> tuple[str, ...]:
        state = {part.name(own) for part, _ in self._declarations() for own in part.state}
        if declared is None:
            return ("V",) if "V" in state else ()
        for number, name in enumerate(declared):
            if name not in state:
                self.problems.error(
                    "unknown-state",
                    self.main.place("spike", "holds", number),
                    f"'holds' names '{name}', which is not a state variable",
                    hints=nearest(name, state),
                )
        return tuple(sorted(set(declared)))

    def _ports(self) -> tuple[ReceptorPort, ...]:
        found = []
        for name, declaration in self.receptors.items():
            part, path = self.parts[name], self.parts[name].place("on_event")
            unit, weight = declaration.weight, parse_unit(declaration.weight).dimension
            assignment = declaration.on_event
            dimension = self._state_dimension(assignment.target, part, path)
            if dimension is None:
                continue
            formula = Formula(assignment.text, assignment.expression)
            arrivals: dict[str, ValueType] = {ACCUMULATOR: weight, N_EVENTS: DIMENSIONLESS}
            value = self._expression(formula, part, path, dimension, arrivals)
            if value is not None:
                target = part.name(assignment.target)
                found.append(ReceptorPort(name, unit, weight, target, value))
        return tuple(found)

    def _declarations(self) -> list[tuple[_Part, CellEquations | ReceptorEquations]]:
        receptors = [(self.parts[name], declared) for name, declared in self.receptors.items()]
        return [(self.main, self.membrane), *receptors]

    def _state_dimension(self, own: str, part: _Part, path: str) -> Dimension | None:
        """Return the dimension of a state variable that a statement assigns."""
        for owner in (part, self.main):
            if own in owner.state:
                return parse_unit(owner.state[own].unit).dimension
        composed = self.state_symbols.get(own) if part is self.main else None
        if isinstance(composed, Dimension):
            return composed
        known = {*part.state, *self.main.state}
        what = "a parameter" if own in {*part.parameters, *self.main.parameters} else "not defined"
        self.problems.error(
            "unknown-state",
            path,
            f"a statement assigns '{own}', which is {what}; only state variables can be assigned",
            hints=nearest(own, known),
        )
        return None

    def _expression(
        self,
        formula: Formula,
        part: _Part,
        path: str,
        dimension: Dimension,
        more: Symbols | None = None,
    ) -> Expression | None:
        with self.problems.expressions_at(path):
            renamed = substitute(formula.expression, dict(part.rename))
            symbols = {**self.symbols, **more} if more else self.symbols
            require_dimension(renamed, dimension, symbols)
            return fold(real_indices(renamed, INTEGER_NAMES))
        return None

    def _truth(self, formula: Formula, path: str) -> Expression | None:
        with self.problems.expressions_at(path):
            if type_of(formula.expression, self.symbols) != TRUTH:
                message = f"'{shorten(formula.text)}' is a number, not a condition"
                raise ExpressionError("wrong-type", message, formula.text)
            return fold(formula.expression)
        return None


def _receptor_part(
    name: str, path: str, receptor: Receptor, declaration: ReceptorEquations
) -> _Part:
    own = {*declaration.parameters, *declaration.state}
    return _part(path, receptor, declaration, {each: Name(f"{each}_{name}") for each in own})


def _part(
    path: str,
    owner: Cell | Receptor,
    declaration: CellEquations | ReceptorEquations,
    rename: Mapping[str, Expression],
) -> _Part:
    return _Part(
        path=path,
        in_place=not isinstance(owner.model, str),
        fields=type(owner).model_fields.keys(),
        values=owner.parameters,
        parameters=declaration.declared_parameters,
        state=declaration.state,
        rename=rename,
    )


def with_population_values(
    cell: ComposedCell, parameters: Mapping[str, Symbol], state: Mapping[str, Symbol]
) -> ComposedCell:
    """Return the cell with values that a population gives in place of the cell's own."""
    return replace(
        cell,
        parameters=tuple(parameters.get(symbol.name, symbol) for symbol in cell.parameters),
        state=tuple(state.get(symbol.name, symbol) for symbol in cell.state),
    )
