"""The benchmarks work at a small size: what is measured is there, whatever it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import table
from benchmarks.__main__ import main
from benchmarks.engines import ENGINES
from benchmarks.networks import NETWORKS, facts

QUICK = ("native-1", "native-2", "numpy", "netspec-brian2-numpy", "brian2-numpy")


def measured(folder: Path, networks: list[str], engines: list[str]) -> dict[str, Any]:
    out = folder / "results.json"
    options = ["--scale", "small", "--repeats", "1", "--out", str(out)]
    assert main([*options, "--networks", *networks, "--engines", *engines]) == 0
    found: dict[str, Any] = json.loads(out.read_text())
    return found


@pytest.mark.slow
def test_each_engine_measures(tmp_path: Path) -> None:
    found = measured(tmp_path, ["lif_inhibition"], [*QUICK, "brian2-cpp"])
    by_engine = {run["engine"]: run for run in found["runs"]}
    assert list(by_engine) == [*QUICK, "brian2-cpp"]
    assert [run["cached"] for run in found["runs"] if run["engine"] == "native-1"] == [False, True]
    for engine, run in by_engine.items():
        assert {"import", "realise", "simulate"} <= run["phases"].keys()
        assert 0 < sum(run["phases"].values()) < run["process"]
        assert run["memory"] > 2e7
        assert run["spikes"].keys() >= {"exc", "inh"}
        assert run["digest"] == (
            by_engine["numpy"]["digest"] if "brian2-" not in engine[:7] else None
        )
    assert all(rate > 0 for rates in found["limits"].values() for rate in rates.values())
    shown = table.markdown(found)
    assert all(ENGINES[engine].title in shown for engine in by_engine)


def test_results_are_those_of_the_same_network(tmp_path: Path) -> None:
    """What is made of an example's script is the document."""
    found = measured(tmp_path, ["microcircuit_0.1"], ["native-1", "numpy"])
    assert len({run["digest"] for run in found["runs"]}) == 1
    assert found["networks"]["microcircuit_0.1"]["scale"] == pytest.approx(0.01)


def test_a_failure_is_a_result(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    options = ["--scale", "small", "--repeats", "1", "--out", str(out), "--timeout", "0.01"]
    assert main([*options, "--networks", "coba", "--engines", "numpy"]) == 1
    found = json.loads(out.read_text())
    assert found["runs"][0]["failed"] == "took more than 0.01 s"
    assert "| netspec numpy: took more than 0.01 s |" in table.markdown(found)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--out", "nowhere/results.json"], "there is no folder 'nowhere'"),
        (["--out", "/"], "'/' is a folder"),
        (["--repeats", "0"], "expected at least one turn, got 0"),
        (["--timeout", "nan"], "expected a timeout above 0 s, got nan"),
        (["--networks", "nope"], "nothing is called 'nope'; there are lif_inhibition, "),
        (["table", "nowhere.json"], "there is no file 'nowhere.json'"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_measured(
    given: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(given)
    assert told in capsys.readouterr().err


def test_a_file_of_another_version_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for text, told in (
        ('{"format": 1}', "expected format 2, got 1: measure again"),
        ("[]", "expected format 2, got None: measure again"),
        ("{", "holds no results: "),
    ):
        (tmp_path / "old.json").write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit):
            main(["table", str(tmp_path / "old.json")])
        assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("key", "neurons", "synapses"),
    [
        ("lif_inhibition", 1000, 28_000 + 12_000 + 31_500),
        ("coba", 4000, 320_000),
        ("brunel", 12_500, 15_625_000),
        ("microcircuit_1", 77_169, 298_880_968),
    ],
)
def test_sizes_are_those_of_the_publications(key: str, neurons: int, synapses: int) -> None:
    found = facts(NETWORKS[key], "full")
    assert sum(found["populations"].values()) == neurons
    assert found["synapses"] == synapses


def results(**changes: Any) -> dict[str, Any]:
    """Return results of two turns of two engines, made up."""
    runs = [
        {
            "network": "coba",
            "engine": engine,
            "turn": turn,
            "cached": cached,
            "process": 2.0 * seconds,
            "phases": {"import": 0.5, "compile": 0.25, "simulate": seconds},
            "memory": 100_000_000,
            "spikes": {"exc": 100, "inh": 20},
            "digest": None,
        }
        for turn in (0, 1, 2)
        for engine, cached, seconds in (
            ("native-1", False, 7.0),
            ("native-1", True, 1.0 + turn),
            ("brian2-cpp", False, 12.0),
        )
    ]
    return {
        "format": table.FORMAT,
        "date": "2026-01-01",
        "machine": {
            "processor": "some",
            "cores": 2,
            "caches": {},
            "memory": "1 GB",
            "load": 0.0,
            "system": "Linux",
            "c_compiler": "cc",
            "cpp_compiler": None,
            "versions": {},
        },
        "limits": {
            **{
                what: {"1": 1e9, "2": 2e9}
                for what in ("stream", "scatter", "exp", "exprel", "random")
            },
            "running": {"1": 0.9, "2": 1.6},
        },
        "size": "full",
        "repeats": 3,
        "networks": {"coba": facts(NETWORKS["coba"], "full") | {"exponentials": 1}},
        "engines": {key: {"title": ENGINES[key].title} for key in ("native-1", "brian2-cpp")},
        "runs": runs,
        **changes,
    }


def test_ratios_are_medians_over_turns_of_cached_runs() -> None:
    shown = table.markdown(results())
    pair = "Brian2, C++ standalone / netspec native, 1 thread"
    assert f"| coba, simulate | {pair} | 6 (4 to 12) | 4 |" in shown
    assert f"| lif_inhibition, whole process, empty cache | {pair} | not measured | 8 |" in shown


def test_a_row_divides_by_events_and_by_steps_of_neurons() -> None:
    """120 spikes with 80 edges each; 4000 neurons for 10,000 steps; the simulation takes 2 s."""
    shown = table.markdown(results())
    assert (
        "| netspec native, 1 thread | 0.5 |  |  | 0.25 | 0.25 |  | 2 | 14 | 4 | 100 | 2 | 208333 "
        "| 50 | 0.03 Hz |" in shown
    )


def test_limits_are_those_of_the_work_and_the_threads() -> None:
    """9600 events at 1 ns, an exponential and an `exprel` of 1 ns for each of 4e7 steps."""
    shown = table.markdown(results())
    assert "| coba, 1 thread | 2 | 1.92e-05 | 9.6e-06 | 0.04 | 0.04 | 0 | 25 |" in shown


def test_a_busy_thread_has_its_core_for_a_share_of_the_time() -> None:
    shown = table.markdown(results())
    assert "| time in which a busy thread has its core, % | 90 | 80 |" in shown
