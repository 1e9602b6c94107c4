"""Connections: which neurons, by which rule, how strong and how late."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from netspec.spec.base import Duration, Items, QuantityField, SpecModel
from netspec.spec.inputs import Rounding
from netspec.spec.rules import OneRule, Rule
from netspec.spec.values import ValueField
from netspec.spec.varied import Each, Varied
from netspec.spec.views import EventsText, ViewText


class _Connections(SpecModel):
    """What projections and tables of projections have in common."""

    rounding: Rounding = "error"
    """What happens to delays in lists and expressions that are no multiple of dt."""

    min_delay: Duration | None = None
    """The least delay where delays are drawn, one step if left out; a drawn delay is rounded to a
    multiple of dt, and one below this becomes this."""

    connected: bool = True
    """Whether events are delivered before the timeline says otherwise."""

    weight_bits: int = Field(default=24, ge=8, le=32)
    """Bits of the grid on which weights lie."""

    w_max: QuantityField | None = None
    """The largest size that a weight can have, in the unit of the receptor. It makes the grid,
    which the largest weight makes if it is left out; a weight beyond it is an error."""


class Projection(_Connections):
    """Edges from a population or input to a receptor of a population."""

    source: EventsText
    """A population or input, or part of it: `ext`, `exc[0:100]`; or an event of it: `exc.burst`."""

    target: ViewText
    """A population, or part of it."""

    receptor: str
    """Receptor of the target's cell at which events arrive."""

    rule: OneRule
    """Which pairs are connected."""

    weight: ValueField
    """Weight of each edge, in the unit of the receptor. Expressions may use `i` and `j`, the
    indices within source and target as addressed, parameters of the target, and those of the
    source as `source(x)`; a list has one value per edge, in order."""

    delay: ValueField | None = None
    """Time from a spike to its arrival, a multiple of dt; 0 is legal. A receptor that gathers has
    none, any other needs one."""


class VariedNames(Varied[str]):
    """Names that differ from pair to pair of a table: exactly one of the fields."""


class VariedValues(Varied[ValueField]):
    """Values that differ from pair to pair of a table: exactly one of the fields."""


class TableException(SpecModel):
    """What is different for one pair of a table."""

    source: EventsText
    """One of the table's sources."""

    target: ViewText
    """One of the table's targets."""

    receptor: str | None = None
    """Receptor in place of the table's."""

    rule: OneRule | None = None
    """Rule in place of the table's."""

    weight: ValueField | None = None
    """Weights in place of the table's."""

    delay: ValueField | None = None
    """Delays in place of the table's."""


class Table(_Connections):
    """Projections from each of several sources to each of several targets.

    The one from `exc` to `inh` has the name of the table with both behind it, such as
    `recurrent_exc_inh`. There is none where a number of the rule is 0 or a value is `null`.
    """

    sources: Annotated[Items[EventsText], Field(min_length=1)]
    """Populations and inputs, parts or events of them: the columns of a table."""

    targets: Annotated[Items[ViewText], Field(min_length=1)]
    """Populations, or parts of them: the rows of a table."""

    receptor: Each[str, VariedNames]
    """Receptor of the target's cell at which events arrive."""

    rule: Rule
    """Which pairs are connected; its numbers may differ."""

    weight: Each[ValueField, VariedValues]
    """Weight of each edge, as in a projection."""

    delay: Each[ValueField, VariedValues] | None = None
    """Time from a spike to its arrival, as in a projection."""

    exceptions: Items[TableException] = ()
    """Pairs for which something is different."""
