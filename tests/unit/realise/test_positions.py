"""Where neurons are, how far they are apart, and who can read it."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from unit.documents import small

from netspec.errors import SpecError
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.realise.streams import draws_at, open_uniform, stream_key
from netspec.spec.network import Network

LINE = {"x": "0.1*mm*i"}
"""Ten neurons on 0.9 mm."""


def network(positions: dict[str, Any], **changes: Any) -> Network:
    projection = {
        "source": "exc",
        "target": "exc",
        "receptor": "AMPA",
        "rule": {"all_to_all": {}},
        "weight": "1 nS",
        "delay": "1 ms",
        "weight_bits": 32,
    }
    projection |= {name: value for name, value in changes.items() if name in projection}
    others = {name: value for name, value in changes.items() if name not in projection}
    return small(
        {
            "projections": {"rec": projection},
            "timeline": [],
            "monitors": {},
            "populations.exc.positions": positions,
            **others,
        }
    )


def realised(positions: dict[str, Any], **changes: Any) -> RealisedNetwork:
    return pipeline.realised(network(positions, **changes))


def points(positions: dict[str, Any], **changes: Any) -> np.ndarray[Any, Any]:
    """Return coordinates in mm, shape (neurons, dimensions)."""
    found = realised(positions, **changes).positions["exc"]
    return np.stack([found[f"pos_{axis}"] for axis in "xyz"[: len(found)]], axis=1) * 1e3


def distances(positions: dict[str, Any], **changes: Any) -> np.ndarray[Any, Any]:
    """Return distances in mm, by source and target."""
    weights = realised(positions, weight="distance/mm*nS", **changes)
    return weights.projections["rec"].weights.reshape(10, 10) * 1e9


# Where


def test_the_last_coordinate_of_a_grid_changes_first() -> None:
    grid = {"shape": [5, 1, 2], "spacing": ["1 mm", "1 mm", "0.5*2*0.25*mm"]}
    wanted = [(x, 0, 0.25 * z) for x, z in product(range(5), range(2))]
    assert points({"grid": grid}) == pytest.approx(np.array(wanted))
    moved = {**grid, "origin": ["-2 mm", "1 mm", "0 mm"]}
    assert points({"grid": moved}) == pytest.approx(np.array(wanted) + np.array([-2, 1, 0]))


def test_coordinates_are_values_like_any_other() -> None:
    listed = [f"{n} um" for n in range(10)]
    drawn = {"uniform": {"low": "1 mm", "high": "2 mm"}}
    found = points({"x": listed, "y": "3 mm", "z": drawn})
    assert found[:, 0] == pytest.approx(np.arange(10) * 1e-3)
    assert found[:, 1].tolist() == [3.0] * 10
    assert np.all((found[:, 2] > 1) & (found[:, 2] < 2))
    assert len(set(found[:, 2])) == 10


def test_a_coordinate_draws_from_its_own_stream() -> None:
    drawn = {"normal": {"mean": "0 mm", "sd": "1 mm"}}
    both = points({"x": drawn, "y": drawn})
    assert not np.any(both[:, 0] == both[:, 1])
    assert np.array_equal(points({"x": drawn})[:, 0], both[:, 0])


def test_parameters_and_initial_values_read_positions() -> None:
    made = realised(
        LINE,
        **{
            "populations.exc.parameters": {"C_m": "(200 + 100*pos_x/mm)*pF"},
            "populations.exc.initial": {"V": "-70*mV + 1*mV*pos_x/mm"},
        },
    ).populations["exc"]
    assert made.parameters["C_m"] * 1e12 == pytest.approx(200 + 10 * np.arange(10))
    assert made.initial["V"] * 1e3 == pytest.approx(-70 + 0.1 * np.arange(10))


@pytest.mark.filterwarnings("ignore::netspec.DescriptionWarning")
def test_a_parameter_that_reads_positions_is_one_of_each_neuron() -> None:
    given = network(LINE, **{"populations.exc.parameters": {"I_e": "1*nA*pos_x/mm"}})
    results = [given.run(backend=name) for name in ("oracle", "numpy")]
    assert results[0].state_digest() == results[1].state_digest()


# How far


def test_a_distance_is_that_of_straight_lines() -> None:
    grid = {"grid": {"shape": [5, 2], "spacing": ["3 mm", "4 mm"]}}
    at = points(grid)
    apart = np.linalg.norm(at[:, None] - at[None], axis=2)
    assert distances(grid) == pytest.approx(apart)


@pytest.mark.parametrize("period", [["1 mm"], ["1 mm", "5 mm"]])
def test_a_period_takes_the_shortest_way(period: list[str]) -> None:
    steps = np.abs(np.arange(10)[:, None] - np.arange(10))
    found = distances(LINE, space={"period": period})
    assert found == pytest.approx(np.minimum(steps, 10 - steps) * 0.1)


def test_each_dimension_has_a_period_of_its_own() -> None:
    grid = {"grid": {"shape": [5, 2], "spacing": ["1 mm", "1 mm"]}}
    found = distances(grid, space={"period": ["5 mm", None]})
    assert found[0, 8] == pytest.approx(1.0)
    assert found[0, 9] == pytest.approx(np.sqrt(2))


def test_positions_lie_in_the_period_or_not() -> None:
    far = {"x": "100.1*mm*i"}
    assert distances(far, space={"period": ["1 mm"]}) == pytest.approx(
        distances(LINE, space={"period": ["1 mm"]}), abs=1e-9
    )


def test_edges_read_positions_at_both_ends_through_the_views() -> None:
    made = realised(LINE, source="exc[3:]", weight="(source(pos_x) + 10*pos_x)/mm*nS")
    weights = made.projections["rec"].weights.reshape(7, 10) * 1e9
    wanted = 0.1 * (np.arange(3, 10)[:, None] + 10 * np.arange(10))
    assert weights == pytest.approx(wanted, abs=1e-6)


def test_delays_can_be_distances() -> None:
    velocity = {"normal": {"mean": "distance/(0.5*mm/ms)", "sd": "0 ms"}}
    delays = realised(LINE, delay=velocity).projections["rec"].delays.reshape(10, 10)
    assert delays[0].tolist() == [1, 2, 4, 6, 8, 10, 12, 14, 16, 18]


# Of inputs

EMITTING: dict[str, dict[str, Any]] = {
    "poisson": {"model": "poisson", "size": 10, "rate": "90 Hz"},
    "moving": {"model": "poisson", "size": 10, "rate": "90*hertz*(1 + t/second)"},
    "correlated": {
        "model": "correlated_poisson",
        "size": 10,
        "rate": "90 Hz",
        "correlation": 0.1,
        "method": "common_source",
    },
    "listed": {"model": "spike_times", "times": [["1 ms"]] * 10},
    "regular": {"model": "regular", "size": 10, "rate": "20 Hz"},
}
"""Ten neurons of each kind that positions come to in its own way."""


def with_input(given: dict[str, Any], **changes: Any) -> Network:
    """Return a network in which an input `src` projects onto ten neurons on a line."""
    source = {"positions": {"x": "0.1*mm*(9 - i)"}, **given}
    return network(LINE, source="src", **{"inputs.src": source, **changes})


@pytest.mark.parametrize("given", EMITTING.values(), ids=EMITTING)
def test_edges_from_an_input_know_how_long_they_are(given: dict[str, Any]) -> None:
    made = pipeline.realised(with_input(given, weight="distance/mm*nS"))
    found = made.projections["rec"].weights.reshape(10, 10) * 1e9
    wanted = 0.1 * np.abs(np.arange(10)[::-1, None] - np.arange(10))
    assert found == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize(
    "rule",
    [
        {"pairwise_bernoulli": {"p": "0.8*exp(-distance/(0.3*mm))"}},
        {
            "distance_dependent": {
                "p_max": 0.9,
                "profile": {"gaussian": {"sd": "0.2 mm"}},
                "cut_off": "0.4 mm",
            }
        },
    ],
    ids=lambda rule: next(iter(rule)),
)
def test_an_input_is_connected_like_a_population_in_its_place(rule: dict[str, Any]) -> None:
    place = {"positions": {"x": "0.1*mm*(9 - i)"}}
    changes = {"rule": rule, "weight": "source(pos_x)/mm*nS", "delay": "1 ms"}
    from_input = pipeline.realised(with_input(EMITTING["poisson"], **changes))
    changes["populations.src"] = {"size": 10, "cell": "lif", **place}
    from_population = realised(LINE, source="src", **changes)
    one, other = (each.projections["rec"] for each in (from_input, from_population))
    assert one.sources.size > 10
    assert np.array_equal(one.sources, other.sources)
    assert np.array_equal(one.targets, other.targets)
    assert np.array_equal(one.weights, other.weights)


def test_positions_of_an_input_are_drawn_from_its_own_stream() -> None:
    drawn = {"x": {"uniform": {"low": "0 mm", "high": "1 mm"}}}
    given = {**EMITTING["poisson"], "positions": drawn}
    found = pipeline.realised(with_input(given)).positions["src"]["pos_x"]
    stream = stream_key(1, "inputs.src", "pos_x")
    assert found == pytest.approx(1e-3 * open_uniform(draws_at(stream, 0, np.arange(10))))
    report = pipeline.check(with_input(given))
    assert "inputs.src.positions.x" in dict(report.drawn)


def test_rates_and_trains_read_positions_and_dt() -> None:
    plain = with_input({**EMITTING["poisson"], "rate": "0.01/dt*pos_x/mm"})
    high = pipeline.realised(plain).sources["src"].thresholds.high
    assert high / 2**32 == pytest.approx(0.001 * np.arange(10)[::-1])
    clock = with_input({**EMITTING["regular"], "phase": "10*dt + pos_x/mm*ms"})
    made = pipeline.realised(clock).sources["src"]
    assert made.steps.tolist() == list(range(10, 20))
    assert made.indices.tolist() == list(range(9, -1, -1))


@pytest.mark.filterwarnings("ignore::netspec.DescriptionWarning")
def test_a_rate_that_moves_reads_positions() -> None:
    given = {**EMITTING["moving"], "rate": "(pos_x/mm)*500*hertz*(1 + sin(t/ms))"}
    results = [with_input(given).run(backend=name) for name in ("oracle", "numpy")]
    assert results[0].counts["src"] > 0
    assert results[0].digest() == results[1].digest()
    assert results[0].state_digest() == results[1].state_digest()


def test_neurons_that_share_a_rate_do_not_read_where_they_are() -> None:
    given = {**EMITTING["correlated"], "rate": "90*hertz*pos_x/mm"}
    with pytest.raises(SpecError, match="'pos_x' cannot be read here: all neurons share the value"):
        pipeline.resolved(with_input(given))


def test_a_position_that_is_none_is_one_problem_at_its_place() -> None:
    given = {**EMITTING["regular"], "positions": {"x": "1*mm/i"}, "phase": "pos_x/mm*ms"}
    report = pipeline.check(with_input(given, weight="distance/mm*nS"))
    (problem,) = (each for each in report.diagnostics if each.severity == "error")
    assert (problem.code, problem.path) == ("not-finite", "inputs.src.positions.x")


def test_positions_take_memory() -> None:
    placed = {"x": "1 mm", "y": "1 mm", "z": "1 mm"}
    times: list[Any] = [[]] * 1000
    given = {"model": "spike_times", "times": times, "positions": placed}
    changes = {"rule": {"one_to_one": {}}, "inputs.src": given, "source": "src[0:10]"}
    with pytest.raises(SpecError, match="the 3000 coordinates of 'src' need 24 kB") as caught:
        pipeline.realised(network(LINE, **changes), max_memory=20_000)
    assert caught.value.diagnostics[0].path == "inputs.src.positions.x"


# What is set


@pytest.mark.parametrize(
    ("place", "value", "wanted"),
    [
        ("exc[2:5].V", "-60*mV + pos_x/mm*mV", [-0.0598, -0.0597, -0.0596]),
        ("exc[2:5].I_e", "pos_x/mm*dt/ms*pA", [2e-14, 3e-14, 4e-14]),
        ("push.amplitude", "pos_x/mm*dt/ms*pA", [n * 1e-14 for n in range(10)]),
        ("rain.weight", "pos_x/mm*nS", [n * 1e-10 for n in range(10)]),
    ],
)
def test_what_is_set_reads_positions_and_dt(place: str, value: str, wanted: list[float]) -> None:
    rain = {"model": "poisson_drive", "target": "exc", "receptor": "AMPA"}
    changes = {
        "inputs.push": {"model": "current", "target": "exc", "amplitude": "1 pA"},
        "inputs.rain": {**rain, "rate": "1 Hz", "weight": "1 nS"},
        "timeline": [{"at": "1 ms", "set": {place: value}}],
    }
    entry, *_ = realised(LINE, **changes).timeline
    assert entry.values == pytest.approx(np.array(wanted))


def test_a_rate_that_is_set_reads_positions_and_dt() -> None:
    entry = {"at": "1 ms", "set": {"src[2:5].rate": "0.1/dt*pos_x/mm"}}
    made = pipeline.realised(with_input(EMITTING["poisson"], timeline=[entry])).timeline[0]
    assert made.values.high / 2**32 == pytest.approx(np.array([0.07, 0.06, 0.05]))


def test_weights_that_are_set_read_positions_and_dt() -> None:
    entry = {"at": "1 ms", "set": {"rec.weight": "(source(pos_x) + pos_x)/mm*dt/ms*nS"}}
    made = pipeline.realised(with_input(EMITTING["poisson"], timeline=[entry])).timeline[0]
    wanted = 0.01 * (np.arange(10)[::-1, None] + np.arange(10))
    assert made.values.reshape(10, 10) * 1e9 == pytest.approx(wanted, abs=1e-6)


# Who cannot


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ("distance/mm*nS", "the input 'ext' has no positions"),
        ("source(pos_x)/mm*nS", "the source has no positions"),
        ("source(C_m)/pF*nS", "the source has no parameters"),
    ],
)
def test_an_input_without_positions_is_nowhere(weight: str, message: str) -> None:
    with pytest.raises(SpecError, match=message) as caught:
        realised(LINE, source="ext", weight=weight)
    assert caught.value.diagnostics[0].path == "projections.rec.weight"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source": "inh"}, "have no positions in the same dimensions"),
        (
            {"source": "ext", "inputs.ext.positions": {"x": "1 mm", "y": "1 mm"}},
            "have no positions in the same dimensions",
        ),
    ],
)
def test_a_distance_needs_positions_at_both_ends(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        realised(LINE, weight="distance/mm*nS", **changes)


def test_moving_neurons_draws_nothing_else_anew() -> None:
    drawn = {"normal": {"mean": "1 nS", "sd": "0.1 nS"}}
    here, there = (realised({"x": x}, weight=drawn) for x in ("1 mm", "2 mm"))
    assert np.array_equal(here.projections["rec"].weights, there.projections["rec"].weights)
    assert here.fingerprint != there.fingerprint
