"""Trains of one input, and what they are compared with."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.passes import pipeline
from netspec.realise.evaluate import evaluate_function
from netspec.realise.network import RealisedListed
from netspec.realise.streams import draws_at, open_uniform, stream_key
from netspec.spec.network import Network

SEED = 11
Trains = list[list[int]]

# Of the two-sided test of Kolmogorov and Smirnov at 1e-6, times the root of the number of values.
KS_LIMIT = math.sqrt(math.log(2e6) / 2)


def network(given: dict[str, Any], **more: Any) -> Network:
    """Return a network of one input `a`; beside it there may be others, and other fields."""
    head = {"netspec": "1", "name": "trains", "seed": SEED, "dt": "0.1 ms", "duration": "1 s"}
    inputs = {"a": given, **more.pop("inputs", {})}
    return Network(**{**head, "inputs": inputs, **more})


def listed(given: dict[str, Any], **more: Any) -> RealisedListed:
    """Return the spikes of an input, once they are seen to be as they must be listed."""
    made = pipeline.realised(network(given, **more)).sources["a"]
    assert isinstance(made, RealisedListed)
    assert (made.steps.dtype, made.indices.dtype) == (np.int64, np.uint32)
    pairs = list(zip(made.steps.tolist(), made.indices.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    return made


def trains(given: dict[str, Any], **more: Any) -> Trains:
    """Return the steps of the spikes of every neuron."""
    made = listed(given, **more)
    order = np.argsort(made.indices, kind="stable")
    ends = np.searchsorted(made.indices[order], np.arange(given["size"]), side="right")
    return [each.tolist() for each in np.split(made.steps[order], ends[:-1])]


def word(purpose: str, row: int, index: int) -> float:
    """Return a number between 0 and 1 of a stream of the input."""
    u = draws_at(stream_key(SEED, "inputs.a", purpose), row, index)
    return float(open_uniform(u))


def function(name: str, x: float) -> float:
    """Return a function of netspec at one place."""
    return float(evaluate_function(name, x))


def assert_distributed(values: npt.ArrayLike, below: Callable[[float], float]) -> None:
    """Compare values with a distribution function, by the test of Kolmogorov and Smirnov."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    wanted = np.array([below(x) for x in ordered.tolist()])
    ranks = np.arange(ordered.size + 1) / ordered.size
    distance = max(np.max(ranks[1:] - wanted), np.max(wanted - ranks[:-1]))
    assert distance * math.sqrt(ordered.size) < KS_LIMIT
