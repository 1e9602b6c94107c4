"""Changes that change nothing: the digests of the objects that both networks have stay the same."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

import netspec

EXAMPLES = Path(__file__).parents[2] / "examples"
SEED_NETWORK = netspec.load(EXAMPLES / "lif_inhibition.json").replace({"duration": "300 ms"})
CANARY = netspec.load(EXAMPLES / "canary.json").replace({"duration": "220 ms"})


def digests(network: netspec.Network) -> tuple[dict[str, str], dict[str, str]]:
    results = network.run(backend="numpy")
    return dict(results.digests), dict(results.state_digests)


NETWORKS = {"seed network": SEED_NETWORK, "canary": CANARY}


@cache
def sound(which: str) -> tuple[dict[str, str], dict[str, str]]:
    return digests(NETWORKS[which])


def an_unconnected_population(network: netspec.Network) -> netspec.Network:
    cell = next(iter(network.cells))
    return network.replace({"populations.aaa": {"size": 3, "cell": cell}})


def an_unconnected_source(network: netspec.Network) -> netspec.Network:
    source = {"model": "poisson", "size": 7, "rate": "50 Hz"}
    recorded = [*network.monitors.spikes, "aaa"]
    return network.replace({"inputs.aaa": source, "monitors.spikes": recorded})


def another_order(network: netspec.Network) -> netspec.Network:
    def reversed_keys(data: Any, depth: int) -> Any:
        if not isinstance(data, dict) or depth == 0:
            return data
        return {key: reversed_keys(data[key], depth - 1) for key in reversed(data)}

    return netspec.Network(**reversed_keys(network.to_document(), 4))


def other_units(network: netspec.Network) -> netspec.Network:
    dt, duration = network.dt, network.duration
    return network.replace(
        {"dt": f"{float(dt.value * 10**6):g} us", "duration": f"{float(duration.value):g} s"}
    )


def a_timeline_entry_that_changes_nothing(network: netspec.Network) -> netspec.Network:
    connected = next(name for name, each in network.projections.items() if each.connected)
    entries = network.to_document().get("timeline", [])
    return network.replace({"timeline": [{"at": "33.3 ms", "connect": connected}, *entries]})


def more_recorded(network: netspec.Network) -> netspec.Network:
    populations = list(network.populations)
    states = [{"of": populations[0], "variables": ["V"], "every": 3}]
    return network.replace({"monitors": {"spikes": populations, "states": states}})


def nothing_recorded(network: netspec.Network) -> netspec.Network:
    return network.replace({"monitors": {}})


def another_name(network: netspec.Network) -> netspec.Network:
    return network.replace({"name": "another", "description": "other words"})


@pytest.mark.parametrize("which", NETWORKS)
@pytest.mark.parametrize(
    "change",
    [
        an_unconnected_population,
        an_unconnected_source,
        another_order,
        other_units,
        a_timeline_entry_that_changes_nothing,
        more_recorded,
        nothing_recorded,
        another_name,
    ],
)
def test_digests_stay(change: Any, which: str) -> None:
    spikes, states = sound(which)
    changed_spikes, changed_states = digests(change(NETWORKS[which]))
    assert {name: changed_spikes[name] for name in spikes} == spikes
    assert {name: changed_states[name] for name in states} == states


@pytest.mark.parametrize("which", NETWORKS)
def test_another_seed_changes_them(which: str) -> None:
    """The check above can fail."""
    assert digests(NETWORKS[which].replace({"seed": 7})) != sound(which)


def test_a_renamed_object_draws_anew() -> None:
    text = SEED_NETWORK.to_json().replace('"ext"', '"drive"')
    spikes, _ = digests(netspec.Network.loads(text))
    assert spikes["drive"] != sound("seed network")[0]["ext"]


def test_one_run_is_the_beginning_of_a_longer_one() -> None:
    short = SEED_NETWORK.replace({"duration": "100 ms", "timeline": []}).run(backend="numpy")
    whole = SEED_NETWORK.run(backend="numpy")
    for name in ("exc", "inh"):
        early = whole.spikes[name].step < 1000
        assert whole.spikes[name].step[early].tolist() == short.spikes[name].step.tolist()
        assert whole.spikes[name].i[early].tolist() == short.spikes[name].i.tolist()
