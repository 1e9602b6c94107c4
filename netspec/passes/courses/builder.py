"""What time courses are made of, gathered for a cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from netspec.expr.fold import fold, real_indices
from netspec.expr.nodes import Expression, Name, names, substitute
from netspec.expr.types import Hidden, ValueType, require_dimension
from netspec.ir import nodes as ir
from netspec.ir.recipe import Computed, Drawn, TableRecipe, Value
from netspec.passes.courses.owner import CourseOwner
from netspec.passes.problems import Problems
from netspec.passes.resolved import Assign, CoursePart, Symbol
from netspec.passes.special import refuse_special
from netspec.passes.values import INDICES, resolve_value, steps_of
from netspec.spec.courses import Course, CourseField
from netspec.spec.data import FromFile
from netspec.spec.distributions import Distribution
from netspec.spec.formulas import Formula, Given
from netspec.spec.values import QuantityList
from netspec.units import TIME, Dimension, Quantity


@dataclass(slots=True)
class CourseBuilder:
    """Gathers what one course is made of.

    Attributes:
        own: The field that it is the value of.
        dimension: Of the value.
        owner: Whose field it is.
        dt: Seconds.
        problems: Where problems go.
        distributions: Of its draws, with parameters that can still be wrong.
    """

    own: str
    dimension: Dimension
    owner: CourseOwner
    dt: Fraction
    problems: Problems
    parameters: list[Symbol] = field(default_factory=list)
    changes: list[Assign] = field(default_factory=list)
    tables: list[tuple[ir.Table, TableRecipe]] = field(default_factory=list)
    draws: list[ir.Draw] = field(default_factory=list)
    distributions: list[Drawn] = field(default_factory=list)

    def part(self, value: Expression, *, is_plain: bool) -> CoursePart:
        """Return all of it."""
        return CoursePart(
            value,
            tuple(self.parameters),
            tuple(self.changes),
            tuple(self.tables),
            tuple(self.draws),
            tuple(self.distributions),
            is_plain,
        )

    def parameter(
        self, own: str, given: CourseField | Given, dimension: Dimension, path: str
    ) -> Expression | None:
        """Make a parameter of a value that does not move."""
        value = self.value(given, dimension, path)
        if value is None:
            return None
        return self.symbol(own, dimension, self.owner.spread(value), path)

    def symbol(self, own: str, dimension: Dimension, value: Value, path: str) -> Name:
        """Make a parameter of a value."""
        name = self.owner.called(own)
        self.parameters.append(Symbol(name, dimension, value, path, of_input=True))
        return Name(name)

    def value(self, given: CourseField | Given, dimension: Dimension, path: str) -> Value | None:
        """Return a value that does not move, or `None` once a problem with it was reported."""
        assert not isinstance(given, Course)
        differs = isinstance(given, QuantityList | Distribution | FromFile)
        if self.owner.alike and self.refuse_difference(differs, path):
            return None
        count = len(self.owner.view)
        return resolve_value(given, dimension, self.owner.symbols, path, self.problems, count=count)

    def refuse_difference(self, differs: bool, path: str) -> bool:
        """Report different values of neurons that must have the same."""
        if differs:
            message = f"all neurons of '{self.owner.name}' have the same {self.own}"
            self.problems.error("not-alike", path, message)
        return differs

    def moving(self, formula: Formula, path: str) -> Expression | None:
        """Return an expression over `t`; what it reads of the time before step 0 is kept."""
        symbols: dict[str, ValueType | Hidden] = {**self.owner.symbols, ir.TIME: TIME}
        with self.problems.expressions_at(path):
            refuse_special(formula.expression)
            require_dimension(formula.expression, self.dimension, symbols)
            kept: dict[str, Expression] = {}
            running = self.owner.running | {ir.TIME, ir.TIME_STEP}
            for name in sorted(names(formula.expression) - running):
                dimension = symbols[name]
                assert isinstance(dimension, Dimension)
                value = Computed(fold(real_indices(Name(name), INDICES)))
                kept[name] = self.symbol(f"{self.own}_{name}", dimension, value, path)
            return fold(substitute(formula.expression, kept))
        return None

    def steps(self, duration: Quantity, path: str) -> int | None:
        """Return how many steps a duration is, or `None` once a problem was reported."""
        return steps_of(duration.value, self.dt, duration.text, path, self.problems)
