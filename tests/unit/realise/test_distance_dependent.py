"""`distance_dependent`: profiles are expressions, and a cut-off leaves out what is far away."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from unit.documents import small
from unit.realise.drawn_edges import (
    ENDS,
    KEY,
    N_SEEDS,
    OTHER_KEY,
    Pairs,
    assert_fits_over_seeds,
    assert_pairs_come_by_themselves,
    bernoulli_row,
    connect,
    draw,
    fit_counts,
    is_autapse,
    matrix,
    normal_limit,
    number_of,
    of_purpose,
    over_seeds,
)

from netspec.errors import SpecError
from netspec.ir.nodes import source_name
from netspec.ir.recipe import Rule
from netspec.passes import pipeline
from netspec.realise import blocks
from netspec.realise.edges import EdgeScope
from netspec.realise.rules import RULES, Ends, distance_dependent, neighbours, renewal
from netspec.realise.rules.neighbours import Neighbours
from netspec.spec.network import Network

PROFILES = {
    "gaussian": ({"sd": "0.2 mm"}, "exp(-(distance/(0.2*mm))**2/2)"),
    "exponential": ({"scale": "200 um"}, "exp(-distance/(0.2*mm))"),
    "linear": ({"reach": "0.7 mm"}, "max(1 - distance/(0.7*mm), 0)"),
    "box": ({"radius": "0.35 mm"}, "where(distance <= 0.35*mm, 1, 0)"),
    "difference_of_gaussians": (
        {"sd": "0.2 mm", "surround_sd": "0.5 mm", "surround": 0.3},
        "max(exp(-(distance/(0.2*mm))**2/2) - 0.3*exp(-(distance/(0.5*mm))**2/2), 0)",
    ),
}

GAUSS = {"gaussian": {"sd": "0.2 mm"}}


def network(rule: dict[str, Any], **changes: Any) -> Network:
    projection = {
        "source": "exc",
        "target": "exc",
        "receptor": "AMPA",
        "rule": rule,
        "weight": "1 nS",
        "delay": "1 ms",
    }
    return small(
        {
            "projections": {"rec": projection},
            "timeline": [],
            "monitors": {},
            "populations.exc.positions": {"x": "0.1*mm*i"},
            **changes,
        }
    )


def depending(profile: dict[str, Any] = GAUSS, p_max: float = 0.8, **more: Any) -> dict[str, Any]:
    return {"distance_dependent": {"p_max": p_max, "profile": profile, **more}}


def pairs(rule: dict[str, Any], **changes: Any) -> Pairs:
    found = pipeline.realised(network(rule, **changes)).projections["rec"]
    return list(zip(found.sources.tolist(), found.targets.tolist(), strict=True))


def rule_with(**fields: Any) -> Rule:
    """A rule as it is after `resolve`."""
    return pipeline.prepare(network(depending(**fields))).recipe.projections["rec"].rule


def spread(
    ends: Ends, dimensions: int, period: float | None = None, seed: int = 1, size: float = 1e-3
) -> Ends:
    """Put neurons into space; one that is at both ends is in one place."""
    chance = np.random.default_rng(seed)
    axes = ("pos_x", "pos_y", "pos_z")[:dimensions]
    everyone = chance.uniform(-size, size, (ends.sources + ends.targets + 20, dimensions))
    first = ends.sources + 10 if ends.diagonal is None else 10 - ends.diagonal
    sources, targets = everyone[10 : 10 + ends.sources], everyone[first : first + ends.targets]
    scope = EdgeScope(
        period=(period,) * dimensions,
        at_source={source_name(axis): sources[:, n] for n, axis in enumerate(axes)},
        at_target={axis: targets[:, n] for n, axis in enumerate(axes)},
    )
    return Ends(ends.sources, ends.targets, ends.diagonal, scope)


# What it means


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("autapses", [True, False])
def test_a_profile_is_an_expression(profile: str, autapses: bool) -> None:
    parameters, text = PROFILES[profile]
    by_rule = depending({profile: parameters}, allow_autapses=autapses)
    expression = {"p": f"0.8*({text})", "p_max": 0.8, "allow_autapses": autapses}
    found = pairs(by_rule)
    assert found == pairs({"pairwise_bernoulli": expression})
    assert len(found) > 5
    by_rule["distance_dependent"]["cut_off"] = "2 mm"
    assert pairs(by_rule) == found


@pytest.mark.parametrize("dimensions", [1, 2, 3])
@pytest.mark.parametrize("p_max", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("autapses", [True, False])
def test_with_a_cut_off_the_targets_of_a_row_are_those_that_are_near(
    dimensions: int, p_max: float, autapses: bool
) -> None:
    rule = rule_with(p_max=p_max, cut_off="0.5 mm", allow_autapses=autapses)
    thinning = of_purpose(KEY, "thinning")
    p = rule.parameter("p").value
    for ends in (spread(each, dimensions) for each in ENDS):
        expected = []
        for i in range(ends.sources):
            every = np.arange(ends.targets)
            near = [int(j) for j in every if ends.scope.distance(np.array(i), j) <= 0.5e-3]
            for number in bernoulli_row(KEY, i, len(near), p_max):
                j = near[number]
                w = (draw(thinning, i, j) >> 11) * 2.0**-53
                chance = float(ends.scope.evaluate(p, np.array(i), np.array(j)))
                if w * p_max < chance and (autapses or not is_autapse(ends, i, j)):
                    expected.append((i, j))
        assert sorted(connect(rule, ends)) == expected


def test_sizes_of_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = spread(Ends(90, 70, -5), 2)
    rule = rule_with(cut_off="0.4 mm")
    whole = sorted(connect(rule, ends))
    for size in (1, 50, 1000):
        monkeypatch.setattr(blocks, "SIZE", size)
        monkeypatch.setattr(neighbours, "_LOOKED_AT", size)
        monkeypatch.setattr(renewal, "_BATCH", size * 4)
        assert sorted(connect(rule, ends)) == whole


# Neighbours


@pytest.mark.parametrize("dimensions", [1, 2, 3])
@pytest.mark.parametrize("period", [None, 0.3e-3, 0.9e-3, 2e-3])
@pytest.mark.parametrize("distance", [1e-9, 0.11e-3, 0.3e-3, 5e-3])
def test_neighbours_are_all_pairs_that_are_near(
    dimensions: int, period: float | None, distance: float
) -> None:
    ends = spread(Ends(40, 60, None), dimensions, period)
    i, j = (each.reshape(-1) for each in np.mgrid[:40, :60])
    is_near = ends.scope.distance(i, j) <= distance
    found = Neighbours(ends, distance)
    (_, sources, targets), *others = found.pairs(np.arange(40))
    assert not others
    assert sources.tolist() == i[is_near].tolist()
    assert targets.tolist() == j[is_near].tolist()
    assert found.counts.sum() >= len(sources)


@pytest.mark.parametrize("offset", [0.0, 1e3, -1e9, 3e13])
@pytest.mark.parametrize("period", [None, 1.0, 0.7])
def test_neighbours_just_within_the_distance_are_found(offset: float, period: float | None) -> None:
    x = offset + 0.1 * np.arange(10)
    scope = EdgeScope(period=(period,), at_source={source_name("pos_x"): x}, at_target={"pos_x": x})
    ends = Ends(10, 10, 0, scope)
    i, j = (each.reshape(-1) for each in np.mgrid[:10, :10])
    apart = scope.distance(i, j)
    for distance in np.unique(apart[apart > 0]):
        (_, sources, targets), *_ = Neighbours(ends, float(distance)).pairs(np.arange(10))
        expected = apart <= distance
        assert sources.tolist() == i[expected].tolist()
        assert targets.tolist() == j[expected].tolist()


@pytest.mark.parametrize("ends", [Ends(0, 0, 0), Ends(0, 5, None), Ends(5, 0, None)])
def test_nobody_has_no_neighbours(ends: Ends) -> None:
    rule = rule_with(cut_off="1 mm")
    assert connect(rule, spread(ends, 2)) == []


def test_few_pairs_are_looked_at() -> None:
    n, distance = 4000, 0.05e-3
    ends = spread(Ends(n, n, 0), 2)
    looked_at = int(Neighbours(ends, distance).counts.sum())
    # Nine cells of the square with its sides of 2 mm, a little wider than the distance.
    assert looked_at < 1.3 * n * n * 9 * (distance / 2e-3) ** 2


# Numbers


@pytest.mark.parametrize("more", [{}, {"cut_off": "0.35 mm"}])
@pytest.mark.parametrize("autapses", [True, False])
def test_the_expected_number_is_the_sum(more: dict[str, str], autapses: bool) -> None:
    rule = depending(allow_autapses=autapses, **more)
    (edges,) = pipeline.check(network(rule)).projections
    apart = 0.1 * np.abs(np.arange(10)[:, None] - np.arange(10))
    p = 0.8 * np.exp(-((apart / 0.2) ** 2) / 2) * (apart < (0.35 if more else np.inf))
    if not autapses:
        np.fill_diagonal(p, 0.0)
    assert (edges.mean, edges.sd) == pytest.approx((p.sum(), np.sqrt((p * (1 - p)).sum())))


def test_of_very_many_pairs_some_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    rule, ends = rule_with(cut_off="0.3 mm"), spread(Ends(2000, 1500, None), 2)
    exact = RULES[rule.name].count(rule, ends)
    monkeypatch.setattr(distance_dependent, "MAX_COUNTED", 20_000)
    sampled = RULES[rule.name].count(rule, ends)
    assert exact.sd < sampled.sd < 0.1 * exact.mean
    assert 0 < abs(sampled.mean - exact.mean) < 4 * sampled.sd


# Statistics


def on_a_line(targets: npt.NDArray, rows: int = 1) -> Ends:
    """Put all sources at 0, and targets at other places, in metres."""
    scope = EdgeScope(
        period=(None,),
        at_source={source_name("pos_x"): np.zeros(rows)},
        at_target={"pos_x": targets},
    )
    return Ends(rows, targets.size, None, scope)


def gauss(apart: npt.NDArray, sd: float) -> npt.NDArray:
    return np.exp(-((apart / sd) ** 2) / 2)


DEFINED = {
    "gaussian": lambda d: gauss(d, 0.2e-3),
    "exponential": lambda d: np.exp(-d / 0.2e-3),
    "linear": lambda d: np.maximum(1 - d / 0.7e-3, 0),
    "box": lambda d: (d <= 0.35e-3).astype(float),
    "difference_of_gaussians": lambda d: np.maximum(gauss(d, 0.2e-3) - 0.3 * gauss(d, 0.5e-3), 0),
}
"""Profiles of `PROFILES`, of a distance in metres."""


def probabilities(profile: str, apart: npt.NDArray, cut_off: str | None) -> npt.NDArray:
    near = apart <= (np.inf if cut_off is None else 0.3e-3)
    return np.where(near, 0.8 * DEFINED[profile](apart), 0.0)


def of_profile(profile: str, cut_off: str | None) -> Rule:
    more = {} if cut_off is None else {"cut_off": cut_off}
    return rule_with(profile={profile: PROFILES[profile][0]}, **more)


def test_every_pair_comes_with_its_frequency_over_seeds() -> None:
    x = np.array([-0.25, -0.1, 0.0, 0.2, 0.29, 0.31]) * 1e-3
    p = probabilities("gaussian", np.abs(x), "0.3 mm")
    assert np.count_nonzero(p) == 5
    counts = over_seeds(of_profile("gaussian", "0.3 mm"), on_a_line(x))
    assert_pairs_come_by_themselves(counts, p, p * (1 - p))


@pytest.mark.parametrize("cut_off", [None, "0.3 mm"])
@pytest.mark.parametrize("profile", PROFILES)
def test_every_pair_comes_with_its_frequency_over_sources(
    profile: str, cut_off: str | None
) -> None:
    x = 1e-3 * np.linspace(-0.2, 0.45, 14)
    p = probabilities(profile, np.abs(x), cut_off)
    assert np.count_nonzero(p > 0.05) >= 5
    counts = matrix(of_profile(profile, cut_off), on_a_line(x, N_SEEDS))
    assert_pairs_come_by_themselves(counts[:, np.newaxis], p, p * (1 - p))


@pytest.mark.parametrize(
    ("profile", "cut_off"), [*((each, None) for each in PROFILES), ("gaussian", "0.3 mm")]
)
def test_degrees_are_sums_over_distances(profile: str, cut_off: str | None) -> None:
    x = 1e-3 * np.linspace(-0.2, 0.45, 40)
    rule, ends = of_profile(profile, cut_off), on_a_line(x, 300)
    expected = number_of(probabilities(profile, np.abs(x), cut_off))
    assert_fits_over_seeds(lambda key: fit_counts(matrix(rule, ends, key).sum(axis=1), expected))


@pytest.mark.parametrize("cut_off", [None, "0.3 mm"])
def test_two_projections_are_independent(cut_off: str | None) -> None:
    x = 1e-3 * np.linspace(-0.2, 0.25, 50)
    rule, ends = of_profile("gaussian", cut_off), on_a_line(x, 1000)
    first, second = (matrix(rule, ends, key) for key in (KEY, OTHER_KEY))
    p = probabilities("gaussian", np.abs(x), cut_off)
    scores = (first - p) * (second - p) / (p * (1 - p))
    assert abs(scores.sum()) < normal_limit() * np.sqrt(scores.size)


# What is refused


@pytest.mark.parametrize("p_max", [-0.1, 1.5])
def test_a_probability_lies_between_0_and_1(p_max: float) -> None:
    rule = depending(p_max=p_max)
    report = pipeline.check(network(rule))
    assert [(each.code, each.path) for each in report.diagnostics] == [
        ("out-of-range", "projections.rec.rule.distance_dependent.p_max")
    ]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("profile.gaussian.sd", "0 mm", "out-of-range"),
        ("profile.gaussian.sd", "1 ms", "wrong-dimension"),
        ("profile.gaussian.sd", "0.1*mm*i", "unknown-name"),
        ("cut_off", "0 mm", "out-of-range"),
        ("cut_off", "2", "wrong-dimension"),
    ],
)
def test_lengths_are_lengths(field: str, value: str, code: str) -> None:
    place = f"projections.rec.rule.distance_dependent.{field}"
    report = pipeline.check(network(depending()).replace({place: value}))
    assert [(each.code, each.path) for each in report.diagnostics] == [(code, place)]


def test_there_is_no_distance_without_positions() -> None:
    with pytest.raises(SpecError, match="no positions in the same dimensions") as caught:
        pipeline.prepare(network(depending()).replace({"projections.rec.target": "inh"}))
    (problem,) = caught.value.diagnostics
    assert problem.path == "projections.rec.rule.distance_dependent.profile"


def test_a_cut_off_may_be_larger_than_space() -> None:
    rule = rule_with(cut_off="1 mm")
    for period, dimensions in product((None, 0.1e-3), (1, 2, 3)):
        ends = spread(Ends(6, 7, None), dimensions, period, size=0.05e-3)
        (_, sources, _), *_ = Neighbours(ends, float(rule.number("cut_off"))).pairs(np.arange(6))
        assert len(sources) == 42
