"""Time courses: what stands for a rate or a current becomes an expression over parameters and `t`.

Whatever a course is made of belongs to a cell: parameters, some of which the timeline changes,
tables, and draws. The expression is what backends evaluate at the beginning of each step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from netspec.expr.fold import fold, real_indices
from netspec.expr.nodes import Binary, Call, Compare, Constant, Expression, Name, names, substitute
from netspec.expr.parse import parse_expression
from netspec.expr.types import Hidden, Symbols, ValueType, require_dimension
from netspec.ir import nodes as ir
from netspec.ir.recipe import Computed, PerItem, Scalar, TableRecipe, Value
from netspec.passes.problems import Problems
from netspec.passes.resolved import Assign, CoursePart, Symbol
from netspec.passes.special import refuse_special
from netspec.passes.values import ALL_ALIKE, INDICES, resolve_value, steps_of
from netspec.spec.courses import Course, CourseField, Noise, Piecewise, Ramp, Sine, TimedArray
from netspec.spec.distributions import Distribution
from netspec.spec.formulas import Formula, Given
from netspec.spec.values import QuantityList
from netspec.units import (
    DIMENSIONLESS,
    FREQUENCY,
    TIME,
    Dimension,
    UnitError,
    describe,
    parse_unit,
    quantity_in,
)

_TURN = Constant(6.283185307179586)
"""2 pi."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The input that a course belongs to, and the neurons that it is for.

    Attributes:
        name: Of the input.
        population: That the neurons belong to; the input itself if it emits spikes.
        view: The neurons.
        size: Of the population.
        symbols: What values before step 0 may read.
        running: Those of them that can be read while running.
        suffix: Of the names of what is made.
        alike: Whether all neurons must have the same value.
    """

    name: str
    population: str
    view: ir.View
    size: int
    symbols: Symbols
    running: frozenset[str] = frozenset()
    suffix: str = ""
    alike: bool = False

    @property
    def path(self) -> str:
        """Its place in the document."""
        return f"inputs.{self.name}"

    @property
    def is_whole(self) -> bool:
        """Whether the neurons are all of the population."""
        return self.view == ir.View(0, self.size)

    def called(self, own: str) -> str:
        """Return what the cell calls something of the input."""
        return f"{own}{self.suffix}"

    def spread(self, value: Value) -> Value:
        """Return a value of the neurons as one of the whole population; others have 0."""
        if not isinstance(value, PerItem) or self.is_whole:
            return value
        before, after = self.view.start, self.size - self.view.stop
        zero = Fraction(0)
        return PerItem((*[zero] * before, *value.values, *[zero] * after))


def resolve_course(
    given: CourseField,
    own: str,
    dimension: Dimension,
    owner: Owner,
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
    making = _Making(own, dimension, owner, dt, problems)
    match given:
        case Course():
            value = making.of_course(given)
        case Formula(_, expression) if ir.TIME in names(expression):
            value = making.moving(given, f"{owner.path}.{own}")
        case _:
            value = making.parameter(own, given, dimension, f"{owner.path}.{own}")
    return None if value is None else making.part(value, is_plain=not _is_moving(given))


def _is_moving(given: CourseField) -> bool:
    return isinstance(given, Course) or (
        isinstance(given, Formula) and ir.TIME in names(given.expression)
    )


@dataclass(slots=True)
class _Making:
    """Gathers what one course is made of."""

    own: str
    dimension: Dimension
    owner: Owner
    dt: Fraction
    problems: Problems
    parameters: list[Symbol] = field(default_factory=list)
    changes: list[Assign] = field(default_factory=list)
    tables: list[tuple[ir.Table, TableRecipe]] = field(default_factory=list)
    draws: list[ir.Draw] = field(default_factory=list)

    def part(self, value: Expression, *, is_plain: bool) -> CoursePart:
        """Return all of it."""
        return CoursePart(
            value,
            tuple(self.parameters),
            tuple(self.changes),
            tuple(self.tables),
            tuple(self.draws),
            is_plain,
        )

    # --- values -----------------------------------------------------------------------------

    def parameter(
        self, own: str, given: CourseField | Given, dimension: Dimension, path: str
    ) -> Expression | None:
        """Make a parameter of a value that does not move."""
        value = self._value(given, dimension, path)
        if value is None:
            return None
        return self._symbol(own, dimension, self.owner.spread(value), path)

    def _symbol(self, own: str, dimension: Dimension, value: Value, path: str) -> Name:
        name = self.owner.called(own)
        self.parameters.append(Symbol(name, dimension, value, path))
        return Name(name)

    def _value(self, given: CourseField | Given, dimension: Dimension, path: str) -> Value | None:
        assert not isinstance(given, Course)
        symbols = self.owner.symbols
        if self.owner.alike:
            if self._refuse_difference(isinstance(given, QuantityList | Distribution), path):
                return None
            symbols = {**symbols, "i": ALL_ALIKE}
        count = len(self.owner.view)
        return resolve_value(given, dimension, symbols, path, self.problems, count=count)

    def _refuse_difference(self, differs: bool, path: str) -> bool:
        """Report different values of neurons that must have the same."""
        if differs:
            message = f"all neurons of '{self.owner.name}' have the same {self.own}"
            self.problems.error("not-alike", path, message)
        return differs

    def moving(self, formula: Formula, path: str) -> Expression | None:
        """Return an expression over `t`; what it reads of the time before step 0 is kept."""
        symbols: dict[str, ValueType | Hidden] = {**self.owner.symbols, ir.TIME: TIME}
        if self.owner.alike:
            symbols["i"] = ALL_ALIKE
        with self.problems.expressions_at(path):
            refuse_special(formula.expression)
            require_dimension(formula.expression, self.dimension, symbols)
            kept: dict[str, Expression] = {}
            running = self.owner.running | {ir.TIME, ir.TIME_STEP}
            for name in sorted(names(formula.expression) - running):
                dimension = symbols[name]
                assert isinstance(dimension, Dimension)
                value = Computed(fold(real_indices(Name(name), INDICES)))
                kept[name] = self._symbol(f"{self.own}_{name}", dimension, value, path)
            return fold(substitute(formula.expression, kept))
        return None

    # --- courses ----------------------------------------------------------------------------

    def of_course(self, course: Course) -> Expression | None:
        """Return the value of a course."""
        path = f"{self.owner.path}.{self.own}.{course.name}"
        match course.choice:
            case Piecewise() as choice:
                return self._piecewise(choice, path)
            case Ramp() as choice:
                return self._ramp(choice, path)
            case Sine() as choice:
                return self._sine(choice, path)
            case Noise() as choice:
                return self._noise(choice, path)
            case TimedArray() as choice:
                return self._array(choice, path)
            case other:
                raise TypeError(f"there is no time course {other}")

    def _piecewise(self, course: Piecewise, path: str) -> Expression | None:
        steps = [
            steps_of(each.value, self.dt, each.text, f"{path}.times[{number}]", self.problems)
            for number, each in enumerate(course.times)
        ]
        values = [
            self._value(each, self.dimension, f"{path}.values[{number}]")
            for number, each in enumerate(course.values)
        ]
        before = -1
        for number, step in enumerate(steps):
            if step is None:
                return None
            if step <= before:
                message = f"'{course.times[number].text}' does not come after the time before it"
                self.problems.error("not-ascending", f"{path}.times[{number}]", message)
                return None
            before = step
        if None in values:
            return None
        first: Value = Scalar(Fraction(0))
        name = self.owner.called(self.own)
        for number, (step, value) in enumerate(zip(steps, values, strict=True)):
            assert step is not None
            assert value is not None
            where = f"{path}.values[{number}]"
            if step == 0:
                first = value
            else:
                self.changes.append(self._assign(step, name, value, where))
        return self._symbol(self.own, self.dimension, self.owner.spread(first), f"{path}.values[0]")

    def _assign(self, step: int, name: str, value: Value, path: str) -> Assign:
        return Assign(step, "parameter", self.owner.population, name, self.owner.view, value, path)

    def _ramp(self, course: Ramp, path: str) -> Expression | None:
        first = self._given("first", course.first, self.dimension, path)
        last = self._given("last", course.last, self.dimension, path)
        bounds = [
            steps_of(each.value, self.dt, each.text, f"{path}.{name}", self.problems)
            for name, each in (("start", course.start), ("stop", course.stop))
        ]
        if first is None or last is None or None in bounds:
            return None
        start = Constant(float(course.start.value), TIME)
        length = Constant(float(course.stop.value - course.start.value), TIME)
        passed = Binary("/", Binary("-", Name(ir.TIME), start), length)
        share = Call("clip", (passed, Constant(0.0), Constant(1.0)))
        return Binary("+", first, Binary("*", Binary("-", last, first), share))

    def _sine(self, course: Sine, path: str) -> Expression | None:
        amplitude = self._given("amplitude", course.amplitude, self.dimension, path)
        frequency = self._given("frequency", course.frequency, FREQUENCY, path)
        if amplitude is None or frequency is None:
            return None
        angle: Expression = Binary("*", Binary("*", _TURN, frequency), Name(ir.TIME))
        if course.phase is not None:
            phase = self._given("phase", course.phase, DIMENSIONLESS, path)
            if phase is None:
                return None
            angle = Binary("+", angle, phase)
        wave: Expression = Binary("*", amplitude, Call("sin", (angle,)))
        if course.offset is None:
            return wave
        offset = self._given("offset", course.offset, self.dimension, path)
        return None if offset is None else Binary("+", offset, wave)

    def _noise(self, course: Noise, path: str) -> Expression | None:
        mean = self._given("mean", course.mean, self.dimension, path)
        sd = self._given("sd", course.sd, self.dimension, path)
        text = course.interval.text
        hold = steps_of(course.interval.value, self.dt, text, f"{path}.interval", self.problems)
        if self.owner.alike and not course.shared:
            self._refuse_difference(True, f"{path}.shared")
            return None
        if mean is None or sd is None or hold is None:
            return None
        name = f"_{self.owner.called(self.own)}_noise"
        self.draws.append(
            ir.Draw(
                name,
                "normal",
                f"{self.own} noise",
                shared=course.shared,
                hold=hold,
                origin=self.owner.path,
            )
        )
        value: Expression = Binary("+", mean, Binary("*", sd, Name(name)))
        for number, (function, bound) in enumerate(
            zip(("max", "min"), course.clip or (), strict=False)
        ):
            if bound is not None:
                where = f"{path}.clip[{number}]"
                limit = self.parameter(
                    f"{self.own}_{('least', 'most')[number]}", bound, self.dimension, where
                )
                if limit is None:
                    return None
                value = Call(function, (value, limit))
        return value

    def _given(self, own: str, given: Given, dimension: Dimension, path: str) -> Expression | None:
        return self.parameter(f"{self.own}_{own}", given, dimension, f"{path}.{own}")

    def _array(self, course: TimedArray, path: str) -> Expression | None:
        text = course.interval.text
        hold = steps_of(course.interval.value, self.dt, text, f"{path}.interval", self.problems)
        rows = self._rows(course, path)
        if hold is None or rows is None:
            return None
        name = self.owner.called(self.own)
        width = len(rows[0])
        table = ir.Table(name, self.dimension, width > 1 or not self.owner.is_whole, hold)
        recipe = TableRecipe(name, rows, self.owner.view, f"{path}.values")
        self.tables.append((table, recipe))
        return Name(name)

    def _rows(self, course: TimedArray, path: str) -> tuple[tuple[Fraction, ...], ...] | None:
        """Return the numbers of an array in SI, a row of one or of one per neuron."""
        try:
            unit = parse_unit(course.unit)
        except UnitError as error:
            self.problems.error("bad-unit", f"{path}.unit", str(error), hints=error.hints)
            return None
        if unit.dimension != self.dimension:
            self._wrong_unit(course.unit, unit.dimension, f"{path}.unit")
            return None
        rows = []
        for number, given in enumerate(course.values):
            row = given if isinstance(given, tuple) else (given,)
            where = f"{path}.values[{number}]"
            if len(row) not in (1, len(self.owner.view)):
                self.problems.error(
                    "wrong-length",
                    where,
                    f"expected 1 or {len(self.owner.view)} values, one per neuron, got {len(row)}",
                )
                return None
            if self._refuse_difference(self.owner.alike and len(row) > 1, where):
                return None
            rows.append(tuple(quantity_in(each, course.unit, unit).value for each in row))
        width = max(map(len, rows))
        return tuple(row * width if len(row) < width else row for row in rows)

    def _wrong_unit(self, unit: str, given: Dimension, path: str) -> None:
        self.problems.error(
            "wrong-dimension",
            path,
            f"expected {describe(self.dimension)}, got '{unit}', {describe(given)}",
        )


def gate(
    owner: Owner, start: int, stop: int | None, path: str
) -> tuple[Expression, Symbol, tuple[Assign, ...]] | None:
    """Return what holds while an input acts on a neuron, or `None` if it always does.

    Args:
        owner: Of the input.
        start: First step in which it acts.
        stop: First step in which it no longer does; `None` for the end of the run.
        path: Place of the input.

    Returns:
        The condition, the parameter that it reads and how the timeline changes that.
    """
    if owner.is_whole and start == 0 and stop is None:
        return None
    name = owner.called("on")
    value: Value = Scalar(Fraction(start == 0))
    if not owner.is_whole and start == 0:
        text = f"where(i >= {owner.view.start} and i < {owner.view.stop}, 1, 0)"
        value = Computed(fold(real_indices(parse_expression(text), INDICES)))
    changes = [
        Assign(step, "parameter", owner.population, name, owner.view, Scalar(Fraction(on)), path)
        for step, on in ((start, 1), (stop, 0))
        if step is not None and step > 0
    ]
    condition = Compare(">", Name(name), Constant(0.5))
    return condition, Symbol(name, DIMENSIONLESS, value, path), tuple(changes)
