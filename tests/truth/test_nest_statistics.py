"""Against NEST: the microcircuit that each of the two draws and drives by itself.

Compared are rates, irregularity and synchrony of the populations, in ten runs of each. That spikes
are the same on the same edges is seen in `test_nest_microcircuit.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import numpy.typing as npt
import pytest
from gallery.scripts import script
from promises import require_nest
from truth.nest_process import in_nest

import netspec
from netspec.results.spikes import Spikes

require_nest()

COLUMN = script("potjans_diesmann")
NAMES = tuple(COLUMN.SIZES)
SCALE = 0.1
STEPS = 52_000
"""Of 0.1 ms: 5 s after the transient."""

OWN_SEEDS, NEST_SEEDS, OTHER_SEEDS = range(101, 111), range(201, 211), range(301, 306)
"""Chosen before anything had run."""

LARGER, LONGER = 0.3, 102_000
LARGER_OWN_SEEDS, LARGER_NEST_SEEDS = range(501, 511), range(401, 411)
"""Likewise for 23,151 neurons, and 10 s after the transient."""

ALPHA = 1e-3
"""Probability that any comparison of equal models finds a difference."""

BIN = 50
"""Steps in which spikes are counted for their correlation."""

OBSERVABLES = ("rate (Hz)", "CV", "correlation")

Array = npt.NDArray[np.float64]
Change = Callable[[dict[str, Any]], dict[str, Any]]


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


def welch(one: Array, other: Array) -> Array:
    """Return the p-values of Welch's t-test of the means along the first axis, two-sided.

    A value of a run is itself a mean over many neurons, so nearly normal. A test of ranks with 10
    and 10 values would have to see them all but separated to come below the bound for 24 of them.
    """
    errors = [each.var(axis=0, ddof=1) / len(each) for each in (one, other)]
    error = errors[0] + errors[1]
    squared = (one.mean(axis=0) - other.mean(axis=0)) ** 2 / error
    freedom = error**2 / (errors[0] ** 2 / (len(one) - 1) + errors[1] ** 2 / (len(other) - 1))
    tail = np.frompyfunc(
        lambda n, x: float(mpmath.betainc(n / 2, 0.5, 0, x, regularized=True)), 2, 1
    )
    return np.asarray(tail(freedom, freedom / (freedom + squared)), np.float64)


def differ(p: Array) -> bool:
    """Tell whether any comparison finds a difference (Bonferroni; Holm would say the same)."""
    return bool(p.min() < ALPHA / p.size)


def show(own: Array, nest: Array, p: Array) -> None:
    """Print mean ± standard deviation of both, and the p-value."""
    for (row, column), value in np.ndenumerate(p):
        both = (
            f"{each[:, row, column].mean():9.5f} ± {each[:, row, column].std(ddof=1):.5f}"
            for each in (own, nest)
        )
        print(f"{NAMES[row]:5} {OBSERVABLES[column]:12}", *both, f"p = {value:.2g}")


def test_welch_finds_the_published_p_value() -> None:
    """Student's soporific drugs, as R documents them: t.test(extra ~ group, data = sleep)."""
    one = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    other = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    assert welch(one, other) == pytest.approx(0.07939, abs=5e-6)


def test_a_short_run_of_few_neurons_has_about_the_spikes_of_nest(tmp_path: Path) -> None:
    short = {"scale": 0.03, "indegrees": 0.1, "steps": 5_000}
    own, nest = own_run(OWN_SEEDS[0], **short), nest_run(model(**short), NEST_SEEDS[0], tmp_path)
    counts = [sum(map(len, run.spikes.values())) for run in (own, nest)]
    assert counts[0] == pytest.approx(counts[1], rel=0.25)


@pytest.fixture(scope="module")
def own() -> Array:
    return all_observed(own_run(seed) for seed in OWN_SEEDS)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.xdist_group("statistics of the column")
def test_means_are_those_of_nest(own: Array, tmp_path: Path) -> None:
    nest = all_observed(nest_run(model(), seed, tmp_path) for seed in NEST_SEEDS)
    p = welch(own, nest)
    show(own, nest, p)
    assert p.size == 24
    assert not differ(p)


@pytest.mark.long
@pytest.mark.timeout(6 * 3600)
def test_means_of_a_larger_column_are_those_of_nest(tmp_path: Path) -> None:
    size = {"scale": LARGER, "indegrees": LARGER, "steps": LONGER}
    own = all_observed(own_run(seed, **size) for seed in LARGER_OWN_SEEDS)
    nest = all_observed(nest_run(model(**size), seed, tmp_path) for seed in LARGER_NEST_SEEDS)
    p = welch(own, nest)
    show(own, nest, p)
    assert p.size == 24
    assert not differ(p)


def stronger_inhibition(given: dict[str, Any]) -> dict[str, Any]:
    return given | {"weight": given["weight"] * np.where(given["weight"] < 0, 1.05, 1)}


def later_excitation(given: dict[str, Any]) -> dict[str, Any]:
    factors = [[3 if COLUMN.is_excitatory(name) else 1] for name in NAMES]
    return given | {"delay": np.array(given["delay"]) * factors}


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.xdist_group("statistics of the column")
@pytest.mark.parametrize("change", [stronger_inhibition, later_excitation])
def test_another_model_is_found_out(change: Change, own: Array, tmp_path: Path) -> None:
    """The first changes rates; the second hardly does, but changes correlations."""
    given = change(model())
    other = all_observed(nest_run(given, seed, tmp_path) for seed in OTHER_SEEDS)
    p = welch(own, other)
    show(own, other, p)
    assert differ(p)
