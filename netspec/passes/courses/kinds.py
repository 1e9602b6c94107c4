"""Each kind of time course as an expression."""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.nodes import Binary, Call, Constant, Expression, Name
from netspec.expr.parse import shorten
from netspec.ir import nodes as ir
from netspec.ir.recipe import Computed, Drawn, Item, Scalar, TableRecipe, Value
from netspec.passes.courses.making import Making
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
    UnitDefinition,
    UnitError,
    describe,
    parse_unit,
    quantity_in,
)

_TURN = Constant(6.283185307179586)
"""2 pi."""


def expression_of(course: Course, making: Making, path: str) -> Expression | None:
    """Return the value of a course, or `None` once a problem with it was reported.

    Args:
        course: As in the document.
        making: Gathers what the expression reads.
        path: Place of what is chosen.
    """
    match course.choice:
        case Piecewise() as choice:
            return _piecewise(choice, making, path)
        case Ramp() as choice:
            return _ramp(choice, making, path)
        case Sine() as choice:
            return _sine(choice, making, path)
        case Noise() as choice:
            return _noise(choice, making, path)
        case TimedArray() as choice:
            return _array(choice, making, path)
        case other:
            raise TypeError(f"there is no time course {other}")


def _given(
    own: str, given: Given, dimension: Dimension, making: Making, path: str
) -> Expression | None:
    return making.parameter(f"{making.own}_{own}", given, dimension, f"{path}.{own}")


# --- values that hold from given times on -------------------------------------------------------


def _piecewise(course: Piecewise, making: Making, path: str) -> Expression | None:
    steps = _ascending(course, making, f"{path}.times")
    values = [
        making.value(each, making.dimension, f"{path}.values[{number}]")
        for number, each in enumerate(course.values)
    ]
    if steps is None:
        return None
    owner, name = making.owner, making.owner.called(making.own)
    first: Value = Scalar(Fraction(0))
    for number, (step, value) in enumerate(zip(steps, values, strict=True)):
        if value is None:
            return None
        where = f"{path}.values[{number}]"
        if step == 0:
            first = value
        else:
            making.changes.append(
                Assign(step, "parameter", owner.population, name, owner.view, value, where)
            )
    return making.symbol(making.own, making.dimension, owner.spread(first), f"{path}.values[0]")


def _ascending(course: Piecewise, making: Making, path: str) -> list[int] | None:
    """Return the steps in which values begin, or `None` once a problem was reported."""
    found: list[int] = []
    for number, time in enumerate(course.times):
        step = making.steps(time, f"{path}[{number}]")
        if step is None:
            return None
        if found and step <= found[-1]:
            before = course.times[number - 1].text
            making.problems.error(
                "not-ascending",
                f"{path}[{number}]",
                f"'{shorten(time.text)}' is not after '{shorten(before)}', the time before it",
            )
            return None
        found.append(step)
    return found


# --- lines and waves ----------------------------------------------------------------------------


def _ramp(course: Ramp, making: Making, path: str) -> Expression | None:
    first = _given("first", course.first, making.dimension, making, path)
    last = _given("last", course.last, making.dimension, making, path)
    bounds = (
        making.steps(course.start, f"{path}.start"),
        making.steps(course.stop, f"{path}.stop"),
    )
    if first is None or last is None or None in bounds:
        return None
    start = Constant(float(course.start.value), TIME)
    length = Constant(float(course.stop.value - course.start.value), TIME)
    passed = Binary("/", Binary("-", Name(ir.TIME), start), length)
    share = Call("clip", (passed, Constant(0.0), Constant(1.0)))
    return Binary("+", first, Binary("*", Binary("-", last, first), share))


def _sine(course: Sine, making: Making, path: str) -> Expression | None:
    amplitude = _given("amplitude", course.amplitude, making.dimension, making, path)
    frequency = _given("frequency", course.frequency, FREQUENCY, making, path)
    if amplitude is None or frequency is None:
        return None
    angle: Expression = Binary("*", Binary("*", _TURN, frequency), Name(ir.TIME))
    if course.phase is not None:
        phase = _given("phase", course.phase, DIMENSIONLESS, making, path)
        if phase is None:
            return None
        angle = Binary("+", angle, phase)
    wave: Expression = Binary("*", amplitude, Call("sin", (angle,)))
    if course.offset is None:
        return wave
    offset = _given("offset", course.offset, making.dimension, making, path)
    return None if offset is None else Binary("+", offset, wave)


