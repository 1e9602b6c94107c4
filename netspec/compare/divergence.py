"""The step in which equal state became different, and what every part of it was on both sides.

Two runs differ. Both are run again with all state recorded, window after window, until a sample or
a spike differs: that is the first step whose state is the same on both sides and whose outcome is
not. Then both are run to the end of that step once more with every term of the neuron's update
kept (`terms`), so that each side itself says what it computed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from netspec.compare.arrivals import arrivals
from netspec.compare.everything import with_everything
from netspec.compare.origin import alike
from netspec.compare.records import BEFORE, Difference, Place, record_differences
from netspec.compare.report import report
from netspec.compare.step import Margin, Number, Pair, Step
from netspec.compare.terms import with_terms
from netspec.errors import UnsupportedFeature
from netspec.expr.nodes import Compare, Name, walk
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedNetwork
from netspec.results.first import bits
from netspec.results.record import RunRecord, SpikeRecord

Run = Callable[[RealisedNetwork], RunRecord]
"""Runs a network to its end on one side."""

MAX_SAMPLES = 50_000_000
"""Recorded of each run at a time: 400 MB."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first step with another outcome on each side; `str()` explains it.

    Attributes:
        names: What the sides are called.
        step: It begins with equal state; -1 if already the initial state differs.
        dt: Seconds.
        place: The neuron that differs first, and which variable if no spike does.
        first: In words.
        event: The event by which it emits, `None` of an input.
        setting: Entries of the timeline that set what differs at the end of the step, in words.
        of_step: What happened to the neuron; `None` of an input, of the initial state, or if a
            second run did not come so far.
    """

    names: tuple[str, str]
    step: int
    dt: float
    place: Place
    first: str
    setting: tuple[str, ...] = ()
    of_step: Step | None = None

    def __str__(self) -> str:
        return report(self)


def find_divergence(
    network: RealisedNetwork,
    expected: Run,
    got: Run,
    names: tuple[str, str] = ("expected", "got"),
    *,
    until: float = inf,
) -> Divergence | None:
    """Return where two sides that run one network first differ in spikes or state.

    Args:
        network: The network.
        expected: Runs networks on the side that is the reference.
        got: Runs them on the other.
        names: What the sides are called.
        until: A step in which they are known to differ, if one is.

    Returns:
        `None` if they do not differ, which may be so if a run does not repeat itself.

    Raises:
        UnsupportedFeature: A side cannot run the network with all its state recorded.
    """
    found = _first_difference(network, expected, got, until)
    if found is None:
        return None
    difference, spikes = found
    assert difference.place is not None
    place = difference.place
    step = int(difference.step) - (difference.phase == BEFORE)
    whole = Divergence(names, step, network.ir.dt, place, difference.text)
    population = place.name.partition(".")[0]
    if step < 0 or population not in network.populations:
        return whole
    looked = _look_into(network, expected, got, population, place.index, step, spikes)
    if alike(looked):
        coarser = _look_into(
            network, expected, got, population, place.index, step, spikes, whole=True
        )
        looked = looked if alike(coarser) else coarser
    return replace(whole, setting=tuple(_settings(network, place, step + 1)), of_step=looked)


def explain_divergence(
    network: RealisedNetwork,
    expected: Run,
    got: Run,
    names: tuple[str, str],
    *,
    until: float = inf,
) -> str:
    """Return what `find_divergence` finds in words, or why it finds nothing."""
    try:
        found = find_divergence(network, expected, got, names, until=until)
    except UnsupportedFeature as error:
        reasons = "; ".join(each.message for each in error.diagnostics)
        return f"where they part cannot be looked at: {reasons}"
    if found is None:
        return "they do not differ when they are run again with all state recorded"
    return str(found)


def known_to_differ(differences: Iterable[Difference]) -> float:
    """Return the first step with a difference in a place, infinity if none is known."""
    return min((each.step for each in differences if each.place is not None), default=inf)


def _first_difference(
    network: RealisedNetwork, expected: Run, got: Run, until: float
) -> tuple[Difference, Mapping[str, SpikeRecord]] | None:
    """Return the first difference in a place, and all expected spikes, at least until then.

    One step more is run than was asked for: its sample is the state after the last one.
    """
    length = max(MAX_SAMPLES // max(_numbers(network), 1), 1)
    end = int(min(until, network.ir.steps)) + 2
    for start in range(0, end, length):
        stop = min(start + length, end)
        whole = with_everything(network, stop, ir.Window(start, stop))
        one, other = expected(whole), got(whole)
        for each in record_differences(one, other, whole):
            if each.place is not None and (each.step, each.phase) <= (network.ir.steps, BEFORE):
                return each, one.spikes
    return None


def _numbers(network: RealisedNetwork) -> int:
    """Return how many numbers the state is."""
    return sum(
        1 if variable.shared else population.size
        for population in network.ir.populations
        for variable in population.cell.state
    )


def _settings(network: RealisedNetwork, place: Place, step: int) -> Iterator[str]:
    """Yield the entries of the timeline that give a variable its value in a step."""
    for entry in network.timeline:
        match entry.action:
            case ir.SetState(population, variable, view) if (
                entry.step == step
                and (population, variable) == (place.name, place.variable)
                and view.start <= place.index < view.stop
            ):
                yield f"the timeline sets {variable} of {population}[{place.index}] in step {step}"


def _look_into(
    network: RealisedNetwork,
    expected: Run,
    got: Run,
    population: str,
    index: int,
    step: int,
    spikes: Mapping[str, SpikeRecord],
    *,
    whole: bool = False,
) -> Step:
    """Run both sides to the end of a step, and two samples further, with its terms kept."""
    kept, lines = with_terms(network, population, whole=whole)
    sampled = ir.Window(step, step + 3)
    kinds = {each.variable: each.kind for line in lines for each in line.terms}
    seen = _of_one_neuron(with_everything(kept, sampled.stop, sampled), kinds.keys(), index)
    sides = _Samples(seen, expected(seen), step), _Samples(seen, got(seen), step)

    def both(name: str, at: int) -> Pair:
        return sides[0].of(population, name, index, at), sides[1].of(population, name, index, at)

    cell = next(each.cell for each in network.ir.populations if each.name == population)
    values = {
        name: _truths(both(name, step + 1)) if kinds[name] == "truth" else both(name, step + 1)
        for name in kinds
    }
    fired = {
        each.name: (
            sides[0].fired(ir.event_object(population, each.name), index),
            sides[1].fired(ir.event_object(population, each.name), index),
        )
        for each in cell.events
    }
    found = Step(
        lines=lines,
        values=values,
        fired=fired,
        margins=(),
        before={each.name: both(each.name, step) for each in cell.state},
        after={each.name: both(each.name, step + 1) for each in cell.state},
        arrived=arrivals(network, spikes, population, index, step),
        next_arrived=arrivals(network, sides[0].record.spikes, population, index, step + 1),
        next_sums={
            (line.port, name): both(line.scope[Name(name)].variable, step + 2)
            for line in lines
            for name in (ir.ACCUMULATOR, ir.N_EVENTS)
            if line.port and Name(name) in line.scope
        },
        spread=_spread(network, sides, step + 1),
        is_whole=whole,
    )
    return replace(found, margins=tuple(_margins(found)))


def _of_one_neuron(
    network: RealisedNetwork, variables: Collection[str], index: int
) -> RealisedNetwork:
    """Return the network with these variables recorded of one neuron, as terms are many."""
    recordings = tuple(
        replace(each, view=ir.View(index, index + 1))
        if each.variable in variables and len(each.view) > 1
        else each
        for each in network.ir.state_recordings
    )
    return replace(network, ir=replace(network.ir, state_recordings=recordings))


def _margins(step: Step) -> Iterator[Margin]:
    for line in step.lines:
        if line.is_condition:
            for node in dict.fromkeys(walk(line.value)):
                if isinstance(node, Compare):
                    left, right = step.value(node.left, line), step.value(node.right, line)
                    yield Margin(line.event, node, left, right)


def _truths(pair: Pair) -> Pair:
    one, other = (None if each is None else bool(each) for each in pair)
    return one, other


class _Samples:
    """What one side has recorded, by name."""

    def __init__(self, network: RealisedNetwork, record: RunRecord, first: int) -> None:
        self.record, self.first = record, first
        self.arrays = {
            (each.population, each.variable): (each.view, values)
            for each, values in zip(network.ir.state_recordings, record.states, strict=True)
        }

    def of(self, population: str, variable: str, index: int, step: int) -> Number | None:
        """Return a sample; `None` if the run ended before it."""
        view, values = self.arrays[population, variable]
        row = step - self.first
        column = 0 if len(view) == 1 else index - view.start
        return None if row >= len(values) else values[row, column].item()

    def fired(self, name: str, index: int) -> bool:
        """Tell whether an object emitted in the step that is looked into."""
        spikes = self.record.spikes[name]
        return bool(((spikes.steps == self.first) & (spikes.indices == index)).any())


def _spread(
    network: RealisedNetwork, sides: tuple[_Samples, _Samples], step: int
) -> dict[str, int]:
    """Return how many neurons of each population differ at the beginning of a step."""
    found = {}
    for population in network.ir.populations:
        unlike = np.zeros(population.size, dtype=np.bool_)
        for variable in population.cell.state:
            name, row = (population.name, variable.name), step - sides[0].first
            one, other = sides[0].arrays[name][1], sides[1].arrays[name][1]
            if row < min(len(one), len(other)):
                unlike |= bits(one[row]) != bits(other[row])
        if unlike.any():
            found[population.name] = int(unlike.sum())
    return found
