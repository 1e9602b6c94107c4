"""Which backends a description is checked on, and that it is realised and run once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from unit.backend.fakes import FakeBackend, install
from unit.cli.conftest import DOCUMENT

from netspec import api
from netspec.backend.registry import BackendChoiceError, get
from netspec.golden.subject import Subject, choice_of, usual_backends


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "small.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


def test_the_oracle_is_for_what_is_small(spec: Path) -> None:
    assert get("oracle").capabilities.most_neuron_steps == 10_000_000
    small = Subject(str(spec))
    assert small.neuron_steps == (10 + 20) * 200
    assert {"numpy", "oracle"} <= set(usual_backends(small))
    spec.write_text(json.dumps({**DOCUMENT, "duration": "40 s"}))
    large = Subject(str(spec))
    assert "numpy" in usual_backends(large)
    assert "oracle" not in usual_backends(large)


def test_a_network_is_realised_once_and_run_once_on_each_backend(
    spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = FakeBackend("one"), FakeBackend("two", spike_at=3)
    install(monkeypatch, one, two)
    realised = []

    def counted(*arguments, **named):
        realised.append(arguments)
        return realise(*arguments, **named)

    realise = api.realise
    monkeypatch.setattr(api, "realise", counted)
    subject = Subject(str(spec), ("one", "two"))
    assert not realised
    for _ in range(2):
        assert subject.run("one").spike_digest != subject.run("two").spike_digest
    assert len(realised) == len(one.built) == len(two.built) == 1
    assert [backend.name for backend, _ in realised[0][1]] == ["one", "two"]


def test_all_spikes_and_nothing_else_are_recorded(spec: Path, monkeypatch) -> None:
    backend = FakeBackend("one")
    install(monkeypatch, backend)
    Subject(str(spec)).run("one")
    assert backend.network is not None
    network = backend.network.ir
    assert {each.name for each in network.spike_recordings} == {"exc", "ext"}
    assert all(each.windows is None for each in network.spike_recordings)
    assert (network.state_recordings, network.count_recordings) == ((), ())


def test_state_is_not_left_out() -> None:
    with pytest.raises(BackendChoiceError, match="'numpy:state_digest=false' leaves the state"):
        choice_of("numpy:state_digest=false")
