"""Against NEST: the microcircuit that each of the two draws and drives by itself.

Compared are rates, irregularity and synchrony of the populations, in ten runs of each. That spikes
are the same on the same edges is seen in `test_nest_microcircuit.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from promises import require_nest
from truth.column import COLUMN, NAMES, Array, all_observed, model, nest_run, own_run
from truth.means import differ, show, welch

require_nest()

OWN_SEEDS, NEST_SEEDS, OTHER_SEEDS = range(101, 111), range(201, 211), range(301, 306)
"""Chosen before anything had run."""

Change = Callable[[dict[str, Any]], dict[str, Any]]


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
