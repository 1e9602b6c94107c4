"""Connection rules: their numbers in SI, and what does not fit the ends."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.types import Symbols
from netspec.ir.recipe import EdgeTable, Item, Rule, Scalar, Value
from netspec.passes.data import resolve_edges
from netspec.passes.edges import resolve_edge_value
from netspec.passes.problems import Problems
from netspec.realise.rules import RULES, Ends
from netspec.spec import rules as spec
from netspec.spec.formulas import Formula
from netspec.units import DIMENSIONLESS, Quantity

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
    own, per_pair = f"{path}.{written.name}", written.choice.per_pair
    parameters, allowed = [], []
    pairs: tuple[tuple[int, int], ...] | EdgeTable = ()
    for name, given in written.choice:
        match given:
            case bool():
                if given:
                    allowed.append(name.removeprefix(_SWITCH))
            case tuple():
                pairs = given
            case Quantity() | Formula() | int():
                readable = symbols if name in per_pair else {}
                value = _number(given, readable, f"{own}.{name}", problems)
                if value is None:
                    return None
                parameters.append(Item(name, value, f"{own}.{name}"))
    if isinstance(written.choice, spec.Explicit) and written.choice.file is not None:
        found = resolve_edges(written.choice.file, written.choice.population, own, problems)
        if found is None:
            return None
        pairs = found
    rule = Rule(written.name, own, tuple(parameters), tuple(allowed), pairs)
    faults = tuple(RULES[rule.name].faults(rule, ends))
    problems.diagnostics += faults
    return None if faults else rule


def _number(
    given: Quantity | Formula | int, symbols: Symbols, path: str, problems: Problems
) -> Value | None:
    if isinstance(given, int):
        return Scalar(Fraction(given))
    return resolve_edge_value(given, DIMENSIONLESS, symbols, path, problems, None)
