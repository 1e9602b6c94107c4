"""Weights and delays of edges: what is drawn, rounded and clipped, has its distribution."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from unit.documents import small
from unit.realise.drawn_edges import ALPHA, assert_fits, fit, normal_limit

from netspec.errors import SpecError
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork, RealisedProjection
from netspec.realise.realise import realise

Below = Callable[[float], float]

N_SEEDS = 100
EDGES = 800
BITS = 8
"""Of the grid of weights, so coarse that it has to be reckoned with."""


def normal_below(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def between(low: float, high: float, below: Below) -> Below:
    """Return the distribution function of what is drawn again until it lies within bounds."""
    least, most = below(low), below(high)
    return lambda x: (below(min(max(x, low), high)) - least) / (most - least)


def clipped(low: float, high: float, below: Below) -> Below:
    """Return the distribution function of what becomes the bound where it lies beyond."""
    return lambda x: 0.0 if x < low else 1.0 if x >= high else below(x)


def three_values(x: float) -> float:
    return 0.2 * (x >= 1.0) + 0.5 * (x >= 2.0) + 0.3 * (x >= 4.0)


DISTRIBUTIONS: dict[str, tuple[dict[str, Any], Below]] = {
    "normal": ({"normal": {"mean": "3 U", "sd": "1 U"}}, lambda x: normal_below(x - 3)),
    "normal_redrawn": (
        {"normal": {"mean": "3 U", "sd": "2 U", "redraw": ["1 U", "5 U"]}},
        between(1.0, 5.0, lambda x: normal_below((x - 3) / 2)),
    ),
    "normal_clipped": (
        {"normal": {"mean": "3 U", "sd": "2 U", "clip": ["1 U", "5 U"]}},
        clipped(1.0, 5.0, lambda x: normal_below((x - 3) / 2)),
    ),
    "lognormal": (
        {"lognormal": {"median": "2 U", "sigma": 0.5}},
        lambda x: normal_below(math.log(x / 2) / 0.5) if x > 0 else 0.0,
    ),
    "uniform": (
        {"uniform": {"low": "1 U", "high": "3 U"}},
        lambda x: min(max((x - 1) / 2, 0.0), 1.0),
    ),
    "exponential": ({"exponential": {"mean": "2 U"}}, lambda x: -math.expm1(-max(x, 0.0) / 2)),
    "gamma": (
        {"gamma": {"shape": 2, "scale": "1 U"}},
        lambda x: 1 - math.exp(-max(x, 0.0)) * (1 + max(x, 0.0)),
    ),
    "gamma_below_1": (
        {"gamma": {"shape": 0.5, "scale": "2 U"}},
        lambda x: math.erf(math.sqrt(max(x, 0.0) / 2)),
    ),
    "beta": (
        {"beta": {"alpha": 2, "beta": 3, "low": "1 U", "high": "5 U"}},
        lambda x: (lambda y: y * y * (6 - 8 * y + 3 * y * y))(min(max((x - 1) / 4, 0.0), 1.0)),
    ),
    "weibull": (
        {"weibull": {"shape": 2, "scale": "3 U"}},
        lambda x: -math.expm1(-((max(x, 0.0) / 3) ** 2)),
    ),
    "discrete": (
        {"discrete": {"values": ["1 U", "2 U", "4 U"], "probabilities": [0.2, 0.5, 0.3]}},
        three_values,
    ),
}
"""As they are written, with a unit `U`, and the distribution functions of numbers of it."""


def in_unit(written: Any, unit: str) -> Any:
    match written:
        case dict():
            return {name: in_unit(each, unit) for name, each in written.items()}
        case list():
            return [in_unit(each, unit) for each in written]
        case str():
            return written.replace("U", unit)
        case _:
            return written


@cache
def networks() -> list[RealisedNetwork]:
    """Return a network with a projection for every distribution, under every seed."""
    projections = {
        f"of_{name}": {
            "source": "exc",
            "target": "inh",
            "receptor": "AMPA",
            "rule": {"all_to_all": {}},
            "weight": in_unit(written, "nS"),
            "weight_bits": BITS,
            "delay": in_unit(written, "ms"),
        }
        for name, (written, _) in DISTRIBUTIONS.items()
    }
    changes = {
        "populations.exc.size": EDGES // 40,
        "populations.inh.size": 40,
        "projections": projections,
        "dt": "0.25 ms",
        "cells.lif.t_ref": "2 ms",
        "inputs": {},
        "timeline": [],
        "monitors": {},
    }
    made = pipeline.prepare(small(changes))
    drawn = (realise(replace(made.ir, seed=each), made.recipe, "") for each in range(N_SEEDS))
    return [each.network for each in drawn if each.network is not None]


def edges(name: str) -> list[RealisedProjection]:
    found = [network.projections[f"of_{name}"] for network in networks()]
    assert len(found) == N_SEEDS
    return found


def p_value(numbers: npt.NDArray, quantum: float, below: Below, least: int) -> float:
    """Compare whole numbers of a quantum, to the nearest of which values are rounded.

    Args:
        numbers: As they were found.
        quantum: How far apart neighbours are.
        below: The distribution function before rounding.
        least: What smaller numbers become.
    """
    most = int(numbers.max()) + 1
    halves = (np.arange(least, most) + 0.5) * quantum
    shares = np.diff([0.0, *(below(each) for each in halves.tolist()), 1.0])
    observed = np.bincount(numbers - least, minlength=most - least + 1)
    return fit(*merged(observed, numbers.size * shares))


def merged(observed: npt.NDArray, expected: npt.NDArray) -> tuple[list[float], list[float]]:
    """Put neighbouring bins together until each expects enough."""
    bins: list[list[float]] = [[0.0, 0.0]]
    for found, mean in zip(observed.tolist(), expected.tolist(), strict=True):
        if bins[-1][1] > 40.0:
            bins.append([0.0, 0.0])
        bins[-1][0] += found
        bins[-1][1] += mean
    if bins[-1][1] <= 40.0:
        last = bins.pop()
        bins[-1] = [bins[-1][0] + last[0], bins[-1][1] + last[1]]
    found_in, expected_in = zip(*bins, strict=True)
    return list(found_in), list(expected_in)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_delays_are_the_nearest_steps_and_no_less_than_one(name: str) -> None:
    below = DISTRIBUTIONS[name][1]
    assert_fits([p_value(each.delays, 0.25, below, 1) for each in edges(name)])


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_weights_are_the_nearest_places_of_the_grid(name: str) -> None:
    below, p_values = DISTRIBUTIONS[name][1], []
    for each in edges(name):
        largest = np.abs(each.weights).max()
        quantum = math.ldexp(1.0, math.frexp(largest)[1] - BITS)
        numbers = each.weights / quantum
        assert (numbers == np.rint(numbers)).all()
        least = min(0, int(numbers.min()))
        p_values.append(p_value(numbers.astype(np.int64), quantum * 1e9, below, least))
    assert_fits(p_values)


def test_values_of_edges_and_projections_are_independent() -> None:
    """Weights, delays, those of the next edge and the next source, and of other projections."""
    series = {
        f"{name} {what}": np.array([getattr(each, what) for each in edges(name)], dtype=float)
        for name in ("normal", "uniform", "exponential")
        for what in ("weights", "delays")
    }
    for name in list(series):
        series[f"{name} of the next edge"] = np.roll(series[name], 1, axis=1)
        series[f"{name} of the next source"] = np.roll(series[name], 40, axis=1)
        series[f"{name} of the next seed"] = np.roll(series[name], 1, axis=0)
    values = np.array([each.ravel() for each in series.values()])
    correlations = np.corrcoef(values)[np.triu_indices(len(series), 1)]
    assert np.abs(correlations).max() < normal_limit(correlations.size) / math.sqrt(values[0].size)


def test_other_values_and_other_roundings_are_found() -> None:
    z = np.random.default_rng(1).normal(size=100_000)

    def fits(values: npt.NDArray) -> bool:
        steps = np.maximum(values, 1).astype(np.int64)
        return p_value(steps, 0.25, DISTRIBUTIONS["normal"][1], 1) > ALPHA

    exact = (3 + z) / 0.25
    assert fits(np.rint(exact))
    assert not fits(np.floor(exact))
    assert not fits(np.rint((3 + 1.03 * z) / 0.25))
    assert not fits(np.maximum(np.rint(exact), 3))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "weight",
            {"normal": {"mean": "1 nS", "sd": "(20 - i)*nS"}},
            "'sd' cannot be negative, got -1e-09 for index 630",
        ),
        (
            "delay",
            {"uniform": {"low": "0.1 ms", "high": "0.1*(640 - 30*i - j)*ms"}},
            "the largest value cannot be below the least, got 0 for index 640",
        ),
        (
            "weight",
            {"normal": {"mean": "nS/(21 - i)", "sd": "1 nS"}},
            "the value computed for index 630 is inf",
        ),
        ("weight", "nS/(640 - 30*i - j)", "the value computed for index 640 is inf"),
    ],
)
def test_problems_name_the_edge_in_whatever_block_it_is(
    field: str, value: Any, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netspec.realise.blocks.SIZE", 64)
    monkeypatch.setattr("netspec.realise.distributions._BLOCK", 64)
    projection = {
        "source": "exc",
        "target": "exc",
        "receptor": "AMPA",
        "rule": {"all_to_all": {}},
        "weight": "1 nS",
        "delay": "1 ms",
    }
    network = small(
        {
            "populations": {"exc": {"size": 30, "cell": "lif"}},
            "projections": {"rec": {**projection, field: value}},
            "timeline": [],
            "monitors": {},
        }
    )
    with pytest.raises(SpecError) as raised:
        pipeline.realised(network)
    assert [each.message for each in raised.value.diagnostics] == [message]


def test_blocks_change_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = list(arrays_of_blocks())
    for module in ("blocks.SIZE", "distributions._BLOCK", "distributions.FIRST_BLOCK"):
        monkeypatch.setattr(f"netspec.realise.{module}", 37)
    for found, before in zip(arrays_of_blocks(), expected, strict=True):
        assert found.dtype == before.dtype
        assert np.array_equal(found, before)


def arrays_of_blocks() -> Iterator[npt.NDArray[Any]]:
    """Yield values of edges of every kind."""
    weight = {"normal": {"mean": "j*nS", "sd": "1 nS", "redraw": ["(j - 1)*nS", None]}}
    for bits, delay in ((12, {"exponential": {"mean": "1 ms"}}), (30, "0.1*(i + j)*ms")):
        rule = {"pairwise_bernoulli": {"p": 0.4}}
        network = small(
            {
                "populations": {"exc": {"size": 50, "cell": "lif"}},
                "projections": {
                    "rec": {
                        "source": "exc",
                        "target": "exc",
                        "receptor": "AMPA",
                        "rule": rule,
                        "weight": weight,
                        "weight_bits": bits,
                        "delay": delay,
                    }
                },
                "timeline": [{"at": "1 ms", "set": {"rec.weight": "(i + j)*nS"}}],
                "monitors": {},
            }
        )
        realised = pipeline.realised(network)
        edges = realised.projections["rec"]
        (entry,) = realised.timeline
        assert isinstance(entry.values, np.ndarray)
        yield from (edges.narrow_targets, edges.narrow_weights, edges.narrow_delays, entry.values)
