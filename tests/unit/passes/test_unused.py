"""What a description defines and nothing uses is a warning."""

from __future__ import annotations

from typing import Any

import pytest
from unit.documents import SMALL, small

from netspec.passes import pipeline

CELL = SMALL["cells"]["lif"]
GAP = {"model": "gap_junction"}
GAPS = {
    "source": "exc",
    "target": "exc",
    "receptor": "gap",
    "rule": {"all_to_all": {}},
    "weight": "1 nS",
}


def warned(changes: dict[str, Any]) -> list[tuple[str, str]]:
    report = pipeline.check(small(changes))
    assert report.ok
    return [(each.code, each.path) for each in report.diagnostics]


def test_what_is_used_is_passed_in_silence() -> None:
    assert warned({}) == []


def test_a_receptor_without_projections_is_told() -> None:
    unfed = [("unfed-receptor", "cells.lif.receptors.gap")]
    assert warned({"cells.lif.receptors.gap": GAP}) == unfed
    assert warned({"cells.lif.receptors.gap": GAP, "projections.gaps": GAPS}) == []


def test_one_population_is_enough_for_a_receptor_of_a_cell_that_several_share() -> None:
    assert warned({"projections.ext_exc.target": "inh"}) == []


def test_each_cell_has_receptors_of_its_own() -> None:
    changes = {"cells.other": CELL, "populations.inh.cell": "other"}
    assert warned(changes) == [("unfed-receptor", "cells.other.receptors.GABA")]


@pytest.mark.parametrize(
    "changes",
    [
        {"projections.beat_exc.connected": False},
        {"projections.beat_exc.target": "exc[0:0]"},
        {"projections.beat_exc.source": "exc"},
    ],
)
def test_a_projection_feeds_whatever_comes_of_it(changes: dict[str, Any]) -> None:
    found = warned({**changes, "monitors.spikes": ["beat"]})
    assert found == []


def test_a_cell_without_a_population_is_told_and_its_receptors_are_not() -> None:
    assert warned({"cells.other": CELL}) == [("unused-cell", "cells.other")]


def test_an_input_that_nobody_hears_is_told_unless_it_is_recorded() -> None:
    more = {"inputs.mute": {"model": "spike_times", "times": [[]]}}
    assert warned(more) == [("unused-input", "inputs.mute")]
    assert warned({**more, "monitors.spikes": ["mute[0:0]"]}) == []


def test_a_drive_feeds_a_receptor_and_is_used_itself() -> None:
    drive = {
        "model": "poisson_drive",
        "target": "inh[0:2]",
        "receptor": "more",
        "rate": "9 Hz",
        "weight": "1 nS",
    }
    receptor = {"cells.lif.receptors.more": CELL["receptors"]["AMPA"]}
    assert warned(receptor) == [("unfed-receptor", "cells.lif.receptors.more")]
    assert warned({**receptor, "inputs.drive": drive}) == []


def test_trains_that_are_computed_like_cells_are_inputs_all_the_same() -> None:
    moving = {"model": "poisson", "size": 2, "rate": "9*hertz*t/second"}
    assert warned({"inputs.moving": moving}) == [("unused-input", "inputs.moving")]
