"""Time courses: what stands for a rate or a current becomes an expression over parameters and `t`.

Whatever a course is made of belongs to a cell: parameters, some of which the timeline changes,
tables, and draws. The expression is what backends evaluate at the beginning of each step.
"""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.nodes import names
from netspec.ir import nodes as ir
from netspec.passes.courses.builder import CourseBuilder
from netspec.passes.courses.kinds import expression_of
from netspec.passes.courses.owner import CourseOwner
from netspec.passes.problems import Problems
from netspec.passes.resolved import CoursePart
from netspec.spec.courses import Course, CourseField
from netspec.spec.formulas import Formula
from netspec.units import Dimension

__all__ = ["CourseOwner", "is_moving", "resolve_course"]


def resolve_course(
    given: CourseField,
    own: str,
    dimension: Dimension,
    owner: CourseOwner,
    dt: Fraction,
    problems: Problems,
) -> CoursePart | None:
    """Return what a course is made of, or `None` once a problem with it was reported.

    Args:
        given: As in the document.
        own: The field that it is the value of.
        dimension: What it must be.
        owner: Whose field it is.
        dt: Seconds.
        problems: Where problems go.
    """
    builder = CourseBuilder(own, dimension, owner, dt, problems)
    path = f"{owner.path}.{own}"
    match given:
        case Course():
            value = expression_of(given, builder, f"{path}.{given.name}")
        case Formula() if is_moving(given):
            value = builder.moving(given, path)
        case _:
            value = builder.parameter(own, given, dimension, path)
    return None if value is None else builder.part(value, is_plain=not is_moving(given))


def is_moving(given: object) -> bool:
    """Tell whether a value is a time course or an expression that reads `t`."""
    return isinstance(given, Course) or (
        isinstance(given, Formula) and ir.TIME in names(given.expression)
    )
