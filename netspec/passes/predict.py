"""What a network will cost, before anything is allocated."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
from netspec.passes.resolved import ResolvedNetwork, ResolvedPoisson, ResolvedProjection

_INDEX_BYTES = 8
_VALUE_BYTES = 8
_WORKING_BYTES = 8
"""Per edge while rows are made and sorted."""

FREE_SHARE = 0.8
"""Of the free memory that edges may take if the user says nothing."""


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


def check_memory(predicted: tuple[PredictedEdges, ...], max_memory: int | None) -> None:
    """Refuse a network whose edges would not fit.

    Args:
        predicted: Of all projections.
        max_memory: Bytes; default 80 % of what is free now.

    Raises:
        SpecError: They would not; names the largest projection and the numbers.
    """
    total = sum(each.bytes for each in predicted)
    if total < 2**26 and max_memory is None:  # too little to be worth asking the system
        return
    limit = max_memory if max_memory is not None else int(FREE_SHARE * _free_memory())
    if total <= limit:
        return
    largest = max(predicted, key=lambda each: each.bytes)
    raise SpecError(
        [
            Diagnostic(
                "too-much-memory",
                f"projections.{largest.name}",
                f"projection '{largest.name}' would have {largest.mean:.3g} edges "
                f"and all projections take {_size(total)}; the limit is {_size(limit)}",
                hints=("raise the limit with --max-memory if the machine has the memory",),
            )
        ]
    )


def warnings_of(network: ResolvedNetwork) -> tuple[Diagnostic, ...]:
    """Return warnings about numbers that are legal but seldom meant."""
    found = []
    for each in network.inputs:
        if isinstance(each, ResolvedPoisson) and isinstance(each.rate, Scalar):
            probability = float(each.rate.value * network.dt)
            if 0.1 < probability <= 1:
                found.append(
                    Diagnostic(
                        "high-rate",
                        f"inputs.{each.name}.rate",
                        f"rate * dt is {probability:.3g}; a Poisson source emits at most one "
                        "spike per step",
                        hints=("use a smaller dt",),
                        severity="warning",
                    )
                )
    return tuple(found)


def _predict(projection: ResolvedProjection) -> PredictedEdges:
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


def _free_memory() -> int:
    import psutil  # only large networks need to know

    return int(psutil.virtual_memory().available)


def _size(count: int) -> str:
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} TB"
