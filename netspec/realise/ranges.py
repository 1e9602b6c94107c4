"""Means of what is drawn while running: whether each stays in its range in every step.

They read parameters, `t`, tables and random numbers; so all of them are known before step 0, the
random ones by the largest numbers that can be drawn, for a mean goes up or down with each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from netspec.errors import Diagnostic
from netspec.expr.nodes import names
from netspec.ir import nodes as ir
from netspec.ir.recipe import PopulationRecipe, Recipe
from netspec.realise.evaluate import evaluate
from netspec.realise.findings import Findings
from netspec.realise.network import (
    FloatArray,
    IntegerArray,
    NumberArray,
    RealisedEntry,
    RealisedPopulation,
)

MAX_MEAN = 64.0
"""Events that are drawn as one number."""

HIGH_PROBABILITY = 0.1
"""Of an event per step, above which a source is not much like a Poisson process."""

_MOST_NORMAL = 6.24
"""No normal number drawn while running is larger: the quantile of 1 - 2**-33 is 6.23."""

_BLOCK = 1 << 18
"""Means that are looked at together."""


def check_means(
    network: ir.Network,
    recipe: Recipe,
    populations: Mapping[str, RealisedPopulation],
    timeline: Sequence[RealisedEntry],
    findings: Findings,
) -> None:
    """Report means that leave their range, and probabilities that are high.

    Args:
        network: The IR.
        recipe: Knows where means come from.
        populations: As far as they could be realised.
        timeline: Entries with their values.
        findings: Where problems and warnings go.
    """
    for population in network.populations:
        draws = [draw for draw in population.cell.draws if draw.mean is not None]
        if not draws or population.name not in populations:
            continue
        checks = [_Check(draw, population, recipe.populations[population.name]) for draw in draws]
        for stretch in _stretches(population, populations[population.name], timeline, network):
            for check in checks:
                check.look_at(stretch, network.dt)
        for check in checks:
            check.report(findings)


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """The steps `start … stop-1`, in which no parameter changes."""

    start: int
    stop: int
    parameters: Mapping[str, NumberArray]
    tables: Mapping[str, FloatArray]


def _stretches(
    population: ir.Population,
    realised: RealisedPopulation,
    timeline: Sequence[RealisedEntry],
    network: ir.Network,
) -> Iterator[_Stretch]:
    parameters, start = dict(realised.parameters), 0
    for entry in timeline:
        match entry.action:
            case ir.SetParameter(owner, name, view) if owner == population.name:
                if entry.step > start:
                    yield _Stretch(start, entry.step, dict(parameters), realised.tables)
                    start = entry.step
                parameters[name] = _changed(parameters[name], view, entry.values)
    if start < network.steps:
        yield _Stretch(start, network.steps, parameters, realised.tables)


def _changed(before: NumberArray, view: ir.View, values: object) -> NumberArray:
    new = np.asarray(values)
    if not before.ndim:
        return new
    changed = before.copy()
    changed[view.start : view.stop] = new
    return changed


class _Check:
    """Looks at the means of one draw.

    Attributes:
        outside: The first that left its range, as (step, neuron, mean).
        high: The largest probability that is high, 0 if there is none.
    """

    def __init__(self, draw: ir.Draw, population: ir.Population, own: PopulationRecipe) -> None:
        self.draw, self.population, self.own = draw, population, own
        assert draw.mean is not None
        self.mean, self.reads = draw.mean, names(draw.mean)
        self.most = 1.0 if draw.distribution == "bernoulli" else MAX_MEAN
        self.outside: tuple[int, int, float] | None = None
        self.high = 0.0

    def look_at(self, stretch: _Stretch, dt: float) -> None:
        """Look at all means of a stretch, or at those of its first step if they stay the same."""
        if self.outside is not None:
            return
        moving = self.reads & ({ir.TIME} | stretch.tables.keys())
        stop = stretch.stop if moving else stretch.start + 1
        width = max([1, *(each.size for each in stretch.parameters.values() if each.ndim)])
        rows = max(1, _BLOCK // width)
        for first in range(stretch.start, stop, rows):
            if self.outside is None:
                self._look_at(stretch, np.arange(first, min(first + rows, stop)), dt)

    def _look_at(self, stretch: _Stretch, steps: IntegerArray, dt: float) -> None:
        known: dict[str, NumberArray] = {
            ir.TIME_STEP: np.asarray(dt),
            ir.TIME: (steps.astype(np.float64) * dt)[:, np.newaxis],
        }
        known |= {name: each for name, each in stretch.parameters.items() if name in self.reads}
        for table in self.population.cell.tables:
            values = stretch.tables[table.name]
            rows = values[np.minimum(steps // table.hold, len(values) - 1)]
            known[table.name] = rows if table.per_neuron else rows[:, np.newaxis]
        for extreme in self._extremes():
            means = np.atleast_2d(evaluate(self.mean, {**known, **extreme}))
            bad = ~((means >= 0.0) & (means <= self.most))
            if bad.any():
                row, neuron = (int(each) for each in np.argwhere(bad)[0])
                found = (int(steps[row]), neuron, float(means[row, neuron]))
                self.outside = min(self.outside or found, found)
            elif self.draw.distribution == "bernoulli" and ir.TIME_STEP in self.reads:
                self.high = max(self.high, float(means.max(initial=0.0)))

    def _extremes(self) -> Iterator[dict[str, NumberArray]]:
        """Yield the random numbers that the mean reads, at their least and their largest."""
        read = [draw for draw in self.population.cell.draws if draw.name in self.reads]
        if not read:
            yield {}
            return
        for sign in (-1.0, 1.0):
            yield {draw.name: np.asarray(sign * _MOST_NORMAL) for draw in read}

    def _hints(self, mean: float) -> tuple[str, ...]:
        if any(draw.name in self.reads for draw in self.population.cell.draws):
            return ("bound the noise with 'clip'; normal numbers reach 6.3 sd on both sides",)
        return ("use a smaller dt",) if mean > 1 else ()

    def report(self, findings: Findings) -> None:
        """Report what was found."""
        path = self.own.means[self.draw.name]
        owner = (self.draw.origin or f"{self.own.section}.{self.population.name}").partition(".")[2]
        if self.outside is not None:
            step, neuron, mean = self.outside
            is_chance = self.draw.distribution == "bernoulli"
            findings.error(
                Diagnostic(
                    "out-of-range",
                    path,
                    f"the rate of '{owner}' leaves its range at step {step}, neuron {neuron}: "
                    f"rate * dt is {mean:.6g}",
                    (
                        "rate * dt is a probability and lies between 0 and 1"
                        if is_chance
                        else f"rate * dt is a number of events and lies between 0 and {MAX_MEAN:g}",
                    ),
                    self._hints(mean),
                )
            )
        elif self.high > HIGH_PROBABILITY:
            findings.warn(
                Diagnostic(
                    "high-rate",
                    path,
                    f"rate * dt is up to {self.high:.3g}; a Poisson source emits at most one spike "
                    "per step",
                    hints=("use a smaller dt",),
                    severity="warning",
                )
            )
