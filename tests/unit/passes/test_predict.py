"""What a network will cost is known, and refused if it is too much, before anything is made."""

from __future__ import annotations

import math
import tracemalloc
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from promises import is_promised
from unit.documents import small

from netspec.errors import Diagnostic, SpecError
from netspec.passes import pipeline
from netspec.results.edges import EdgeList
from netspec.spec.network import Network


def recurrent(size: int, rule: dict[str, Any], **changes: Any) -> Network:
    projection = {
        "source": "exc",
        "target": "exc",
        "receptor": "AMPA",
        "rule": rule,
        "weight": "1 nS",
        "delay": "1 ms",
        **changes,
    }
    return small(
        {
            "populations": {"exc": {"size": size, "cell": "lif"}},
            "projections": {"rec": projection},
            "timeline": [],
            "monitors": {},
        }
    )


def refused(network: Network, max_memory: int | None = 16 * 10**9) -> Diagnostic:
    report = pipeline.check(network, max_memory=max_memory)
    (problem,) = report.diagnostics
    assert problem.code == "too-much-memory"
    return problem


@pytest.mark.parametrize(
    ("rule", "mean", "sd"),
    [
        ({"one_to_one": {}}, 1000, 0.0),
        ({"all_to_all": {}}, 10**6, 0.0),
        ({"pairwise_bernoulli": {"p": 0.2}}, 2e5, math.sqrt(10**6 * 0.2 * 0.8)),
        ({"pairwise_bernoulli": {"p": 0.0}}, 0, 0.0),
        ({"explicit": {"pairs": [[0, 1], [0, 1], [5, 5]]}}, 3, 0.0),
        ({"all_to_all": {"allow_autapses": False}}, 999_000, 0.0),
        ({"pairwise_bernoulli": {"p": 1, "allow_autapses": False}}, 999_000, 0.0),
        ({"fixed_outdegree": {"outdegree": 30}}, 30_000, 0.0),
        ({"fixed_indegree": {"indegree": 30, "allow_multapses": False}}, 30_000, 0.0),
        ({"fixed_total_number": {"number": 12_345}}, 12_345, 0.0),
        ({"pairwise_poisson": {"mean": 0.2}}, 2e5, math.sqrt(2e5)),
        ({"pairwise_poisson": {"mean": 2, "allow_autapses": False}}, 1_998_000, 1_998_000**0.5),
        ({"symmetric_pairwise_bernoulli": {"p": 0.5}}, 5e5, math.sqrt(1_999_000 * 0.25)),
    ],
)
def test_edges_are_predicted_with_their_spread(
    rule: dict[str, Any], mean: float, sd: float
) -> None:
    (edges,) = pipeline.check(recurrent(1000, rule)).projections
    assert (edges.name, edges.mean, edges.sd) == ("rec", mean, pytest.approx(sd))


PER_EDGE: list[dict[str, Any]] = [
    {},
    {"weight": "(1 + i)*nS"},
    {"weight": "(1 + i)*nS", "delay": "0.1*ms*(1 + j)"},
    {"delay": "0.1*ms*(1 + j)"},
    {"weight": {"normal": {"mean": "1 nS", "sd": "0.1 nS"}}},
    {"delay": {"normal": {"mean": "1.5 ms", "sd": "1 ms"}}},
    {
        "weight": {"normal": {"mean": "1 nS", "sd": "0.1 nS"}},
        "delay": {"normal": {"mean": "1.5 ms", "sd": "1 ms"}},
    },
    {
        "weight": {
            "normal": {"mean": "(1 + i)*nS", "sd": "0.1*nS*(1 + j)", "redraw": ["0 nS", None]}
        }
    },
]


