"""Looking at the step before: `previous(x)` and `crosses_up(x)` become state of the compiler's own.

Two variables follow each `x` that is looked at. At the end of every update `_previous_x` takes the
value that `x` had when events were tested in the step before, and `_tested_x` the value that is
about to be tested. So within the update `previous(x)` is `_tested_x`, after it `_previous_x`.
"""

from __future__ import annotations

from collections.abc import Iterator

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import (
    Call,
    Compare,
    Constant,
    Expression,
    Logical,
    Name,
    names,
    substitute,
    transform,
)
from netspec.expr.parse import shorten
from netspec.expr.text import write
from netspec.expr.types import ValueType, type_of
from netspec.ir import nodes as ir
from netspec.ir.nodes import TIME, TIME_STEP
from netspec.ir.recipe import Computed, Item
from netspec.passes.lower.definitions import written_out
from netspec.passes.resolved import ComposedCell, Symbol
from netspec.units import DIMENSIONLESS, TIME as TIME_DIMENSION, Dimension

TESTED, PREVIOUS = "_tested_", "_previous_"


class History:
    """The variables of a cell that are looked at, and how expressions see them."""

    def __init__(self, cell: ComposedCell) -> None:
        self._state = {symbol.name: symbol for symbol in cell.state}
        self._types: dict[str, ValueType] = {TIME: TIME_DIMENSION, TIME_STEP: TIME_DIMENSION}
        self._types |= {each.name: each.dimension for each in (*cell.state, *cell.parameters)}
        self._types |= {each.target: each.dimension for each in cell.gathers}
        self._types |= {draw.name: DIMENSIONLESS for draw in cell.draws}
        self._types |= {table.name: table.dimension for table, _ in cell.tables}
        self._definitions = written_out(cell.definitions)
        self._looked_at: set[str] = set()

    def in_update(self, expression: Expression) -> Expression:
        """Return an expression of the update with state in place of what it looks at."""
        return self._rewritten(expression, TESTED)

    def after_update(self, expression: Expression) -> Expression:
        """Return an expression of a later phase with state in place of what it looks at."""
        return self._rewritten(expression, PREVIOUS)

    def _rewritten(self, expression: Expression, prefix: str) -> Expression:
        def rewrite(node: Expression) -> Expression:
            match node:
                case Call("crosses_up", (given,)):
                    value = substitute(given, self._definitions)
                    before = substitute(value, self._at_test(value, prefix))
                    dimension = type_of(value, self._types)
                    assert isinstance(dimension, Dimension)
                    zero = Constant(0.0, dimension)
                    return Logical("and", Compare(">", value, zero), Compare("<=", before, zero))
                case Call("previous", (Name(name),)):
                    self._looked_at.add(name)
                    return Name(prefix + name)
                case Call("previous", (Call("real", (Name(name),)),)):
                    self._looked_at.add(name)
                    return Call("real", (Name(prefix + name),))
                case _:
                    return node

        return transform(expression, rewrite)

    def _at_test(self, value: Expression, prefix: str) -> dict[str, Expression]:
        read = names(value) & self._state.keys()
        if not read:
            text = shorten(write(value))
            raise ExpressionError(
                "not-here",
                f"'crosses_up({text})' never holds: '{text}' reads no state variable",
                text,
            )
        self._looked_at |= read
        return {name: Name(prefix + name) for name in read}

    def dimensions(self) -> dict[str, Dimension]:
        """Return the compiler's variables that the update reads, with their dimensions."""
        return {TESTED + each.name: each.dimension for each in self.looked_at}

    @property
    def looked_at(self) -> list[Symbol]:
        """State variables whose past is read, by name."""
        return [self._state[name] for name in sorted(self._looked_at)]

    def variables(self) -> Iterator[ir.Variable]:
        """Yield the compiler's variables."""
        for prefix in (PREVIOUS, TESTED):
            for each in self.looked_at:
                yield ir.Variable(prefix + each.name, each.dimension, each.kind, each.shared)

    def initial(self) -> Iterator[Item]:
        """Yield their values before step 0: those of what they follow."""
        for prefix in (PREVIOUS, TESTED):
            for each in self.looked_at:
                yield Item(prefix + each.name, Computed(Name(each.name)), each.path)

    def stages(self) -> tuple[ir.Stage, ...]:
        """Return the stage that ends the update."""
        statements = []
        for each in self.looked_at:
            statements.append(ir.Statement(PREVIOUS + each.name, Name(TESTED + each.name)))
            statements.append(ir.Statement(TESTED + each.name, Name(each.name)))
        return (ir.Stage(tuple(statements)),) if statements else ()
