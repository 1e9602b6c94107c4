"""`netspec compare A.npz --with B`, `run --replay` and `compare --replay`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from unit.backend.fakes import FakeBackend, install

EVERYTHING = 'monitors={"spikes": ["exc", "ext"], "states": [{"of": "exc", "variables": ["V"]}]}'


@pytest.fixture
def recorded(netspec, spec) -> Path:
    assert netspec("run", spec, "--set", EVERYTHING, "--out", "a.npz").status == 0
    return Path("a.npz")


def test_a_file_is_identical_to_itself_and_to_the_same_run(netspec, spec, recorded) -> None:
    assert netspec("run", spec, "--set", EVERYTHING, "--out", "b.npz").status == 0
    said = netspec("compare", recorded, "--with", "b.npz")
    assert (said.status, said.out, said.err) == (0, "identical\n", "")
    assert netspec("compare", recorded, "b.npz") == said


def test_two_files_that_differ(netspec, spec, recorded) -> None:
    changes = ("--set", "cells.lif.I_e=1 pA")
    assert netspec("run", spec, "--set", EVERYTHING, *changes, "--out", "b.npz").status == 0
    said = netspec("compare", recorded, "--with", "b.npz")
    assert (said.status, said.err) == (1, "")
    first, *_, last = said.out.splitlines()
    assert first.startswith("step 1, at 0.1 ms, exc[0], variable V: expected -0.070")
    assert re.fullmatch(
        "note: fingerprint: expected [0-9a-f]{12}, got [0-9a-f]{12}; "
        "`netspec diff` says what changed between descriptions",
        last,
    )


def test_statistics_and_their_plot(netspec, spec, recorded) -> None:
    assert netspec("run", spec, "--set", EVERYTHING, "--seed", 9, "--out", "b.csv").status == 0
    said = netspec("compare", recorded, "--with", "b.csv", "--approximately", "--plot", "x.svg")
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[0].split() == ["population", "a.npz", "b.csv", "between", "them"]
    assert "identical" not in said.out
    assert Path("x.svg").read_text().startswith("<?xml")


def test_spikes_of_one_population_from_elsewhere(netspec, spec, recorded) -> None:
    Path("lab.csv").write_text("i,t_ms\n0,1.5\n3,2.25\n")
    arguments = ("compare", recorded, "--with", "lab.csv", "--approximately")
    said = netspec(*arguments)
    assert (said.status, said.out) == (2, "")
    assert said.err == "error: 'lab.csv' does not say of which population its spikes are\n"
    said = netspec(*arguments, "--of", "exc", "--tau", "5 ms", "--bin", "1 ms")
    assert said.status == 0
    assert said.out.splitlines()[1].startswith("exc (10)")
    assert "tau = 5 ms" in said.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--with", "a.npz", "--backend", "one"], "--backend is for runs"),
        (["--with", "a.npz", "--seed", "3"], "--seed is for runs"),
        (["--with", "a.npz", "--set", "seed=3"], "--set is for runs"),
        (["--with", "a.npz", "--quick"], "--quick is for runs"),
        (["--with", "a.npz", "--replay", "a.npz"], "--replay is for runs"),
        (["--with", "a.npz", "--tau", "3 ms"], "--tau needs --approximately"),
        (["--with", "a.npz", "--max-memory", "0"], "--max-memory is for runs"),
        (["--with", "a.npz", "--tau", ""], "--tau needs --approximately"),
        (["--with", "a.npz", "--plot", ""], "--plot needs --approximately"),
        (["--with", "a.npz", "--approximately", "--tau", ""], "tau: "),
        (["--with", "a.npz", "--approximately", "--bin", ""], "width: "),
        (["--with", "lab.csv", "--approximately", "--of", ""], "nothing was recorded in both"),
        (["--with", "a.npz", "--approximately", "--of", "exc"], "'a.npz' says itself of which"),
        (["--with", "named.csv", "--approximately", "--of", "exc"], "'named.csv' says itself of"),
        (["--backend", "one", "--of", ""], "--of is for two files"),
        (["--with", "a.npz", "--plot", "x.png"], "--plot needs --approximately"),
        (["--with", "a.npz", "--approximately", "--plot", "x.txt"], "--plot expects a file name"),
        (["b.npz", "--with", "a.npz"], "two files are compared, got a third, --with a.npz"),
        ([], "or two files of results: netspec compare A.npz B.npz"),
        (["--approximately"], "--approximately is for two files"),
        (["--backend", "one", "--of", "exc"], "--of is for two files"),
    ],
)
def test_wrong_uses(netspec, recorded, arguments, message) -> None:
    Path("lab.csv").write_text("i,t_ms\n0,1.5\n")
    Path("named.csv").write_text("object,i,t_ms\nexc,0,1.5\n")
    said = netspec("compare", "a.npz", *arguments)
    assert (said.status, said.out) == (2, "")
    assert message in said.err


def test_files_that_are_none(netspec, spec, recorded) -> None:
    said = netspec("compare", recorded, "--with", spec)
    assert (said.status, said.out) == (2, "")
    assert "is not a results file of netspec" in said.err
    assert said.err.endswith("; two descriptions are compared by `netspec diff`\n")
    Path("spikes.csv").write_text("object,i,t_ms\nexc,0,1\n", encoding="utf-8")
    said = netspec("compare", recorded, "--with", "spikes.csv")
    assert said.status == 2
    assert said.err.endswith("; with --approximately the second file may be spikes in a table\n")
    said = netspec("compare", recorded, "--with", "nothing.npz")
    assert said == (2, "", "error: No such file or directory: 'nothing.npz'\n")


def test_files_that_have_no_name(netspec, spec, recorded) -> None:
    told = (2, "", "error: expected the name of a file, got ''\n")
    assert netspec("compare", recorded, "--with", "") == told
    assert netspec("compare", "", "--with", recorded) == told
    assert netspec("compare", recorded, "", "--approximately") == told
    assert netspec("run", spec, "--replay", "") == told


def test_run_replays_a_file(netspec, spec, recorded) -> None:
    said = netspec("run", ring_of(spec), "--out", "ring.npz")
    assert said.status == 0
    again = netspec("run", "ring.json", "--replay", "ring.npz")
    assert (again.status, again.err) == (0, "")
    lines = again.out.splitlines()
    assert "replayed  spikes  own spikes  own spikes and those replayed" in lines
    (row,) = (line for line in lines if line.endswith("the same spikes"))
    assert row.split()[0] == "exc"
    digests = [line for line in said.out.splitlines() if "digest  " in line]
    assert [line for line in lines if "digest  " in line][1:] == digests[1:]
    other = netspec("run", "ring.json", "--replay", "ring.npz", "--set", "cells.lif.I_e=2 nA")
    (row,) = (line for line in other.out.splitlines() if "neurons differ, first in step" in line)
    assert row.split()[0] == "exc"


def test_a_replay_that_does_not_fit(netspec, spec, recorded) -> None:
    said = netspec("run", ring_of(spec), "--replay", "a.npz", "--duration", "30 ms")
    assert (said.status, said.out) == (2, "")
    assert said.err == (
        "error: the replayed results end after 200 steps, the run has 300; shorten it, in the "
        "description or with --duration\n"
    )


@pytest.mark.parametrize(
    "command",
    [
        ["run", "ring.json"],
        ["compare", "ring.json", "--backend", "numpy", "--backend", "oracle"],
    ],
)
def test_a_replay_that_is_no_file_of_results(netspec, spec, command) -> None:
    ring_of(spec)
    os.mkfifo("fifo.npz")
    Path("text.npz").write_text("no zip")
    for file, message in (
        ("nothing.npz", "No such file or directory: 'nothing.npz'"),
        ("fifo.npz", "not a regular file: 'fifo.npz'"),
        ("text.npz", "'text.npz' is not a results file of netspec: File is not a zip file"),
    ):
        said = netspec(*command, "--replay", file)
        assert said == (2, "", f"error: {message}\n")


def test_spikes_from_elsewhere_that_are_not_there(netspec, recorded) -> None:
    said = netspec("compare", recorded, "lab.csv", "--approximately")
    assert said == (2, "", "error: No such file or directory: 'lab.csv'\n")


def test_compare_replays_into_every_backend(netspec, spec, recorded) -> None:
    netspec("run", ring_of(spec), "--out", "ring.npz")
    names = ("--backend", "numpy", "--backend", "oracle")
    stronger = ("--set", "cells.lif.I_e=2 nA")
    said = netspec("compare", "ring.json", *names, *stronger, "--replay", "ring.npz")
    assert (said.status, said.err) == (0, "")
    *runs, verdict = said.out.splitlines()
    assert verdict == "identical"
    alone = netspec("run", "ring.json", "--backend", "numpy", *stronger, "--replay", "ring.npz")
    spikes = next(part for part in alone.out.split(", ") if " spikes of 10 neurons" in part)
    assert spikes in runs[0]
    assert spikes not in netspec("compare", "ring.json", *names, *stronger).out


def test_compare_looks_closer_unless_it_is_to_be_quick(netspec, spec, monkeypatch) -> None:
    install(monkeypatch, FakeBackend("one"), FakeBackend("two", spike_at=3))
    names = ("--backend", "one", "--backend", "two")
    said = netspec("compare", spec, *names)
    place = "'one' (expected) and 'two' (got) part in step 0, at 0 ms: exc[0]"
    assert said.status == 1
    assert place in said.out.splitlines()
    quick = netspec("compare", spec, *names, "--quick")
    assert quick.status == 1
    assert place not in quick.out


def test_compare_says_why_it_cannot_look_closer(netspec, spec, monkeypatch) -> None:
    missing = ("recording-windows",)
    install(monkeypatch, FakeBackend("one"), FakeBackend("two", missing=missing, spike_at=3))
    said = netspec("compare", spec, "--backend", "one", "--backend", "two")
    assert said.status == 1
    assert (
        "where they part cannot be looked at: backend 'two' cannot express 'recording-windows': "
        "monitors of spikes and state that record in parts of the run"
    ) in said.out.splitlines()


def ring_of(spec: Path) -> str:
    """Write the description with a projection from `exc` to itself, and all spikes recorded."""

    document = json.loads(spec.read_text())
    document["projections"]["exc_exc"] = document["projections"]["ext_exc"] | {
        "source": "exc",
        "weight": "1 nS",
        "delay": "0.3 ms",
    }
    Path("ring.json").write_text(json.dumps(document))
    return "ring.json"
