"""All models of the library in one network, on every backend and every choice of its options.

Each model is in it once, with the integrator that is chosen where none is named. The long form also
runs it with every other choice, and 50 neurons of each membrane, all recurrent, with noise
everywhere.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from library.networks import declared, models
from library.recurrent import filled_membranes, whole_library

from netspec import library
from netspec.backend.protocol import AnyBackend, BackendOptions
from netspec.backend.require import missing_features
from netspec.compare import record_differences
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.testing.conformance import (
    default_choices,
    expected,
    other_choices,
    run,
)


@cache
def short() -> RealisedNetwork:
    return pipeline.realised(whole_library(5, "100 ms"))


@cache
def long() -> RealisedNetwork:
    return pipeline.realised(whole_library(50, "1 s", in_full=True))


def agrees(backend: AnyBackend, options: BackendOptions, network: RealisedNetwork) -> None:
    if missing := missing_features(network.ir, backend):
        pytest.skip(f"'{backend.name}' says that it lacks {', '.join(missing)}")
    # State that is sampled compiles faster than state that is hashed.
    without_digests = options.model_copy(update={"state_digest": False})
    wanted = replace(expected(network), state_digests={})
    assert record_differences(wanted, run(backend, without_digests, network), network) == []


def test_every_model_is_in_it() -> None:
    found = set()
    for membrane, receptors, mechanisms in filled_membranes():
        found.add(("cells", membrane))
        found |= {("receptors", str(each["model"])) for each in receptors.values()}
        found |= {("mechanisms", str(each["model"])) for each in mechanisms.values()}
    assert found >= set(models())


def test_all_that_can_spike_do() -> None:
    spikes = whole_library(5, "100 ms").run(backend="numpy", state_digest=False).spikes
    spiking = {name for name in spikes if spikes[name].step.size}
    assert spiking == {name for name in library.names("cells") if declared("cells", name).spike}


@pytest.mark.xdist_group("the library in one network")
@pytest.mark.parametrize(("backend", "options"), default_choices())
def test_backends_agree_on_it(backend: AnyBackend, options: BackendOptions) -> None:
    agrees(backend, options, short())


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("backend", "options"), other_choices())
def test_all_options_agree_on_it(backend: AnyBackend, options: BackendOptions) -> None:
    agrees(backend, options, short())


@pytest.mark.long
@pytest.mark.timeout(3 * 3600)
@pytest.mark.parametrize(("backend", "options"), [*default_choices(), *other_choices()])
def test_they_agree_on_a_second_of_noise(backend: AnyBackend, options: BackendOptions) -> None:
    agrees(backend, options, long())
