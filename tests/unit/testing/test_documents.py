"""Networks whose objects are renamed, and several networks in one."""

from __future__ import annotations

import pytest

from netspec.passes.pipeline import realised
from netspec.spec.network import Network
from netspec.testing.conformance import run
from netspec.testing.documents import Document, prefixed, together
from netspec.testing.oracle import backend as oracle
from netspec.testing.parts import (
    corners,
    delays,
    linear,
    recordings,
    refractory,
    repeats,
    timeline,
)


def outcome(document: Document) -> dict[str, tuple[list[int], list[int], str | None]]:
    """Return steps and indices of the spikes, and the state digest, of every object."""
    record = run(oracle, oracle.options(), realised(Network(**document)))
    return {
        name: (each.steps.tolist(), each.indices.tolist(), record.state_digests.get(name))
        for name, each in record.spikes.items()
    }


@pytest.mark.parametrize("part", [delays, refractory, corners])
def test_a_prefix_changes_names_and_nothing_else(part):
    """These networks draw nothing."""
    document = part() | {"duration": "20 ms", "timeline": []}
    assert outcome(prefixed(document, "a_")) == {
        f"a_{name}": each for name, each in outcome(document).items()
    }


def test_a_prefix_reaches_every_name():
    document = timeline()
    document["monitors"]["spikes"] = ["followers[1:3]", "metronome"]
    renamed = prefixed(document, "a_")
    assert renamed["populations"]["a_followers"]["cell"] == "a_follower"
    assert renamed["projections"]["a_steady"]["source"] == "a_metronome"
    assert renamed["projections"]["a_steady"]["target"] == "a_followers[1:4]"
    assert renamed["timeline"][1] == {"at": "10 ms", "connect": "a_gated"}
    assert renamed["timeline"][2] == {"at": "15.3 ms", "disconnect": "a_gated"}
    assert renamed["timeline"][4]["set"].keys() == {"a_steady.weight", "a_gated.weight"}
    assert renamed["monitors"]["spikes"] == ["a_followers[1:3]", "a_metronome"]
    assert [each["of"] for each in renamed["monitors"]["states"]] == ["a_followers"]
    Network(**renamed)


def test_a_prefix_reaches_names_in_monitors_and_additions():
    renamed = prefixed(recordings(), "a_")
    monitors = renamed["monitors"]
    assert monitors["spikes"] == [
        {"of": "a_crowd[1:5]", "during": ["a_late", ["3 ms", "4.4 ms"]]},
        "a_crowd_rain",
    ]
    assert monitors["counts"] == ["a_crowd", "a_crowd_rain[2:5]"]
    rates = ["a_crowd[1:6]", "a_crowd_rain", "a_crowd_rain"]
    assert [each["of"] for each in monitors["rates"]] == rates
    assert renamed["phases"].keys() == {"a_early", "a_late", "a_last"}
    assert renamed["timeline"][0]["stop_recording"] == "a_crowd_rain"
    assert renamed["timeline"][1]["start_recording"] == "a_crowd_rain"
    added = [each["add_edges"] for each in prefixed(repeats(), "a_")["timeline"][-2:]]
    assert [each["projection"] for each in added] == ["a_choir_wet", "a_choir_gated"]


def test_a_prefix_reaches_what_a_table_stands_for():
    document = timeline()
    table = document["projections"].pop("steady")
    ends = {"sources": [table.pop("source")], "targets": [table.pop("target")]}
    document["tables"] = {"web": table | ends}
    document["timeline"] = [{"at": "1 ms", "connect": "web"}]
    renamed = prefixed(document, "a_")
    assert "web" not in renamed["tables"]
    assert renamed["projections"]["a_web_metronome_followers_1_4"]["source"] == "a_metronome"
    assert renamed["timeline"] == [{"at": "1 ms", "connect": "a_web_metronome_followers_1_4"}]


def test_networks_in_one_have_one_space():
    parts = [delays() | {"space": {"period": ["1 mm"]}}, linear()]
    assert together(parts, "1 ms")["space"] == {"period": ["1 mm"]}
    with pytest.raises(ValueError, match="the space of 'linear' is not that of the others"):
        together([parts[0], linear() | {"space": {"period": ["2 mm"]}}], "1 ms")


def test_networks_run_together_as_they_do_alone():
    parts = [prefixed(make(), f"{make.__name__}_") for make in (refractory, linear)]
    whole = outcome(together(parts, "30 ms"))
    for part in parts:
        alone = outcome(part | {"duration": "30 ms"})
        assert {name: whole.pop(name) for name in alone} == alone
    assert not whole


def test_monitors_of_all_parts_are_kept():
    parts = [
        delays() | {"monitors": {"spikes": ["relays"]}},
        refractory(),
        linear() | {"monitors": {"spikes": ["rain"]}},
    ]
    monitors = together(parts, "1 ms")["monitors"]
    assert monitors["spikes"] == ["relays", "rain"]
    assert monitors["states"] == refractory()["monitors"]["states"]
