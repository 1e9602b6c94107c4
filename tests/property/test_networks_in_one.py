"""Three random networks as one, on every choice of options: compiled targets are dear.

The documents in `drawn/` came from `networks.documents()` and were kept for having many spikes and
different cells. As one network their objects have other names and so other draws.
"""

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from property.networks import documents

import netspec
from netspec.backend.protocol import AnyBackend, BackendOptions
from netspec.passes.pipeline import realised
from netspec.realise.network import RealisedNetwork
from netspec.testing.conformance import check_backend, expected, one_thread, other_choices
from netspec.testing.documents import Document, prefixed, together

DRAWN = sorted((Path(__file__).parent / "drawn").glob("*.json"))
DURATION = "20 ms"


def in_one(parts: dict[str, Document]) -> netspec.Network:
    """Return the network that holds all parts, with their names before those of their objects."""
    renamed = [prefixed(part, f"{name}_") for name, part in parts.items()]
    return netspec.Network(**together(renamed, DURATION))


@cache
def all_drawn() -> RealisedNetwork:
    parts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in DRAWN}
    return realised(in_one(parts))


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("backend", "options"), other_choices(one_thread))
def test_they_agree_whatever_the_options(backend: AnyBackend, options: BackendOptions) -> None:
    assert check_backend(backend, options, {"three in one": all_drawn()}) == []


def test_they_are_worth_compiling() -> None:
    """Everything that can spike does, apart from the list that is empty."""
    assert len(DRAWN) == 3
    spikes = {name: each.steps.size for name, each in expected(all_drawn()).spikes.items()}
    assert {name for name, count in spikes.items() if count == 0} == {"second_in_b"}
    assert sum(spikes.values()) > 100


@given(st.lists(documents(), min_size=2, max_size=3))
@settings(derandomize=True, deadline=None, max_examples=20)
def test_any_random_networks_can_be_put_together(drawn: list[Document]) -> None:
    parts = {f"n{number}": each for number, each in enumerate(drawn)}
    network = in_one(parts)
    assert len(network.populations) == sum(len(each["populations"]) for each in drawn)
    assert len(network.timeline) == sum(len(each["timeline"]) for each in drawn)
    assert len(network.monitors.states) == sum(len(each["monitors"]["states"]) for each in drawn)
