"""Parameters of the compiler's own: how `realise` computes them from the author's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netspec.expr.nodes import Expression, Name, names


@dataclass(frozen=True, slots=True)
class StepCount:
    """The integer parameter `target`: a duration expression counted in steps, by `realise`."""

    target: str
    duration: Expression
    rounding: Literal["error", "nearest"] = "error"

    @property
    def parameters(self) -> frozenset[str]:
        """The names of what it computes."""
        return frozenset({self.target})

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that it is computed from."""
        return (self.duration,)

    @property
    def reads(self) -> frozenset[str]:
        """The names that the expressions read."""
        return names(self.duration)


@dataclass(frozen=True, slots=True)
class Propagator:
    """The exact solution over one step of dx/dt = A x + b, computed by `realise`.

    With n variables, `targets` names n rows of n + 1 parameters: x_i becomes
    sum_j targets[i][j] x_j + targets[i][n]. `None` marks an entry that is 0 by structure.

    Attributes:
        matrix: A, row by row; expressions over parameters.
        offset: b.
    """

    targets: tuple[tuple[str | None, ...], ...]
    matrix: tuple[tuple[Expression, ...], ...]
    offset: tuple[Expression, ...]

    @property
    def parameters(self) -> frozenset[str]:
        """The names of what it computes."""
        return frozenset(name for row in self.targets for name in row if name is not None)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that it is computed from, the matrix first."""
        return (*(entry for row in self.matrix for entry in row), *self.offset)

    @property
    def reads(self) -> frozenset[str]:
        """The names that the expressions read."""
        return frozenset().union(*map(names, self.expressions))


@dataclass(frozen=True, slots=True)
class OnGrid:
    """The parameter `target`: a weight on the grid of `bits`, as those of projections are."""

    target: str
    weight: Name
    bits: int

    @property
    def parameters(self) -> frozenset[str]:
        """The names of what it computes."""
        return frozenset({self.target})

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that it is computed from."""
        return (self.weight,)

    @property
    def reads(self) -> frozenset[str]:
        """The names that the expressions read."""
        return names(self.weight)


Derived = StepCount | Propagator | OnGrid
