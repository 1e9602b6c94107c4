"""Edges that the timeline adds."""

from typing import Any

from unit.documents import small

from netspec.passes import pipeline

PAIRS = {"explicit": {"pairs": [[0, 1], [3, 2], [3, 2]]}}


def digests(*timeline: dict[str, Any], **projections: Any) -> tuple[dict[str, str], str]:
    changes = {f"projections.{name}": value for name, value in projections.items()}
    network = small({"duration": "30 ms", "timeline": list(timeline), **changes})
    results = network.run(backend="numpy")
    return results.digests, results.state_digest()


def test_added_edges_are_a_projection_that_is_connected_later():
    wet = small().to_document()["projections"]["ext_exc"]
    others = {**wet, "rule": PAIRS, "weight": "9 nS", "connected": False}
    added = {"projection": "ext_exc", "rule": PAIRS, "weight": "9 nS"}
    around = [
        {"at": "20 ms", "disconnect": "ext_exc"},
        {"at": "24 ms", "connect": "ext_exc"},
        {"at": "26 ms", "set": {"ext_exc.weight": "3 nS"}},
    ]
    theirs = [
        {"at": "3 ms", "connect": "more"},
        {"at": "20 ms", "disconnect": "more"},
        {"at": "24 ms", "connect": "more"},
        {"at": "26 ms", "set": {"more.weight": "3 nS"}},
    ]
    found = digests({"at": "3 ms", "add_edges": added}, *around)
    assert found == digests(*theirs, *around, more=others)
    assert found != digests(*around)


def test_edges_added_to_what_is_not_connected_wait():
    added = {"at": "3 ms", "add_edges": {"projection": "ext_exc", "rule": PAIRS}}
    off = {"at": "1 ms", "disconnect": "ext_exc"}
    assert digests(off, added) == digests(off)
    on = {"at": "9 ms", "connect": "ext_exc"}
    assert digests(off, added, on) != digests(off, on)


def test_edges_that_are_added_again_are_drawn_anew():
    added = {"projection": "ext_exc", "rule": {"fixed_total_number": {"number": 12}}}
    entry = {"at": "1 ms", "every": "1 ms", "until": "3 ms", "add_edges": added}
    made = pipeline.realised(small({"timeline": [entry, {"at": "2 ms", "add_edges": added}]}))
    names = ["_ext_exc_added_10", "_ext_exc_added_20", "_ext_exc_added_20_1"]
    drawn = {tuple(made.projections[name].sources.tolist()) for name in names}
    assert len(drawn) == 3
