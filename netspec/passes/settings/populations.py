"""Parameters and state of populations that the timeline sets."""

from __future__ import annotations

from netspec.expr.nodes import Name
from netspec.ir.nodes import View
from netspec.ir.recipe import Scalar, Value, names_in
from netspec.passes.resolved import Assign, ComposedCell, Kind, ResolvedPopulation
from netspec.passes.settings.setting import Setting
from netspec.passes.values import refuse_list, steps_of


def set_population(setting: Setting) -> Assign | None:
    """Return what is set in a population, or `None` once its problems were reported."""
    place = setting.scope.population(setting.owner, setting.path)
    if place is None:
        return None
    population, view = place
    parameters = {symbol.name: symbol for symbol in population.cell.own_parameters}
    state = {symbol.name: symbol for symbol in population.cell.state}
    symbol = parameters.get(setting.variable) or state.get(setting.variable)
    if symbol is None:
        setting.refuse_variable(population.name, {*parameters, *state})
        return None
    if symbol.shared and _refuse_part(population, view, setting):
        return None
    symbols = setting.symbols(population.name, population.cell, alike=symbol.shared)
    value = setting.resolved(symbol.dimension, symbols, view)
    if value is None or _refuse_fixed(population, value, setting):
        return None
    kind: Kind = "parameter" if setting.variable in parameters else "state"
    return setting.assign(kind, population.name, view, value)


def _refuse_part(population: ResolvedPopulation, view: View, setting: Setting) -> bool:
    """Report different values of neurons that share one, and tell whether they are."""
    variable, path, problems = setting.variable, setting.path, setting.scope.problems
    if refuse_list(setting.value, variable, path, problems):
        return True
    if len(view) == population.size:
        return False
    setting.refuse(
        "shared-state",
        f"'{variable}' is shared by the population '{population.name}', so it cannot be set for "
        "a part of it",
    )
    return True


def _refuse_fixed(population: ResolvedPopulation, value: Value, setting: Setting) -> bool:
    """Report a new delay of an action, and tell whether it is one; look at a refractory period."""
    cell, variable, scope = population.cell, setting.variable, setting.scope
    if isinstance(value, Scalar) and _is_refractory(cell, variable):
        what = "a refractory period"
        steps_of(value.value, scope.dt, None, setting.path, scope.problems, what=what)
    if not any(variable in names_in(action.after) for rule in cell.events for action in rule.later):
        return False
    setting.refuse(
        "fixed-delay",
        f"'{variable}' says how much later an action of '{population.name}' comes, which cannot "
        "change while running",
    )
    return True


def _is_refractory(cell: ComposedCell, variable: str) -> bool:
    return cell.refractoriness is not None and cell.refractoriness.period == Name(variable)
