"""Rates of what is drawn while running: whether each stays in its range in every step.

They read parameters, `t`, tables and random numbers. So all of them are known before step 0, the
random ones by the largest numbers that can be drawn: a rate goes up or down with each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from netspec.errors import Diagnostic
from netspec.expr.nodes import names
from netspec.ir import nodes as ir
from netspec.ir.recipe import Range, RangeRecipe, Recipe
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

MOST_NORMAL = 6.34
"""No normal number drawn while running is larger: the quantile of 1 - 2**-33 is 6.338."""

_BLOCK = 1 << 18
"""Numbers that are looked at together."""


def probability_range(owner: str) -> Range:
    """Return where the probability of a spike of a Poisson source has to lie."""
    return Range(owner, 1.0, HIGH_PROBABILITY)


def range_error(
    own: Range, path: str, step: int, neuron: int, number: float, *, is_noisy: bool = False
) -> Diagnostic:
    """Return what is wrong with a number outside of its range.

    Args:
        own: The range.
        path: Place of what the number is made from.
        step: The first in which it is outside.
        neuron: The first of which it is, in the population or input.
        number: The number.
        is_noisy: Something that is drawn while running takes it there.
    """
    kind = "a probability" if own.most == 1.0 else "a mean number of events"
    hints: tuple[str, ...] = (f"use a smaller dt{own.hint}",) if number > own.most else ()
    if is_noisy:
        hints = (f"bound the noise with 'clip': without, it reaches {MOST_NORMAL:.3g} sd",)
    short = f"{number:.6g}"
    text = repr(number) if float(short) == own.most != number else short
    return Diagnostic(
        "out-of-range",
        path,
        f"the rate of '{own.owner}' leaves its range at step {step}, neuron {neuron}: {own.what} "
        f"is {text}",
        (f"{own.what} is {kind} and lies between 0 and {own.most:g}",),
        hints,
    )


def high_warning(own: Range, path: str, found: str, notes: tuple[str, ...] = ()) -> Diagnostic:
    """Return the warning that a probability is high.

    Args:
        own: Its range.
        path: Place of what it is made from.
        found: What it is, in words.
        notes: Facts.
    """
    return Diagnostic(
        "high-rate",
        path,
        f"{own.what} is {found}; a Poisson source emits at most one spike per step",
        notes,
        ("use a smaller dt",),
        severity="warning",
    )


def check_ranges(
    network: ir.Network,
    recipe: Recipe,
    populations: Mapping[str, RealisedPopulation],
    timeline: Sequence[RealisedEntry],
    findings: Findings,
) -> None:
    """Report rates that leave their range, and probabilities that are high.

    Args:
        network: The IR.
        recipe: Knows the ranges.
        populations: As far as they could be realised.
        timeline: Entries with their values.
        findings: Where problems and warnings go.
    """
    for population in network.populations:
        ranges = recipe.populations[population.name].ranges
        if not ranges or population.name not in populations:
            continue
        checks = [_Check(each, population) for each in ranges]
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
    """Looks at one number of each step.

    Attributes:
        outside: The first that left its range, as (step, neuron, number).
        high: The largest probability.
    """

    def __init__(self, wanted: RangeRecipe, population: ir.Population) -> None:
        self.wanted, self.tables = wanted, population.cell.tables
        self.reads = names(wanted.value)
        self.drawn = [each.name for each in population.cell.draws if each.name in self.reads]
        self.outside: tuple[int, int, float] | None = None
        self.high = 0.0

    def look_at(self, stretch: _Stretch, dt: float) -> None:
        """Look at all numbers of a stretch, or at those of its first step if they stay the same."""
        moving = self.reads & ({ir.TIME} | stretch.tables.keys())
        stop = stretch.stop if moving else stretch.start + 1
        rows = max(1, _BLOCK // max(map(np.size, stretch.parameters.values()), default=1))
        for first in range(stretch.start, stop, rows):
            if self.outside is None:
                self._look_at(stretch, np.arange(first, min(first + rows, stop)), dt)

    def _look_at(self, stretch: _Stretch, steps: IntegerArray, dt: float) -> None:
        known: dict[str, NumberArray] = {
            ir.TIME_STEP: np.asarray(dt),
            ir.TIME: (steps.astype(np.float64) * dt)[:, np.newaxis],
        }
        known |= {name: each for name, each in stretch.parameters.items() if name in self.reads}
        for table in (each for each in self.tables if each.name in self.reads):
            values = stretch.tables[table.name]
            rows = values[np.minimum(steps // table.hold, len(values) - 1)]
            known[table.name] = rows if table.per_neuron else rows[:, np.newaxis]
        for extreme in (-MOST_NORMAL, MOST_NORMAL)[: 2 if self.drawn else 1]:
            drawn = dict.fromkeys(self.drawn, np.asarray(extreme))
            numbers = np.atleast_2d(evaluate(self.wanted.value, {**known, **drawn}))
            bad = np.argwhere(~((numbers >= 0.0) & (numbers <= self.wanted.range.most)))
            if bad.size:
                row, neuron = (int(each) for each in bad[0])
                found = (int(steps[row]), neuron, float(numbers[row, neuron]))
                self.outside = min(self.outside or found, found)
            else:
                self.high = max(self.high, float(numbers.max(initial=0.0)))

    def report(self, findings: Findings) -> None:
        """Report what was found."""
        own, path = self.wanted.range, self.wanted.path
        if self.outside is not None:
            findings.error(range_error(own, path, *self.outside, is_noisy=bool(self.drawn)))
        elif self.high > own.high:
            findings.warn(high_warning(own, path, f"up to {self.high:.3g}"))
