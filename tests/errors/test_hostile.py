"""Hostile texts in every place where a document may hold a text: refused, or kept as free text.

The places are read from the JSON Schema, so a new field of the language is tested by being there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from errors.corpus import FOLDER
from errors.payloads import payloads
from errors.places import Place, text_places

from netspec.errors import Diagnostic, SpecError
from netspec.ir.dump import dump
from netspec.passes import pipeline
from netspec.schema import json_schema
from netspec.spec.network import Network

DOCUMENT: dict[str, Any] = json.loads(
    Path(__file__).with_name("everything.json").read_text(encoding="utf-8")
)
PLACES = text_places(json_schema(), DOCUMENT)

FREE_TEXT = ("$schema", "description", "source")
"""Fields for people, which may hold anything; they go nowhere."""


def is_free(place: Place) -> bool:
    return place.name.rpartition(".")[2] in FREE_TEXT


def test_the_document_with_everything_is_good() -> None:
    assert pipeline.check(Network(**DOCUMENT).in_folder(FOLDER)).diagnostics == ()


def test_the_places_are_many() -> None:
    names = {place.name for place in PLACES}
    assert len(names) > 200
    assert {"name", "dt", "cells.{}", "cells.own.model.equations.derivatives.V"} <= names
    assert {"projections.ext_exc.source", "timeline.2.set.{}", "monitors.spikes.0"} <= names


KINDS = list(payloads(Path("canary")))
SHARE = 4
"""Of the places, one in so many is tried with each text; all of them in the long form."""


@pytest.mark.parametrize("number", range(len(KINDS)), ids=KINDS)
def test_a_hostile_text_is_refused_where_it_has_a_meaning(number: int, tmp_path: Path) -> None:
    check_refused(KINDS[number], PLACES[number % SHARE :: SHARE], tmp_path / "canary")


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_text_is_refused_wherever_it_has_a_meaning(kind: str, tmp_path: Path) -> None:
    check_refused(kind, PLACES, tmp_path / "canary")


def check_refused(kind: str, places: list[Place], canary: Path) -> None:
    """Put a text into some places; only those for people may take it."""
    text = payloads(canary)[kind]
    outcomes = {place: outcome(place.put(text)) for place in places}
    accepted = {place.name for place, said in outcomes.items() if isinstance(said, Network)}
    assert accepted == {place.name for place in places if is_free(place)} & accepted
    assert accepted or kind in ("long", "parentheses")
    for said in outcomes.values():
        if isinstance(said, Network):
            assert_unseen(said, text)
        else:
            assert_readable(said)
    assert not canary.exists()


def outcome(document: dict[str, Any]) -> Network | tuple[Diagnostic, ...]:
    """Return the network that a document is, or what is wrong with it."""
    try:
        network = Network(**document).in_folder(FOLDER)
        report = pipeline.check(network)
    except SpecError as error:
        return error.diagnostics
    return network if report.ok else report.diagnostics


def assert_readable(diagnostics: tuple[Diagnostic, ...]) -> None:
    for diagnostic in diagnostics:
        assert len(diagnostic.render()) < 2000
        assert all(line.isprintable() for line in diagnostic.render().split("\n"))


def assert_unseen(network: Network, text: str) -> None:
    """A free text reaches no backend."""
    if text.strip():
        assert text not in dump(pipeline.lowered(network))
