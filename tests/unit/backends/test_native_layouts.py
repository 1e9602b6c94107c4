"""However edges are stored and weights added up, spikes and state are those of NumPy."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from netspec.backend.registry import get
from netspec.compare import record_differences
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.spec.network import Network
from netspec.testing.conformance import run
from netspec.testing.documents import JUMP, document, leaky, states
from netspec_native import backend
from netspec_native.bundles import Link
from netspec_native.context import Context
from netspec_native.layouts import are_rows_cheaper
from netspec_native.options import NativeOptions
from netspec_native.weights import Feed, Multiples, Row, multiples, row, stored


def normal(mean: str, sd: str) -> dict[str, Any]:
    return {"normal": {"mean": mean, "sd": sd}}


MIXED = normal("0.05 mV", "0.2 mV")
SIXTEEN = {"weight_bits": 12, "weight": MIXED}


def net(
    *projections: dict[str, Any],
    sources: int = 40,
    targets: int = 30,
    populations: dict[str, Any] | None = None,
    **sections: Any,
) -> RealisedNetwork:
    """Return a network, mostly of one population, that a fast input reaches in some ways."""
    common = {"source": "drum", "target": "cells", "receptor": "J", "rule": {"all_to_all": {}}}
    delays = {"delay": {"uniform": {"low": "0.05 ms", "high": "0.45 ms"}}}
    return pipeline.realised(
        Network(
            **document(
                "layouts",
                "12 ms",
                cells={"leaky": leaky({"J": JUMP}, t_ref="1 ms")},
                populations=populations or {"cells": {"size": targets, "cell": "leaky"}},
                inputs={
                    "drum": {"model": "poisson", "size": sources, "rate": "700 Hz"},
                    "once": {"model": "spike_times", "times": [["1 ms"]] * sources},
                },
                projections={
                    f"p{number}": common | delays | each for number, each in enumerate(projections)
                },
                monitors=states(("cells", ["V"], 1)) | {"spikes": ["cells", "drum"]},
                **sections,
            )
        )
    )


def _links(network: RealisedNetwork) -> list[Link]:
    groups = Context(network, NativeOptions()).groups
    return [link for group in groups for link in group.links]


def layouts(network: RealisedNetwork) -> list[tuple[str, str, int]]:
    """Return for each projection the types of a sum and of a weight, and the factor."""
    links = sorted(_links(network), key=lambda each: each.projection.name)
    return [
        (each.row.kind, each.weights.kind, each.weights.factor)
        for each in links
        if each.row is not None and each.weights is not None
    ]


def in_rows(network: RealisedNetwork) -> list[bool]:
    """Return for each projection whether it has rows of weights."""
    links = sorted((each.projection.name, each.is_in_rows) for each in _links(network))
    return [is_in_rows for _, is_in_rows in links]


def assert_agrees(network: RealisedNetwork) -> None:
    numpy = get("numpy")
    wanted = run(numpy, numpy.options(), network)
    assert any(tally.count for tally in wanted.tallies.values())
    for threads in (1, 3):
        options = NativeOptions(threads=threads, optimize=0)
        assert not record_differences(wanted, run(backend, options, network), network)


SET = {"at": "5 ms", "set": {"p0.weight": "(0.5 - 0.03*j + 0.001*i)*mV"}}
SET_ONE = {"at": "5 ms", "set": {"p0.weight": "-0.21 mV"}}
CASES: dict[str, tuple[RealisedNetwork, list[tuple[str, str, int]]]] = {}


def case(name: str, wanted: list[tuple[str, str, int]], *args: Any, **sections: Any) -> None:
    CASES[name] = net(*args, **sections), wanted


case("one weight", [("int32_t", "", 1)], {"weight": "0.31 mV"})
case("one weight that is negative", [("int32_t", "", 1)], {"weight": "-0.31 mV"})
case("nothing but zeros", [("double", "", 1)], {"weight": "0 mV"})
case("two weights", [("int32_t", "", 1)] * 2, {"weight": "0.5 mV"}, {"weight": "-1.25 mV"})
case("16 bits of both signs", [("int32_t", "int16_t", 1)], SIXTEEN)
case(
    "grids that differ",
    [("int32_t", "int16_t", 1), ("int32_t", "int16_t", 128)],
    SIXTEEN | {"weight": normal("0 mV", "0.002 mV")},
    SIXTEEN,
)
case(
    "one weight among several",
    [("int32_t", "int16_t", 1), ("int32_t", "", 1)],
    SIXTEEN,
    {"weight": "-0.25 mV", "weight_bits": 8},
)
case("24 bits of few edges", [("int32_t", "int32_t", 1)], {"weight": MIXED})
case("24 bits of many edges", [("double", "float", 1)], {"weight": MIXED}, sources=300)
case("32 bits", [("double", "double", 1)], {"weight": MIXED, "weight_bits": 32})
case(
    "a port with one that is long",
    [("double", "float", 1), ("double", "double", 1), ("double", "", 1)],
    SIXTEEN,
    {"weight": MIXED, "weight_bits": 32},
    {"weight": "0.1 mV"},
)
case("weights that change", [("int32_t", "int16_t", 1)], SIXTEEN, timeline=[SET])
case("several, then one", [("int32_t", "int16_t", 1)], SIXTEEN, timeline=[SET_ONE])
case(
    "one, then several",
    [("int32_t", "int16_t", 1)],
    SIXTEEN | {"weight": "0.37 mV"},
    timeline=[SET, SET_ONE | {"at": "8 ms"}],
)
case("one, then another", [("int32_t", "", 1)], {"weight": "0.6 mV"}, timeline=[SET_ONE])
case(
    "32 bits that change",
    [("double", "double", 1)],
    {"weight": MIXED, "weight_bits": 32},
    timeline=[SET],
)


@pytest.mark.parametrize("name", CASES)
def test_layouts(name: str) -> None:
    network, wanted = CASES[name]
    assert layouts(network) == wanted
    assert_agrees(network)


# --- rows of weights ------------------------------------------------------------------------------

DENSE = {"delay": "0.3 ms"}
HOLES = DENSE | {"rule": {"pairwise_bernoulli": {"p": 0.9}}}
SWITCH = [{"at": "4 ms", "disconnect": "p0"}, {"at": "7 ms", "connect": "p0"}]
ROWS: dict[str, RealisedNetwork] = {
    "one weight": net(DENSE | {"weight": "-0.31 mV"}),
    "16 bits": net(DENSE | SIXTEEN),
    "16 bits in another unit": net(
        DENSE | SIXTEEN, SIXTEEN | {"weight": normal("0 mV", "0.002 mV")} | DENSE
    ),
    "32 bits": net(DENSE | {"weight": MIXED}),
    "binary32": net(HOLES | {"weight": MIXED}, sources=300),
    "binary64": net(HOLES | {"weight": MIXED, "weight_bits": 32}),
    "one weight, added to what is long": net(
        HOLES | {"weight": "0.1 mV"}, HOLES | {"weight": MIXED, "weight_bits": 32}
    ),
    "holes": net(HOLES | SIXTEEN, HOLES | {"weight": "0.2 mV"}),
    "no delay": net(HOLES | SIXTEEN | {"delay": "0 ms"}),
    "a weight that changes": net(HOLES | {"weight": "0.6 mV"}, timeline=[SET_ONE]),
    "what is switched": net(HOLES | SIXTEEN, timeline=SWITCH),
    "many neurons": net(DENSE | SIXTEEN, sources=5, targets=70_000),
}
LISTS: dict[str, RealisedNetwork] = {
    "several delays": net(SIXTEEN),
    "few edges": net(DENSE | SIXTEEN | {"rule": {"pairwise_bernoulli": {"p": 0.1}}}),
    "edges side by side": net(DENSE | SIXTEEN | {"rule": {"fixed_indegree": {"indegree": 40}}}),
    "weights of edges that change": net(DENSE | SIXTEEN, timeline=[SET]),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_of_weights(name: str) -> None:
    assert all(in_rows(ROWS[name]))
    assert_agrees(ROWS[name])


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_edges(name: str) -> None:
    assert not any(in_rows(LISTS[name]))
    assert_agrees(LISTS[name])


def test_rows_are_for_nearly_all_edges_that_there_can_be() -> None:
    pairs = 1_000_000
    for size in (0, 2, 4, 8):
        chosen = [are_rows_cheaper(p * pairs, pairs, size) for p in np.linspace(0, 1, 101)]
        assert chosen == sorted(chosen)
        assert not chosen[20]
        assert chosen[55]


@pytest.mark.parametrize(("edges", "kind"), [(128, "int32_t"), (129, "double")])
def test_the_largest_sums(edges: int, kind: str) -> None:
    """All edges deliver at once, and 2^31 - 1 is the most that fits."""
    weights = [f"{((1 << 24) - 1 - (n == 1)) / (1 << 24)} V" for n in range(edges)]
    once = {"weight": weights, "source": "once", "delay": "0.3 ms"}
    alone = net(once, sources=edges, targets=1)
    assert layouts(alone) == [(kind, "int32_t" if kind == "int32_t" else "float", 1)]
    assert_agrees(alone)
    with_another = net(once, {"weight": "-1 mV"}, sources=edges, targets=1)
    assert {each[0] for each in layouts(with_another)} == {"double"}
    assert_agrees(with_another)


def test_more_neurons_than_16_bits_tell_apart() -> None:
    rule = {"fixed_outdegree": {"outdegree": 3000}}
    network = net(SIXTEEN | {"rule": rule}, {"rule": rule, "weight": "0.3 mV"}, targets=70_000)
    assert_agrees(network)


def test_a_source_has_one_list_of_edges_in_a_part_however_many_populations_it_reaches() -> None:
    sparse = {"rule": {"fixed_indegree": {"indegree": 1}}} | SIXTEEN
    populations = {name: {"size": 40_000, "cell": "leaky"} for name in ("cells", "too")}
    network = net(sparse, sparse | {"target": "too"}, populations=populations)
    context = Context(network, NativeOptions())
    assert context.least_parts == 2
    assert [len(group.links) for group in context.groups] == [2]
    assert_agrees(network)


# --- what weights have in common ------------------------------------------------------------------


def test_the_unit_of_one_weight_is_that_weight() -> None:
    assert multiples(np.array(-0.3)) == Multiples(Fraction(0.3), 1)
    assert multiples(np.zeros(())) == Multiples(Fraction(0), 0)


def test_the_unit_of_several_weights_is_a_power_of_two() -> None:
    assert multiples(np.array([6.0, -10.0, 0.0])) == Multiples(Fraction(2), 5)
    assert multiples(np.array([0.75, 0.25], np.float32)) == Multiples(Fraction(1, 4), 3)
    assert multiples(np.zeros(3)) == Multiples(Fraction(0), 0)


def test_weights_that_need_more_than_32_bits_have_no_unit() -> None:
    for kind in (np.float32, np.float64):
        for scale in (1.0, 2.0**-110):
            few = np.array([-scale, 2.0**-30 * scale], kind)
            assert multiples(few) == Multiples(Fraction(2.0**-30 * scale), 2**30)
            assert multiples(np.array([scale, 2.0**-31 * scale], kind)) is None
    assert multiples(np.array([1.0, 1.0 + 2.0**-50])) is None
    assert multiples(np.array([2.0**-1000, 0.0])) is None
    assert multiples(np.array(2.0**-1000)) is None


def test_weights_that_32_bits_cannot_hold_are_wide() -> None:
    for weights, kind in (
        ([1e300, 1e299], "double"),
        ([0.1, 0.2], "double"),
        ([1.5, 3.0], "float"),
    ):
        assert stored(Feed((np.array(weights),), None, 3), Row()).kind == kind


def test_what_is_joined_has_the_unit_of_all() -> None:
    assert Multiples(Fraction(3), 5).joined(Multiples(Fraction(2), 7)) == Multiples(Fraction(1), 15)
    assert Multiples(Fraction(0), 0).joined(Multiples(Fraction(2), 7)) == Multiples(Fraction(2), 7)


def of(*weights: float, edges: int) -> Feed:
    return Feed(tuple(map(np.asarray, weights)), multiples(np.asarray(weights)), edges)


def test_sums_are_whole_if_32_bits_hold_the_largest() -> None:
    assert row([of(2.0, -4.0, edges=2**20)]) == Row(Fraction(2))
    assert row([of(1.0, 2.0, edges=2**30 - 1)]) == Row(Fraction(1))
    assert row([of(1.0, 2.0, edges=2**30)]) == Row()
    assert row([of(1.0, 2.0, edges=2**29), of(2.0, edges=2**29)]) == Row()
    assert row([]) == Row()


def test_a_unit_that_products_would_round_is_none() -> None:
    alone = Feed((np.asarray(0.1),), multiples(np.asarray(0.1)), 3)
    assert row([alone]) == Row()
