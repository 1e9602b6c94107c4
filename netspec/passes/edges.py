"""What values of edges read: indices, and parameters of the neurons at both ends."""

from __future__ import annotations

from collections.abc import Collection

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import names
from netspec.expr.types import Hidden, Symbols, ValueType
from netspec.ir.nodes import name_in_source, source_name
from netspec.ir.recipe import Value
from netspec.passes.problems import Problems
from netspec.passes.resolved import ResolvedPopulation
from netspec.passes.special import with_source_names
from netspec.passes.values import resolve_value
from netspec.realise.edges import DISTANCE
from netspec.spec.formulas import Formula
from netspec.spec.values import ValueField, with_formulas
from netspec.units import DIMENSIONLESS, LENGTH, Dimension


def edge_symbols(
    source: ResolvedPopulation | None,
    target: ResolvedPopulation,
    *,
    over_population: bool,
    changing: Collection[tuple[str, str]] = (),
) -> Symbols:
    """Return the symbols of a value of edges.

    A name is that of a parameter of the target, `source(name)` that of the source's.

    Args:
        source: `None` if it is an input, which has no parameters.
        target: The other end.
        over_population: There are no edges but one sum for all targets.
        changing: Populations and their parameters that the timeline sets, which a value that it
            brings itself cannot read.
    """
    symbols: dict[str, ValueType | Hidden] = {"i": DIMENSIONLESS, "j": DIMENSIONLESS}
    symbols |= _of(target, changing)
    if source is not None:
        symbols |= {source_name(name): each for name, each in _of(source, changing).items()}
    symbols |= _distance(source, target)
    if over_population:
        shared = Hidden("one sum over the source serves all targets")
        not_target = {"i", DISTANCE, *filter(name_in_source, symbols)}
        symbols |= dict.fromkeys(not_target, shared)
    return symbols


def _of(
    population: ResolvedPopulation, changing: Collection[tuple[str, str]]
) -> dict[str, ValueType | Hidden]:
    cell = population.cell
    moving = Hidden("it changes while running")
    symbols: dict[str, ValueType | Hidden] = {each.name: moving for each in cell.state}
    symbols |= {each.name: each.dimension for each in cell.own_parameters}
    symbols |= {each.name: LENGTH for each in population.positions}
    set_later = (name for owner, name in changing if owner == population.name)
    return symbols | dict.fromkeys(set_later, Hidden("the timeline sets it"))


def _distance(
    source: ResolvedPopulation | None, target: ResolvedPopulation
) -> dict[str, ValueType | Hidden]:
    if source is None:
        return {DISTANCE: Hidden("an input has no positions")}
    dimensions = len(target.positions)
    if not dimensions or len(source.positions) != dimensions:
        return {DISTANCE: Hidden("source and target have no positions in the same dimensions")}
    return {DISTANCE: LENGTH}


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
        ExpressionError: One looks for something that has no name, or at an input.
    """
    from_input = not any(map(name_in_source, symbols))

    def rewritten(formula: Formula) -> Formula:
        expression = with_source_names(formula.expression)
        for name in sorted(filter(name_in_source, names(expression))):
            if from_input:
                message = f"'{name}' cannot be read here: an input has no parameters"
                raise ExpressionError("unknown-name", message, name)
        return Formula(formula.text, expression)

    return with_formulas(value, rewritten)
