"""Delayed actions: an event comes back to its own neuron, at a port that acts on arrival."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netspec.expr.nodes import Call, Compare, Integer, Name
from netspec.ir import nodes as ir
from netspec.ir.recipe import Value
from netspec.passes.resolved import ComposedCell, DelayedAction
from netspec.units import DIMENSIONLESS


@dataclass(frozen=True, slots=True)
class LoweredAction:
    """A delayed action as what the IR has: a projection and a port of the compiler's own.

    Attributes:
        after: Delay in seconds.
        path: Its place in the document.
    """

    projection: ir.Projection
    port: ir.Port
    after: Value
    path: str


def lower_actions(population: str, cell: ComposedCell) -> Iterator[LoweredAction]:
    """Yield the delayed actions of a cell, by event and then in the author's order."""
    for event in cell.events:
        for number, action in enumerate(event.later):
            name = f"_later_{event.name}_{number}"
            yield LoweredAction(
                ir.Projection(
                    f"_{population}{name}", population, event.name, population, name, True
                ),
                ir.Port(name, DIMENSIONLESS, _statements(action)),
                action.after,
                action.path,
            )


def _statements(action: DelayedAction) -> tuple[ir.Statement, ...]:
    """Return the statements, which do nothing where no event has come back."""
    arrived = Compare(">", Name(ir.N_EVENTS), Integer(0))
    return tuple(
        ir.Statement(target, Call("where", (arrived, value, Name(target))))
        for target, value in action.statements
    )
