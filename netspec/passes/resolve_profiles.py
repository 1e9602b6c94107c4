"""Profiles of distance: the probability of a connection as an expression."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.nodes import Binary, Expression, Literal, Unit, substitute
from netspec.expr.parse import parse_expression, shorten
from netspec.expr.types import Symbols
from netspec.ir.recipe import Scalar, Value
from netspec.passes.edges import resolve_edge_value
from netspec.passes.problems import Problems
from netspec.passes.values import resolve_value
from netspec.spec.formulas import Formula, Given
from netspec.spec.profiles import Profile
from netspec.units import DIMENSIONLESS, LENGTH


def resolve_profile(
    profile: Profile, p_max: Fraction, symbols: Symbols, path: str, problems: Problems
) -> Value | None:
    """Return the probability of a pair, or `None` once problems were reported.

    It is computed as if the author had written it as an expression.

    Args:
        profile: As in the document.
        p_max: What it is multiplied by.
        symbols: What a value of edges may read.
        path: Its place.
        problems: Where problems go.
    """
    model, terms = profile.choice, dict[str, Expression]()
    for name, given in model:
        where, is_share = f"{path}.{profile.name}.{name}", name in model.shares
        number = _number(given, where, problems, is_share=is_share)
        if number is not None:
            terms[name] = Literal(number) if is_share else _metres(number)
    if len(terms) < len(type(model).model_fields):
        return None
    formula = substitute(parse_expression(model.formula), terms)
    probability = Formula(model.formula, Binary("*", Literal(p_max), formula))
    return resolve_edge_value(probability, DIMENSIONLESS, symbols, path, problems, None)


def _number(given: Given, path: str, problems: Problems, *, is_share: bool) -> Fraction | None:
    dimension = DIMENSIONLESS if is_share else LENGTH
    value = resolve_value(given, dimension, {}, path, problems, count=None)
    if not isinstance(value, Scalar):
        return None
    if 0 <= value.value <= 1 if is_share else value.value > 0:
        return value.value
    limits = "a share lies between 0 and 1" if is_share else "a length of a profile is above 0"
    problems.error("out-of-range", path, f"{limits}, got '{shorten(given.text)}'")
    return None


def _metres(number: Fraction) -> Expression:
    return Binary("*", Literal(number), Unit("metre"))
