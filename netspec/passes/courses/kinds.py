"""Each kind of time course as an expression."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.nodes import Binary, Call, Constant, Expression, Name
from netspec.expr.parse import shorten
from netspec.ir import nodes as ir
from netspec.ir.recipe import Computed, Drawn, Item, Scalar, Value
from netspec.passes.courses.arrays import listed_numbers
from netspec.passes.courses.builder import CourseBuilder
from netspec.passes.resolved import Assign
from netspec.realise.distributions import faults
from netspec.realise.values import realise_value
from netspec.spec.courses import Course, Noise, Piecewise, Ramp, Sine, TimedArray
from netspec.spec.formulas import Given
from netspec.units import (
    DIMENSIONLESS,
    FREQUENCY,
    TIME,
    Dimension,
)

_TURN = Constant(6.283185307179586)
"""2 pi."""


def expression_of(course: Course, builder: CourseBuilder, path: str) -> Expression | None:
    """Return the value of a course, or `None` once a problem with it was reported.

    Args:
        course: As in the document.
        builder: Gathers what the expression reads.
        path: Place of what is chosen.
    """
    match course.choice:
        case Piecewise() as choice:
            return _piecewise(choice, builder, path)
        case Ramp() as choice:
            return _ramp(choice, builder, path)
        case Sine() as choice:
            return _sine(choice, builder, path)
        case Noise() as choice:
            return _noise(choice, builder, path)
        case TimedArray() as choice:
            return listed_numbers(choice, builder, path)
        case other:
            raise TypeError(f"there is no time course {other}")


def _given(
    own: str, given: Given, dimension: Dimension, builder: CourseBuilder, path: str
) -> Expression | None:
    return builder.parameter(f"{builder.own}_{own}", given, dimension, f"{path}.{own}")


# --- values that hold from given times on -------------------------------------------------------


def _piecewise(course: Piecewise, builder: CourseBuilder, path: str) -> Expression | None:
    steps = _ascending(course, builder, f"{path}.times")
    values = [
        builder.value(each, builder.dimension, f"{path}.values[{number}]")
        for number, each in enumerate(course.values)
    ]
    if steps is None:
        return None
    owner, name = builder.owner, builder.owner.called(builder.own)
    first: Value = Scalar(Fraction(0))
    for number, (step, value) in enumerate(zip(steps, values, strict=True)):
        if value is None:
            return None
        where = f"{path}.values[{number}]"
        if step == 0:
            first = value
        else:
            builder.changes.append(
                Assign(step, "parameter", owner.population, name, owner.view, value, where)
            )
    return builder.symbol(builder.own, builder.dimension, owner.spread(first), f"{path}.values[0]")


def _ascending(course: Piecewise, builder: CourseBuilder, path: str) -> list[int] | None:
    """Return the steps in which values begin, or `None` once a problem was reported."""
    found: list[int] = []
    for number, time in enumerate(course.times):
        step = builder.steps(time, f"{path}[{number}]")
        if step is None:
            return None
        if found and step <= found[-1]:
            before = course.times[number - 1].text
            builder.problems.error(
                "not-ascending",
                f"{path}[{number}]",
                f"'{shorten(time.text)}' is not after '{shorten(before)}', the time before it",
            )
            return None
        found.append(step)
    return found


# --- lines and waves ----------------------------------------------------------------------------


def _ramp(course: Ramp, builder: CourseBuilder, path: str) -> Expression | None:
    first = _given("first", course.first, builder.dimension, builder, path)
    last = _given("last", course.last, builder.dimension, builder, path)
    bounds = (
        builder.steps(course.start, f"{path}.start"),
        builder.steps(course.stop, f"{path}.stop"),
    )
    if first is None or last is None or None in bounds:
        return None
    start = Constant(float(course.start.value), TIME)
    length = Constant(float(course.stop.value - course.start.value), TIME)
    passed = Binary("/", Binary("-", Name(ir.TIME), start), length)
    share = Call("clip", (passed, Constant(0.0), Constant(1.0)))
    return Binary("+", first, Binary("*", Binary("-", last, first), share))


def _sine(course: Sine, builder: CourseBuilder, path: str) -> Expression | None:
    amplitude = _given("amplitude", course.amplitude, builder.dimension, builder, path)
    frequency = _given("frequency", course.frequency, FREQUENCY, builder, path)
    if amplitude is None or frequency is None:
        return None
    angle: Expression = Binary("*", Binary("*", _TURN, frequency), Name(ir.TIME))
    if course.phase is not None:
        phase = _given("phase", course.phase, DIMENSIONLESS, builder, path)
        if phase is None:
            return None
        angle = Binary("+", angle, phase)
    wave: Expression = Binary("*", amplitude, Call("sin", (angle,)))
    if course.offset is None:
        return wave
    offset = _given("offset", course.offset, builder.dimension, builder, path)
    return None if offset is None else Binary("+", offset, wave)


# --- numbers that are drawn ---------------------------------------------------------------------


def _noise(course: Noise, builder: CourseBuilder, path: str) -> Expression | None:
    owner, hold = builder.owner, builder.steps(course.interval, f"{path}.interval")
    if owner.alike and not course.shared:
        builder.problems.error(
            "not-alike",
            path,
            f"all neurons of '{owner.name}' have the same {builder.own}",
            hints=('write "shared": true',),
        )
        return None
    found: dict[str, Expression] = {}
    written = dict(course.given())
    for place, given in written.items():
        name = {"clip[0]": "least", "clip[1]": "most"}.get(place, place)
        where = f"{path}.{place}"
        value = builder.parameter(f"{builder.own}_{name}", given, builder.dimension, where)
        if value is not None:
            found[place] = value
    if hold is None or len(found) < len(written) or _is_faulty(course, found, builder, path):
        return None
    draw = ir.Draw(
        f"_{owner.called(builder.own)}_noise",
        "normal",
        f"{builder.own} noise",
        shared=course.shared,
        hold=hold,
        origin=owner.path,
    )
    builder.draws.append(draw)
    moved = Binary("*", found["sd"], Name(draw.name))
    value = Binary("+", found["mean"], moved)
    for place, function in (("clip[0]", "max"), ("clip[1]", "min")):
        if place in found:
            value = Call(function, (value, found[place]))
    return value


def _is_faulty(
    course: Noise, found: dict[str, Expression], builder: CourseBuilder, path: str
) -> bool:
    """Report parameters that make no sense as far as they are known; `realise` knows the others."""
    items = (Item(place, Computed(value), f"{path}.{place}") for place, value in found.items())
    drawn = Drawn("normal", tuple(items), "clip" if course.clip else None, "noise")
    builder.distributions.append(drawn)
    values: dict[Expression, Value | None] = {
        Name(each.name): each.value for each in builder.parameters
    }
    known = {
        place: realise_value(value, {}, path)
        for place, name in found.items()
        if isinstance(value := values.get(name), Scalar)
    }
    texts = {f"{path}.{place}": f"'{shorten(given.text)}'" for place, given in course.given()}
    faulty = list(faults(drawn, known, texts))
    for fault in faulty:
        builder.problems.error(fault.code, fault.path, fault.message)
    return bool(faulty)
