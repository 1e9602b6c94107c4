"""Statements as Brian2's abstract code, so written that Brian2 leaves their arithmetic alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from netspec.expr.nodes import Binary, Call, Name, names
from netspec.ir.nodes import Stage, Statement
from netspec_brian2.functions import WHERE, WHERE_INTEGER
from netspec_brian2.printer import Scope


def stage_lines(stage: Stage, scope: Scope, spare: Mapping[str, str]) -> Iterator[str]:
    """Yield the statements of a stage: every value is computed from what was there before it.

    A target that a later statement of the stage reads is assigned at the end.
    """
    delayed: list[str] = []
    for index, statement in enumerate(stage.statements):
        target = statement.target
        if _is_read(target, stage.statements[index + 1 :]):
            yield f"{spare[target]} = {scope.print(statement.value)}"
            delayed.append(f"{scope.texts[target]} = {spare[target]}")
        else:
            yield from statement_lines(statement, scope, spare)
    yield from delayed


def delayed_targets(stages: Iterable[Stage]) -> frozenset[str]:
    """Return the targets that a later statement of their stage reads."""
    return frozenset(
        statement.target
        for stage in stages
        for index, statement in enumerate(stage.statements)
        if _is_read(statement.target, stage.statements[index + 1 :])
    )


def _is_read(target: str, statements: Iterable[Statement]) -> bool:
    return any(target in names(each.value) for each in statements)


def statement_lines(statement: Statement, scope: Scope, spare: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of one statement.

    Brian2 turns `x = x + …` and `x = x*…` into `x += …` and `x *= …` with sympy, which sorts the
    terms of the rest in its own way: another tree. What is assigned to a new name stays as it is.
    """
    place, value = scope.texts[statement.target], scope.print(statement.value)
    if _is_rewritten(statement, scope):
        yield f"{spare[statement.target]} = {value}"
        value = spare[statement.target]
    yield f"{place} = {value}"


def _is_rewritten(statement: Statement, scope: Scope) -> bool:
    """Tell whether Brian2 could change the arithmetic of a statement."""
    target, value = statement.target, statement.value
    if target not in names(value) or scope.kinds[target] != "real":
        return False
    match value:
        case Call() | Name():
            return False  # calls are atoms for sympy
        case Binary("+", Name(left), Name(right)):
            return left == right  # one addition stays one addition
        case _:
            return True


def in_sequence(
    statements: Iterable[Statement], scope: Scope, spare: Mapping[str, str]
) -> list[str]:
    """Return the lines of statements that are executed one after the other."""
    return [line for each in statements for line in statement_lines(each, scope, spare)]


def selected(statement: Statement, condition: str, scope: Scope) -> str:
    """Return a statement that changes only the neurons for which a condition holds."""
    place = scope.texts[statement.target]
    select = WHERE_INTEGER if scope.kinds[statement.target] == "integer" else WHERE
    return f"{place} = {select}({condition}, {scope.print(statement.value)}, {place})"
