"""Values drawn from distributions: what they are like, and that each has its own draws."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from unit.documents import small

from netspec.passes import pipeline
from netspec.realise.evaluate import evaluate_function
from netspec.realise.network import FloatArray, RealisedNetwork
from netspec.realise.streams import draws, open_uniform, stream_key

SIZE = 20_000
PICO = 1e-12


def realised(changes: dict[str, Any]) -> RealisedNetwork:
    return pipeline.realised(small({"timeline": [], **changes}))


def currents(value: object, size: int = SIZE, **more: object) -> FloatArray:
    """Return the drawn I_e of a population, in pA."""
    network = realised(
        {
            "populations.exc.size": size,
            "populations.exc.parameters": {"I_e": value, **more},
            "projections": {},
            "monitors": {},
        }
    )
    return np.asarray(network.populations["exc"].parameters["I_e"]) / PICO


def normal_below(x: float) -> float:
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


class Exact:
    """A distribution with its exact mean, standard deviation and distribution function."""

    def __init__(
        self, written: dict[str, Any], mean: float, sd: float, below: Callable[[float], float]
    ) -> None:
        self.written, self.mean, self.sd, self.below = written, mean, sd, below


DISTRIBUTIONS = {
    "normal": Exact(
        {"normal": {"mean": "90 pA", "sd": "9 pA"}},
        90.0,
        9.0,
        lambda x: normal_below((x - 90) / 9),
    ),
    "lognormal": Exact(
        {"lognormal": {"median": "2 pA", "sigma": 0.5}},
        2 * math.exp(0.125),
        2 * math.exp(0.125) * math.sqrt(math.expm1(0.25)),
        lambda x: normal_below(math.log(x / 2) / 0.5),
    ),
    "uniform": Exact(
        {"uniform": {"low": "-1 pA", "high": "3 pA"}},
        1.0,
        4 / math.sqrt(12),
        lambda x: (x + 1) / 4,
    ),
    "exponential": Exact(
        {"exponential": {"mean": "3 pA"}}, 3.0, 3.0, lambda x: -math.expm1(-x / 3)
    ),
    "gamma": Exact(
        {"gamma": {"shape": 2, "scale": "3 pA"}},
        6.0,
        math.sqrt(18),
        lambda x: 1 - math.exp(-x / 3) * (1 + x / 3),
    ),
    "gamma of a shape below 1": Exact(
        {"gamma": {"shape": 0.5, "scale": "2 pA"}},
        1.0,
        math.sqrt(2),
        lambda x: math.erf(math.sqrt(x / 2)),
    ),
    "beta": Exact(
        {"beta": {"alpha": 2, "beta": 3, "low": "0 pA", "high": "1 pA"}},
        0.4,
        0.2,
        lambda x: x * x * (6 - 8 * x + 3 * x * x),
    ),
    "beta of small shapes": Exact(
        {"beta": {"alpha": 0.5, "beta": 0.5, "low": "0 pA", "high": "1 pA"}},
        0.5,
        math.sqrt(0.125),
        lambda x: 2 / math.pi * math.asin(math.sqrt(x)),
    ),
    "weibull": Exact(
        {"weibull": {"shape": 2, "scale": "3 pA"}},
        3 * math.gamma(1.5),
        3 * math.sqrt(1 - math.gamma(1.5) ** 2),
        lambda x: -math.expm1(-((x / 3) ** 2)),
    ),
}


# What the values are like


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_mean_and_standard_deviation_are_those_of_the_distribution(name: str) -> None:
    exact, values = DISTRIBUTIONS[name], currents(DISTRIBUTIONS[name].written)
    assert abs(values.mean() - exact.mean) < 3 * exact.sd / math.sqrt(SIZE)
    deviations = (values - exact.mean) ** 2
    assert abs(deviations.mean() - exact.sd**2) < 3 * deviations.std() / math.sqrt(SIZE)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_as_many_values_as_expected_are_below_each_quantile(name: str) -> None:
    exact, values = DISTRIBUTIONS[name], currents(DISTRIBUTIONS[name].written)
    for quantile in (0.01, 0.1, 0.5, 0.9, 0.99):
        x = float(np.quantile(values, quantile))
        error = math.sqrt(quantile * (1 - quantile) / SIZE)
        assert abs(exact.below(x) - quantile) < 3 * error


def test_listed_values_come_as_often_as_their_probabilities_say() -> None:
    listed = {"values": ["1 pA", "2 pA", "5 pA"], "probabilities": [0.2, "1/2", 0.3]}
    values = np.round(currents({"discrete": listed}))
    for value, p in ((1, 0.2), (2, 0.5), (5, 0.3)):
        assert abs(np.mean(values == value) - p) < 3 * math.sqrt(p * (1 - p) / SIZE)


def test_a_negative_scale_mirrors_a_distribution() -> None:
    for name, scale in (("lognormal", "median"), ("exponential", "mean"), ("gamma", "scale")):
        written = DISTRIBUTIONS[name].written[name]
        mirrored = {name: {**written, scale: f"-{written[scale]}"}}
        assert np.array_equal(currents(mirrored, 100), -currents({name: written}, 100))


# Bounds


def test_values_outside_of_redraw_bounds_are_drawn_again() -> None:
    values = currents({"normal": {"mean": "1 pA", "sd": "1 pA", "redraw": ["0 pA", "2 pA"]}})
    assert 0 <= values.min() < values.max() <= 2
    # A normal distribution that is cut at one standard deviation on both sides.
    density = math.exp(-0.5) / math.sqrt(2 * math.pi)
    sd = math.sqrt(1 - 2 * density / math.erf(math.sqrt(0.5)))
    assert abs(values.mean() - 1) < 3 * sd / math.sqrt(SIZE)
    assert abs(values.std() - sd) < 0.01


def test_values_outside_of_clip_bounds_become_the_bound() -> None:
    free = {"mean": "1 pA", "sd": "1 pA"}
    clipped = currents({"normal": {**free, "clip": ["0 pA", None]}}, 1000)
    assert np.array_equal(clipped, np.maximum(currents({"normal": free}, 1000), 0))
    assert np.count_nonzero(clipped == 0) > 100


def test_values_within_bounds_are_those_without_bounds() -> None:
    free = {"mean": "1 pA", "sd": "1 pA"}
    without = currents({"normal": free}, 1000)
    within = currents({"normal": {**free, "redraw": ["0 pA", None]}}, 1000)
    assert np.array_equal(within[without >= 0], without[without >= 0])


# Whose draws they are


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_the_first_values_do_not_depend_on_how_many_there_are(name: str) -> None:
    written = DISTRIBUTIONS[name].written
    assert np.array_equal(currents(written, 300), currents(written, SIZE)[:300])


def test_other_objects_and_their_order_change_nothing() -> None:
    drawn = {"normal": {"mean": "1 nS", "sd": "1 nS", "redraw": ["0 nS", None]}}
    changes = {
        "populations.exc.parameters": {"I_e": DISTRIBUTIONS["gamma"].written},
        "projections.ext_exc.weight": drawn,
    }
    more = {
        "populations.another": {"size": 3, "cell": "lif", "parameters": {"g_L": drawn}},
        "populations.exc.initial.V": {"uniform": {"low": "-70 mV", "high": "-60 mV"}},
        "projections.exc_inh.weight": drawn,
    }
    one, other = realised(changes), realised({**changes, **more})
    for name in ("I_e", "C_m"):
        mine, theirs = (each.populations["exc"].parameters[name] for each in (one, other))
        assert np.array_equal(mine, theirs)
    mine, theirs = (each.projections["ext_exc"].weights for each in (one, other))
    assert np.array_equal(mine, theirs)


def test_names_and_the_seed_decide() -> None:
    written = DISTRIBUTIONS["uniform"].written
    places = {
        f"populations.{name}": {"size": 5, "cell": "lif", "parameters": {"I_e": written}}
        for name in ("a", "b")
    }
    drawn = realised(places).populations
    again = realised({**places, "seed": 2}).populations
    assert not set(drawn["a"].parameters["I_e"]) & set(drawn["b"].parameters["I_e"])
    assert not set(drawn["a"].parameters["I_e"]) & set(again["a"].parameters["I_e"])


def test_a_cell_is_drawn_anew_for_each_of_its_populations() -> None:
    network = realised({"cells.lif.I_e": DISTRIBUTIONS["uniform"].written})
    exc, inh = (network.populations[name].parameters["I_e"] for name in ("exc", "inh"))
    assert not set(exc) & set(inh)


def test_parameters_can_depend_on_each_other() -> None:
    spread = {"normal": {"mean": "30 nS", "sd": "6 nS", "redraw": ["10 nS", None]}}
    follows = {"normal": {"mean": "g_L*(10*mV)", "sd": "0.1*g_L*mV"}}
    network = realised(
        {
            "populations.exc.size": 2000,
            "populations.exc.parameters": {"g_L": spread, "I_e": follows},
        }
    )
    parameters = network.populations["exc"].parameters
    assert np.corrcoef(parameters["g_L"], parameters["I_e"])[0, 1] > 0.99


def test_a_shared_variable_has_one_value() -> None:
    equations = {
        "state": {
            "V": {"unit": "1", "initial": "pool"},
            "pool": {"unit": "1", "initial": {"uniform": {"low": 0, "high": 1}}, "shared": True},
        },
        "update": [["V = pool"]],
    }
    network = realised(
        {
            "cells.pooled": {"model": {"equations": equations}},
            "populations.pooled": {"size": 3, "cell": "pooled"},
        }
    )
    initial = network.populations["pooled"].initial
    assert initial["pool"].shape == ()
    assert set(initial["V"]) == {float(initial["pool"])}


# Edges and the timeline


def test_the_edges_of_a_source_have_the_same_weights_whatever_others_have() -> None:
    drawn = {"uniform": {"low": "1 nS", "high": "2 nS"}}
    pairs = [[0, 1], [2, 3], [2, 3], [0, 0]]
    more = [[1, 0], [0, 1], [2, 3], [2, 3], [1, 1], [0, 0]]
    one, other = (
        realised(
            {
                "projections.ext_exc.rule": {"explicit": {"pairs": each}},
                "projections.ext_exc.weight": drawn,
                "projections.ext_exc.weight_bits": 32,
            }
        ).projections["ext_exc"]
        for each in (pairs, more)
    )
    kept = np.isin(other.sources, one.sources)
    assert np.allclose(one.weights, other.weights[kept], rtol=1e-9)
    assert np.unique(one.weights).size == len(pairs)


def test_the_timeline_draws_anew_in_every_step() -> None:
    drawn = {"uniform": {"low": "1 pA", "high": "2 pA"}}
    network = realised(
        {
            "populations.exc.parameters.I_e": drawn,
            "timeline": [
                {"at": "1 ms", "set": {"exc.I_e": drawn, "ext_exc.weight": "1 nS"}},
                {"at": "2 ms", "set": {"exc[4:10].I_e": drawn}},
            ],
        }
    )
    before = network.populations["exc"].parameters["I_e"]
    values = [each.values for each in network.timeline if "exc" in repr(each.action)]
    first, second = (each for each in values if isinstance(each, np.ndarray) and each.ndim)
    assert second.shape == (6,)
    assert not set(before) & set(first)
    assert not set(first[4:]) & set(second)


def test_rates_and_weights_of_the_timeline_are_drawn() -> None:
    network = realised(
        {
            "inputs.ext.rate": {"uniform": {"low": "10 Hz", "high": "20 Hz"}},
            "timeline": [
                {
                    "at": "1 ms",
                    "set": {"ext_exc.weight": {"exponential": {"mean": "1 nS"}}},
                }
            ],
        }
    )
    thresholds = network.sources["ext"].thresholds
    assert np.unique(thresholds.high).size == 20
    (entry,) = network.timeline
    assert np.unique(entry.values).size > 10


# The definition, item by item


def word(key: tuple[int, int], row: int, index: int, attempt: int, k: int) -> float:
    place = index + 2**32 * k
    u = draws(key, row + 2**32 * attempt, place - place % 4, 4)[0, place % 4]
    return float(open_uniform(np.array([u]))[0])


def call(name: str, *arguments: float) -> float:
    return float(evaluate_function(name, *arguments))


def log_gamma(shape: float, first: int, number: Callable[[int], float]) -> float:
    d = (shape + 1.0 if shape < 1.0 else shape) - 1.0 / 3.0
    c = 1.0 / (3.0 * math.sqrt(d))
    trial = 0
    while True:
        x = call("normal_quantile", number(first + 1 + 2 * trial))
        root = 1.0 + c * x
        cube = root * root * root
        limit = 0.5 * x * x + d - d * cube + d * call("log", cube)
        if root > 0.0 and call("log", number(first + 2 + 2 * trial)) < limit:
            break
        trial += 1
    result = call("log", d) + call("log", cube)
    return result + call("log", number(first)) / shape if shape < 1.0 else result


def one_value(written: dict[str, Any], key: tuple[int, int], row: int, index: int) -> float:
    """Return the value of an item as the contract defines it; parameters are plain numbers."""
    ((name, own),) = written.items()
    low, high = own.get("redraw", (-math.inf, math.inf))
    for attempt in range(1000):

        def number(k: int, attempt: int = attempt) -> float:
            return word(key, row, index, attempt, k)

        match name:
            case "normal":
                value = own["mean"] + own["sd"] * call("normal_quantile", number(0))
            case "lognormal":
                z = call("normal_quantile", number(0))
                value = own["median"] * call("exp", own["sigma"] * z)
            case "exponential":
                value = own["mean"] * -call("log1p", -number(0))
            case "weibull":
                power = call("power", -call("log1p", -number(0)), 1.0 / own["shape"])
                value = own["scale"] * power
            case "gamma":
                value = own["scale"] * call("exp", log_gamma(own["shape"], 0, number))
            case "beta":
                first = log_gamma(own["alpha"], 0, number)
                second = log_gamma(own["beta"], 2**15, number)
                share = call("sigmoid", first - second)
                value = min(own["low"] + (own["high"] - own["low"]) * share, own["high"])
            case _:
                value = min(own["low"] + (own["high"] - own["low"]) * number(0), own["high"])
        if low <= value <= high:
            return value
    raise AssertionError


PLAIN: list[dict[str, Any]] = [
    {"normal": {"mean": 1.0, "sd": 0.5, "redraw": [0.75, 1.5]}},
    {"lognormal": {"median": 2.0, "sigma": 0.7}},
    {"uniform": {"low": 0.3, "high": 0.9}},
    {"exponential": {"mean": 3.0}},
    {"gamma": {"shape": 1.5, "scale": 2.0}},
    {"gamma": {"shape": 0.3, "scale": 2.0, "redraw": [0.01, 0.5]}},
    {"beta": {"alpha": 0.4, "beta": 2.0, "low": -1.0, "high": 1.0}},
    {"weibull": {"shape": 1.7, "scale": 2.0}},
]


@pytest.mark.parametrize("written", PLAIN, ids=lambda each: next(iter(each)))
def test_a_value_is_its_definition_to_the_last_bit(written: dict[str, Any]) -> None:
    equations = {"parameters": {"a": "1"}, "state": {"V": {"unit": "1", "initial": "a"}}}
    network = realised(
        {
            "cells.plain": {"model": {"equations": {**equations, "update": [["V = a"]]}}},
            "populations.plain": {"size": 40, "cell": "plain", "parameters": {"a": written}},
        }
    )
    key = stream_key(1, "populations.plain", "a")
    expected = [one_value(written, key, 0, index) for index in range(40)]
    assert network.populations["plain"].parameters["a"].tolist() == expected


def test_the_draw_of_an_edge_is_at_its_source_and_number() -> None:
    written = {"uniform": {"low": "1 nS", "high": "2 nS"}}
    edges = realised(
        {"projections.exc_inh.weight": written, "projections.exc_inh.weight_bits": 32}
    ).projections["exc_inh"]
    key = stream_key(1, "projections.exc_inh", "weight")
    shares = [word(key, source, target, 0, 0) for source in range(10) for target in range(4)]
    assert np.allclose(edges.weights, 1e-9 + 1e-9 * np.array(shares), rtol=1e-8)
