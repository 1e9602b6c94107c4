"""`resolve`, the inputs that draw their spikes while the network runs."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from netspec.expr.nodes import Binary, Compare, Constant, Expression, Logical, Name
from netspec.ir import nodes as ir
from netspec.ir.recipe import Range, RangeRecipe, Scalar
from netspec.passes.courses import CourseOwner, resolve_course
from netspec.passes.readable import neuron_symbols
from netspec.passes.resolved import (
    Assign,
    ComposedCell,
    CoursePart,
    EventRule,
    ResolvedGenerator,
    ResolvedInput,
    ResolvedPoisson,
    Symbol,
)
from netspec.passes.scope import Scope
from netspec.realise.ranges import probability_range
from netspec.spec.inputs import CorrelatedPoisson, Poisson
from netspec.units import DIMENSIONLESS, FREQUENCY

Resolved = tuple[ResolvedInput | None, tuple[Assign, ...]]
"""An input, or `None` once a problem with it was reported; what its time course changes."""


def resolve_poisson(name: str, given: Poisson, scope: Scope) -> Resolved:
    """Return a Poisson source; one whose rate moves between changes is computed like a cell.

    Args:
        name: Of the input.
        given: As in the document.
        scope: Of names.
    """
    owner = _owner(name, given.size, scope)
    part = resolve_course(given.rate, "rate", FREQUENCY, owner, scope.dt, scope.problems)
    if part is None:
        return None, ()
    if isinstance(part.value, Name) and not part.tables:  # the timeline says it all
        (rate,) = part.parameters
        assert rate.value is not None
        source = ResolvedPoisson(name, given.size, rate.value, part.is_plain)
        return source, tuple(replace(each, kind="rate") for each in part.changes)
    probability = per_step(part.value)
    draw = ir.Draw("_fires", "bernoulli", "spikes", mean=probability)
    cell = _generator(owner, "poisson", part, probability, (draw,), _happens(draw))
    return ResolvedGenerator(name, given.size, cell), part.changes


def resolve_correlated_poisson(name: str, given: CorrelatedPoisson, scope: Scope) -> Resolved:
    """Return a source of correlated trains, which is computed like a cell.

    Args:
        name: Of the input.
        given: As in the document.
        scope: Of names.
    """
    owner = _owner(name, given.size, scope, alike=True)
    part = resolve_course(given.rate, "rate", FREQUENCY, owner, scope.dt, scope.problems)
    if part is None:
        return None, ()
    correlation = Symbol(
        "correlation",
        DIMENSIONLESS,
        Scalar(Fraction(repr(given.correlation))),
        f"{owner.path}.correlation",
    )
    p, c = per_step(part.value), Name(correlation.name)
    is_common_source = given.method == "common_source"
    together, apart = _common_source(p, c, given) if is_common_source else (Binary("/", p, c), c)
    common = ir.Draw("_common", "bernoulli", "common spikes", shared=True, mean=together)
    own = ir.Draw("_own", "bernoulli", "own spikes", mean=apart)
    fires = Logical("or" if is_common_source else "and", _happens(common), _happens(own))
    cell = _generator(
        owner,
        f"correlated_poisson, {given.method}",
        replace(part, parameters=(*part.parameters, correlation)),
        p,
        (common, own),
        fires,
    )
    if not is_common_source:
        own_range = Range(
            name, 1.0, what="rate * dt / correlation", hint=" or a larger correlation"
        )
        faster = RangeRecipe(own_range, together, f"{owner.path}.rate")
        cell = replace(cell, ranges=(*cell.ranges, faster))
    settable = (("rate", FREQUENCY),) if part.is_plain else ()
    return ResolvedGenerator(name, given.size, cell, settable), part.changes


def _common_source(
    p: Expression, c: Expression, given: CorrelatedPoisson
) -> tuple[Expression, Expression]:
    """Return the probabilities of a common spike and of an own one.

    A neuron fires with p in all: 1 - p = (1 - common)*(1 - own).
    """
    common = Binary("*", c, p)
    if given.correlation == 1:  # where p is 1 too, 0/0 would be left for the own ones
        return common, Constant(0.0)
    return common, Binary("/", Binary("-", p, common), Binary("-", Constant(1.0), common))


def _owner(name: str, size: int, scope: Scope, *, alike: bool = False) -> CourseOwner:
    symbols = neuron_symbols(None, scope.positions_of(name), alike=alike)
    return CourseOwner(name, name, ir.View(0, size), size, symbols, alike=alike)


def per_step(rate: Expression) -> Expression:
    """Return the mean number of events in a step."""
    return Binary("*", rate, Name(ir.TIME_STEP))


def _happens(draw: ir.Draw) -> Expression:
    return Compare(">", Name(draw.name), Constant(0.5))


def _generator(
    owner: CourseOwner,
    model: str,
    part: CoursePart,
    probability: Expression,
    draws: tuple[ir.Draw, ...],
    fires: Expression,
) -> ComposedCell:
    """Return the cell of a source that is computed like a population."""
    return ComposedCell(
        path=owner.path,
        model=model,
        integrator=None,
        parameters=tuple(sorted(part.parameters, key=lambda symbol: symbol.name)),
        state=(),
        definitions=(),
        derivatives=(),
        noise=(),
        update=(),
        increments=(),
        draws=(*part.draws, *draws),
        events=(EventRule(ir.SPIKE, fires, ()),),
        refractoriness=None,
        ports=(),
        gathers=(),
        defaults=(),
        tables=part.tables,
        distributions=part.distributions,
        ranges=(RangeRecipe(probability_range(owner.name), probability, f"{owner.path}.rate"),),
    )
