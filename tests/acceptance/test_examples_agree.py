"""Every example on every backend: identical spikes and state.

Options, variants and long runs of the seed network are for the long form.

Those that `test_golden_files` runs on every backend are left to it.
"""

from functools import cache
from typing import Any

import pytest
from acceptance.examples import DOCUMENTS, EXAMPLES, agrees_by_its_golden_file

import netspec
from netspec.backend.protocol import AnyBackend, BackendOptions
from netspec.backend.registry import available, get
from netspec.compare import record_differences
from netspec.passes.pipeline import realised
from netspec.realise.network import RealisedNetwork
from netspec.testing.conformance import (
    busiest,
    check_backend,
    default_choices,
    other_choices,
    run,
)
from netspec.testing.oracle import backend as oracle

SEED_NETWORK = EXAMPLES / "lif_inhibition.json"
NAMES = [path.stem for path in DOCUMENTS]
UNVERIFIED = [path.stem for path in DOCUMENTS if not agrees_by_its_golden_file(path)]

PROBABILITIES = {
    f"projections.{source}_{target}.rule.pairwise_bernoulli.p": 0.5
    for source in ("exc", "inh")
    for target in ("exc", "inh")
}
BENCHMARK = {"populations.exc.size": 64, "populations.inh.size": 16, **PROBABILITIES}
FROM_THE_START = {f"populations.{name}.initial.g_inh": "20 nS" for name in ("exc", "inh")}
SPARSE = {
    "populations.exc.size": 100,
    "populations.inh.size": 25,
    **{
        f"projections.{source}_{target}.rule.fixed_indegree.indegree": indegree
        for source, indegree in (("exc", 50), ("inh", 12))
        for target in ("exc", "inh")
    },
    "duration": "20 ms",
}
COLUMN = {"L23E": 40, "L23I": 12, "L4E": 40, "L4I": 12, "L5E": 10, "L5I": 6, "L6E": 30, "L6I": 8}
SMALLER: dict[str, dict[str, Any]] = {
    "brunel_alpha": SPARSE,
    "brunel_delta": SPARSE,
    "coba": {**BENCHMARK, **FROM_THE_START, "duration": "30 ms"},
    "cuba": {**BENCHMARK, "duration": "80 ms"},
    "cobahh": {**BENCHMARK, **FROM_THE_START, "duration": "12 ms"},
    "f_i_curve": {
        **{f"populations.{name}.size": 8 for name in ("leaky", "quadratic", "adapting")},
        **{f"populations.{name}.parameters.I_e": "200*pA*i" for name in ("quadratic", "adapting")},
        "populations.leaky.parameters.I_e": "100*pA*i",
        "duration": "100 ms",
    },
    "izhikevich_2003": {
        "populations.exc.size": 160,
        "populations.inh.size": 40,
        "duration": "100 ms",
    },
    "potjans_diesmann": {
        **{f"populations.{name}.size": size for name, size in COLUMN.items()},
        **{f"populations.{name}.parameters.I_e": "1 nA" for name in COLUMN},
        "tables.recurrent.rule.fixed_total_number.number": 60,
        "duration": "20 ms",
    },
    "lif_inhibition": {
        "populations.exc.size": 140,
        "populations.inh.size": 60,
        "timeline.0.at": "50 ms",
        "duration": "150 ms",
    },
    "wang_2002": {
        "populations.exc_a.size": 24,
        "populations.exc_b.size": 24,
        "populations.exc_rest.size": 30,
        "populations.inh.size": 20,
        "inputs.stimulus_exc_a.start": "5 ms",
        "inputs.stimulus_exc_b.start": "5 ms",
        "dt": "0.25 ms",
        "duration": "40 ms",
    },
    "travelling_wave": {"duration": "2.5 ms"},
}
"""Changes of the published networks, most of which would keep the oracle busy for an hour."""


def example(name: str) -> netspec.Network:
    """Return the network of a document, made smaller where it is large."""
    return netspec.load(EXAMPLES / f"{name}.json").replace(SMALLER.get(name, {}))


@cache
def realised_example(name: str) -> RealisedNetwork:
    return realised(example(name))


def differences(network: netspec.Network, backend: AnyBackend, options: BackendOptions) -> Any:
    return check_backend(backend, options, {network.name: realised(network)})


@pytest.mark.parametrize("name", UNVERIFIED)
@pytest.mark.parametrize(("backend", "options"), default_choices())
def test_every_backend(backend: AnyBackend, options: BackendOptions, name: str) -> None:
    assert check_backend(backend, options, {name: realised_example(name)}) == []


@pytest.mark.parametrize("name", SMALLER)
def test_what_is_smaller_still_spikes(name: str) -> None:
    counts = example(name).run(backend="numpy").counts
    assert all(count > 5 for count in counts.values())


@cache
def seed_network() -> RealisedNetwork:
    return realised(netspec.load(SEED_NETWORK))


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.xdist_group(f"all of {SEED_NETWORK.stem}")
@pytest.mark.parametrize(("backend", "options"), [*default_choices(), *other_choices(busiest)])
def test_the_whole_seed_network(backend: AnyBackend, options: BackendOptions) -> None:
    assert check_backend(backend, options, {"seed network": seed_network()}) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", [name for name in NAMES if name not in SMALLER])
@pytest.mark.parametrize(("backend", "options"), other_choices())
def test_every_option_on_small_examples(
    backend: AnyBackend, options: BackendOptions, name: str
) -> None:
    assert differences(example(name), backend, options) == []


@pytest.mark.long
@pytest.mark.parametrize(
    "changes",
    [{"dt": "0.05 ms", "duration": "100 ms"}, {"seed": 2**64 - 1, "duration": "260 ms"}],
    ids=str,
)
def test_another_step_and_another_seed(changes: dict[str, Any]) -> None:
    network = realised(netspec.load(SEED_NETWORK).replace(changes))
    for backend, options in (choice.values for choice in default_choices()):
        assert check_backend(backend, options, {"seed network": network}) == []


@pytest.mark.long
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
    assert record_differences(reference, run(backend, options, network), network) == []
