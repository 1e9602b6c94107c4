"""Every example, on every backend and every choice of its options: identical spikes and state."""

from pathlib import Path
from typing import Any

import pytest

import netspec
from netspec.backend.protocol import AnyBackend, BackendOptions
from netspec.backend.registry import available, get
from netspec.compare import differences as compare
from netspec.passes.pipeline import realised
from netspec.testing.conformance import check_backend, default_choices, other_choices, run
from netspec.testing.oracle import backend as oracle

EXAMPLES = Path(__file__).parents[2] / "examples"
SEED_NETWORK = EXAMPLES / "lif_inhibition.json"


def differences(network: netspec.Network, backend: AnyBackend, options: BackendOptions) -> Any:
    return check_backend(backend, options, {network.name: realised(network)})


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.glob("*.json")))
@pytest.mark.parametrize(("backend", "options"), default_choices())
def test_every_backend(backend: AnyBackend, options: BackendOptions, example: str) -> None:
    assert differences(netspec.load(EXAMPLES / example), backend, options) == []


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("backend", "options"), other_choices())
def test_every_option(backend: AnyBackend, options: BackendOptions) -> None:
    assert differences(netspec.load(SEED_NETWORK), backend, options) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.glob("*.json")))
@pytest.mark.parametrize(("backend", "options"), other_choices())
def test_every_option_on_every_example(
    backend: AnyBackend, options: BackendOptions, example: str
) -> None:
    assert differences(netspec.load(EXAMPLES / example), backend, options) == []


@pytest.mark.parametrize("changes", [{"dt": "0.05 ms", "duration": "300 ms"}, {"seed": 2**64 - 1}])
@pytest.mark.parametrize(("backend", "options"), default_choices())
def test_another_step_and_another_seed(
    backend: AnyBackend, options: BackendOptions, changes: dict[str, Any]
) -> None:
    network = netspec.load(SEED_NETWORK).replace(changes)
    assert differences(network, backend, options) == []


@pytest.mark.timeout(600)
def test_five_seconds_on_every_backend_but_the_oracle() -> None:
    network = netspec.load(SEED_NETWORK).replace({"duration": "5 s"})
    results = [
        network.run(backend=name) for name, backend in available().items() if backend is not oracle
    ]
    assert len({each.digest() for each in results}) == 1
    assert len({each.state_digest() for each in results}) == 1


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "changes", [{"dt": "0.05 ms"}, {"seed": 2**64 - 1}, {"duration": "5 s"}], ids=str
)
@pytest.mark.parametrize(("backend", "options"), other_choices())
def test_variants_on_compiled_targets(
    backend: AnyBackend, options: BackendOptions, changes: dict[str, Any]
) -> None:
    network = realised(netspec.load(SEED_NETWORK).replace(changes))
    reference = run(get("numpy"), get("numpy").options(), network)
    assert compare(reference, run(backend, options, network), network) == []
