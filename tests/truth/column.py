"""The cortical microcircuit in netspec and in NEST, and what is compared of its populations."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from gallery.scripts import script
from truth.nest_process import in_nest

import netspec
from netspec.results.spikes import Spikes

COLUMN = script("potjans_diesmann")
NAMES = tuple(COLUMN.SIZES)
SCALE = 0.1
STEPS = 52_000
"""Of 0.1 ms: 5 s after the transient."""

BIN = 50
"""Steps in which spikes are counted for their correlation."""

OBSERVABLES = ("rate (Hz)", "CV", "correlation")

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """Spikes by population, and what the example's functions read beside them."""

    spikes: dict[str, Spikes]
    steps: int
    dt: float = 1e-4


def own_run(seed: int, scale: float = SCALE, indegrees: float = SCALE, steps: int = STEPS) -> Run:
    column: netspec.Network = COLUMN.build(scale, indegrees, f"{steps // 10} ms", seed)
    return Run(dict(column.run(backend="native", state_digest=False).spikes), steps)


def model(scale: float = SCALE, indegrees: float = SCALE, steps: int = STEPS) -> dict[str, Any]:
    """Return the numbers of the model in ms, mV, pA and Hz, from those that were published."""
    stronger = 1 / math.sqrt(indegrees)
    weights = [[COLUMN.weight(source, target) for source in NAMES] for target in NAMES]
    return {
        "dt": 0.1,
        "steps": steps,
        "size": [round(size * scale) for size in COLUMN.SIZES.values()],
        "V_m": [COLUMN.START[name] for name in NAMES],
        "I_e": [COLUMN.missing(name, indegrees) for name in NAMES],
        "rate": [COLUMN.BACKGROUND * round(COLUMN.EXTERNAL[name] * indegrees) for name in NAMES],
        "input": COLUMN.WEIGHT * stronger,
        "number": [[round(each * scale * indegrees) for each in row] for row in COLUMN.SYNAPSES],
        "weight": np.array(weights) * stronger,
        "delay": [(1.5, 0.75) if COLUMN.is_excitatory(name) else (0.75, 0.375) for name in NAMES],
    }


def nest_run(given: dict[str, Any], seed: int, folder: Path) -> Run:
    found = in_nest("nest_column.py", given | {"seed": seed}, folder)
    order = np.lexsort((found["i"], found["step"]))
    step, i = found["step"][order], found["i"][order]
    spikes, first = {}, 0
    for name, size in zip(NAMES, given["size"], strict=True):
        some = (i >= first) & (i < first + size) & (step < given["steps"])
        spikes[name] = Spikes(step[some], i[some] - first, np.arange(size), size, 1e-4)
        first += size
    return Run(spikes, given["steps"])


def correlation(run: Run, name: str) -> float:
    """Return the mean correlation of the counts of two neurons; silent ones have none.

    The sum of all correlations is the square of the sum of all standardised counts, so no matrix of
    pairs is made.
    """
    start = COLUMN.TRANSIENT * 10
    spikes = run.spikes[name].within(start, run.steps)
    counts = np.zeros((spikes.size, (run.steps - start) // BIN))
    np.add.at(counts, (spikes.i, (spikes.step - start) // BIN), 1)
    counts = counts[counts.any(axis=1)]
    counts -= counts.mean(axis=1, keepdims=True)
    counts /= np.linalg.norm(counts, axis=1, keepdims=True)
    total, number = (counts.sum(axis=0) ** 2).sum(), len(counts)
    return float((total - number) / (number * (number - 1)))


def observed(run: Run) -> Array:
    """Return the observables, shape (populations, observables)."""
    rates = COLUMN.rates(run)
    variations = [COLUMN.variations(run, name, least=10).mean() for name in NAMES]
    correlations = [correlation(run, name) for name in NAMES]
    return np.stack([list(rates.values()), variations, correlations], axis=1)


def all_observed(runs: Iterable[Run]) -> Array:
    """Return the observables, shape (runs, populations, observables)."""
    return np.stack([observed(run) for run in runs])
