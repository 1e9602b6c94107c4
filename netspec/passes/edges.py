"""What values of edges read: indices, and parameters of the neurons at both ends."""

from __future__ import annotations

from collections.abc import Collection

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import names
from netspec.expr.types import Hidden, Symbols, ValueType
from netspec.ir.nodes import TIME_STEP, name_in_source, source_name
from netspec.ir.recipe import Value
from netspec.passes.problems import Problems
from netspec.passes.readable import NeuronSymbols, own_symbols
from netspec.passes.scope import Scope
from netspec.passes.special import with_source_names
from netspec.passes.values import resolve_value
from netspec.realise.edges import DISTANCE
from netspec.realise.neurons import AXES
from netspec.spec.formulas import Formula
from netspec.spec.values import ValueField, with_formulas
from netspec.units import DIMENSIONLESS, LENGTH, TIME, Dimension


def edge_symbols(
    source: str,
    target: str,
    scope: Scope,
    *,
    over_population: bool,
    changing: Collection[tuple[str, str]] = (),
) -> Symbols:
    """Return the symbols of a value of edges.

    A name is that of a parameter or coordinate of the target, `source(name)` that of the source's.

    Args:
        source: A population or input.
        target: A population.
        scope: Of names.
        over_population: There are no edges but one sum for all targets.
        changing: Populations and their parameters that the timeline sets, which a value that it
            brings itself cannot read.
    """
    symbols = _of(target, scope, changing)
    symbols |= {source_name(name): each for name, each in _of(source, scope, changing).items()}
    symbols |= {"i": DIMENSIONLESS, "j": DIMENSIONLESS, TIME_STEP: TIME}
    symbols[DISTANCE] = _distance(source, target, scope)
    if over_population:
        shared = Hidden("one sum over the source serves all targets")
        not_target = {"i", DISTANCE, *filter(name_in_source, symbols)}
        symbols |= dict.fromkeys(not_target, shared)
    return symbols


def _of(name: str, scope: Scope, changing: Collection[tuple[str, str]]) -> NeuronSymbols:
    population = scope.populations.get(name)
    if population is None:
        return own_symbols(None, scope.positions_of(name))
    set_later = (variable for owner, variable in changing if owner == name)
    return {
        **own_symbols(population.cell, scope.positions_of(name)),
        **dict.fromkeys(set_later, Hidden("the timeline sets it")),
    }


def _distance(source: str, target: str, scope: Scope) -> ValueType | Hidden:
    dimensions = len(scope.positions_of(source))
    if not dimensions and source in scope.inputs:
        return Hidden(f"the input '{source}' has no positions")
    if not dimensions or len(scope.positions_of(target)) != dimensions:
        return Hidden("source and target have no positions in the same dimensions")
    return LENGTH


def resolve_edge_value(
    value: ValueField,
    dimension: Dimension,
    symbols: Symbols,
    path: str,
    problems: Problems,
    count: int | None,
) -> Value | None:
    """Return a value of edges, or `None` once a problem with it was reported."""
    with problems.expressions_at(path):
        written = _looking_at_source(value, symbols)
        return resolve_value(written, dimension, symbols, path, problems, count=count)
    return None


def _looking_at_source(value: ValueField, symbols: Symbols) -> ValueField:
    """Return a value whose formulas have a name in place of every `source(x)`.

    Raises:
        ExpressionError: One looks for something that has no name, or that no source like this has.
    """
    has_parameters = {*map(name_in_source, symbols)} - {None, *AXES}

    def rewritten(formula: Formula) -> Formula:
        expression = with_source_names(formula.expression)
        for name in sorted(filter(name_in_source, names(expression))):
            if name not in symbols and not has_parameters:
                what = "positions" if name_in_source(name) in AXES else "parameters"
                message = f"'{name}' cannot be read here: the source has no {what}"
                raise ExpressionError("unknown-name", message, name)
        return Formula(formula.text, expression)

    return with_formulas(value, rewritten)