# --- numbers that are drawn ---------------------------------------------------------------------


def _noise(course: Noise, making: Making, path: str) -> Expression | None:
    owner, hold = making.owner, making.steps(course.interval, f"{path}.interval")
    if owner.alike and not course.shared:
        making.problems.error(
            "not-alike",
            path,
            f"all neurons of '{owner.name}' have the same {making.own}",
            hints=('write "shared": true',),
        )
        return None
    found: dict[str, Expression] = {}
    written = dict(course.given())
    for place, given in written.items():
        name = {"clip[0]": "least", "clip[1]": "most"}.get(place, place)
        where = f"{path}.{place}"
        value = making.parameter(f"{making.own}_{name}", given, making.dimension, where)
        if value is not None:
            found[place] = value
    if hold is None or len(found) < len(written) or _is_faulty(course, found, making, path):
        return None
    draw = ir.Draw(
        f"_{owner.called(making.own)}_noise",
        "normal",
        f"{making.own} noise",
        shared=course.shared,
        hold=hold,
        origin=owner.path,
    )
    making.draws.append(draw)
    moved = Binary("*", found["sd"], Name(draw.name))
    value = Binary("+", found["mean"], moved)
    for place, function in (("clip[0]", "max"), ("clip[1]", "min")):
        if place in found:
            value = Call(function, (value, found[place]))
    return value


def _is_faulty(course: Noise, found: dict[str, Expression], making: Making, path: str) -> bool:
    """Report parameters that make no sense as far as they are known; `realise` knows the others."""
    items = (Item(place, Computed(value), f"{path}.{place}") for place, value in found.items())
    drawn = Drawn("normal", tuple(items), "clip" if course.clip else None, "noise")
    making.distributions.append(drawn)
    values: dict[Expression, Value | None] = {
        Name(each.name): each.value for each in making.parameters
    }
    known = {
        place: realise_value(value, {}, path)
        for place, name in found.items()
        if isinstance(value := values.get(name), Scalar)
    }
    texts = {f"{path}.{place}": f"'{shorten(given.text)}'" for place, given in course.given()}
    faulty = list(faults(drawn, known, texts))
    for fault in faulty:
        making.problems.error(fault.code, fault.path, fault.message)
    return bool(faulty)


# --- numbers that are listed --------------------------------------------------------------------


def _array(course: TimedArray, making: Making, path: str) -> Expression | None:
    hold = making.steps(course.interval, f"{path}.interval")
    rows = _rows(course, making, path)
    if hold is None or rows is None:
        return None
    owner = making.owner
    name = owner.called(making.own)
    table = ir.Table(name, making.dimension, len(rows[0]) > 1 or not owner.is_whole, hold)
    making.tables.append((table, TableRecipe(name, rows, owner.view, f"{path}.values")))
    return Name(name)


def _rows(course: TimedArray, making: Making, path: str) -> tuple[tuple[Fraction, ...], ...] | None:
    """Return the numbers of an array in SI, a row of one or of one per neuron."""
    unit = _unit(course, making, f"{path}.unit")
    if unit is None:
        return None
    rows = []
    for number, given in enumerate(course.values):
        where = f"{path}.values[{number}]"
        if isinstance(given, tuple) and not _is_per_neuron(given, making, where):
            return None
        row = given if isinstance(given, tuple) else (given,)
        try:
            rows.append(tuple(quantity_in(each, course.unit, unit).value for each in row))
        except UnitError as error:
            making.problems.error("bad-quantity", where, str(error))
            return None
    width = max(map(len, rows))
    return tuple(row * width if len(row) < width else row for row in rows)


def _unit(course: TimedArray, making: Making, path: str) -> UnitDefinition | None:
    """Return the unit of an array, or `None` once a problem with it was reported."""
    unit = parse_unit(course.unit)
    if unit.dimension == making.dimension:
        return unit
    wanted, got = describe(making.dimension), describe(unit.dimension)
    message = f"expected {wanted}, got '{course.unit}', {got}"
    making.problems.error("wrong-dimension", path, message)
    return None


def _is_per_neuron(row: tuple[float, ...], making: Making, path: str) -> bool:
    """Tell whether a row has a number for each neuron; one that has not is reported."""
    size = len(making.owner.view)
    if making.refuse_difference(making.owner.alike, path):
        return False
    if len(row) != size:
        message = f"expected {size} values, one per neuron, got {len(row)}"
        making.problems.error("wrong-length", path, message)
    return len(row) == size
