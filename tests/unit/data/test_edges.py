"""Edges, values and spikes of files are those that are written in a document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from promises import is_promised
from unit.documents import document

import netspec
from netspec import NetspecError, Network, Results, SpecError
from netspec.data import FORMATS
from netspec.passes import pipeline
from netspec.realise.network import RealisedListed, RealisedNetwork
from netspec.spec.data import DATA_SUFFIXES

PLACE = "projections.exc_inh"

DRAWN = {
    f"{PLACE}.source": "exc[2:]",
    f"{PLACE}.rule": {"pairwise_poisson": {"mean": 1.5}},
    f"{PLACE}.weight": {"normal": {"mean": "2 nS", "sd": "0.5 nS", "redraw": ["0 nS", None]}},
    f"{PLACE}.delay": {"uniform": {"low": "0 ms", "high": "2 ms"}},
    "duration": "30 ms",
    "timeline": [],
    "monitors": {"spikes": ["exc", "inh", "ext"]},
}

WRITTEN = (".csv", ".npz", ".h5")


def network(**changes: Any) -> Network:
    return Network(**document()).replace({**DRAWN, **changes})


def changes_of(fields: dict[str, Any]) -> dict[str, Any]:
    return {f"{PLACE}.{name}": value for name, value in fields.items()}


def identity(results: Results) -> tuple[str, str]:
    return results.digest(), results.state_digest()


@pytest.fixture(scope="module")
def drawn() -> Results:
    return network().run(backend="numpy")


@pytest.mark.parametrize("end", WRITTEN)
def test_edges_of_a_rule_are_the_same_from_a_file(end: str, drawn: Results, tmp_path: Path) -> None:
    if end == ".h5" and not is_promised("h5py"):
        pytest.importorskip("h5py")
    edges = netspec.edges(network(), "exc_inh")
    fields = edges.save(tmp_path / f"edges{end}")
    filed = network(**changes_of(fields)).in_folder(tmp_path)
    assert len(edges) > 20
    assert edges.delays is not None
    assert repr(edges) == f"<EdgeList: {len(edges)} edges, weights in S>"
    assert len(set(edges.delays.tolist())) > 5
    assert identity(filed.run(backend="numpy")) == identity(drawn)
    assert filed.fingerprint() != network().fingerprint()


def test_all_backends_take_edges_values_and_spikes_from_files(
    drawn: Results, tmp_path: Path
) -> None:
    fields = netspec.edges(network(), "exc_inh").save(tmp_path / "edges.csv")
    drawn.save(tmp_path / "run.npz")
    (tmp_path / "v.csv").write_text("V\n" + "".join(f"{-70 + i / 2}\n" for i in range(10)))
    played = {"model": "spike_times", "size": 20, "times": {"file": "run.npz", "recorded": "ext"}}
    initial = {"V": {"file": "v.csv", "unit": "mV"}}
    filed = network(
        **changes_of(fields), **{"inputs.ext": played, "populations.exc.initial": initial}
    ).in_folder(tmp_path)
    for backend in ("oracle", "numpy", "brian2"):
        assert identity(filed.run(backend=backend)) == identity(drawn)


def test_the_order_of_a_file_is_that_of_edges_of_one_source(tmp_path: Path) -> None:
    pairs = [[2, 0], [0, 1], [2, 3], [0, 0], [2, 0]]
    weights, delays = [1.5, 2, 2.5, 3, 3.5], [0.1, 0.2, 0.3, 0.4, 0.5]
    rows = zip(pairs, weights, delays, strict=True)
    lines = "".join(f"{i},{j},{w},{d}\n" for (i, j), w, d in rows)
    (tmp_path / "edges.csv").write_text(f"source,target,weight,delay\n{lines}")
    listed = {
        "rule": {"explicit": {"pairs": pairs}},
        "weight": {"values": weights, "unit": "nS"},
        "delay": {"values": delays, "unit": "ms"},
    }
    filed = {
        "rule": {"explicit": {"file": "edges.csv"}},
        "weight": {"file": "edges.csv", "column": "weight", "unit": "nS"},
        "delay": {"file": "edges.csv", "column": "delay", "unit": "ms"},
    }
    one, two = (
        pipeline.realised(network(**changes_of(each)).in_folder(tmp_path))
        for each in (listed, filed)
    )
    assert arrays(one) == arrays(two)
    assert arrays(one)[1] == [1, 0, 0, 3, 0]
    assert arrays(one)[3] == [2, 4, 1, 3, 5]


def arrays(network: RealisedNetwork) -> list[list[Any]]:
    made = network.projections["exc_inh"]
    every = (made.sources, made.targets, made.weights, made.delays)
    return [each.tolist() for each in every]


def test_weights_that_reach_the_next_power_of_two_stay_as_they_are(tmp_path: Path) -> None:
    pairs, nearly = [[0, 0], [0, 1]], 2.0**-29 * (1 - 2.0**-30)
    changes = {
        f"{PLACE}.rule": {"explicit": {"pairs": pairs}},
        f"{PLACE}.weight": {"values": [nearly, 2.0**-29 * (0.5 + 3 * 2.0**-24)], "unit": "S"},
        f"{PLACE}.delay": "1 ms",
    }
    edges = netspec.edges(network(**changes), "exc_inh")
    assert edges.weights.max() == 2.0**-29
    assert edges.weight_bits == 25
    filed = network(**changes_of(edges.save(tmp_path / "edges.npz"))).in_folder(tmp_path)
    assert np.array_equal(netspec.edges(filed, "exc_inh").weights, edges.weights)


@pytest.mark.parametrize("end", [".csv", ".npz"])
def test_edges_that_are_gathered_over_have_no_delay(end: str, tmp_path: Path) -> None:
    gaps = {
        "source": "exc",
        "target": "exc",
        "receptor": "gap",
        "rule": {"pairwise_bernoulli": {"p": 0.3}},
        "weight": {"uniform": {"low": "1 nS", "high": "2 nS"}},
    }
    gathering = network(
        **{"cells.lif.receptors.gap": {"model": "gap_junction"}, "projections.gaps": gaps}
    )
    edges = netspec.edges(gathering, "gaps")
    fields = edges.save(tmp_path / f"gaps{end}")
    assert edges.delays is None
    assert fields.keys() == {"rule", "weight", "weight_bits"}
    filed = gathering.replace({f"projections.gaps.{name}": each for name, each in fields.items()})
    one, two = (each.in_folder(tmp_path).run(backend="numpy") for each in (gathering, filed))
    assert identity(one) == identity(two)


def test_edges_are_asked_for_by_name_and_saved_in_a_known_format(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"unknown-projection.*'exc_ihn'\n.*'exc_inh'"):
        netspec.edges(network(), "exc_ihn")
    with pytest.raises(NetspecError, match=r"ending in \.csv, \.npz, \.h5, got"):
        netspec.edges(network(), "exc_inh").save(tmp_path / "edges.txt")


@pytest.mark.parametrize("dt", ["0.1 ms", "0.05 ms"])
@pytest.mark.parametrize("file", ["times.csv", "times.npz", "steps.npz"])
def test_spikes_of_a_table_are_those_of_a_list(file: str, dt: str, tmp_path: Path) -> None:
    rows = [(0, 1.0), (3, 0.6), (0, 0.2), (1, 29.8), (1, 31.0), (2, 0.0)]
    neurons, times = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    (tmp_path / "times.csv").write_text(
        "neuron,time\n" + "".join(f"{neuron},{time}\n" for neuron, time in rows)
    )
    steps = np.rint(times / float(dt.split()[0])).astype(np.uint16)
    np.savez(tmp_path / "times.npz", neurons=neurons, times=times)
    np.savez(tmp_path / "steps.npz", neurons=neurons, steps=steps)
    reference: dict[str, Any] = {"file": file} | ({} if "steps" in file else {"unit": "ms"})
    listed = [[f"{time} ms" for own, time in rows if own == neuron] for neuron in range(20)]
    changes = {"dt": dt, f"{PLACE}.delay": "1 ms", "projections.ext_exc.delay": "1 ms"}
    one, two = (
        pipeline.realised(network(**changes, **{"inputs.ext": spikes}).in_folder(tmp_path))
        for spikes in (
            {"model": "spike_times", "times": listed},
            {"model": "spike_times", "times": reference, "size": 20},
        )
    )
    own, other = one.sources["ext"], two.sources["ext"]
    assert isinstance(own, RealisedListed)
    assert isinstance(other, RealisedListed)
    assert own.steps.tolist() == other.steps.tolist()
    assert own.indices.tolist() == other.indices.tolist()
    assert len(own.steps) == 5


def test_periods_of_a_file_are_those_of_a_list(tmp_path: Path) -> None:
    (tmp_path / "periods.csv").write_text("period\n0.333\n0.7\n")
    one, two = (
        pipeline.realised(
            network(
                **{
                    "inputs.ext": {
                        "model": "regular",
                        "size": 2,
                        "period": period,
                        "phase": "0 ms",
                    },
                    "duration": "3 s",
                }
            ).in_folder(tmp_path)
        ).sources["ext"]
        for period in (["0.333 ms", "0.7 ms"], {"file": "periods.csv", "unit": "ms"})
    )
    assert isinstance(one, RealisedListed)
    assert isinstance(two, RealisedListed)
    assert one.steps.tolist() == two.steps.tolist()
    assert len(one.steps) == 9009 + 4286


def test_times_of_a_table_may_be_rounded(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("neuron,time\n0,0.149\n0,0.25\n0,0.3499999999999999999\n")
    spikes = {
        "model": "spike_times",
        "times": {"file": "times.csv", "unit": "ms"},
        "size": 20,
        "rounding": "nearest",
    }
    made = pipeline.realised(network(**{"inputs.ext": spikes}).in_folder(tmp_path)).sources["ext"]
    assert isinstance(made, RealisedListed)
    assert made.steps.tolist() == [1, 3, 4]


def test_results_with_a_text_of_nonsense_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "results.npz", netspec=np.array("[" * 100_000))
    spikes = {
        "model": "spike_times",
        "times": {"file": "results.npz", "recorded": "exc"},
        "size": 20,
    }
    with pytest.raises(SpecError, match=r"'results\.npz' holds no results of netspec"):
        network(**{"inputs.ext": spikes}).in_folder(tmp_path).check()


def test_a_file_of_edges_is_counted_before_it_is_read(tmp_path: Path) -> None:
    count = 10**6
    np.savez_compressed(
        tmp_path / "edges.npz",
        sources=np.zeros(count, np.uint8),
        targets=np.zeros(count, np.uint8),
    )
    rule = {f"{PLACE}.rule": {"explicit": {"file": "edges.npz"}}, f"{PLACE}.delay": "1 ms"}
    made = network(**rule, **{f"{PLACE}.weight": "1 nS"}).in_folder(tmp_path)
    with pytest.raises(SpecError, match=r"too-much-memory.*1e\+06 synapses of 'exc_inh'"):
        made.check(max_memory=10**7)


@pytest.mark.parametrize("view", ["exc", "exc[2:5]"])
@pytest.mark.parametrize("alike", [True, False])
def test_a_course_of_a_file_is_that_of_a_list(alike: bool, view: str, tmp_path: Path) -> None:
    width = 10 if view == "exc" else 3
    rows = (np.arange(3 * width).reshape(3, width) * 12.5).round(1)
    names = ",".join(f"n{number}" for number in range(width))
    lines = "".join(",".join(map(str, row)) + "\n" for row in rows.tolist())
    (tmp_path / "table.csv").write_text(f"{names}\n{lines}")
    np.savez(tmp_path / "columns.npz", all=rows[:, 1], other=rows)
    reference = {"file": "columns.npz", "column": "all"} if alike else {"file": "table.csv"}
    values = rows[:, 1].tolist() if alike else rows.tolist()
    one, two = (
        network(
            **{
                "inputs.push": {
                    "model": "current",
                    "target": view,
                    "amplitude": {"array": {**numbers, "unit": "pA", "interval": "3 ms"}},
                }
            }
        ).in_folder(tmp_path)
        for numbers in ({"values": values}, reference)
    )
    assert identity(one.run(backend="numpy")) == identity(two.run(backend="numpy"))


def test_currents_of_a_file_reach_the_neurons_that_are_meant(tmp_path: Path) -> None:
    np.save(tmp_path / "push.npy", np.array([300.0, 600.0, 900.0]))
    one, two = (
        network(
            **{"inputs.push": {"model": "current", "target": "exc[2:5]", "amplitude": amplitude}}
        ).in_folder(tmp_path)
        for amplitude in (["300 pA", "600 pA", "900 pA"], {"file": "push.npy", "unit": "pA"})
    )
    assert identity(one.run(backend="numpy")) == identity(two.run(backend="numpy"))


def test_every_end_of_a_name_is_a_format() -> None:
    assert tuple(FORMATS) == DATA_SUFFIXES
