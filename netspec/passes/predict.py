"""What a network will cost, before anything is allocated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil

from netspec.data import bytes_to_read
from netspec.errors import Diagnostic, SpecError
from netspec.ir import nodes as ir
from netspec.ir.recipe import (
    Computed,
    Drawn,
    FromFile,
    PerItem,
    Recipe,
    Scalar,
    TrainsRecipe,
    Value,
)
from netspec.machine import free_memory
from netspec.passes.resolved import (
    Assign,
    ResolvedGenerator,
    ResolvedNetwork,
    ResolvedPoisson,
    ResolvedPopulation,
    ResolvedProjection,
    ResolvedSpikeTable,
    ResolvedTrains,
)
from netspec.realise.count import Count, ExpectedEdges
from netspec.realise.edges import EdgeScope
from netspec.realise.findings import Findings
from netspec.realise.listed import BYTES_PER_SPIKE, neurons_of
from netspec.realise.narrow import SINGLE_BITS
from netspec.realise.network import NumberArray
from netspec.realise.neurons import NeuronScope
from netspec.realise.rules import RULES, Ends
from netspec.realise.trains import TRAINS

_INDEX_BYTES = 8
_VALUE_BYTES = 8
_RULE_BYTES = 10
"""Per edge while a rule makes edges, beside their indices."""

_TARGET_BYTES = 4
"""Per edge once a rule has made it: its target, while sources are a number for each neuron."""

_STEPS_BYTES = 3
"""Per edge of delays, which come narrow: in 8 bits, or in 8 and 16 while they become wider."""

FREE_SHARE = 0.8
"""Of the free memory that a network may take if the user says nothing."""

MAX_CHECKED_EDGES = 5_000_000
"""Edges, rows and spikes that `check` draws to look at what comes out: a matter of a second."""


@dataclass(frozen=True, slots=True)
class PredictedEdges:
    """Expected size of a projection.

    Attributes:
        path: Place of the projection.
        expected: Their number on average, and what else is known of them.
        sd: Standard deviation of the number; 0 where it is certain.
        bytes: Memory for so many edges, with four standard deviations of room.
    """

    name: str
    path: str
    expected: ExpectedEdges
    sd: float
    bytes: int

    @property
    def mean(self) -> float:
        """Expected number of edges."""
        return self.expected.count


@dataclass(frozen=True, slots=True)
class PredictedSpikes:
    """Expected size of the trains of an input.

    Attributes:
        mean: Expected number of spikes; those that will count once with others are counted.
        sd: Its standard deviation, nearly; 0 where the number is certain.
        bytes: Memory for so many spikes, with four standard deviations of room.
    """

    name: str
    mean: float
    sd: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Predicted:
    """Expected sizes of projections, and of inputs whose spikes are made before step 0."""

    edges: tuple[PredictedEdges, ...] = ()
    spikes: tuple[PredictedSpikes, ...] = ()


def predict_spikes(
    recipe: Recipe, scopes: Mapping[str, NeuronScope], steps: int
) -> tuple[PredictedSpikes, ...]:
    """Return the expected size of the trains of every input that has no problems.

    Args:
        recipe: How arrays are made.
        scopes: What values of neurons read, by population and input without problems there.
        steps: Length of the run.
    """
    predicted, findings = [], Findings()
    for name, own in recipe.sources.items():
        if isinstance(own, TrainsRecipe) and name in scopes:
            with findings.of_one_object():
                count = TRAINS[own.name].count(neurons_of(own, scopes[name], steps))
                size = int((count.mean + 4 * count.sd) * BYTES_PER_SPIKE)
                predicted.append(PredictedSpikes(name, count.mean, count.sd, size))
    return tuple(predicted)


def reads_neurons(network: ResolvedNetwork) -> bool:
    """Tell whether a number of edges depends on what neurons have, such as positions."""
    values = (value for each in network.projections for value in each.rule.values)
    return any(not EdgeScope().knows((value,)) for value in values)


def predict(
    network: ResolvedNetwork, recipe: Recipe, neurons: Mapping[str, Mapping[str, NumberArray]]
) -> tuple[PredictedEdges, ...]:
    """Return the expected size of every projection.

    Args:
        network: The network.
        recipe: How its arrays are made.
        neurons: Values of neurons that `reads_neurons` asks for, by object; edges of one that is
            missing, since it has problems, are not counted.
    """
    changes: dict[str, list[Value]] = {each.name: [] for each in network.projections}
    for entry in network.timeline:
        if isinstance(entry, Assign) and entry.kind == "weight" and entry.step < network.steps:
            changes[entry.target].append(entry.value)

    def ends(each: ResolvedProjection) -> Ends:
        return replace(
            each.ends,
            scope=EdgeScope.between(
                recipe,
                neurons,
                each.source,
                each.source_view,
                each.target,
                each.target_view,
            ),
        )

    return tuple(_predict(each, ends(each), changes[each.name]) for each in network.projections)


@dataclass(frozen=True, slots=True)
class _Need:
    """Memory that one object of the document asks for.

    Attributes:
        path: Its place.
        what: In words, with the number.
    """

    path: str
    what: str
    bytes: int


def check_memory(network: ResolvedNetwork, predicted: Predicted, max_memory: int | None) -> None:
    """Refuse a network whose synapses, neurons, listed spikes and samples would not fit.

    Args:
        network: The network.
        predicted: As far as it is known.
        max_memory: Bytes; default 80 % of what is free now.

    Raises:
        SpecError: They would not; names what is largest, and the numbers.
    """
    needs = tuple(_needs(network, predicted))
    total = sum(each.bytes for each in needs)
    if total < 2**26 and max_memory is None:  # too little to be worth asking the system
        return
    limit = max_memory if max_memory is not None else int(FREE_SHARE * free_memory())
    if total <= limit:
        return
    largest = max(needs, key=lambda each: each.bytes)
    raise SpecError(
        [
            Diagnostic(
                "too-much-memory",
                largest.path,
                f"{largest.what} need {_size(largest.bytes)} of {_size(total)} in all; "
                f"the limit is {_size(limit)}",
                hints=("raise the limit with --max-memory if the machine has the memory",),
            )
        ]
    )


def total_bytes(network: ResolvedNetwork, predicted: Predicted) -> int:
    """Return the bytes that `check_memory` compares with its limit."""
    return sum(each.bytes for each in _needs(network, predicted))


def _needs(network: ResolvedNetwork, predicted: Predicted) -> Iterator[_Need]:
    for spikes in predicted.spikes:
        what = f"the {spikes.mean:.4g} spikes of '{spikes.name}'"
        yield _Need(f"inputs.{spikes.name}", what, spikes.bytes)
    for edges in predicted.edges:
        what = f"the {edges.mean:.4g} synapses of '{edges.name}'"
        yield _Need(edges.path, what, edges.bytes)
    yield from _of_neurons(network)
    for path, count in _timeline_values(network).items():
        yield _Need(path, f"the {count} values that are set", count * _VALUE_BYTES)
    for recording in network.samples:
        times = ir.sampled(recording.every, recording.windows, network.steps)
        samples = sum(map(len, times)) * len(recording.view)
        what = f"the {samples} samples of '{recording.variable}' of '{recording.population}'"
        yield _Need("monitors.states", what, samples * _VALUE_BYTES)
    sizes = {edges.name: ceil(edges.mean + 4 * edges.sd) for edges in predicted.edges}
    for weights in network.weights:
        most = sum(sizes.get(name, 0) for name in weights.parts)
        edges_seen = most if weights.edges is None else min(most, len(weights.edges))
        times = ir.sampled(weights.every, weights.windows, network.steps)
        samples = sum(map(len, times)) * edges_seen
        what = f"the {samples} samples of the weights of '{weights.projection}'"
        yield _Need("monitors.weights", what, samples * _VALUE_BYTES)
    for counted in network.counts:
        numbers = counted.shape[0] * counted.shape[1]
        place = "monitors.counts" if counted.per_neuron else "monitors.rates"
        yield _Need(place, f"the {numbers} counts of '{counted.label}'", numbers * _VALUE_BYTES)


def _of_neurons(network: ResolvedNetwork) -> Iterator[_Need]:
    for population in network.populations:
        cell = population.cell
        values = len(cell.state) + len(cell.parameters) + 2 * len(cell.receptors) + 2
        what = f"the {population.size} neurons of '{population.name}'"
        yield _Need(
            f"populations.{population.name}.size", what, population.size * values * _VALUE_BYTES
        )
        yield from _tables(population, f"inputs of '{population.name}'")
    for source in network.inputs:
        values = 4  # for each neuron: its rate, and what one draw takes
        if isinstance(source, ResolvedGenerator):
            values = len(source.cell.parameters) + 4 * len(source.cell.draws)
            yield from _tables(source.population, f"input '{source.name}'")
        if isinstance(source, ResolvedGenerator | ResolvedPoisson | ResolvedTrains):
            what = f"the {source.size} neurons of '{source.name}'"
            yield _Need(f"inputs.{source.name}.size", what, source.size * values * _VALUE_BYTES)
        if isinstance(source, ResolvedSpikeTable):
            what = f"the {len(source.spikes)} spikes of '{source.name}'"
            size = len(source.spikes) * BYTES_PER_SPIKE
            yield _Need(f"inputs.{source.name}.times", what, size)
    sizes = {each.name: each.size for each in (*network.populations, *network.inputs)}
    for placed in network.positions:
        count = len(placed.coordinates) * sizes[placed.owner]
        what = f"the {count} coordinates of '{placed.owner}'"
        yield _Need(placed.coordinates[0].path, what, count * _VALUE_BYTES)


def _timeline_values(network: ResolvedNetwork) -> dict[str, int]:
    """Return how many values of neurons each entry of the timeline brings, by its place."""
    found: dict[str, int] = {}
    for entry in network.timeline:
        if isinstance(entry, Assign) and entry.kind != "weight" and entry.step < network.steps:
            found[entry.path] = found.get(entry.path, 0) + len(entry.view)
    return found


def _tables(population: ResolvedPopulation, whose: str) -> Iterator[_Need]:
    for table, recipe in population.cell.tables:
        count = len(recipe) * (population.size if table.per_neuron else 1)
        yield _Need(recipe.path, f"the {count} numbers of {whose}", count * _VALUE_BYTES)


def slow_to_draw(network: ResolvedNetwork, predicted: Predicted) -> frozenset[str]:
    """Return what `check` does not draw: the largest projections and trains, to be quick."""
    costs = {
        edges.name: edges.mean + 4 * edges.sd + len(projection.source_view)
        for projection, edges in zip(network.projections, predicted.edges, strict=True)
    }
    costs |= {spikes.name: spikes.mean + 4 * spikes.sd for spikes in predicted.spikes}
    by_cost = sorted(costs, key=lambda name: (costs[name], name))
    totals = accumulate(costs[name] for name in by_cost)
    return frozenset(
        name for name, total in zip(by_cost, totals, strict=True) if total > MAX_CHECKED_EDGES
    )


def _predict(projection: ResolvedProjection, ends: Ends, changes: list[Value]) -> PredictedEdges:
    count = Count(0.0, 0.0)
    if not projection.over_population and ends.scope.knows(projection.rule.values):
        count = RULES[projection.rule.name].count(projection.rule, ends)
    most = count.mean + 4 * count.sd
    expected = ExpectedEdges(
        count.mean,
        projection.weight_bits,
        several_weights=not all(isinstance(each, Scalar) for each in (projection.weight, *changes)),
        several_delays=not isinstance(projection.delay, Scalar),
    )
    size = int(most * _bytes_per_edge(projection, changes)) if most else 0
    return PredictedEdges(projection.name, projection.path, expected, count.sd, size)


def _bytes_per_edge(projection: ResolvedProjection, changes: list[Value]) -> int:
    """Return what an edge takes at the worst moment: making edges, then weights, then delays."""
    moments, kept = [_INDEX_BYTES + _RULE_BYTES], _TARGET_BYTES
    weights = [projection.weight, *changes]
    differ = any(not isinstance(each, Scalar) for each in weights)
    for number, weight in enumerate(weights):
        moments.append(kept + _bytes_to_make(weight, _VALUE_BYTES))
        is_narrow = number == 0 and projection.weight_bits <= SINGLE_BITS
        kept += differ * (_VALUE_BYTES // 2 if is_narrow else _VALUE_BYTES)
    moments.append(kept + _bytes_to_make(projection.delay, _STEPS_BYTES))
    return max(moments)


def _bytes_to_make(value: Value, own: int) -> int:
    """Return what an edge takes while a value of it is made.

    Args:
        value: It.
        own: What a value that is drawn or computed takes, where some are made at a time.
    """
    match value:
        case Scalar():
            return 0
        case Drawn() | Computed():
            return own
        case FromFile(data):  # as stored, in SI, and in order
            return bytes_to_read(data) + 2 * _VALUE_BYTES
        case PerItem():  # in SI, in order, and narrow
            return 2 * _VALUE_BYTES + _STEPS_BYTES


def _size(count: int) -> str:
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} TB"
