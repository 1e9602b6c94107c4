"""Which results can be replayed, and what is said of own spikes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import netspec
from netspec.results.record import SpikeRecord
from netspec.results.replay import own_spikes
from netspec.testing.documents import JUMP, Document, document, leaky


def ring(duration: str = "30 ms", size: int = 4, **changes: object) -> Document:
    """Neurons that spike by themselves and excite the next one."""
    whole = document(
        "ring",
        duration,
        cells={"lif": leaky({"J": JUMP}, t_ref="1 ms", I_e="700 pA")},
        populations={"exc": {"size": size, "cell": "lif", "initial": {"V": "E_L + i*3*mV"}}},
        projections={
            "next": {
                "source": "exc",
                "target": "exc",
                "receptor": "J",
                "rule": {"explicit": {"pairs": [[i, (i + 1) % size] for i in range(size)]}},
                "weight": "3 mV",
                "delay": "1.5 ms",
            }
        },
        monitors={"spikes": ["exc"]},
    )
    return whole | changes


def made(**changes: object) -> netspec.Network:
    return netspec.Network(**ring(**changes))


@pytest.fixture(scope="module")
def results() -> netspec.Results:
    return made().run(backend="numpy")


def test_a_run_that_replays_itself_is_itself(results: netspec.Results, tmp_path: Path) -> None:
    results.save(tmp_path / "run.npz")
    again = made().run(backend="numpy", replay=tmp_path / "run.npz")
    assert (again.digest(), again.state_digest()) == (results.digest(), results.state_digest())
    own = again.own_spikes["exc"]
    assert (own.own, own.replayed, own.neurons) == (results.counts["exc"],) * 2 + (0,)
    assert again.metadata["replay"]["of"]["digest"] == results.digest()
    assert results.own_spikes == {}


def test_results_of_a_replay_are_about_the_network_as_described(
    results: netspec.Results, tmp_path: Path
) -> None:
    seen = {"spikes": ["exc[1:3]"]}
    again = made(monitors=seen).run(backend="numpy", replay=results)
    assert list(again.objects) == ["exc"]
    assert again.spikes["exc"].neurons.tolist() == [1, 2]
    assert set(again.spikes["exc"].i.tolist()) == {1, 2}
    again.save(tmp_path / "run.npz")
    loaded = netspec.Results.load(tmp_path / "run.npz")
    assert loaded.own_spikes == again.own_spikes


def test_own_spikes_are_not_those_replayed_where_a_cell_is_another(
    results: netspec.Results,
) -> None:
    other = made().replace({"cells.lif.I_e": "900 pA"}).run(backend="numpy", replay=results)
    own = other.own_spikes["exc"]
    assert own.replayed == results.counts["exc"] < own.own == other.counts["exc"]
    assert own.neurons == 4
    place = f"4 neurons differ, first in step {own.step}, [{own.index}]"
    assert str(own) == f"{place}: expected no spike, got one"


def test_a_longer_run_is_replayed_as_far_as_is_needed(results: netspec.Results) -> None:
    short = made(duration="12 ms")
    again = short.run(backend="numpy", replay=results)
    assert again.state_digest() == short.run(backend="numpy").state_digest()
    assert again.own_spikes["exc"].neurons == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"duration": "40 ms"},
            "the replayed results end after 300 steps, the run has 400; shorten it, in ",
        ),
        ({"dt": "0.05 ms"}, "the steps of the replayed results last 0.0001 s, those of the "),
        ({"size": 5}, "'exc' has 5 neurons, 4 in the replayed results"),
    ],
)
def test_results_that_do_not_fit(
    results: netspec.Results, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(netspec.ReplayError) as error:
        made(**changes).run(backend="numpy", replay=results)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("monitors", "seen"),
    [
        ({}, "of 0 neurons"),
        ({"spikes": ["exc[0:3]"]}, "of 3 neurons"),
        (
            {"spikes": [{"of": "exc", "during": [["1 ms", "5 ms"]]}]},
            "in part of the run only",
        ),
    ],
)
def test_results_that_lack_spikes(monitors: dict[str, object], seen: str) -> None:
    recorded = made(monitors=monitors).run(backend="numpy")
    with pytest.raises(netspec.ReplayError) as error:
        made().run(backend="numpy", replay=recorded)
    assert str(error.value) == (
        "to replay 'exc', all spikes of its 4 neurons are needed, and they were recorded "
        f"{seen}; run again with it in monitors.spikes"
    )


def test_results_of_another_network(results: netspec.Results) -> None:
    text = json.dumps(ring()).replace('"exc', '"inh')
    with pytest.raises(netspec.ReplayError) as error:
        netspec.Network.loads(text).run(backend="numpy", replay=results)
    assert str(error.value) == "the replayed results have no 'inh'; they have 'exc'"


def test_what_is_no_results() -> None:
    with pytest.raises(netspec.SpecError, match="expected results, or the name of a file of them"):
        made().run(backend="numpy", replay=3)


def test_own_spikes_of_an_interrupted_run_are_compared_as_far_as_it_came() -> None:
    def spikes(*pairs: tuple[int, int]) -> SpikeRecord:
        return SpikeRecord(*np.array(pairs, np.int64).reshape(-1, 2).T)

    replayed = {"a": spikes((1, 0), (2, 1), (7, 0))}
    assert str(own_spikes({"a": spikes((1, 0), (2, 1))}, replayed, 5)["a"]) == "the same spikes"
    own = own_spikes({"a": spikes((1, 0), (2, 2))}, replayed, 5)["a"]
    assert (own.own, own.replayed, own.neurons) == (2, 2, 2)
    assert (own.step, own.index, own.is_missing) == (2, 1, True)
    own = own_spikes({"a": spikes((1, 0), (3, 1))}, replayed, 5)["a"]
    assert str(own) == "1 neuron differs, first in step 2, [1]: expected a spike, got none"
