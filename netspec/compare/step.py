"""What happened to one neuron in one step, on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netspec.compare.arrivals import Arrival
from netspec.compare.terms import Line
from netspec.expr.nodes import Compare, Constant, Expression, Integer

Number = float | int | bool
Pair = tuple[Number | None, Number | None]
"""What each side has; `None` where it has nothing, since it did not come so far."""


@dataclass(frozen=True, slots=True)
class Margin:
    """How far a neuron is from a threshold: a comparison of a condition.

    Attributes:
        comparison: One of numbers.
        left: What is compared, on each side.
        right: What it is compared with.
    """

    event: str
    comparison: Compare
    left: Pair
    right: Pair


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to one neuron in a step, on both sides.

    Attributes:
        lines: Statements and conditions, in the order in which they are carried out.
        values: Of their terms, by variable.
        fired: Whether the neuron fired, by event.
        margins: Distances from thresholds.
        before: State at the beginning of the step, by name.
        after: State at the beginning of the next one.
        arrived: Events that arrive in the step.
        next_arrived: Those that arrive in the next one.
        next_sums: `acc` and `n_events` of each port in the next step, where they are read.
        spread: How many neurons of each population differ after the step.
        is_whole: Whether only names and whole values are kept, since the sides do not differ where
            all parts are.
    """

    lines: tuple[Line, ...]
    values: Mapping[str, Pair]
    fired: Mapping[str, tuple[bool, bool]]
    margins: tuple[Margin, ...]
    before: Mapping[str, Pair]
    after: Mapping[str, Pair]
    arrived: tuple[Arrival, ...]
    next_arrived: tuple[Arrival, ...]
    next_sums: Mapping[tuple[str, str], Pair]
    spread: Mapping[str, int]
    is_whole: bool = False

    def ended(self, side: int) -> bool:
        """Tell whether the run of a side ended in this step, so that nothing of it is known."""
        pairs = (*self.after.values(), *self.values.values())
        return bool(pairs) and all(pair[side] is None for pair in pairs)

    def happened(self, line: Line, side: int) -> bool:
        """Tell whether a line was carried out on a side."""
        return not line.event or line.is_condition or self.fired[line.event][side]

    def value(self, expression: Expression, line: Line) -> Pair:
        """Return what an expression that a line reads was on each side."""
        match expression:
            case Constant(number) | Integer(number):
                return number, number
        term = line.scope.get(expression)
        if term is None:
            return None, None
        one, other = (
            self.values[term.variable][side] if self.happened(line, side) else None
            for side in (0, 1)
        )
        return one, other
