"""Random small networks: every backend does what the oracle does, spikes and state."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from property.networks import CORPUS, document, documents, network

import netspec
from netspec.backend.protocol import RunControl
from netspec.backend.registry import available
from netspec.backend.weights import recorded_weights
from netspec.passes.pipeline import realised
from netspec.realise.network import RealisedNetwork
from netspec.testing.conformance import check_backend
from netspec.testing.oracle import backend as oracle
from netspec.testing.oracle.steps import OracleSimulation

BACKENDS = [name for name in available() if name != oracle.name]
MORE = [number for number in range(1000) if number not in CORPUS]


def disagreements(number: int) -> list[str]:
    """Return how backends differ from the oracle on a document."""
    made = realised(network(document(number)))
    backends = [available()[name] for name in BACKENDS]
    return [
        f"{backend.name}: {text}"
        for backend in backends
        for text in check_backend(backend, backend.options(), {"random": made})
    ]


@pytest.mark.parametrize("number", CORPUS)
def test_random_networks_agree_on_every_backend(number: int) -> None:
    assert disagreements(number) == []


@pytest.mark.long
@pytest.mark.parametrize("number", MORE)
def test_many_random_networks_agree_on_every_backend(number: int) -> None:
    assert disagreements(number) == []


class Weighing(OracleSimulation):
    """The oracle, which keeps the weights of each step."""

    def __init__(self, network: RealisedNetwork) -> None:
        super().__init__(network)
        self.weighed: list[dict[str, list[float]]] = []

    def record(self, k: int) -> None:
        super().record(k)
        self.weighed.append(dict(self.weights))


def test_sampled_weights_are_those_that_events_have() -> None:
    """Backends do not sample weights, so nothing else looks at them here."""
    seen = changed = 0
    for number in CORPUS[:25]:
        made = realised(network(document(number)))
        if not made.ir.weight_recordings:
            continue
        simulation = Weighing(made)
        steps = simulation.run(RunControl()).steps
        parts = {each.projection: each.parts for each in made.ir.weight_recordings}
        for name, trace in recorded_weights(made, steps).items():
            held = [
                [weight for part in parts[name] for weight in simulation.weighed[k][part]]
                for k in trace.step
            ]
            wanted = [[weights[edge] for edge in trace.i] for weights in held]
            assert trace.values.tolist() == wanted, (number, name)
            seen += 1
            changed += bool(wanted) and wanted[0] != wanted[-1]
    assert seen > 20
    assert changed > 3


@given(made=documents())
@settings(
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_random_documents_survive_a_round_trip(made: dict[str, Any]) -> None:
    before = network(made)
    again = netspec.Network.loads(before.to_json()).in_folder(before.folder or ".")
    assert again.to_document() == before.to_document() == made
    assert again.fingerprint() == before.fingerprint()
