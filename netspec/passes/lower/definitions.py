"""Abbreviations are replaced by what they stand for, wherever they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from netspec.expr.fold import short_powers_multiplied_out
from netspec.expr.nodes import Expression, Name, substitute
from netspec.passes.resolved import Assigned, ComposedCell, Definition, EventRule
from netspec.passes.size import check_size

Rewrite = Callable[[Expression], Expression]


def written_out(definitions: Iterable[Definition]) -> dict[str, Expression]:
    """Return what each abbreviation stands for, without abbreviations.

    Args:
        definitions: Each reads earlier ones only.

    Raises:
        ExpressionError: They are too deep or too large.
    """
    found: dict[str, Expression] = {}
    for each in definitions:
        found[each.name] = substitute(each.value, found)
        check_size((found[each.name],))
    return found


def held_name(definition: Definition) -> str:
    """Return the local that holds what was sampled at the beginning of a step."""
    return f"_sampled_{definition.name}"


def without_definitions(cell: ComposedCell) -> ComposedCell:
    """Return a cell whose equations, conditions and statements read no abbreviations."""
    found = written_out(
        replace(each, value=Name(held_name(each))) if each.sampled else each
        for each in cell.definitions
    )

    def plain(expression: Expression) -> Expression:
        return short_powers_multiplied_out(substitute(expression, found))

    return rewritten(cell, plain, plain)


def rewritten(cell: ComposedCell, in_update: Rewrite, after_update: Rewrite) -> ComposedCell:
    """Return a cell with other expressions.

    Args:
        cell: Stays as it is.
        in_update: For what is computed until the end of the update.
        after_update: For conditions and everything after them.
    """

    def assigned(pairs: Iterable[Assigned], rewrite: Rewrite) -> tuple[Assigned, ...]:
        return tuple((name, rewrite(value)) for name, value in pairs)

    def event(rule: EventRule) -> EventRule:
        later = (
            replace(each, statements=assigned(each.statements, after_update)) for each in rule.later
        )
        return replace(
            rule,
            condition=after_update(rule.condition),
            statements=assigned(rule.statements, after_update),
            later=tuple(later),
        )

    rest = cell.refractoriness
    return replace(
        cell,
        derivatives=assigned(cell.derivatives, in_update),
        update=tuple(assigned(stage, in_update) for stage in cell.update),
        increments=assigned(cell.increments, in_update),
        events=tuple(map(event, cell.events)),
        ports=tuple(replace(port, value=after_update(port.value)) for port in cell.ports),
        refractoriness=rest
        and replace(
            rest,
            period=rest.period and after_update(rest.period),
            silent=rest.silent and in_update(rest.silent),
        ),
    )
