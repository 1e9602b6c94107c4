"""Every model of the library does something under every integrator, and the same on every backend.

A new model is tested by being there, with the typical values of its parameters. Backends are
compared in the long form, as that takes some hundred populations; before every change
`test_whole_library` has each model once.
"""

from __future__ import annotations

from functools import cache

import pytest
from library.networks import cell_with, declared, library_network, models, populations

from netspec import library
from netspec.backend.protocol import AnyBackend
from netspec.backend.registry import available
from netspec.backend.require import missing_features
from netspec.compare import record_differences, with_all_spikes
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.results.record import RunRecord
from netspec.testing.conformance import expected, run
from netspec.testing.oracle import backend as oracle

pytestmark = pytest.mark.xdist_group("library")  # the oracle runs all of it once

BACKENDS = available()


@cache
def realised(chosen: tuple[tuple[str, str], ...]) -> RealisedNetwork:
    return with_all_spikes(pipeline.realised(library_network(chosen)))


def possible(backend: AnyBackend) -> tuple[tuple[str, str], ...]:
    """Return the models that a backend does not say it lacks something for."""
    return tuple(each for each in models() if not missing_features(realised((each,)).ir, backend))


def is_driven(kind: str, name: str) -> bool:
    """Tell whether a model is in a membrane that has a constant input and spikes."""
    membrane = declared("cells", cell_with(kind, name)["model"])
    return kind != "receptors" and "I_e" in membrane.parameters and membrane.spike is not None


def whole_library() -> RunRecord:
    return expected(realised(tuple(models())))


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in BACKENDS if BACKENDS[name] is not oracle])
def test_backends_agree_on_the_library(name: str) -> None:
    backend = BACKENDS[name]
    network = realised(possible(backend))
    found = run(backend, backend.options(), network)
    assert found.outcome is None
    assert record_differences(expected(network), found, network) == []


@pytest.mark.parametrize(("kind", "name"), [each for each in models() if is_driven(*each)])
def test_a_constant_input_makes_a_neuron_spike_under_every_integrator(kind: str, name: str) -> None:
    for population in populations(kind, name):
        assert 1 in whole_library().spikes[population].indices


@pytest.mark.parametrize("name", library.names("receptors"))
def test_events_change_a_receptor_under_every_integrator(name: str) -> None:
    recordings = realised(tuple(models())).ir.state_recordings
    samples = list(zip(recordings, whole_library().states, strict=True))
    for population in populations("receptors", name):
        own = [each for recording, each in samples if recording.population == population]
        assert any((each[:, 0] != each[:, 1]).any() for each in own)
