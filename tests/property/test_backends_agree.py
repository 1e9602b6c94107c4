"""Random small networks: every backend does what the oracle does, spikes and state."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from property.networks import documents

import netspec
from netspec.backend.registry import available
from netspec.passes.pipeline import realised
from netspec.testing.conformance import check_backend
from netspec.testing.oracle import backend as oracle

COMMON = {
    "derandomize": True,
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
BACKENDS = [name for name in available() if name != oracle.name]


def disagreements(document: dict[str, Any], names: list[str]) -> list[str]:
    """Return how backends differ from the oracle on a document."""
    network = realised(netspec.Network(**document))
    backends = [available()[name] for name in names]
    return [
        f"{backend.name}: {text}"
        for backend in backends
        for text in check_backend(backend, backend.options(), {"random": network})
    ]


@pytest.mark.timeout(900)
@given(document=documents())
@settings(max_examples=50, **COMMON)
def test_random_networks_agree_on_every_backend(document: dict[str, Any]) -> None:
    assert disagreements(document, BACKENDS) == []


@pytest.mark.long
@pytest.mark.timeout(7200)
@given(document=documents())
@settings(max_examples=1000, **COMMON)
def test_many_random_networks_agree_on_every_backend(document: dict[str, Any]) -> None:
    assert disagreements(document, BACKENDS) == []


@given(document=documents())
@settings(max_examples=200, **COMMON)
def test_random_documents_survive_a_round_trip(document: dict[str, Any]) -> None:
    network = netspec.Network(**document)
    again = netspec.Network.loads(network.to_json())
    assert again.to_document() == network.to_document() == document
    assert again.fingerprint() == network.fingerprint()
