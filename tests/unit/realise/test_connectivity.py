"""Edges: which pairs a rule connects, in canonical order, and what the document cannot change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from unit.documents import document, small

from netspec.errors import SpecError
from netspec.passes import pipeline
from netspec.realise.evaluate import evaluate_function
from netspec.realise.network import RealisedNetwork, RealisedProjection
from netspec.realise.streams import draws_at, open_uniform, stream_key
from netspec.spec.network import Network

ROOT: dict[str, Any] = {"timeline": [], "monitors": {}}


def edges(rule: dict[str, Any], **changes: Any) -> RealisedProjection:
    """Return the edges of `rec`, from the ten neurons of `exc` onto themselves."""
    projection = {
        "source": "exc",
        "target": "exc",
        "receptor": "AMPA",
        "rule": rule,
        "weight": "1 nS",
        "delay": "1 ms",
        **{name: value for name, value in changes.items() if "." not in name},
    }
    others = {name: value for name, value in changes.items() if "." in name}
    network = small({**ROOT, "projections": {"rec": projection}, **others})
    return pipeline.realised(network).projections["rec"]


def pairs(found: RealisedProjection) -> list[tuple[int, int]]:
    return list(zip(found.sources.tolist(), found.targets.tolist(), strict=True))


# Rules


def test_one_to_one_connects_equal_places_of_the_views() -> None:
    found = edges({"one_to_one": {}}, source="exc[0:3]", target="exc[5:8]")
    assert pairs(found) == [(0, 5), (1, 6), (2, 7)]


def test_all_to_all_connects_every_pair() -> None:
    found = edges({"all_to_all": {}}, source="exc[1:3]", target="exc[0:2]")
    assert pairs(found) == [(1, 0), (1, 1), (2, 0), (2, 1)]


@pytest.mark.parametrize(
    ("source", "target", "missing"),
    [("exc", "exc", 10), ("exc[0:5]", "exc[3:10]", 2), ("exc[0:3]", "exc[5:9]", 0)],
)
@pytest.mark.parametrize("rule", ["all_to_all", "pairwise_bernoulli"])
def test_without_autapses_no_neuron_connects_to_itself(
    rule: str, source: str, target: str, missing: int
) -> None:
    p = {"p": 1.0} if rule == "pairwise_bernoulli" else {}
    full = edges({rule: p}, source=source, target=target)
    less = edges({rule: {**p, "allow_autapses": False}}, source=source, target=target)
    assert pairs(less) == [pair for pair in pairs(full) if pair[0] != pair[1]]
    assert len(pairs(full)) - len(pairs(less)) == missing


def test_leaving_out_autapses_changes_no_other_pair() -> None:
    full = edges({"pairwise_bernoulli": {"p": 0.5}})
    less = edges({"pairwise_bernoulli": {"p": 0.5, "allow_autapses": False}})
    assert pairs(less) == [pair for pair in pairs(full) if pair[0] != pair[1]]


def test_autapses_are_only_those_of_one_population() -> None:
    rule = {"all_to_all": {"allow_autapses": False}}
    assert len(pairs(edges(rule, source="inh"))) == 40


@pytest.mark.parametrize(("p", "count"), [(0.0, 0), (1.0, 100)])
def test_probabilities_0_and_1_are_certain(p: float, count: int) -> None:
    assert len(pairs(edges({"pairwise_bernoulli": {"p": p}}))) == count


def test_listed_pairs_are_sorted_by_source_and_keep_their_order_within() -> None:
    listed = [[2, 1], [0, 9], [2, 0], [0, 9], [0, 3]]
    found = edges({"explicit": {"pairs": listed}})
    assert pairs(found) == [(0, 9), (0, 9), (0, 3), (2, 1), (2, 0)]


def test_values_listed_with_pairs_stay_with_them() -> None:
    found = edges(
        {"explicit": {"pairs": [[2, 1], [0, 9], [1, 0]]}},
        weight=["2 nS", "1 nS", "3 nS"],
        delay=["0.2 ms", "0.1 ms", "0 ms"],
    )
    assert pairs(found) == [(0, 9), (1, 0), (2, 1)]
    assert found.weights.tolist() == pytest.approx([1e-9, 3e-9, 2e-9], rel=1e-7)
    assert found.delays.tolist() == [1, 0, 2]


def test_formulas_count_within_the_views() -> None:
    found = edges(
        {"all_to_all": {}},
        source="exc[4:6]",
        target="exc[7:10]",
        weight="(1 + i + 10*j)*nS",
        delay="0.1*ms*(i + j)",
    )
    assert np.rint(found.weights * 1e9).tolist() == [1, 11, 21, 2, 12, 22]
    assert found.delays.tolist() == [0, 1, 2, 1, 2, 3]


def test_formulas_read_parameters_of_both_ends_through_the_views() -> None:
    found = edges(
        {"all_to_all": {}},
        source="exc[4:6]",
        target="exc[7:9]",
        weight="(source(C_m) + C_m*1000)/pF*nS",
        delay="0.1*ms*(C_m - source(C_m))/pF",
        rounding="nearest",
        **{"populations.exc.parameters": {"C_m": "(200 + i)*pF"}},
    )
    assert np.rint(found.weights * 1e9).tolist() == [207204, 208204, 207205, 208205]
    assert found.delays.tolist() == [3, 4, 2, 3]


DRAWN = {"normal": {"mean": "0.3*ms + 0.05*ms*j", "sd": "0.2 ms"}}


def test_drawn_delays_are_the_nearest_steps_and_no_less_than_one() -> None:
    found = edges({"all_to_all": {}}, delay=DRAWN)
    key = stream_key(1, "projections.rec", "delay")
    place = np.arange(100)
    z = evaluate_function("normal_quantile", open_uniform(draws_at(key, place // 10, place % 10)))
    seconds = (0.3e-3 + 0.05e-3 * (place % 10)) + 0.2e-3 * z
    nearest = np.floor(seconds / 1e-4 + 0.5)
    assert (nearest < 1).any()
    assert found.delays.tolist() == np.maximum(nearest, 1).tolist()


@pytest.mark.parametrize(("least", "steps"), [("0 ms", 0), ("0.4 ms", 4)])
def test_the_least_drawn_delay_can_be_chosen(least: str, steps: int) -> None:
    found = edges({"all_to_all": {}}, delay=DRAWN, min_delay=least).delays
    one = edges({"all_to_all": {}}, delay=DRAWN).delays
    assert found.min() == steps
    assert np.array_equal(found[one > 4], one[one > 4])


def test_a_drawn_delay_ends_at_the_longest() -> None:
    found = edges({"all_to_all": {}}, delay={"exponential": {"mean": "50 s"}}).delays
    assert found.max() == 65_535


def test_edges_have_the_types_that_backends_rely_on() -> None:
    found = edges({"pairwise_bernoulli": {"p": 0.5}}, weight="(1 + i)*nS", delay="0.1*ms*j")
    assert found.sources.dtype == found.targets.dtype == np.uint32
    assert (found.weights.dtype, found.delays.dtype) == (np.float64, np.int64)
    assert found.weights.shape == found.delays.shape == found.sources.shape
    single = edges({"pairwise_bernoulli": {"p": 0.5}})
    assert single.weights.shape == single.delays.shape == ()


@pytest.mark.parametrize(
    "changes",
    [{"source": "exc[3:3]"}, {"target": "exc[3:3]"}, {"rule": {"explicit": {"pairs": []}}}],
)
def test_projections_without_edges_are_legal(changes: dict[str, Any]) -> None:
    rule = changes.pop("rule", {"all_to_all": {}})
    assert pairs(edges(rule, weight="(1 + i)*nS", **changes)) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"weight": ["1 nS"] * 3}, "wrong-length"),
        ({"weight": "1*nS/i"}, "not-finite"),
        ({"delay": "0.15*ms*i"}, "not-a-multiple-of-dt"),
        ({"delay": "-i*ms"}, "negative-duration"),
        ({"delay": "1000*ms*i"}, "delay-too-long"),
    ],
)
def test_values_of_edges_are_checked(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(SpecError) as caught:
        edges({"all_to_all": {}}, **changes)
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.path) == (code, f"projections.rec.{next(iter(changes))}")


def test_drawn_edges_are_spread_over_the_whole_view() -> None:
    found = edges({"pairwise_bernoulli": {"p": 0.5}}, source="exc[2:10]", target="exc[0:9]")
    assert (found.sources.min(), found.sources.max()) == (2, 9)
    assert (found.targets.min(), found.targets.max()) == (0, 8)


# What must not change anything


def realised(network: Network) -> RealisedNetwork:
    return pipeline.realised(network)


def arrays(network: RealisedNetwork, names: set[str]) -> dict[str, Any]:
    """Return the arrays of the named objects as lists, for comparison."""
    found: dict[str, Any] = {}
    for name in names & network.populations.keys():
        own = network.populations[name]
        found |= {f"{name}.{each}": own.parameters[each].tolist() for each in own.parameters}
        found |= {f"{name}.{each}.0": own.initial[each].tolist() for each in own.initial}
    for name in names & network.sources.keys():
        source = network.sources[name]
        for field in ("key", "thresholds", "steps", "indices"):
            value = getattr(source, field, None)
            parts = (value.high, value.low) if field == "thresholds" and value else (value,)
            found[f"{name}.{field}"] = [np.asarray(part).tolist() for part in parts]
    for name in names & network.projections.keys():
        edge = network.projections[name]
        for field in ("sources", "targets", "weights", "delays"):
            found[f"{name}.{field}"] = getattr(edge, field).tolist()
    return found


OBJECTS = {"exc", "inh", "ext", "beat", "ext_exc", "exc_inh"}
BEFORE = arrays(realised(small()), OBJECTS)


def test_the_arrays_are_all_there() -> None:
    assert {each.partition(".")[0] for each in BEFORE} == OBJECTS
    assert len(BEFORE["ext_exc.sources"]) > 10


@pytest.mark.parametrize(
    "changes",
    [
        {"populations.alone": {"size": 7, "cell": "lif"}},
        {"populations.a_first": {"size": 7, "cell": "lif"}},
        {"inputs.more": {"model": "poisson", "size": 9, "rate": "10 Hz"}},
        {"projections.more": {**document()["projections"]["ext_exc"], "target": "inh"}},
        {"monitors": {"spikes": ["exc", "inh", "ext", "beat"]}},
        {"timeline": [*document()["timeline"], {"at": "3 ms", "connect": "ext_exc"}]},
        {"duration": "20 ms"},
        {"name": "other"},
        {"dt": "100 us"},
        {"cells.lif.receptors.GABA.tau_decay": "7500 us"},
        {"projections.ext_exc.delay": "500 us"},
        {"projections.ext_exc.weight": "2000 pS"},
        {"projections.ext_exc.source": "ext[0:20]"},
        {"projections.ext_exc.target": "exc[:]"},
        {"projections.exc_inh.delay": "0.1*ms*j + 0*ms"},
    ],
    ids=lambda changes: f"{next(iter(changes))}",
)
def test_what_means_the_same_gives_the_same_arrays(changes: dict[str, Any]) -> None:
    assert arrays(realised(small(changes)), OBJECTS) == BEFORE


def test_the_order_of_the_document_gives_the_same_arrays() -> None:
    data = document()
    for section in ("populations", "inputs", "projections"):
        data[section] = dict(reversed(data[section].items()))
    assert arrays(realised(Network(**data)), OBJECTS) == BEFORE


@pytest.mark.parametrize("name", ["ext_exc", "exc_inh"])
def test_explicit_pairs_equal_the_rule_that_made_them(name: str) -> None:
    listed = list(zip(BEFORE[f"{name}.sources"], BEFORE[f"{name}.targets"], strict=True))
    explicit = {"explicit": {"pairs": [list(pair) for pair in listed]}}
    assert arrays(realised(small({f"projections.{name}.rule": explicit})), OBJECTS) == BEFORE


@pytest.mark.parametrize(
    "changes", [{"seed": 2}, {"projections.ext_exc.rule.pairwise_bernoulli.p": 0.31}]
)
def test_what_means_something_else_gives_other_edges(changes: dict[str, Any]) -> None:
    after = arrays(realised(small(changes)), OBJECTS)
    assert after["ext_exc.targets"] != BEFORE["ext_exc.targets"]


def test_a_renamed_projection_draws_anew() -> None:
    data = document(timeline=[])
    data["projections"]["renamed"] = data["projections"].pop("ext_exc")
    renamed = realised(Network(**data)).projections["renamed"]
    assert renamed.targets.tolist() != BEFORE["ext_exc.targets"]


def test_a_view_draws_by_its_own_rows() -> None:
    part = realised(small({"projections.ext_exc.source": "ext[0:12]"})).projections["ext_exc"]
    whole = [
        pair
        for pair in zip(BEFORE["ext_exc.sources"], BEFORE["ext_exc.targets"], strict=True)
        if pair[0] < 12
    ]
    assert pairs(part) == whole
