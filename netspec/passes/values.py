"""Values of a document in SI, and durations in steps, exactly."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.exact import exact_value
from netspec.expr.fold import fold, real_indices
from netspec.expr.nodes import Constant, Expression
from netspec.expr.parse import shorten
from netspec.expr.types import Hidden, Symbols, require_dimension
from netspec.ir.recipe import (
    Computed,
    Drawn,
    FromFile,
    Item,
    PerItem,
    Rounding,
    Scalar,
    Value,
)
from netspec.passes.data import resolve_numbers
from netspec.passes.problems import Problems
from netspec.passes.special import refuse_special
from netspec.realise.distributions import faults
from netspec.realise.durations import in_steps
from netspec.realise.network import FloatArray
from netspec.realise.values import realise_value
from netspec.spec import data as spec
from netspec.spec.distributions import BOUNDS, PLAIN_NUMBERS, Distribution
from netspec.spec.formulas import Formula
from netspec.spec.reader import format_path
from netspec.spec.values import QuantityList, ValueField
from netspec.units import DIMENSIONLESS, Dimension, Quantity, describe

INDICES = frozenset({"i", "j"})

ALL_ALIKE = Hidden("all neurons share the value")
"""In place of the index where one value is for the whole population."""


def resolve_value(
    value: ValueField,
    dimension: Dimension,
    symbols: Symbols,
    path: str,
    problems: Problems,
    *,
    count: int | None,
) -> Value | None:
    """Return a value in SI, or `None` once a problem with it was reported.

    Args:
        value: As in the document.
        dimension: What it must be.
        symbols: What a formula may read.
        path: Its place, for messages.
        problems: Where problems go.
        count: Length that a list must have, if that is known here.
    """
    match value:
        case Quantity():
            if _check_dimension(value, dimension, path, problems):
                return Scalar(value.value)
        case QuantityList(quantities):
            fits = [
                _check_dimension(quantity, dimension, f"{path}[{number}]", problems, within=path)
                for number, quantity in enumerate(quantities)
            ]
            if count is not None and len(quantities) != count:
                problems.error(
                    "wrong-length", path, f"expected {count} values, got {len(quantities)}"
                )
            elif all(fits):
                return PerItem(tuple(quantity.value for quantity in quantities))
        case Formula(_, expression):
            with problems.expressions_at(path):
                refuse_special(expression)
                require_dimension(expression, dimension, symbols)
                return _folded(expression)
        case Distribution():
            return _drawn(value, dimension, symbols, path, problems)
        case spec.FromFile():
            return _from_file(value, dimension, path, problems, count)
    return None


def _from_file(
    value: spec.FromFile, dimension: Dimension, path: str, problems: Problems, count: int | None
) -> FromFile | None:
    numbers = resolve_numbers(value, dimension, path, problems)
    if numbers is not None and count is not None and numbers.data.shape != (count,):
        message = f"expected {count} values, but '{value.file}' has {numbers.data.shape[0]}"
        problems.error("wrong-length", path, message)
        return None
    return numbers


def _drawn(
    distribution: Distribution,
    dimension: Dimension,
    symbols: Symbols,
    path: str,
    problems: Problems,
) -> Drawn | None:
    written = dict(distribution.choice.parameters())
    items, texts = [], {}
    for place, given in written.items():
        where = f"{path}.{format_path((distribution.name, *place))}"
        own = DIMENSIONLESS if place[0] in PLAIN_NUMBERS else dimension
        resolved = resolve_value(given, own, symbols, where, problems, count=None)
        if resolved is not None:
            items.append(Item(format_path(place), resolved, where))
            texts[where] = f"'{shorten(given.text)}'"
    if len(items) < len(written):
        return None
    outside = next((name for name in BOUNDS if getattr(distribution.choice, name, None)), None)
    drawn = Drawn(distribution.name, tuple(items), outside, str(distribution))
    found = list(faults(drawn, _scalars(drawn), texts))
    for fault in found:
        problems.error(fault.code, fault.path, fault.message)
    return None if found else drawn


def _scalars(drawn: Drawn) -> dict[str, FloatArray]:
    """Return the parameters that are known."""
    return {
        each.name: realise_value(each.value, {}, each.path)
        for each in drawn.parameters
        if isinstance(each.value, Scalar)
    }


def refuse_drawn(value: ValueField, what: str, path: str, problems: Problems) -> bool:
    """Report a distribution in a place where nothing can be drawn yet, and tell whether it is."""
    if not isinstance(value, Distribution):
        return False
    problems.error("not-drawn", path, f"{what} cannot be drawn from a distribution yet")
    return True


def refuse_list(value: ValueField, name: str, path: str, problems: Problems) -> bool:
    """Report a list of values for what a population shares, and tell whether it is one."""
    if not isinstance(value, QuantityList | spec.FromFile):
        return False
    message = f"'{name}' is shared by the population and needs one value for all"
    problems.error("shared-state", path, message)
    return True


def _folded(expression: Expression) -> Value:
    """Return what a formula stands for: `2*nS` is the number that `2 nS` is."""
    folded = fold(real_indices(expression, INDICES))
    if not isinstance(folded, Constant):
        return Computed(folded)
    exact = exact_value(expression)
    return Scalar(Fraction(folded.value) if exact is None else exact[0])


def _check_dimension(
    quantity: Quantity,
    dimension: Dimension,
    path: str,
    problems: Problems,
    within: str | None = None,
) -> bool:
    if quantity.dimension == dimension:
        return True
    given = f"'{shorten(quantity.text)}', {describe(quantity.dimension)}"
    hints = ("write the unit behind the number",) if quantity.dimension == DIMENSIONLESS else ()
    message = f"expected {describe(dimension)}, got {given}"
    problems.error("wrong-dimension", path, message, hints=hints, within=within)
    return False


def steps_of(
    seconds: Fraction,
    dt: Fraction,
    text: str | None,
    path: str,
    problems: Problems,
    *,
    rounding: Rounding = "error",
    what: str = "a duration",
    within: str | None = None,
    hints: tuple[str, ...] = (),
) -> int | None:
    """Return a duration in steps; one that is no number of steps is reported.

    Args:
        seconds: The duration.
        dt: Seconds.
        text: The duration as written, if it is known.
        path: Its place.
        problems: Where problems go.
        rounding: What happens to one that is no multiple of dt.
        what: What it is, for messages.
        within: The list that it is an item of.
        hints: What to do about a duration that is no multiple of dt.
    """
    steps = in_steps(seconds, dt, rounding, what=what, text=text)
    if isinstance(steps, int):
        return steps
    own = hints if steps.code == "not-a-multiple-of-dt" else ()
    problems.error(steps.code, path, steps.message, notes=steps.notes, hints=own, within=within)
    return None
