"""Composition: a membrane and named receptors become one flat cell.

A name `x` of receptor `AMPA` becomes `x_AMPA`. Named things are combined left to right in
code-point order of their names, so the order of the document changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netspec.expr.fold import fold
from netspec.expr.nodes import Binary, Constant, Expression, names
from netspec.expr.parse import shorten
from netspec.expr.types import ValueType, require_dimension
from netspec.ir.nodes import ACCUMULATOR, N_EVENTS
from netspec.passes.integrate import INTEGRATORS
from netspec.passes.name_table import NameTable
from netspec.passes.parts import (
    Part,
    cell_declaration,
    part_of,
    receptor_declaration,
    receptor_part,
)
from netspec.passes.problems import Problems
from netspec.passes.resolved import ComposedCell, ReceptorPort, SpikeRule, Symbol
from netspec.passes.values import resolve_value
from netspec.spec.cells import Cell, SpikeOverride
from netspec.spec.equations import CellEquations, ReceptorEquations
from netspec.spec.names import RESERVED_FIELDS
from netspec.spec.problems import listed, meant, nearest
from netspec.spec.values import Formula, ValueField, write_value
from netspec.units import DIMENSIONLESS, Dimension, parse_unit
from netspec.units import TIME as TIME_DIMENSION


def compose(name: str, cell: Cell, problems: Problems) -> ComposedCell | None:
    """Return the flat cell, or `None` if a declaration is missing; problems are reported."""
    path = f"cells.{name}"
    _check_integrator(cell.integrator, f"{path}.integrator", problems)
    membrane = cell_declaration(cell, path, problems)
    receptors = {
        receptor: receptor_declaration(
            cell.receptors[receptor], f"{path}.receptors.{receptor}", problems
        )
        for receptor in sorted(cell.receptors)
    }
    if membrane is None or None in receptors.values():
        return None
    return _Composer(path, cell, membrane, receptors, problems).compose()  # type: ignore[arg-type]


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
        self.main = part_of(path, cell, membrane, {})
        self.parts = {
            name: receptor_part(name, f"{path}.receptors.{name}", cell.receptors[name], declaration)
            for name, declaration in receptors.items()
        }
        self.input_dimensions = {
            name: parse_unit(unit).dimension for name, unit in sorted(membrane.inputs.items())
        }
        self.names = NameTable(self.main, self.parts, self.input_dimensions, problems)
        self.defaults: list[tuple[str, str]] = []

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

    def _parameters(self) -> list[Symbol]:
        found = []
        for part in self.names.all_parts:
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

    def _check_given(self, part: Part) -> None:
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
        for part in self.names.all_parts:
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
        more = self.names.state if is_state else {}
        readable = {**self.names.before_run, **more, "i": DIMENSIONLESS}
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
            current = self.names.expression(
                declaration.current, part, part.place("current"), dimension
            )
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
                value = self.names.expression(formula, part, path, dimension)
                if value is not None:
                    found[part.name(own)] = value
        return tuple(sorted(found.items()))

    def _increments(self) -> tuple[tuple[str, Expression], ...]:
        found = []
        for name, declaration in self.receptors.items():
            part = self.parts[name]
            for own, formula in sorted(declaration.increment.items()):
                path = part.place("increment", own)
                dimension = self.names.state_dimension(own, part, path)
                if dimension is None:
                    continue
                value = self.names.expression(formula, part, path, dimension)
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
        condition = self.names.truth(when, place)
        then = declared.then if own.then is None else own.then
        statements = []
        for number, assignment in enumerate(then):
            is_own = own.then is not None
            path = f"{given}.then[{number}]" if is_own else self.main.place("spike", "then", number)
            formula = Formula(assignment.text, assignment.expression)
            dimension = self.names.state_dimension(assignment.target, self.main, path)
            if dimension is not None:
                value = self.names.expression(formula, self.main, path, dimension)
                if value is not None:
                    statements.append((assignment.target, value))
        refractory = None
        if declared.refractory:
            path = self.main.place("spike", "refractory")
            with self.problems.expressions_at(path):
                refractory = declared.refractory.expression
                require_dimension(refractory, TIME_DIMENSION, self.names.before_run)
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
            dimension = self.names.state_dimension(assignment.target, part, path)
            if dimension is None:
                continue
            formula = Formula(assignment.text, assignment.expression)
            arrivals: dict[str, ValueType] = {ACCUMULATOR: weight, N_EVENTS: DIMENSIONLESS}
            value = self.names.expression(formula, part, path, dimension, arrivals)
            if value is not None:
                target = part.name(assignment.target)
                found.append(ReceptorPort(name, unit, weight, target, value))
        return tuple(found)

    def _declarations(self) -> list[tuple[Part, CellEquations | ReceptorEquations]]:
        receptors = [(self.parts[name], declared) for name, declared in self.receptors.items()]
        return [(self.main, self.membrane), *receptors]


def with_population_values(
    cell: ComposedCell, parameters: Mapping[str, Symbol], state: Mapping[str, Symbol]
) -> ComposedCell:
    """Return the cell with values that a population gives in place of the cell's own."""
    return replace(
        cell,
        parameters=tuple(parameters.get(symbol.name, symbol) for symbol in cell.parameters),
        state=tuple(state.get(symbol.name, symbol) for symbol in cell.state),
    )
