"""The recipe: how `realise` makes the arrays of a network. Backends never see it.

Indices `i` and `j` count within the source and target as addressed by their views.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from netspec.expr.nodes import Expression, names
from netspec.ir.nodes import View

OUT_OF_FINGERPRINT = {"in the fingerprint": False}
"""Marks a field that is no part of the meaning: what messages show, and what is recorded."""

Rounding = Literal["error", "nearest"]
"""What happens to a duration that is no multiple of dt."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One exact SI value for all."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class PerItem:
    """One exact SI value per neuron or edge."""

    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """A folded expression over parameters and indices."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Drawn:
    """One value per neuron or edge from a distribution.

    Attributes:
        distribution: Its name in the language.
        parameters: Each a `Scalar` or `Computed`, named by its place in the distribution: `mean`,
            `values[0]`; bounds too: `redraw[0]` is the least value, `redraw[1]` the largest.
        outside: What becomes of values outside of bounds; `None` without bounds.
        words: For readers.
    """

    distribution: str
    parameters: tuple[Item, ...]
    outside: Literal["redraw", "clip"] | None
    words: str = field(metadata=OUT_OF_FINGERPRINT)


Value = Scalar | PerItem | Computed | Drawn


def names_in(value: Value | None) -> frozenset[str]:
    """Return the names that a value reads."""
    match value:
        case Computed(expression):
            return names(expression)
        case Drawn():
            return frozenset().union(*(names_in(each.value) for each in value.parameters))
        case _:
            return frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """A named value of an object.

    Attributes:
        path: Its place in the document, for messages.
        step: When the timeline brings it; `None` if it holds from the start.
    """

    name: str
    value: Value
    path: str = field(metadata=OUT_OF_FINGERPRINT)
    step: int | None = None

    @property
    def purpose(self) -> str:
        """What the draws of its values are for, which names their stream."""
        return self.name if self.step is None else f"{self.name} at step {self.step}"


@dataclass(frozen=True, slots=True)
class Rule:
    """Which pairs are connected, by a rule of the language.

    Attributes:
        name: Of the rule.
        path: Its place in the document, for messages.
        parameters: Numbers, each a `Scalar` or `Computed`, named as in the document.
        allowed: What it may make beside pairs of different neurons: `autapses`, `multapses`.
        pairs: Those that are listed.
    """

    name: str
    path: str = field(default="", metadata=OUT_OF_FINGERPRINT)
    parameters: tuple[Item, ...] = ()
    allowed: tuple[str, ...] = ()
    pairs: tuple[tuple[int, int], ...] = ()

    @property
    def values(self) -> tuple[Value, ...]:
        """The values of the parameters."""
        return tuple(each.value for each in self.parameters)

    def has(self, name: str) -> bool:
        """Tell whether a parameter is given."""
        return any(each.name == name for each in self.parameters)

    def parameter(self, name: str) -> Item:
        """Return a parameter that the rule has."""
        return next(each for each in self.parameters if each.name == name)

    def number(self, name: str) -> Fraction:
        """Return a parameter that is one number for all pairs."""
        value = self.parameter(name).value
        assert isinstance(value, Scalar)
        return value.value

    def allows(self, what: str) -> bool:
        """Tell whether it may make `autapses` or `multapses`."""
        return what in self.allowed


@dataclass(frozen=True, slots=True)
class Pacing:
    """How fast state variables go by themselves, to be compared with dt.

    Attributes:
        integrator: That solves their equations.
        order: Terms of the exponential that a step of it has beside the 1; `None` if it solves each
            variable exactly and keeps it constant for the others.
        rates: Factor of a variable in its own derivative, by variable; reads parameters, `dt` and
            state.
        alternatives: Other integrators that suit the equations, with their order; `None` for one
            that is exact.
    """

    integrator: str
    order: int | None
    rates: tuple[tuple[str, Expression], ...]
    alternatives: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class PopulationRecipe:
    """Values of a population before step 0.

    Attributes:
        parameters: The author's.
        initial: Of its state.
        positions: Coordinates, which parameters and state may read.
        model_path: Place of the model of its cell, for messages.
        period_path: Place of its refractory period; empty without one.
        pacing: What a step may be too large for; `None` if there is nothing.
    """

    parameters: tuple[Item, ...]
    initial: tuple[Item, ...]
    model_path: str
    period_path: str
    pacing: Pacing | None = None
    positions: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class PoissonRecipe:
    """Rate in Hz of each neuron."""

    rate: Value


@dataclass(frozen=True, slots=True)
class SpikeTimesRecipe:
    """For each neuron the steps of its spikes, ascending."""

    steps: tuple[tuple[int, ...], ...]


SourceRecipe = PoissonRecipe | SpikeTimesRecipe


@dataclass(frozen=True, slots=True)
class ProjectionRecipe:
    """How edges are made.

    Attributes:
        weight_unit: As the receptor declares it, for messages.
        delay: In seconds; formulas read `i`, `j`, parameters of the target and, as `source(x)`, of
            the source.
        min_delay: The least that can be drawn, in steps.
        delay_path: Its place in the document.
        path: Place of the projection; empty for one of the compiler's own.
        weight_bits: Bits of the grid of the weights.
    """

    source_view: View
    target_view: View
    rule: Rule
    weight: Value
    weight_unit: str
    delay: Value
    delay_path: str
    path: str = ""
    min_delay: int = 1
    rounding: Rounding = "error"
    weight_bits: int = 24


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that `realise` needs beside the IR, by name of object.

    Attributes:
        dt: Exact duration of a step in seconds.
        timeline: The value of each entry of the IR's timeline; `None` for connect and disconnect.
        period: Metres after which space begins again, for each dimension.
    """

    dt: Fraction
    populations: Mapping[str, PopulationRecipe]
    sources: Mapping[str, SourceRecipe]
    projections: Mapping[str, ProjectionRecipe]
    timeline: tuple[Item | None, ...]
    period: tuple[Fraction | None, ...] = ()
