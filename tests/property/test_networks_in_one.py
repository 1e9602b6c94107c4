"""Three random networks as one, since compiled targets are dear: the long form has all options."""

from functools import cache

import pytest
from hypothesis import given, settings, strategies as st
from property import chosen
from property.chance import Document
from property.networks import documents, network

from netspec.backend.protocol import AnyBackend, BackendOptions
from netspec.passes.expand import expand
from netspec.passes.pipeline import realised
from netspec.realise.network import RealisedNetwork
from netspec.testing.conformance import (
    busiest,
    check_backend,
    expected,
    one_thread,
    other_choices,
)


@cache
def all_drawn() -> RealisedNetwork:
    return realised(chosen.in_one(chosen.read()))


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("backend", "options"), other_choices(busiest))
def test_they_agree_on_most_threads(backend: AnyBackend, options: BackendOptions) -> None:
    assert check_backend(backend, options, {"three in one": all_drawn()}) == []


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("backend", "options"), other_choices(one_thread))
def test_they_agree_whatever_the_options(backend: AnyBackend, options: BackendOptions) -> None:
    assert check_backend(backend, options, {"three in one": all_drawn()}) == []


def test_they_are_worth_compiling() -> None:
    """They have it all between them, and everything spikes."""
    assert set().union(*map(chosen.marks, chosen.read().values())) == chosen.TOGETHER
    assert chosen.silent(all_drawn()) == set()
    assert sum(each.steps.size for each in expected(all_drawn()).spikes.values()) > 300


@given(st.lists(documents(), min_size=2, max_size=3))
@settings(derandomize=True, max_examples=20)
def test_any_random_networks_can_be_put_together(several: list[Document]) -> None:
    parts = {f"n{number}": network(each) for number, each in enumerate(several)}
    whole = chosen.in_one(parts)
    written_out = [expand(each).network for each in parts.values()]
    for section in ("populations", "inputs", "projections", "phases", "timeline"):
        assert len(getattr(whole, section)) == sum(
            len(getattr(each, section)) for each in written_out
        )
    for kind in ("spikes", "states", "counts", "rates", "weights"):
        every = [getattr(each.monitors, kind) for each in written_out]
        assert len(getattr(whole.monitors, kind)) == sum(map(len, every))
