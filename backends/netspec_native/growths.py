"""Growths: `exprel` of something, as exponential Euler has it, computed for blocks of neurons.

A loop over a block computes what `exprel` is applied to, and all that stands beside it; then come
loops that apply it. Mostly all numbers of a block are so near to 0 that it is a polynomial there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from netspec.expr.nodes import Call, names as names_in
from netspec.ir import nodes as ir
from netspec_native import models
from netspec_native.names import Names
from netspec_native.printer import Texts, assigned, c_text

_INDENT = 12
"""Spaces before a line in the loop."""


def is_growth(statement: ir.Statement) -> bool:
    """Tell whether a statement assigns the `exprel` of something."""
    return isinstance(statement.value, Call) and statement.value.function == "exprel"


def ahead(cell: ir.Cell, common: Collection[str]) -> tuple[ir.Statement, ...]:
    """Return locals that a block computes before its loop.

    They are a stage that reads only what was there before the update.

    Args:
        cell: Of a population.
        common: Names that have one value for all of it.
    """
    inner = {each.name for entries in (cell.locals, cell.draws) for each in entries}
    assigned_before: set[str] = set()
    for stage in cell.stages:
        own = tuple(each for each in stage.statements if each.target not in common)
        if any(map(is_growth, own)):
            read = {name for each in own for name in names_in(each.value)}
            fits = {each.target for each in own} <= inner and not read & assigned_before
            return own if fits else ()
        assigned_before |= {each.target for each in stage.statements}
    return ()


def growth(population: str, name: str, names: Names) -> models.Growth:
    """Return what a local is called, and what tells whether some of its numbers are far from 0."""
    return models.Growth(names("value", population, name), names("far", population, name))


def lines(
    population: str, statements: Iterable[ir.Statement], texts: Texts, names: Names
) -> Iterator[str]:
    """Yield the loop over what is ahead; of growths, what `exprel` is applied to.

    Args:
        population: Name of the population.
        statements: Those that are ahead.
        texts: How names are read in a block.
        names: Identifiers of the program.
    """
    for each in statements:
        place, value = texts[each.target], each.value
        if isinstance(value, Call) and is_growth(each):
            (value,) = value.arguments
        yield from assigned(place, c_text(value, texts), _INDENT)
        if is_growth(each):
            yield f"{growth(population, each.target, names).far} |= farness({place});"
