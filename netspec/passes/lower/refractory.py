"""Refractoriness becomes state, locals, conditions and statements like any other."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from netspec.expr.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    Expression,
    Integer,
    Logical,
    Name,
    Not,
    names,
)
from netspec.ir import nodes as ir
from netspec.ir.recipe import Scalar
from netspec.passes.resolved import ComposedCell
from netspec.units import DIMENSIONLESS

LONGEST_PERIOD = 2.0**31 - 1.0
"""In steps, of a period that is computed while running."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What refractoriness adds to a cell.

    Attributes:
        held: Variables that keep their value while `_held` is true.
        state, locals, parameters, derived: Of the compiler's own.
        first: Stages before all others.
        immediate: What a spike does at once.
        silenced: No spike while this holds.
    """

    held: frozenset[str] = frozenset()
    state: tuple[ir.Variable, ...] = ()
    locals: tuple[ir.Variable, ...] = ()
    parameters: tuple[ir.Parameter, ...] = ()
    derived: tuple[ir.Derived, ...] = ()
    first: tuple[ir.Stage, ...] = ()
    immediate: tuple[ir.Statement, ...] = ()
    silenced: Expression | None = None

    def guarded(self, condition: Expression) -> Expression:
        """Return the condition for a spike of neurons that are not refractory."""
        if self.silenced is None:
            return condition
        return Logical("and", condition, Not(self.silenced))

    def shut(self, target: str, value: Expression) -> Expression:
        """Return what a port assigns: held variables stay as they are in the period."""
        if target not in self.held:
            return value
        return Call("where", (_counts_down(), Name(target), value))


def rest_of(cell: ComposedCell, assigned: frozenset[str]) -> Rest:
    """Return what follows the spikes of a cell.

    Args:
        cell: Without abbreviations.
        assigned: Parameters that the timeline changes.
    """
    rule = cell.refractoriness
    if rule is None or not any(event.name == ir.SPIKE for event in cell.events):
        return Rest()
    if rule.silent is not None:
        silent = ir.Statement(ir.SILENT, rule.silent)
        return Rest(
            locals=(ir.Variable(ir.SILENT, DIMENSIONLESS, "truth"),),
            first=(ir.Stage((silent,)),),
            silenced=Name(ir.SILENT),
        )
    assert rule.period is not None
    known = {each.name for each in cell.parameters} | {ir.TIME_STEP}
    is_computed = not names(rule.period) <= known
    if not is_computed and _is_zero(cell, rule.period, assigned):
        return Rest()
    period = _computed_steps(rule.period) if is_computed else Name(ir.PERIOD)
    return Rest(
        held=frozenset(rule.holds),
        state=(ir.Variable(ir.COUNTDOWN, DIMENSIONLESS, "integer"),),
        locals=(ir.Variable(ir.HELD, DIMENSIONLESS, "truth"),),
        parameters=() if is_computed else (ir.Parameter(ir.PERIOD, DIMENSIONLESS, "integer"),),
        derived=() if is_computed else (ir.StepCount(ir.PERIOD, rule.period),),
        first=(_COUNT_DOWN,),
        immediate=(ir.Statement(ir.COUNTDOWN, period),),
        silenced=Name(ir.HELD),
    )


def _is_zero(cell: ComposedCell, period: Expression, assigned: frozenset[str]) -> bool:
    """Tell whether the period is always one 0 for all neurons."""
    if not isinstance(period, Name) or period.name in assigned:
        return False
    return any(
        each.name == period.name and each.value == Scalar(Fraction(0)) for each in cell.parameters
    )


def _computed_steps(period: Expression) -> Expression:
    """Return a period in steps at the moment of the spike: rounded, 0 where it is not positive."""
    steps = Binary("+", Binary("/", period, Name(ir.TIME_STEP)), Constant(0.5))
    whole = Call("floor", (steps,))
    bounded = Call("min", (whole, Constant(LONGEST_PERIOD)))
    positive = Call("where", (Compare(">", whole, Constant(0.0)), bounded, Constant(0.0)))
    return Call("integer", (positive,))


def _counts_down() -> Expression:
    return Compare(">", Name(ir.COUNTDOWN), Integer(0))


_COUNT_DOWN = ir.Stage(
    (
        ir.Statement(ir.HELD, _counts_down()),
        ir.Statement(
            ir.COUNTDOWN,
            Call(
                "where",
                (
                    _counts_down(),
                    Binary("-", Name(ir.COUNTDOWN), Integer(1)),
                    Name(ir.COUNTDOWN),
                ),
            ),
        ),
    )
)
