"""Tables of projections are the projections that they stand for, and their problems have places."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from unit.documents import document

from netspec.errors import SpecError
from netspec.passes import pipeline
from netspec.passes.expand import expand
from netspec.spec.network import Network

DRAWN = {"normal": {"mean": "4 nS", "sd": "1 nS", "redraw": ["0 nS", None]}}

TABLE: dict[str, Any] = {
    "sources": ["exc", "inh[1:3]", "ext"],
    "targets": ["exc", "inh"],
    "receptor": {"by_source": ["AMPA", "GABA", "AMPA"]},
    "rule": {"fixed_total_number": {"number": {"table": [[30, 0, 15], [12, 5, None]]}}},
    "weight": {
        "by_source": [
            "1 nS",
            {"normal": {"mean": "4 nS", "sd": "1 nS", "redraw": ["0 nS", None]}},
            "2 nS",
        ]
    },
    "delay": {"by_target": ["1 ms", "0.5 ms"]},
    "exceptions": [{"source": "exc", "target": "inh", "weight": "(1 + i)*nS"}],
}

TIMELINE = [
    {"at": "3 ms", "disconnect": "net"},
    {"at": "5 ms", "connect": "net_exc_inh"},
    {"at": "6 ms", "set": {"net_ext_exc.weight": "3 nS"}},
]


def network(**changes: Any) -> Network:
    inputs = {"ext": {"model": "poisson", "size": 20, "rate": "90 Hz"}}
    sections = {"inputs": inputs, "projections": {}, "timeline": [], **changes}
    return Network(**document(**sections))


def with_table(changes: dict[str, Any] | None = None, **sections: Any) -> Network:
    whole = network(tables={"net": TABLE}, **sections)
    return whole.replace(changes) if changes else whole


def written_out(number: int, source: str, target: str, **changes: Any) -> dict[str, Any]:
    return {
        "source": source,
        "target": target,
        "receptor": "GABA" if source == "inh[1:3]" else "AMPA",
        "rule": {"fixed_total_number": {"number": number}},
        "delay": "1 ms" if target == "exc" else "0.5 ms",
        **changes,
    }


PROJECTIONS = {
    "net_exc_exc": written_out(30, "exc", "exc", weight="1 nS"),
    "net_ext_exc": written_out(15, "ext", "exc", weight="2 nS"),
    "net_exc_inh": written_out(12, "exc", "inh", weight="(1 + i)*nS"),
    "net_inh_1_3_inh": written_out(5, "inh[1:3]", "inh", weight=DRAWN),
}


def problems(checked: Network) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in pipeline.check(checked).diagnostics]


def test_a_table_is_the_projections_that_it_stands_for() -> None:
    switched = [{"at": "3 ms", "disconnect": each} for each in PROJECTIONS]
    meant = network(projections=PROJECTIONS, timeline=[*switched, *TIMELINE[1:]])
    table = with_table(timeline=TIMELINE)
    assert expand(table).network == meant
    assert table.fingerprint() == meant.fingerprint()
    runs = (each.run(backend=name) for each in (table, meant) for name in ("oracle", "numpy"))
    assert len({(each.digest(), each.state_digest()) for each in runs}) == 1


def test_what_is_printed_after_the_pass_is_a_document() -> None:
    table = with_table(timeline=TIMELINE)
    printed = pipeline.PASSES["expand"](table, None)
    assert "tables" not in json.loads(printed)
    assert Network.loads(printed).fingerprint() == table.fingerprint()


def test_values_for_all_pairs_and_by_target_are_taken() -> None:
    rule = {"pairwise_bernoulli": {"p": {"by_target": [0.5, 0]}, "allow_autapses": False}}
    table = with_table(
        {"tables.net.rule": rule, "tables.net.receptor": "AMPA", "tables.net.exceptions": []}
    )
    found = expand(table).network.projections
    assert list(found) == ["net_exc_exc", "net_inh_1_3_exc", "net_ext_exc"]
    for each in found.values():
        assert each.receptor == "AMPA"
        assert each.rule.model_dump(mode="json", exclude_none=True) == {
            "pairwise_bernoulli": {"p": 0.5, "allow_autapses": False}
        }


@pytest.mark.parametrize(
    ("rule", "is_there"),
    [
        ({"pairwise_bernoulli": {"p": 0.0}}, False),
        ({"pairwise_bernoulli": {"p": "0.5*i/100"}}, True),
        ({"pairwise_poisson": {"mean": "0 * 1"}}, True),
        ({"pairwise_poisson": {"mean": 0}}, False),
        ({"fixed_outdegree": {"outdegree": 0}}, False),
        ({"fixed_indegree": {"indegree": 0}}, False),
        ({"fixed_total_number": {"number": 0}}, False),
        ({"explicit": {"pairs": []}}, True),
        ({"all_to_all": {}}, True),
    ],
)
def test_there_is_no_projection_where_a_number_of_edges_is_zero(
    rule: dict[str, Any], is_there: bool
) -> None:
    table = {**TABLE, "rule": rule, "exceptions": []}
    assert len(expand(network(tables={"net": table})).network.projections) == 6 * is_there


def test_null_leaves_out_a_pair_whatever_it_is_a_value_of() -> None:
    weights = [["1 nS", None, "1 nS"], [None, "1 nS", "1 nS"]]
    table = {**TABLE, "weight": {"table": weights}, "rule": {"all_to_all": {}}}
    names = {"net_exc_exc", "net_ext_exc", "net_inh_1_3_inh", "net_ext_inh", "net_exc_inh"}
    # the exception has a weight where the table has none
    assert expand(network(tables={"net": table})).network.projections.keys() == names


def test_in_python_a_table_may_be_an_array() -> None:
    p = np.array([[0.1, 0.2, 0.3], [0.4, 0.0, 0.6]])
    rule = {"pairwise_bernoulli": {"p": {"table": p}}}
    listed = {"pairwise_bernoulli": {"p": {"table": p.tolist()}}}
    arrays, lists = (network(tables={"net": {**TABLE, "rule": each}}) for each in (rule, listed))
    assert arrays.to_document() == lists.to_document()


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"sources[1]": "inhh"}, "unknown-population", "sources[1]"),
        ({"targets[1]": "inh[0:9]"}, "bad-view", "targets[1]"),
        ({"receptor": "NMDA"}, "unknown-receptor", "receptor"),
        ({"receptor.by_source[2]": "NMDA"}, "unknown-receptor", "receptor.by_source[2]"),
        ({"weight.by_source[0]": "1 mV"}, "wrong-dimension", "weight.by_source[0]"),
        (
            {"weight.by_source[1].normal.sd": "-1 nS"},
            "bad-distribution",
            "weight.by_source[1].normal.sd",
        ),
        ({"weight.by_source[2]": "log(-1 - i)*nS"}, "not-finite", "weight.by_source[2]"),
        ({"delay.by_target[1]": "0.05 ms"}, "not-a-multiple-of-dt", "delay.by_target[1]"),
        ({"delay": "0.05*ms*i"}, "not-a-multiple-of-dt", "delay"),
        ({"min_delay": "1 ms"}, "not-drawn", "min_delay"),
        (
            {
                "rule.fixed_total_number.number.table[1][0]": 41,
                "rule.fixed_total_number.allow_multapses": False,
            },
            "too-many-connections",
            "rule.fixed_total_number.number.table[1][0]",
        ),
        ({"rule": {"one_to_one": {}}}, "size-mismatch", "rule.one_to_one"),
        ({"exceptions[0].weight": "1 mV"}, "wrong-dimension", "exceptions[0].weight"),
        (
            {"exceptions[0].rule": {"one_to_one": {}}},
            "size-mismatch",
            "exceptions[0].rule.one_to_one",
        ),
    ],
)
def test_a_problem_of_a_projection_has_its_place_in_the_table(
    changes: dict[str, Any], code: str, path: str
) -> None:
    if "sources[1]" in changes or "targets[1]" in changes:
        changes["exceptions"] = []
    checked = with_table({f"tables.net.{place}": value for place, value in changes.items()})
    assert (code, f"tables.net.{path}") in problems(checked)
    assert {path for _, path in problems(checked)} == {f"tables.net.{path}"}


def test_what_is_short_of_memory_is_named() -> None:
    (problem,) = pipeline.check(with_table(), max_memory=1000).diagnostics
    assert problem.code == "too-much-memory"
    rule = {"fixed_total_number": {"number": {"table": [[10**9, 0, 0], [0, 0, 0]]}}}
    changed = with_table({"tables.net.rule": rule, "tables.net.exceptions": []})
    (problem,) = pipeline.check(changed, max_memory=10**9).diagnostics
    assert problem.path == "tables.net"
    assert "synapses of 'net_exc_exc'" in problem.message


def test_entries_of_the_timeline_keep_their_places() -> None:
    timeline = [{"at": "1 ms", "disconnect": "net"}, {"at": "2 ms", "connect": "nut"}]
    assert problems(with_table(timeline=timeline)) == [
        ("unknown-projection", "timeline[1].connect")
    ]
    late = [{"at": "1 ms", "disconnect": "net"}, {"at": "0.05 ms", "connect": "net"}]
    assert problems(with_table(timeline=late)) == [("not-a-multiple-of-dt", "timeline[1].at")]


def test_what_pairs_share_is_said_once() -> None:
    report = pipeline.check(with_table())
    assert len(report.defaults) == len(set(report.defaults))
    assert ("tables.net.weight_bits", "24") in report.defaults
    assert [path for path, _ in report.drawn] == ["tables.net.weight.by_source[1]"]
    assert len(report.projections) == 4


def test_every_wrong_table_is_reported() -> None:
    wrong = {**TABLE, "weight": {"by_target": ["1 nS"]}}
    with pytest.raises(SpecError) as caught:
        expand(network(tables={"one": wrong, "two": wrong}))
    assert [each.path for each in caught.value.diagnostics] == [
        "tables.one.weight.by_target",
        "tables.two.weight.by_target",
    ]
