"""What a network will cost, before anything is allocated."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from netspec.errors import Diagnostic, SpecError
from netspec.ir.recipe import (
    AllToAll,
    Explicit,
    OneToOne,
    PairwiseBernoulli,
    Rule,
    Scalar,
    Value,
)
from netspec.passes.memory import free_memory
from netspec.passes.resolved import ResolvedNetwork, ResolvedPoisson, ResolvedProjection

_INDEX_BYTES = 8
_VALUE_BYTES = 8
_WORKING_BYTES = 8
"""Per edge while rows are made and sorted."""

FREE_SHARE = 0.8
"""Of the free memory that a network may take if the user says nothing."""


MAX_CHECKED_EDGES = 5_000_000
"""Edges and rows that `check` draws to look at weights and delays: a matter of a second."""


@dataclass(frozen=True, slots=True)
class PredictedEdges:
    """Expected size of a projection.

    Attributes:
        mean: Expected number of edges.
        sd: Its standard deviation; 0 where the number is certain.
        bytes: Memory for so many edges, with four standard deviations of room.
    """

    name: str
    mean: float
    sd: float
    bytes: int


def predict(network: ResolvedNetwork) -> tuple[PredictedEdges, ...]:
    """Return the expected size of every projection."""
    return tuple(_predict(projection) for projection in network.projections)


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


def check_memory(
    network: ResolvedNetwork, predicted: tuple[PredictedEdges, ...], max_memory: int | None
) -> None:
    """Refuse a network whose synapses, neurons and samples would not fit.

    Args:
        network: The network.
        predicted: Of all its projections.
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


def _needs(network: ResolvedNetwork, predicted: tuple[PredictedEdges, ...]) -> Iterator[_Need]:
    for edges in predicted:
        what = f"the {edges.mean:.4g} synapses of '{edges.name}'"
        yield _Need(f"projections.{edges.name}", what, edges.bytes)
    for population in network.populations:
        cell = population.cell
        values = len(cell.state) + len(cell.parameters) + 2 * len(cell.receptors) + 2
        what = f"the {population.size} neurons of '{population.name}'"
        yield _Need(
            f"populations.{population.name}.size", what, population.size * values * _VALUE_BYTES
        )
    for source in network.inputs:
        if isinstance(source, ResolvedPoisson):
            what = f"the {source.size} neurons of '{source.name}'"
            yield _Need(f"inputs.{source.name}.size", what, source.size * 4 * _VALUE_BYTES)
    for recording in network.samples:
        samples = -(-network.steps // recording.every) * len(recording.view)
        what = f"the {samples} samples of '{recording.variable}' of '{recording.population}'"
        yield _Need("monitors.states", what, samples * _VALUE_BYTES)


def slow_to_draw(network: ResolvedNetwork, predicted: tuple[PredictedEdges, ...]) -> frozenset[str]:
    """Return the projections that `check` does not draw: the largest, so that the rest is quick."""
    costs = {
        edges.name: edges.mean + 4 * edges.sd + len(projection.source_view)
        for projection, edges in zip(network.projections, predicted, strict=True)
    }
    by_cost = sorted(costs, key=lambda name: (costs[name], name))
    totals = accumulate(costs[name] for name in by_cost)
    return frozenset(
        name for name, total in zip(by_cost, totals, strict=True) if total > MAX_CHECKED_EDGES
    )


def _predict(projection: ResolvedProjection) -> PredictedEdges:
    if projection.gather is not None and projection.gather.over_population:
        return PredictedEdges(projection.name, 0.0, 0.0, 0)
    pairs = len(projection.source_view) * len(projection.target_view)
    mean, sd = _edges(projection.rule, len(projection.source_view), pairs)
    per_edge = _INDEX_BYTES + _WORKING_BYTES
    per_edge += sum(_per_edge(value) for value in (projection.weight, projection.delay))
    return PredictedEdges(projection.name, mean, sd, int((mean + 4 * sd) * per_edge))


def _edges(rule: Rule, sources: int, pairs: int) -> tuple[float, float]:
    match rule:
        case OneToOne():
            return float(sources), 0.0
        case AllToAll():
            return float(pairs), 0.0
        case PairwiseBernoulli(p):
            return pairs * p, math.sqrt(pairs * p * (1 - p))
        case Explicit(listed):
            return float(len(listed)), 0.0


def _per_edge(value: Value) -> int:
    return 0 if isinstance(value, Scalar) else _VALUE_BYTES


def _size(count: int) -> str:
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} TB"
