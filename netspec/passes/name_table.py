"""The names of a cell with their dimensions, and expressions checked against them."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.expr.fold import fold, real_indices
from netspec.expr.nodes import Expression, substitute
from netspec.expr.parse import ExpressionError, shorten
from netspec.expr.types import TRUTH, Hidden, Symbols, ValueType, require_dimension, type_of
from netspec.ir.nodes import N_EVENTS, TIME, TIME_STEP
from netspec.passes.parts import Part
from netspec.passes.problems import Problems
from netspec.spec.problems import nearest
from netspec.spec.values import Formula
from netspec.units import TIME as TIME_DIMENSION
from netspec.units import Dimension, parse_unit

INTEGER_NAMES = frozenset({N_EVENTS, "i", "j"})
"""Names that stand for integers; an author's expression reads them as reals."""


class NameTable:
    """What the equations of a cell may read.

    Attributes:
        problems: Where problems go.
        main: The membrane.
        parts: Receptors by name.
        inputs: Dimensions of what receptors add up to.
        symbols: Dimensions of all names.
        state: Those of state variables.
        before_run: All names as seen before step 0, when what moves has no value yet.
    """

    def __init__(
        self,
        main: Part,
        parts: Mapping[str, Part],
        inputs: Mapping[str, Dimension],
        problems: Problems,
    ) -> None:
        self.main, self.parts, self.inputs, self.problems = main, parts, inputs, problems
        self.symbols = self._symbols()
        state = {part.name(own) for part in self.all_parts for own in part.state}
        moving = {name: Hidden("it changes while running") for name in (TIME, *state)}
        moving |= {name: Hidden("it is an input of the cell") for name in inputs}
        self.state: Symbols = {name: self.symbols[name] for name in state}
        self.before_run: Symbols = {**self.symbols, **moving}

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """The membrane, then the receptors in order."""
        return (self.main, *self.parts.values())

    def _symbols(self) -> dict[str, ValueType]:
        """Return the dimensions of all names that equations may read."""
        symbols: dict[str, ValueType] = {TIME: TIME_DIMENSION, TIME_STEP: TIME_DIMENSION}
        for part in self.all_parts:
            for own, unit in part.units():
                name = part.name(own)
                if name in symbols:
                    self._duplicate(name, part)
                symbols[name] = parse_unit(unit).dimension
        for name, dimension in self.inputs.items():
            if name in symbols:
                self._duplicate(name, self.main)
            symbols[name] = dimension
        return symbols

    def _duplicate(self, name: str, part: Part) -> None:
        self.problems.error(
            "duplicate-name", part.place(), f"the cell would have two symbols '{name}'"
        )

    def state_dimension(self, own: str, part: Part, path: str) -> Dimension | None:
        """Return the dimension of a state variable that a statement of a part assigns.

        `None` once it was reported that there is no such variable.
        """
        for owner in (part, self.main):
            if own in owner.state:
                return parse_unit(owner.state[own].unit).dimension
        composed = self.state.get(own) if part is self.main else None
        if isinstance(composed, Dimension):
            return composed
        known = {*part.state, *self.main.state}
        what = "a parameter" if own in {*part.parameters, *self.main.parameters} else "not defined"
        self.problems.error(
            "unknown-state",
            path,
            f"a statement assigns '{own}', which is {what}; only state variables can be assigned",
            hints=nearest(own, known),
        )
        return None

    def expression(
        self,
        formula: Formula,
        part: Part,
        path: str,
        dimension: Dimension,
        more: Symbols | None = None,
    ) -> Expression | None:
        """Return a formula of a part, folded, or `None` once a problem with it was reported.

        Args:
            formula: In the part's own names.
            part: Whose it is.
            path: Its place.
            dimension: What it must be.
            more: What it may read beside the names of the cell.
        """
        with self.problems.expressions_at(path):
            renamed = substitute(formula.expression, dict(part.rename))
            symbols = {**self.symbols, **more} if more else self.symbols
            require_dimension(renamed, dimension, symbols)
            return fold(real_indices(renamed, INTEGER_NAMES))
        return None

    def truth(self, formula: Formula, path: str) -> Expression | None:
        """Return a condition of the membrane, folded, or `None` once a problem was reported."""
        with self.problems.expressions_at(path):
            if type_of(formula.expression, self.symbols) != TRUTH:
                message = f"'{shorten(formula.text)}' is a number, not a condition"
                raise ExpressionError("wrong-type", message, formula.text)
            return fold(formula.expression)
        return None