def check_peak(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare the memory of one projection with what is predicted for it."""
    monkeypatch.setattr("netspec.realise.blocks.SIZE", 2**12)
    prepared = pipeline.prepare(network)
    (predicted,) = pipeline.check_memory(prepared).edges
    tracemalloc.start()
    try:
        made = pipeline.draw(prepared)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert made.network.projections["rec"].sources.size <= predicted.mean + 4 * predicted.sd
    assert peak < predicted.bytes + 6e6  # of blocks, and what does not grow with the edges


@pytest.mark.parametrize(
    "rule",
    [
        {"all_to_all": {}},
        {"all_to_all": {"allow_autapses": False}},
        {"pairwise_bernoulli": {"p": 0.5}},
        {"pairwise_bernoulli": {"p": "0.5 + 0*i"}},
        {"fixed_outdegree": {"outdegree": 700}},
        {"fixed_outdegree": {"outdegree": 1300, "allow_multapses": False}},
        {"fixed_indegree": {"indegree": 700, "allow_multapses": False, "allow_autapses": False}},
        {"fixed_total_number": {"number": 1_000_000}},
        {"fixed_total_number": {"number": 1_000_000, "allow_multapses": False}},
        {"fixed_total_number": {"number": 2_000_000, "allow_multapses": False}},
        {"pairwise_poisson": {"mean": 0.5, "allow_autapses": False}},
        {"symmetric_pairwise_bernoulli": {"p": 0.5, "allow_autapses": False}},
    ],
)
def test_rules_take_no_more_memory_than_predicted(
    rule: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    check_peak(recurrent(1500, rule), monkeypatch)


@pytest.mark.parametrize("changes", PER_EDGE)
@pytest.mark.parametrize("sets", [0, 2])
def test_values_of_edges_take_no_more_memory_than_predicted(
    changes: dict[str, Any], sets: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = [{"at": f"{n + 1} ms", "set": {"rec.weight": "(1 + j)*nS"}} for n in range(sets)]
    network = recurrent(1000, {"all_to_all": {}}, **changes)
    check_peak(network.replace({"timeline": weights}), monkeypatch)


@pytest.mark.parametrize(("end", "count"), [(".npz", 400_000), (".h5", 400_000), (".csv", 70_000)])
def test_files_of_edges_take_no_more_memory_than_predicted(
    end: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if end == ".h5" and not is_promised("h5py"):
        pytest.importorskip("h5py")
    order = np.random.default_rng(1).permutation(count)  # edges have to be sorted
    edges = EdgeList(
        sources=(order % 700).astype(np.uint32),
        targets=(order // 700).astype(np.uint32),
        weights=order * 1.25e-10,
        delays=order % 5,
        dt=Fraction(1, 10_000),
        unit="nS",
        weight_bits=24,
    )
    fields = edges.save(tmp_path / f"edges{end}")
    fields["rule"]["explicit"]["allow_multapses"] = False
    fields["weight"]["unit"] = "nS"  # each number is converted
    check_peak(recurrent(700, fields.pop("rule"), **fields).in_folder(tmp_path), monkeypatch)


def test_values_of_edges_take_more_memory_than_rules_where_many_are_kept() -> None:
    rule = {"all_to_all": {}}
    weights = [{"at": f"{n + 1} ms", "set": {"rec.weight": "i*nS"}} for n in range(2)]
    sizes = [
        pipeline.check(recurrent(100, rule, **changes)).projections[0].bytes
        for changes in ({}, {"weight": "i*nS", "delay": "0.1*ms*j"})
    ]
    sizes += [
        pipeline.check(network.replace({"timeline": weights})).projections[0].bytes
        for network in (
            recurrent(100, rule, weight="i*nS"),
            recurrent(100, rule, weight="i*nS", weight_bits=25),
        )
    ]
    assert sizes[0] == sizes[1] < sizes[2] < sizes[3]


@pytest.mark.parametrize(
    ("size", "rule"),
    [
        (10**6, {"all_to_all": {}}),
        (10**7, {"pairwise_bernoulli": {"p": 0.01}}),
        (2**31, {"pairwise_bernoulli": {"p": 1e-9}}),
        (10**6, {"fixed_outdegree": {"outdegree": 10**4}}),
        (10**6, {"fixed_indegree": {"indegree": 2**32 - 1}}),
        (10, {"fixed_total_number": {"number": 2**48 - 1}}),
        (1000, {"pairwise_poisson": {"mean": 2**32}}),
        (10**6, {"symmetric_pairwise_bernoulli": {"p": 0.01}}),
        (2**32 - 1, {"one_to_one": {}}),
        (2**32 - 1, {"all_to_all": {}}),
    ],
)
def test_too_many_synapses_are_refused_before_anything_is_allocated(
    size: int, rule: dict[str, Any]
) -> None:
    network = recurrent(size, rule)
    tracemalloc.start()
    try:
        problem = refused(network)
        with pytest.raises(SpecError, match="too-much-memory"):
            pipeline.realised(network, max_memory=16 * 10**9)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10e6
    assert "the limit is 16 GB" in problem.message
    assert problem.hints == ("raise the limit with --max-memory if the machine has the memory",)


def test_the_message_has_the_numbers_and_names_what_is_largest() -> None:
    problem = refused(recurrent(10**6, {"all_to_all": {}}))
    assert problem.path == "projections.rec"
    assert problem.message == (
        "the 1e+12 synapses of 'rec' need 18 TB of 18 TB in all; the limit is 16 GB"
    )


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"populations.exc": {"size": 2**32 - 1, "cell": "lif"}}, "populations.exc.size"),
        ({"inputs.ext.size": 2**32 - 1}, "inputs.ext.size"),
        ({"duration": "100000 s", "populations.exc.size": 1000}, "monitors.states"),
    ],
)
def test_neurons_and_samples_count_too(changes: dict[str, Any], path: str) -> None:
    everyone = {"states": [{"of": "exc", "variables": ["V"], "every": 10}]}
    network = small({"projections": {}, "timeline": [], "monitors": everyone, **changes})
    assert refused(network).path == path


def test_the_limit_can_be_raised_and_lowered() -> None:
    network = recurrent(1000, {"all_to_all": {}})
    assert pipeline.check(network, max_memory=10**8).ok
    assert refused(network, max_memory=10**6).code == "too-much-memory"


def test_without_a_limit_80_percent_of_the_free_memory_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = recurrent(10_000, {"all_to_all": {}})  # 1.6 GB
    monkeypatch.setattr("netspec.passes.predict.free_memory", lambda: 3 * 10**9)
    assert pipeline.check(network).ok
    monkeypatch.setattr("netspec.passes.predict.free_memory", lambda: 10**9)
    assert "the limit is 800 MB" in refused(network, max_memory=None).message


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"model": "poisson", "size": 2**32 - 1, "rate": "9*hertz*t/second"}, "size"),
        (
            {
                "model": "current",
                "target": "big[0:1]",
                "amplitude": {"array": {"values": [[1]] * 10**4, "unit": "pA", "interval": "1 ms"}},
            },
            "amplitude.array.values",
        ),
    ],
)
def test_inputs_that_take_too_much_are_refused(given: dict[str, Any], place: str) -> None:
    tracemalloc.start()
    try:
        big = {"size": 10**6, "cell": "lif"}
        changes = {"populations.big": big, "inputs.x": given}
        problem = refused(small(changes))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert problem.path == f"inputs.x.{place}"
    assert peak < 100e6
