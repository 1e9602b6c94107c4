"""What names of a document refer to while it is resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from netspec.expr.parse import shorten
from netspec.ir.nodes import SPIKE, View
from netspec.ir.recipe import Item
from netspec.passes.problems import Problems
from netspec.passes.resolved import (
    ResolvedEffect,
    ResolvedInput,
    ResolvedPopulation,
    ResolvedProjection,
)
from netspec.spec.inputs import Effect
from netspec.spec.network import Network
from netspec.spec.problems import listed, nearest
from netspec.spec.views import ViewReference, parse_events, parse_view


@dataclass(frozen=True, slots=True)
class Scope:
    """Objects by name; a lookup that fails is reported and gives `None`.

    Attributes:
        dt: Seconds.
        steps: Length of the run.
        problems: Where problems go.
        positions: Coordinates of populations and inputs that have some.
        populations: As far as they are known, with the inputs that act on them.
        inputs: Those that emit spikes, as far as they are known.
        effects: Inputs that act on populations, as far as they are known.
        projections: As far as they are known.
    """

    network: Network
    dt: Fraction
    steps: int
    problems: Problems
    positions: Mapping[str, tuple[Item, ...]]
    populations: Mapping[str, ResolvedPopulation]
    inputs: Mapping[str, ResolvedInput] = field(default_factory=dict)
    effects: Mapping[str, ResolvedEffect] = field(default_factory=dict)
    projections: Mapping[str, ResolvedProjection] = field(default_factory=dict)

    def positions_of(self, name: str) -> tuple[Item, ...]:
        """Return the coordinates of a population or input; none if it has no positions."""
        return self.positions.get(name, ())

    def population(self, text: str, path: str) -> tuple[ResolvedPopulation, View] | None:
        """Return the population that a view addresses, and which of its neurons."""
        reference = parse_view(text)
        assert reference is not None  # the field's type has checked it
        if reference.name not in self.network.populations:
            self.unknown("population", reference.name, self.network.populations, path)
            return None
        population = self.populations.get(reference.name)
        if population is None:  # its own problems were reported
            return None
        view = self._view(reference, population.size, path)
        return (population, view) if view is not None else None

    def spiking(self, text: str, path: str) -> tuple[str, View] | None:
        """Return the name and the neurons of a population or input."""
        reference = parse_view(text)
        assert reference is not None
        known = {**self.network.populations, **self.network.inputs}
        if reference.name not in known:
            self.unknown("population or input", reference.name, known, path)
            return None
        found = self.populations.get(reference.name) or self.inputs.get(reference.name)
        if found is None:
            self._refuse_effect(reference.name, path)
            return None
        view = self._view(reference, found.size, path)
        return (found.name, view) if view is not None else None

    def emitting(self, text: str, path: str) -> tuple[str, str, View] | None:
        """Return owner, event and neurons of a text such as `exc[0:100].burst`."""
        parts = parse_events(text)
        assert parts is not None
        addressed, event = parts
        found = self.spiking(addressed, path)
        if found is None:
            return None
        owner, view = found
        known = {SPIKE}
        if owner in self.populations:
            known |= {each.name for each in self.populations[owner].cell.events}
        if event not in known:
            self.problems.error(
                "unknown-event",
                path,
                f"'{owner}' has no event '{event}'",
                notes=(f"its events: {listed(known)}",),
                hints=nearest(event, known),
            )
            return None
        return owner, event, view

    def _refuse_effect(self, name: str, path: str) -> None:
        """Report an input that acts on a population where one that emits spikes is wanted."""
        if isinstance(self.network.inputs.get(name), Effect):
            message = f"'{name}' acts on a population and emits no spikes"
            hints = ("an input of model 'poisson' emits spikes",)
            self.problems.error("emits-no-spikes", path, message, hints=hints)

    def unknown(self, what: str, name: str, known: Mapping[str, object], path: str) -> None:
        """Report a name that is none of those that are known."""
        self.problems.error(
            "unknown-population",
            path,
            f"'{name}' is not a {what} of this network",
            notes=(f"defined {what.replace(' or ', 's and ')}s: {listed(known)}",),
            hints=nearest(name, known),
        )

    def unknown_projection(self, name: str, path: str) -> None:
        """Report a name that is not that of a projection."""
        known = self.network.projections
        self.problems.error(
            "unknown-projection",
            path,
            f"'{shorten(name)}' is not a projection of this network",
            notes=(f"defined projections: {listed(known)}",),
            hints=nearest(name, known),
        )

    def _view(self, reference: ViewReference, size: int, path: str) -> View | None:
        start = reference.start or 0
        stop = size if reference.stop is None else reference.stop
        if start <= stop <= size:
            return View(start, stop)
        ends = ("" if each is None else each for each in (reference.start, reference.stop))
        view = f"'{reference.name}[{':'.join(map(str, ends))}]'"
        message = (
            f"{view} ends before it begins"
            if stop < start <= size
            else f"{view} does not lie in '{reference.name}', which has {size} neurons"
        )
        self.problems.error("bad-view", path, message)
        return None
