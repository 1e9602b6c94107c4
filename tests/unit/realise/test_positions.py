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
    found = realised(positions, **changes).populations["exc"].positions
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


# Who cannot


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source": "inh"}, "have no positions in the same dimensions"),
        ({"source": "ext"}, "an input has no positions"),
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
