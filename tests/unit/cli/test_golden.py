"""`netspec golden` writes golden files."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from unit.backend.fakes import CommandOptions, FakeBackend, install, point
from unit.cli.conftest import DOCUMENT, details, edit

from netspec.golden.file import path_of, read
from netspec.results.record import NonFinite


def test_a_golden_file_is_written_beside_the_document(netspec, spec, one) -> None:
    said = netspec("golden", "small.json")
    assert (said.status, said.err) == (0, "")
    assert said.out == "golden file        result\nsmall.golden.json  written\n"
    written = read(path_of(spec))
    assert written.backends == ("one", "two")
    assert (written.network, written.seed, written.dt, written.steps) == ("small", 1, 1e-4, 200)
    exc = written.objects["exc"]
    assert (exc.kind, exc.size, exc.count, exc.rate) == ("population", 10, 1, 1 / (10 * 0.02))
    assert written.objects["ext"].kind == "source"
    assert written.states == {"exc": "00" * 32}
    assert written.seconds == (written.spike_digest,)


def test_it_is_the_same_whatever_is_recorded(netspec, spec) -> None:
    assert netspec("golden", spec, "--backends", "numpy").status == 0
    before = path_of(spec).read_bytes()
    spec.write_text(json.dumps({**DOCUMENT, "monitors": {}}))
    assert netspec("golden", spec, "--update").out.endswith("unchanged\n")
    assert path_of(spec).read_bytes() == before


def test_it_says_what_run_says(netspec, spec) -> None:
    assert netspec("golden", spec, "--backends", "numpy").status == 0
    written, said = read(path_of(spec)), netspec("run", spec, "--backend", "numpy").out
    assert f"spike digest  {written.spike_digest}\n" in said
    assert f"state digest  {written.state_digest}\n" in said


def test_it_is_told_who_is_silent(netspec, spec, one) -> None:
    assert not details(netspec("golden", spec, "--backends", "one").out)
    one.spike_at = 200
    assert details(netspec("golden", spec, "--backends", "one", "--update").out) == [
        f"{path_of(spec)}: written",
        "  spikes of 'exc': expected 1, got 0",
        "  no spikes of 'exc': their state alone is tested",
    ]


def test_one_that_says_something_else_is_an_error_and_stays(netspec, spec, golden, one) -> None:
    before = golden.read_bytes()
    one.spike_at = 200
    said = netspec("golden", spec, "--backends", "one")
    assert said.status == 1
    assert details(said.out) == [
        f"{golden}: differs",
        "  backends: one, two; now one",
        "  spikes of 'exc': expected 1, got 0",
        "  if that is as it should be, add --update",
    ]
    assert golden.read_bytes() == before


def test_it_is_told_what_another_run_it_is_of(netspec, spec, golden, one) -> None:
    spec.write_text(json.dumps({**DOCUMENT, "name": "other", "seed": 2, "dt": "0.05 ms"}))
    assert details(netspec("golden", spec, "--update").out)[:5] == [
        f"{golden}: written",
        "  the description does not mean what it meant",
        "  name: small, now other",
        "  seed: 1, now 2",
        "  dt: 0.0001 s, now 5e-05 s",
    ]


def test_update_replaces_it_and_keeps_its_backends(netspec, spec, golden) -> None:
    assert netspec("golden", spec, "--update", "--backends", "one").status == 0
    edit(golden, fingerprint="ab" * 32)
    said = netspec("golden", spec, "--update")
    assert said.status == 0
    assert details(said.out) == [
        f"{golden}: written",
        "  the description does not mean what it meant",
    ]
    assert read(golden).backends == ("one",)


def test_an_unreadable_one_is_an_error_but_can_be_replaced(netspec, spec, golden) -> None:
    whole = golden.read_text()
    golden.write_text(whole[:100])
    said = netspec("golden", spec)
    assert (said.status, said.out) == (2, "")
    assert "small.golden.json:5:" in said.err
    assert golden.read_text() == whole[:100]
    said = netspec("golden", spec, "--update")
    assert said.status == 0
    assert golden.read_text() == whole
    unread = "  the earlier file could not be read: "
    title, reason, backends = details(said.out)
    assert title == f"{golden}: written"
    assert reason.startswith(unread)
    assert backends == "  so its backends are unknown, and the usual ones were taken: one, two"
    golden.write_text(f"<<<<<<< HEAD\n{whole}")
    said = netspec("golden", spec, "--update", "--backends", "one")
    title, reason = details(said.out)
    assert reason.startswith(unread)
    assert read(golden).backends == ("one",)


def test_backends_that_differ_leave_nothing_behind(netspec, spec, monkeypatch) -> None:
    install(monkeypatch, FakeBackend("one", spike_at=5), FakeBackend("two", spike_at=7))
    said = netspec("golden", spec)
    assert said.status == 1
    assert details(said.out)[:5] == [
        f"{path_of(spec)}: backends differ",
        "  'two' differs from 'one':",
        "  spikes of 'exc': as many as expected, 1, but not the same ones",
        "  'one' (expected) and 'two' (got) part in step 5, at 0.5 ms: exc[0]",
        "    step 5, exc[0]: expected a spike, got none",
    ]
    assert list(spec.parent.iterdir()) == [spec]


def test_backends_that_nobody_names_are_those_that_can(netspec, spec, monkeypatch) -> None:
    install(
        monkeypatch,
        FakeBackend("able"),
        FakeBackend("missing", simulator=None),
        FakeBackend("patient", most_neuron_steps=30 * 200),
        FakeBackend("impatient", most_neuron_steps=30 * 200 - 1),
        FakeBackend("poor", missing=("poisson-source",)),
        point("broken", ImportError("gone")),
    )
    assert netspec("golden", spec).status == 0
    assert read(path_of(spec)).backends == ("able", "patient")


@pytest.mark.parametrize("backends", [[], [FakeBackend("poor", missing=("poisson-source",))]])
def test_without_a_backend_that_can_nothing_is_written(
    netspec, spec, monkeypatch, backends
) -> None:
    install(monkeypatch, *backends)
    said = netspec("golden", spec)
    assert said.status == 1
    assert f"  no installed backend can run '{spec}'" in details(said.out)
    assert not path_of(spec).exists()


def test_an_ending_is_written_down(netspec, spec, one, monkeypatch) -> None:
    end = NonFinite(5, "exc", 3, "V")
    ending = FakeBackend("one", steps=lambda _control, _steps: (5, end))
    install(monkeypatch, ending, FakeBackend("two"))
    assert netspec("golden", spec, "--backends", "one").status == 0
    written = read(path_of(spec))
    assert written.outcome is not None
    assert written.outcome.model_dump() == {
        "step": 5,
        "population": "exc",
        "index": 3,
        "variable": "V",
    }
    assert netspec("verify", spec).status == 0
    said = netspec("verify", spec, "--backends", "two")
    assert said.status == 1
    assert details(said.out)[1] == (
        "  outcome: expected a non-finite state in step 5, exc[3], variable V, got finite state"
    )


def test_a_backend_that_contradicts_itself_has_failed(netspec, spec, golden, monkeypatch) -> None:
    end = NonFinite(4, "exc", 3, "V")
    ending = FakeBackend("one", steps=lambda _control, _steps: (5, end))
    install(monkeypatch, ending, FakeBackend("two"))
    said = netspec("verify", spec)
    assert said.status == 1
    assert details(said.out) == [
        f"{spec} on one: failed",
        "  what the backend gave contradicts itself: the run does not end in this step",
    ]


def test_a_golden_file_that_cannot_be_written_is_told(netspec, spec, one) -> None:
    """And the others are written all the same."""
    path_of(spec).mkdir()
    shutil.copy(spec, "other.json")
    said = netspec("golden", "small.json", "other.json", "--update", "--jobs", 1)
    assert (said.status, said.err) == (1, "")
    assert re.findall(r"(\w+)\.golden\.json  (\w+)", said.out) == [
        ("small", "failed"),
        ("other", "written"),
    ]
    assert details(said.out) == [
        "small.golden.json: failed",
        "  cannot write 'small.golden.json': Is a directory",
    ]


def test_of_two_documents_none_replaces_the_golden_file_of_the_other(netspec, spec, one) -> None:
    shutil.copy(spec, "small.yaml")
    said = netspec("golden", "small.json", "./small.yaml", "--update")
    assert (said.status, said.out) == (2, "")
    assert said.err == (
        "error[shared-golden-file]: 'small.json' and './small.yaml' have the same golden file, "
        "'small.golden.json'\n"
    )
    assert not path_of(spec).exists()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "error[file-not-found]: there is no file ''\n"),
        (".", "error[file-is-directory]: '.' is a directory, not a file\n"),
        ("/", "error[file-is-directory]: '/' is a directory, not a file\n"),
        ("loop/x.json", "error[file-unreadable]: cannot read 'loop/x.json': Too many levels of "),
    ],
)
@pytest.mark.parametrize("command", ["golden", "verify"])
def test_what_names_no_file_is_wrong_input(netspec, spec, one, command, document, said) -> None:
    spec.with_name("loop").symlink_to("loop")
    answer = netspec(command, document)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(said)
    assert answer.err.count("\n") == 1


def test_a_program_to_be_run_does_not_go_into_one(netspec, spec, monkeypatch) -> None:
    backend = FakeBackend("one", options=CommandOptions)
    install(monkeypatch, backend)
    said = netspec("golden", spec, "--backends", "one:threads=2,compiler=rm")
    assert (said.status, said.out) == (2, "")
    assert said.err == (
        "error[command-in-golden-file]: option 'compiler' of backend 'one' names a program to be "
        "run, which no golden file may do\n"
        "  hint: give it to `netspec verify` with --backends\n"
    )
    assert not backend.built
    assert not path_of(spec).exists()


@pytest.mark.parametrize("update", [False, True])
def test_a_program_that_a_golden_file_names_is_not_run(netspec, spec, monkeypatch, update) -> None:
    """It is refused with its place; written anew, the file does not name it."""
    backend = FakeBackend("one", options=CommandOptions)
    install(monkeypatch, backend)
    assert netspec("golden", spec).status == 0
    edit(path_of(spec), backends=["one:threads=2", " one : threads=3, compiler = rm"])
    backend.built.clear()
    said = netspec("golden", spec, *["--update"] * update)
    assert said.status == (0 if update else 2)
    assert all(options == CommandOptions() for options in backend.built)
    assert len(backend.built) == update
    if update:
        assert read(path_of(spec)).backends == ("one",)
    else:
        assert "   backends[1]\n" in said.err


@pytest.mark.parametrize("target", ["rc", "nothing"])
def test_what_a_link_in_its_place_points_to_is_not_written(netspec, spec, one, target) -> None:
    (rc := spec.with_name("rc")).write_text("mine")
    path_of(spec).symlink_to(target)
    said = netspec("golden", "small.json", "--update")
    assert (said.status, said.err) == (1, "")
    assert details(said.out) == [
        "small.golden.json: failed",
        "  cannot write 'small.golden.json': 'small.golden.json' is a link, which is not followed",
    ]
    assert rc.read_text() == "mine"
    assert not spec.with_name("nothing").exists()
