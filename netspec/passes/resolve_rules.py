"""Connection rules: their numbers in SI, and what does not fit the ends."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.types import Symbols
from netspec.ir.recipe import Item, Rule, Scalar, Value
from netspec.passes.edges import resolve_edge_value
from netspec.passes.problems import Problems
from netspec.passes.resolve_profiles import resolve_profile
from netspec.realise.rules import RULES, Ends
from netspec.spec import rules as spec
from netspec.spec.formulas import Formula
from netspec.spec.profiles import Profile
from netspec.units import DIMENSIONLESS, LENGTH, Dimension, Quantity

_SWITCH = "allow_"


def resolve_rule(
    written: spec.Rule, ends: Ends, symbols: Symbols, path: str, problems: Problems
) -> Rule | None:
    """Return a rule, or `None` once its problems were reported.

    Args:
        written: As in the document.
        ends: What it connects.
        symbols: What numbers read that may differ from pair to pair.
        path: Its place.
        problems: Where problems go.
    """
    own = f"{path}.{written.name}"
    values: dict[str, tuple[Value | None, str]] = {}
    allowed, pairs = [], ()
    for name, given in written.choice:
        where = f"{own}.{name}"
        match given:
            case bool():
                if given:
                    allowed.append(name.removeprefix(_SWITCH))
            case tuple():
                pairs = given
            case Profile():
                p_max, _ = values["p_max"]
                assert isinstance(p_max, Scalar | None)
                most = p_max.value if p_max else Fraction(1)  # for its other problems
                values["p"] = resolve_profile(given, most, symbols, where, problems), where
            case Quantity() | Formula() | int():
                readable = symbols if name in written.choice.per_pair else {}
                dimension = LENGTH if name in written.choice.lengths else DIMENSIONLESS
                values[name] = _number(given, dimension, readable, where, problems), where
    parameters = tuple(
        Item(name, value, where) for name, (value, where) in values.items() if value is not None
    )
    if len(parameters) < len(values):
        return None
    rule = Rule(written.name, own, parameters, tuple(allowed), pairs)
    faults = tuple(RULES[rule.name].faults(rule, ends))
    problems.diagnostics += faults
    return None if faults else rule


def _number(
    given: Quantity | Formula | int,
    dimension: Dimension,
    symbols: Symbols,
    path: str,
    problems: Problems,
) -> Value | None:
    if isinstance(given, int):
        return Scalar(Fraction(given))
    return resolve_edge_value(given, dimension, symbols, path, problems, None)
