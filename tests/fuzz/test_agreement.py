"""Backends agree on networks that no other test has; what they disagree on is written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from controls.broken import Misreading
from fuzz import subjects
from fuzz.agreement import Figures, Side, fault, installed_sides, search
from unit.backend.fakes import MISSING, FakeBackend, install, point

from netspec.backend.registry import available
from netspec.passes.pipeline import prepare, realised
from netspec.realise.network import RealisedNetwork, RealisedProjection
from netspec.spec.network import Network
from netspec.testing.oracle import backend as oracle


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody needs what is compiled here a second time."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", subjects.KINDS)
def test_backends_agree_on_new_networks(
    kind: str, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    sides, left_out = installed_sides()
    figures = Figures(left_out)
    seconds = pytestconfig.getoption("fuzz_seconds")
    finding = search(seconds, subjects.FIRST_NEW, sides, [kind], figures)
    print(figures)
    assert finding is None, f"{finding.text}\n\nwritten to {finding.write(tmp_path)}"
    assert figures.networks[kind] > figures.refused[kind]
    assert {name.partition(" ")[0] for name in figures.runs} == {s.backend.name for s in sides}


@pytest.mark.parametrize("name", available())
def test_every_backend_takes_part(name: str) -> None:
    sides, left_out = installed_sides()
    if name in left_out:
        pytest.skip(left_out[name])
    assert name in {each.backend.name for each in sides}


def test_a_backend_that_lacks_what_it_needs_is_left_out_with_a_note(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    simulators = (FakeBackend("here", most_neuron_steps=9), FakeBackend("away", simulator=None))
    install(monkeypatch, *simulators, point("odd", ImportError("no such module")))
    sides, left_out = installed_sides()
    assert [each.name for each in sides] == ["here", "here threads=2", "here threads=3"]
    assert left_out["away"] == MISSING
    assert "cannot be imported" in left_out["odd"]
    said = str(Figures(left_out)).splitlines()
    assert f"left out      'away': {MISSING}" in said


def late(network: RealisedNetwork) -> RealisedNetwork:
    """Return a network whose events all arrive one step later."""
    projections = {
        name: RealisedProjection.of(each.sources, each.targets, each.weights, each.delays + 1)
        for name, each in network.projections.items()
    }
    return replace(network, projections=projections)


def broken(change: Any) -> list[Side]:
    """Return the oracle, and one that misreads networks."""
    options = oracle.options()
    return [Side(oracle, options), Side(Misreading(oracle, change), options)]


@pytest.mark.parametrize("kind", subjects.KINDS)
def test_a_network_that_shows_a_fault_is_written_with_a_report(kind: str, tmp_path: Path) -> None:
    sides = broken(late)
    finding = search(60, subjects.FIRST_NEW, sides, [kind])
    assert finding is not None
    folder = finding.write(tmp_path)
    (document,) = folder.glob("*-*.json")
    report = (folder / "report.txt").read_text(encoding="utf-8")
    assert report.startswith("oracle and broken disagree\n")
    assert "'oracle' (expected) and 'broken' (got) part in step" in report
    network = realised(Network.load(document))
    said = fault(network, sides, Figures())
    assert said is not None
    assert said in report


def test_a_backend_that_fails_is_found() -> None:
    def fail(network: RealisedNetwork) -> RealisedNetwork:
        raise ZeroDivisionError(network.fingerprint)

    finding = search(60, subjects.FIRST_NEW, broken(fail), ["random"])
    assert finding is not None
    assert finding.text.startswith("broken fails\n")
    assert "ZeroDivisionError" in finding.text


def changed_examples() -> Iterator[subjects.Subject]:
    yield from map(subjects.changed_example, range(40))


def test_changed_examples_are_small_and_mostly_networks() -> None:
    """Where this fails after an example has changed, `subjects` should change it otherwise."""
    for subject in changed_examples():
        populations = subject.document["populations"].values()
        small = [each["size"] for each in populations if "grid" not in each.get("positions", {})]
        assert sum(small) <= subjects.MOST_NEURONS + len(small)
    made = [is_network(subject) for subject in changed_examples()]
    assert sum(made) > 0.8 * len(made)


def is_network(subject: subjects.Subject) -> bool:
    try:
        prepare(subject.network())
    except ValueError:
        return False
    return True


def test_a_subject_follows_from_its_number() -> None:
    for make in subjects.KINDS.values():
        assert make(1000) == make(1000)
        assert make(1000) != make(1001)
