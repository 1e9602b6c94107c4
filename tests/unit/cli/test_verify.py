"""`netspec verify` compares runs with golden files."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from typing import Any

import pytest
from unit.backend.fakes import MISSING, CommandOptions, FakeBackend, PickyBackend, install, point
from unit.cli.conftest import DOCUMENT, details, edit, without_seconds
from unit.cli.test_run import Terminal

from netspec.api import fingerprint, load
from netspec.golden import subject as subjects
from netspec.golden.differences import digest_differences
from netspec.golden.file import mean_rate, path_of, read
from netspec.ir.contract import SEMANTICS


def test_verify_is_content_where_nothing_differs(netspec, spec, golden) -> None:
    said = netspec("verify", "small.json")
    assert (said.status, said.err) == (0, "")
    assert without_seconds(said.out) == (
        "document    backend  result     seconds\n"
        "small.json  one      identical\n"
        "small.json  two      identical\n"
    )


def test_golden_files_among_the_documents_are_passed_over(netspec, spec, golden) -> None:
    said = netspec("verify", spec, golden)
    assert said.out.count("identical") == 2
    alone = netspec("verify", golden)
    assert (alone.status, alone.out) == (2, "")
    assert alone.err == f"error: expected descriptions, got golden files alone: '{golden}'\n"


def test_other_spikes_are_shown_with_where_they_begin(netspec, spec, golden, one) -> None:
    one.spike_at = 3
    said = netspec("verify", spec)
    assert said.status == 1
    assert "one      differs" in said.out
    assert "two      identical" in said.out
    assert details(said.out)[:5] == [
        f"{spec} on one: differs",
        "  spikes of 'exc': as many as expected, 1, but not the same ones",
        "  first difference from 'two', which is as expected:",
        "    'two' (expected) and 'one' (got) part in step 0, at 0 ms: exc[0]",
        "      step 0, exc[0]: expected a spike, got none",
    ]


def test_a_long_run_is_placed_in_a_second_and_repeated_no_further(
    netspec, spec, monkeypatch
) -> None:
    spec.write_text(json.dumps({**DOCUMENT, "dt": "1 ms", "duration": "2.5 s"}))
    backends = [FakeBackend(name, spike_at=1700) for name in ("one", "two")]
    install(monkeypatch, *backends)
    assert netspec("golden", spec).status == 0
    written = read(path_of(spec))
    assert (written.steps, written.steps_per_second) == (2500, 1000)
    silent, busy, last = written.seconds
    assert silent == last != busy == written.spike_digest

    repeated = []
    whole = subjects.explain_divergence

    def noted(*arguments: Any, until: int) -> str:
        repeated.append(until)
        return whole(*arguments, until=until)

    monkeypatch.setattr(subjects, "explain_divergence", noted)
    for spike_at, said in (
        (1800, "spikes differ first in second 1: steps 1000 to 1999"),
        (2400, "spikes differ first in second 1: steps 1000 to 1999"),
        (900, "spikes differ first in second 0: steps 0 to 999"),
    ):
        backends[0].spike_at = spike_at
        assert f"  {said}" in details(netspec("verify", spec).out)
    assert repeated == [2000, 2000, 1000]
    other_end = written.model_copy(update={"seconds": (silent, busy, busy)})
    assert digest_differences(written, other_end) == (
        "spikes differ first in second 2: steps 2000 to 2499",
    )


def test_what_all_backends_do_is_no_fault_of_one(netspec, spec, monkeypatch, golden) -> None:
    install(monkeypatch, FakeBackend("one", spike_at=3), FakeBackend("two", spike_at=3))
    said = netspec("verify", spec)
    assert said.status == 1
    assert (
        details(said.out)[2]
        == "  the same as 'two': not this backend changed, but netspec or the golden file"
    )
    install(monkeypatch, FakeBackend("one", spike_at=3), FakeBackend("two", spike_at=4))
    said = netspec("verify", spec)
    assert details(said.out)[2] == "  no other backend that the golden file names does what it says"


def test_a_changed_description_is_told_from_changed_spikes(netspec, spec, golden, one) -> None:
    spec.write_text(json.dumps({**DOCUMENT, "seed": 2, "duration": "30 ms"}))
    one.built.clear()
    said = netspec("verify", spec)
    assert said.status == 1
    assert "one      other description" in said.out
    old = "OLD is the earlier version, in git `git show HEAD:PATH`"
    assert details(said.out) == [
        f"{spec} on one, two: other description",
        "  the description does not mean what it meant when the golden file was written",
        "  seed: expected 1, got 2",
        "  steps: expected 200, got 300",
        f"  `netspec diff OLD {spec}` says what changed; {old}",
        f"  if that is as it should be, `netspec golden {spec} --update` writes it anew",
    ]
    assert not one.built


def test_the_golden_file_of_another_document_is_known_by_its_name(netspec, spec, golden) -> None:
    other = spec.with_name("other.json")
    other.write_text(json.dumps({**DOCUMENT, "name": "other", "seed": 3}))
    shutil.copy(golden, path_of(other))
    said = netspec("verify", other)
    assert said.status == 1
    assert "  name: expected small, got other" in details(said.out)


def test_other_semantics_are_told_from_changed_spikes(netspec, spec, golden, one) -> None:
    edit(golden, semantics=SEMANTICS + 1)
    one.built.clear()
    said = netspec("verify", spec)
    assert said.status == 1
    assert "one      other semantics" in said.out
    assert details(said.out)[1] == (
        f"  the golden file was written by version {SEMANTICS + 1} of the execution contract; "
        f"this is version {SEMANTICS}"
    )
    assert not one.built


def test_a_backend_that_is_not_there_is_a_failure(netspec, spec, golden, monkeypatch) -> None:
    install(monkeypatch, FakeBackend("one", simulator=None))
    said = netspec("verify", spec)
    assert said.status == 1
    assert details(said.out) == [
        f"{spec} on one: not installed",
        f"  {MISSING}",
        "",
        f"{spec} on two: not installed",
        "  no backend named 'two' is installed",
        "  installed backends: 'one'",
    ]
    install(monkeypatch, FakeBackend("one"))
    assert netspec("verify", spec, "--backends", "one").status == 0


def test_a_backend_says_itself_what_is_missing(netspec, spec, golden, monkeypatch) -> None:
    picky = PickyBackend("one")
    install(monkeypatch, picky)
    said = netspec("verify", spec, "--backends", "one")
    assert said.status == 1
    assert details(said.out) == [f"{spec} on one: not installed", "  there is no fast thing"]
    assert "one      not installed: there is no fast thing" in netspec("backends").out
    assert "could run it; not installed: there is no fast thing" in netspec("check", spec).out
    assert netspec("verify", spec, "--backends", "one:target=slow").status == 0


def test_other_trouble_of_a_backend_is_a_failure(netspec, spec, golden, monkeypatch) -> None:
    install(
        monkeypatch,
        FakeBackend("one", missing=("poisson-source",)),
        point("two", ImportError("gone")),
    )
    said = netspec("verify", spec)
    assert said.status == 1
    assert "one      cannot run it" in said.out
    assert "two      failed" in said.out
    assert any("cannot be imported: ImportError: gone" in line for line in details(said.out))


def test_a_backend_with_options_is_known_by_them(netspec, spec, monkeypatch) -> None:
    install(monkeypatch, FakeBackend("one"), FakeBackend("two"))
    assert netspec("golden", spec, "--backends", "two,one:target=slow,threads=2").status == 0
    assert read(path_of(spec)).backends == ("one:target=slow,threads=2", "two")
    assert netspec("verify", spec).status == 0


@pytest.mark.parametrize(
    ("backends", "said"),
    [
        ("three", "no backend named 'three' is installed"),
        ("one:colour=red", "backend 'one' has no option 'colour'"),
        ("one:state_digest=false", "leaves the state digest out"),
        ("", "no backend named '' is installed"),
        ("one,,two", "no backend named '' is installed"),
        ("target=slow,one", "no backend named 'target=slow' is installed"),
    ],
)
@pytest.mark.parametrize("command", ["golden", "verify"])
def test_wrong_backends_are_wrong_input(netspec, spec, golden, command, backends, said) -> None:
    answer = netspec(command, spec, "--backends", backends)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err


def test_a_document_without_golden_file_is_wrong_input(netspec, spec, one) -> None:
    said = netspec("verify", "small.json")
    assert (said.status, said.out) == (2, "")
    assert said.err == (
        "error[no-golden-file]: 'small.json' has no golden file 'small.golden.json' beside it\n"
        "  hint: write it: netspec golden small.json\n"
    )


def test_all_wrong_documents_are_named_before_one_is_run(netspec, spec, golden, one) -> None:
    one.built.clear()
    bad, worse = spec.with_name("bad.json"), spec.with_name("worse.json")
    bad.write_text(json.dumps({**DOCUMENT, "seed": -1}))
    worse.write_text("{")
    said = netspec("verify", spec, bad, worse, "gone.yaml")
    assert (said.status, said.out) == (2, "")
    assert [said.err.count(name) > 0 for name in ("bad.json", "worse.json", "gone.yaml")] == [
        True,
        True,
        True,
    ]
    assert not one.built


def test_a_damaged_golden_file_is_wrong_input(netspec, spec, golden) -> None:
    edit(golden, spike_digest="12" * 32)
    said = netspec("verify", spec)
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("error[damaged-golden-file]: ")
    assert re.search(r"small\.golden\.json:\d+:\d+   spike_digest\n", said.err)


def test_a_program_that_a_golden_file_names_is_not_run(netspec, spec, monkeypatch) -> None:
    """Only one that the user names."""
    backend = FakeBackend("one", options=CommandOptions)
    install(monkeypatch, backend)
    assert netspec("golden", spec).status == 0
    backend.built.clear()
    edit(path_of(spec), backends=["one:compiler=rm"])
    said = netspec("verify", spec)
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(
        "error[command-in-golden-file]: option 'compiler' of backend 'one' names a program to be "
        "run, which no golden file may do\n"
    )
    assert re.search(r"small\.golden\.json:\d+:\d+   backends\[0\]\n", said.err)
    assert not backend.built
    edit(path_of(spec), backends=["one"])
    assert netspec("verify", spec, "--backends", "one:compiler=gcc").status == 0
    assert backend.built == [CommandOptions(compiler="gcc")]


@pytest.mark.parametrize("command", ["verify", "golden"])
@pytest.mark.parametrize("kind", ["FIFO", "device", "folder"])
def test_a_golden_file_that_is_no_file_is_not_waited_for(netspec, spec, one, command, kind) -> None:
    path, reason = path_of(spec), "not a regular file"
    match kind:
        case "FIFO":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
    said = netspec(command, spec)
    assert (said.status, said.out) == (2, "")
    assert said.err == (
        f"error[file-is-directory]: '{path}' is a directory, not a file\n"
        if kind == "folder"
        else f"error[file-unreadable]: cannot read '{path}': {reason}\n"
    )
    assert not one.built


@pytest.mark.parametrize("field", ["seed", "dt", "steps", "objects"])
def test_a_golden_file_that_was_edited_is_told_before_anything_runs(
    netspec, spec, golden, one, field
) -> None:
    edited = json.loads(golden.read_text())
    match field:
        case "seed":
            edited["seed"] = 2
        case "dt":
            edited |= {"dt": 2e-4, "steps_per_second": 5000}
        case "steps":
            edited["steps"] = 300
        case "objects":
            edited["objects"]["exc"]["size"] = 11
    for each in edited["objects"].values():
        each["rate"] = mean_rate(each["count"], each["size"], edited["steps"], edited["dt"])
    golden.write_text(json.dumps(edited))
    one.built.clear()
    said = netspec("verify", spec)
    assert said.status == 2
    assert details(said.out) == [
        f"{spec}: wrong",
        (
            f"  error[damaged-golden-file]: '{golden}' does not have the '{field}' of the "
            "description: it was edited"
        ),
        f"    --> {field}",
        f"    hint: `netspec golden {spec} --update` writes it anew",
    ]
    assert not one.built


def test_names_do_nothing_to_a_terminal(netspec, spec, golden) -> None:
    names = {"back\x1b[2Jspace.json", "line\nbreak.json", "byte\udcff.json"}
    for name in names:
        shutil.copy(spec, name)
    said = netspec("golden", *sorted(names), "--backends", "one", "--jobs", 1)
    assert (said.status, said.err) == (0, "")
    assert said.out == (
        "golden file                   result\n"
        "back\\x1b[2Jspace.golden.json  written\n"
        "byte\\udcff.golden.json        written\n"
        "line\\nbreak.golden.json       written\n"
    )
    assert netspec("verify", "gone\x1b[2J.json").err.count("gone\\x1b[2J.json") == 1
    edit(golden, network="\x1b[2J", backends=["one", "a\nb"])
    said = netspec("verify", spec)
    assert said.status == 2
    assert re.findall(r"error\[([a-z-]+)\]", said.err) == ["not-printable"] * 2
    assert "\x1b" not in said.err


def test_ctrl_c_ends_it(netspec, spec, golden, one) -> None:
    one.steps = lambda _control, _steps: (7, None)
    assert netspec("verify", spec).status == 130


def test_state_that_spikes_do_not_show_counts(netspec, spec, monkeypatch) -> None:
    assert netspec("golden", spec, "--backends", "numpy").status == 0
    edited = json.loads(path_of(spec).read_text())
    edited["states"]["exc"] = "34" * 32
    from netspec.results.digest import combined_digest

    edited["state_digest"] = combined_digest(edited["states"])
    path_of(spec).write_text(json.dumps(edited))
    said = netspec("verify", spec)
    assert said.status == 1
    assert details(said.out)[1] == "  state of 'exc': not as expected"


def test_what_comes_and_goes_is_said_to(netspec, spec, golden, one, monkeypatch) -> None:
    one.spike_at = 3

    def mended(*arguments: Any, until: int) -> str:
        one.spike_at = 0
        return explain_divergence(*arguments, until=until)

    explain_divergence = subjects.explain_divergence
    monkeypatch.setattr(subjects, "explain_divergence", mended)
    said = netspec("verify", spec)
    assert said.status == 1
    assert details(said.out)[-1] == (
        "    they do not differ when they are run again with all state recorded"
    )


def test_where_backends_part_may_be_more_than_one_can_show(netspec, spec, monkeypatch) -> None:
    backends = [FakeBackend("one"), FakeBackend("two", missing=("recording-windows",))]
    install(monkeypatch, *backends)
    assert netspec("golden", spec).status == 0
    backends[1].spike_at = 3
    why = "where they part cannot be looked at: backend 'two' cannot express 'recording-windows'"
    for command in (("verify",), ("golden", "--update")):
        said = netspec(*command, spec)
        assert said.status == 1
        assert any(line.strip().startswith(why) for line in details(said.out))


def test_what_only_drawing_tells_is_wrong_input_too(netspec, spec, golden) -> None:
    inputs = {"ext": {"model": "poisson", "size": 20, "rate": "2*kHz*i"}}
    spec.write_text(json.dumps({**DOCUMENT, "inputs": inputs}, indent=2))
    said = netspec("golden", spec, "--update")
    assert said.status == 2
    assert f"{golden}: wrong" in details(said.out)
    assert any("error[out-of-range]" in line for line in details(said.out))
    edit(golden, fingerprint=fingerprint(load(spec)))
    said = netspec("verify", spec)
    assert said.status == 2
    assert f"{spec}: wrong" in details(said.out)


@pytest.mark.parametrize(("arguments", "shown"), [((), True), (("--quiet",), False)])
def test_progress_is_for_terminals(netspec, spec, golden, monkeypatch, arguments, shown) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert netspec("verify", spec, *arguments).status == 0
    assert ("0/1" in terminal.text) is shown
