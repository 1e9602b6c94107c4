"""Alternatives that a cell has not chosen: what is wrong with them is reported all the same."""

from __future__ import annotations

from netspec.expr.types import ValueType, require_dimension
from netspec.passes.compose.composer import Composer
from netspec.passes.compose.symbols import AnyPart
from netspec.passes.special import refuse_special
from netspec.units import parse_unit


def check_unchosen(composer: Composer) -> None:
    """Report alternatives that would not give what they stand for."""
    for part in composer.parts.all:
        for own, others in part.declared_as.alternatives.items():
            unit = part.declared_as.declared_parameters[own].unit
            for name, other in others.items():
                if part.chosen.get(own) == name:
                    continue  # a definition now, and checked as such
                symbols = _without(own, part, composer)
                symbols[name] = parse_unit(other.unit).dimension
                path = part.place("parameters", own, "instead", name, "value")
                with composer.problems.expressions_at(path):
                    written = part.written(other.value.expression)
                    refuse_special(written)
                    require_dimension(written, parse_unit(unit).dimension, symbols)


def _without(own: str, part: AnyPart, composer: Composer) -> dict[str, ValueType]:
    """Return what equations read, except a parameter that there would not be."""
    name = part.rename(own)
    return {each: kind for each, kind in composer.symbols.items() if each != name}
