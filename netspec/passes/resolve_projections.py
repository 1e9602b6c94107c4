"""Projections: source, target, receptor, rule, weights and delays."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.parse import shorten
from netspec.expr.types import Symbols
from netspec.ir.recipe import Drawn, PerItem, Scalar, Value
from netspec.limits import MAX_DELAY
from netspec.passes.edges import edge_symbols, resolve_edge_value
from netspec.passes.problems import Problems
from netspec.passes.resolve_gathers import resolve_gather
from netspec.passes.resolve_rules import resolve_rule
from netspec.passes.resolved import (
    ReceptorGather,
    ReceptorPort,
    ResolvedPopulation,
    ResolvedProjection,
    number_of_weights,
)
from netspec.passes.scope import Scope
from netspec.passes.values import resolve_value, steps_of
from netspec.realise.durations import ROUNDING_HINT, format_time
from netspec.realise.rules import Ends
from netspec.spec.connectivity import Projection
from netspec.spec.problems import listed, nearest
from netspec.spec.rules import AllToAll
from netspec.units import TIME


def resolve_projection(
    name: str, projection: Projection, scope: Scope, path: str
) -> ResolvedProjection | None:
    """Return the resolved projection, or `None` once its problems were reported.

    Args:
        name: Of the projection.
        projection: As written.
        scope: Of names.
        path: Its place.
    """
    problems = scope.problems
    source = scope.emitting(projection.source, f"{path}.source")
    target = scope.population(projection.target, f"{path}.target")
    receptor = _receptor(path, projection, target[0], scope) if target else None
    over_population = isinstance(receptor, ReceptorGather) and receptor.over_population
    rule, count = None, None
    if source is not None and target is not None:
        ends = Ends.between(source[0], source[2], target[0].name, target[1])
        symbols = edge_symbols(source[0], target[0].name, scope, over_population=over_population)
        rule = resolve_rule(projection.rule, ends, symbols, f"{path}.rule", problems)
        count = number_of_weights(rule, ends, over_population=over_population)
    if isinstance(receptor, ReceptorPort) and projection.delay is None:
        problems.error("missing-field", f"{path}.delay", "the field 'delay' is missing")
    if source is None or target is None or receptor is None:
        return None
    population, target_view = target
    delay: Value | None = Scalar(Fraction(0))
    if isinstance(receptor, ReceptorPort):
        delay = _delay(path, projection, count, symbols, scope)
    if over_population:
        _check_pool(projection, path, problems)
    weight = resolve_edge_value(
        projection.weight, receptor.weight_dimension, symbols, f"{path}.weight", problems, count
    )
    gather = None
    if isinstance(receptor, ReceptorGather):
        gather = resolve_gather(path, projection, receptor, population, scope)
        if gather is None:
            return None
    if weight is None or delay is None or rule is None:
        return None
    return ResolvedProjection(
        name=name,
        source=source[0],
        event=source[1],
        source_view=source[2],
        target=population.name,
        target_view=target_view,
        receptor=projection.receptor,
        rule=rule,
        weight=weight,
        weight_unit=receptor.weight_unit,
        weight_dimension=receptor.weight_dimension,
        delay=delay,
        min_delay=_min_delay(path, projection, delay, scope),
        rounding=projection.rounding,
        connected=projection.connected,
        weight_bits=projection.weight_bits,
        w_max=_w_max(path, projection, receptor, problems),
        gather=gather,
        path=path,
    )


def _w_max(
    path: str,
    projection: Projection,
    receptor: ReceptorPort | ReceptorGather,
    problems: Problems,
) -> Fraction | None:
    """Return the size that no weight exceeds, in SI; `None` if none is given."""
    given = projection.w_max
    if given is None:
        return None
    path = f"{path}.w_max"
    value = resolve_value(given, receptor.weight_dimension, {}, path, problems, count=None)
    if value is not None and given.value <= 0:
        message = f"'w_max' is above 0, got '{shorten(given.text)}'"
        problems.error("not-positive", path, message)
    return given.value


def _receptor(
    path: str, projection: Projection, target: ResolvedPopulation, scope: Scope
) -> ReceptorPort | ReceptorGather | None:
    known = target.cell.receptors
    its_own = f"{target.cell.path}.receptors.{projection.receptor}"
    if projection.receptor not in known and not scope.problems.is_excused(its_own):
        scope.problems.error(
            "unknown-receptor",
            f"{path}.receptor",
            f"the cell of '{target.name}' has no receptor '{shorten(projection.receptor)}'",
            notes=(f"its receptors: {listed(known)}",),
            hints=nearest(projection.receptor, known),
        )
    return known.get(projection.receptor)


def _delay(
    path: str, projection: Projection, count: int | None, symbols: Symbols, scope: Scope
) -> Value | None:
    path = f"{path}.delay"
    if projection.delay is None:
        return None
    delay = resolve_edge_value(projection.delay, TIME, symbols, path, scope.problems, count)
    if delay is not None:
        _check_delay(delay, projection, path, scope)
    return delay


def _min_delay(path: str, projection: Projection, delay: Value, scope: Scope) -> int:
    """Return the least delay that can be drawn, in steps."""
    path = f"{path}.min_delay"
    if projection.min_delay is None:
        return 1
    if not isinstance(delay, Drawn):
        scope.problems.error("not-drawn", path, "'min_delay' bounds delays that are drawn")
    given = projection.min_delay
    steps = steps_of(given.value, scope.dt, given.text, path, scope.problems, what="a delay")
    if steps is not None and steps > MAX_DELAY:
        message = f"a delay of '{given.text}' is more than {MAX_DELAY} steps"
        scope.problems.error("delay-too-long", path, message)
    return steps or 0


def _check_pool(projection: Projection, path: str, problems: Problems) -> None:
    """Report rules other than that every target sums over the whole source."""
    if projection.rule.choice != AllToAll():
        problems.error(
            "no-rule",
            f"{path}.rule",
            f"the receptor '{projection.receptor}' gathers over the whole source, which is the "
            "rule 'all_to_all' with its autapses",
        )


def _check_delay(delay: Value, projection: Projection, path: str, scope: Scope) -> None:
    """Report delays that are written down and negative, too long or no multiple of dt."""
    within: str | None = None
    hints: tuple[str, ...] = ()
    rounding = "error" if isinstance(delay, Scalar) else projection.rounding
    match delay:
        case Scalar(value):
            values = [value]
            if projection.rounding != "error":
                hints = ("write a multiple; 'rounding' is for delays in lists and expressions",)
        case PerItem(several):
            values = list(several)
            within, hints = path, (ROUNDING_HINT,)
        case _:
            return
    for number, seconds in enumerate(values):
        place = path if within is None else f"{path}[{number}]"
        if seconds / scope.dt > MAX_DELAY:
            message = f"a delay of '{format_time(seconds)}' is more than {MAX_DELAY} steps"
            scope.problems.error("delay-too-long", place, message, within=within)
        else:
            steps_of(
                seconds,
                scope.dt,
                None,
                place,
                scope.problems,
                rounding=rounding,
                what="a delay",
                within=within,
                hints=hints,
            )
