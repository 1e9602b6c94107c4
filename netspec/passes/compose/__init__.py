"""Composition: a membrane, named receptors and named mechanisms become one flat cell.

A name `x` of receptor `AMPA` becomes `x_AMPA`. Named things are combined left to right in
code-point order of their names, so the order of the document changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netspec.expr.parse import shorten
from netspec.passes.compose.composer import Composer
from netspec.passes.compose.events import events_of, refractoriness_of
from netspec.passes.compose.gathers import gathers_of
from netspec.passes.compose.parts import parts_of
from netspec.passes.compose.unchosen import check_unchosen
from netspec.passes.integrate import INTEGRATORS
from netspec.passes.problems import Problems
from netspec.passes.resolved import ComposedCell, Symbol
from netspec.spec.cells import Cell
from netspec.spec.problems import listed, nearest

__all__ = ["compose", "with_population_values"]


def compose(name: str, cell: Cell, problems: Problems) -> ComposedCell | None:
    """Return the flat cell, or `None` if a declaration is missing; problems are reported."""
    _check_integrator(cell.integrator, f"cells.{name}.integrator", problems)
    parts = parts_of(name, cell, problems)
    if parts is None:
        return None
    composer = Composer(cell, parts, problems)
    parameters, state = composer.parameters(), composer.state()
    derivatives, update = composer.derivatives(), composer.update()
    if cell.integrator is not None and not any(part.declaration.derivatives for part in parts.all):
        problems.warning(
            "nothing-to-integrate",
            f"cells.{name}.integrator",
            f"cell '{name}' has no derivatives, so its integrator does nothing",
        )
    check_unchosen(composer)
    increments = composer.increments()
    events, refractoriness = events_of(composer), refractoriness_of(composer)
    ports = composer.ports()
    return ComposedCell(
        path=f"cells.{name}",
        model=cell.model if isinstance(cell.model, str) else "equations",
        integrator=cell.integrator,
        parameters=parameters,
        state=state,
        definitions=composer.definitions,
        derivatives=derivatives,
        noise=tuple(sorted(composer.table.noise)),
        update=update,
        increments=increments,
        draws=tuple(composer.draws),
        events=events,
        refractoriness=refractoriness,
        ports=ports,
        gathers=gathers_of(composer),
        defaults=tuple(composer.defaults),
        inputs=tuple((name, tuple(composer.added.get(name, ()))) for name in composer.table.inputs),
    )


def _check_integrator(name: str | None, path: str, problems: Problems) -> None:
    if name is not None and name not in INTEGRATORS:
        problems.error(
            "unknown-integrator",
            path,
            f"there is no integrator '{shorten(name)}'",
            notes=(f"integrators: {listed(INTEGRATORS)}",),
            hints=nearest(name, INTEGRATORS),
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
