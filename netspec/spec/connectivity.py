"""Connections: which neurons, by which rule, how strong and how late."""

from __future__ import annotations

from pydantic import Field

from netspec.spec.base import Duration, SpecModel
from netspec.spec.inputs import Rounding
from netspec.spec.rules import Rule
from netspec.spec.values import ValueField
from netspec.spec.views import EventsText, ViewText


class Projection(SpecModel):
    """Edges from a population or input to a receptor of a population."""

    source: EventsText
    """A population or input, or part of it: `ext`, `exc[0:100]`; or an event of it: `exc.burst`."""

    target: ViewText
    """A population, or part of it."""

    receptor: str
    """Receptor of the target's cell at which events arrive."""

    rule: Rule
    """Which pairs are connected."""

    weight: ValueField
    """Weight of each edge, in the unit of the receptor. Expressions may use `i` and `j`, the
    indices within source and target as addressed, parameters of the target, and those of the
    source as `source(x)`; a list has one value per edge, in order."""

    delay: ValueField | None = None
    """Time from a spike to its arrival, a multiple of dt; 0 is legal. A receptor that gathers has
    none, any other needs one."""

    rounding: Rounding = "error"
    """What happens to delays in lists and expressions that are no multiple of dt."""

    min_delay: Duration | None = None
    """The least delay where delays are drawn, one step if left out; a drawn delay is rounded to a
    multiple of dt, and one below this becomes this."""

    connected: bool = True
    """Whether events are delivered before the timeline says otherwise."""

    weight_bits: int = Field(default=24, ge=8, le=32)
    """Bits of the grid on which weights lie."""
