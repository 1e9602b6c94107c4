"""`check`, `compile`, `compare`, `backends`, `schema` and the frame around them."""

import json
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from unit.backend.fakes import MISSING, FakeBackend, NoOptions, PickyBackend, install, point

from netspec.results.record import NonFinite


def test_help_names_every_command(netspec) -> None:
    said = netspec("--help")
    assert said.status == 0
    assert re.findall(r"^    (\w+) ", said.out, re.MULTILINE) == [
        *("run", "check", "compile", "compare", "diff", "golden", "verify", "backends", "schema"),
    ]


def test_a_command_looks_for_no_cycles_at_its_end() -> None:
    code = (
        "import atexit, gc\n"
        "from netspec.cli.main import main\n"
        "atexit.register(lambda: print('at the end', gc.get_freeze_count() > 0))\n"
        "main(['--version'])\n"
        "print('before', gc.get_freeze_count() > 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.splitlines()[1:] == ["before False", "at the end True"]


def test_help_imports_nothing_that_is_slow_to_import() -> None:
    code = (
        "import sys; from netspec.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = set(ran.stderr.split())
    assert "netspec.cli.run" in loaded
    assert not loaded & {"numpy", "pydantic", "jinja2", "tqdm", "matplotlib", "brian2", "ruamel"}


def test_version_and_no_command(netspec) -> None:
    assert netspec("--version").out.startswith("netspec ")
    said = netspec()
    assert said.status == 2
    assert said.err.startswith("usage:")


@pytest.mark.parametrize(
    ("arguments", "command", "complaint"),
    [
        ("verify SPEC --backend one", "verify", "--backend one; did you mean '--backends'?"),
        ("verify SPEC --backend=one", "verify", "--backend=one; did you mean '--backends'?"),
        ("check SPEC --threads 2", "check", "--threads 2"),
        ("backends SPEC", "backends", "SPEC"),
        ("--thread run SPEC", "run", "--thread; did you mean '--threads'?"),
    ],
)
def test_what_a_command_does_not_know(netspec, arguments, command, complaint) -> None:
    said = netspec(*arguments.split())
    assert said.status == 2
    assert said.err.startswith(f"usage: netspec {command} [-h]")
    assert said.err.endswith(f"netspec {command}: error: unrecognized arguments: {complaint}\n")


def test_check_shows_counts_memory_defaults_and_backends(netspec, spec, monkeypatch) -> None:
    install(
        monkeypatch,
        FakeBackend("able"),
        FakeBackend("absent", simulator=None),
        FakeBackend("poor", missing=("poisson-source",)),
        point("broken", ImportError("x")),
    )
    said = netspec("check", spec)
    assert (said.status, said.err) == (0, "")
    lines = [line.split() for line in said.out.splitlines()]
    (row,) = (line for line in lines if line[:1] == ["ext_exc"])
    assert (row[1:3], row[-2:]) == (["200", "0"], ["1.78e-06", "nS"])
    assert ["projections.ext_exc.connected", "true"] in lines
    assert ["able", "can", "run", "it"] in lines
    assert f"could run it; not installed: {MISSING}" in said.out
    assert "cannot run it: poisson-source" in said.out
    assert "cannot be imported" in said.out


def test_check_shows_the_grids_of_drives(netspec, spec) -> None:
    document = json.loads(spec.read_text())
    document["inputs"]["noise"] = {
        "model": "poisson_drive",
        "target": "exc",
        "receptor": "AMPA",
        "rate": "1 kHz",
        "weight": "2 nS",
    }
    spec.write_text(json.dumps(document))
    assert "\ndrive  grid of the weights\nnoise  2.22e-07 nS\n" in netspec("check", spec).out


def test_check_finds_all_problems(netspec, spec) -> None:
    document = json.loads(spec.read_text())
    document["projections"]["ext_exc"] |= {"target": "exx", "source": "exy"}
    spec.write_text(json.dumps(document, indent=1))
    said = netspec("check", spec)
    assert (said.status, said.out) == (2, "")
    assert said.err.count("error[") == 2


def test_check_says_whose_edges_it_did_not_draw(netspec, spec, monkeypatch) -> None:
    monkeypatch.setattr("netspec.passes.predict.MAX_CHECKED_EDGES", 100)
    said = netspec("check", spec)
    assert (said.status, said.err) == (0, "")
    assert "edges not drawn, since `check` draws no more than 100 in all:\n  ext_exc\n" in said.out


def test_check_refuses_what_run_refuses(netspec, spec) -> None:
    changes = ("--set", "inputs.ext.rate=1000*i*hertz", "--set", "populations.exc.initial.V=mV/i")
    said = netspec("check", spec, *changes)
    assert (said.status, said.out) == (2, "")
    assert said.err.count("error[") == 2
    assert netspec("run", spec, *changes) == said


def test_check_with_a_backend_that_cannot(netspec, spec, monkeypatch) -> None:
    install(monkeypatch, FakeBackend("poor", missing=("poisson-source",)))
    said = netspec("check", spec, "--backend", "poor")
    assert said.status == 1
    assert "no installed backend can run it" in said.err
    for name in ("nobody", ""):
        said = netspec("check", spec, "--backend", name)
        assert (said.status, said.out) == (2, "")
        assert f"no backend named '{name}' is installed" in said.err


def test_check_with_a_backend_that_misses_something_here(netspec, spec, monkeypatch) -> None:
    install(monkeypatch, PickyBackend("picky"), FakeBackend("absent", simulator=None))
    assert netspec("check", spec, "--backend", "picky:target=slow").status == 0
    for chosen, text in (
        ("picky:target=fast", "backend 'picky' cannot run here: there is no fast thing"),
        ("absent", "backend 'absent' cannot run here: its simulator is missing"),
    ):
        said = netspec("check", spec, "--backend", chosen)
        assert said.status == 1
        assert text in said.err


def test_check_with_a_backend_that_tells_its_layouts(netspec, spec, monkeypatch) -> None:
    class Teller(FakeBackend):
        def layouts(self, network, expected, realised, options):
            edges = expected["ext_exc"]
            yield "ext_exc", f"{edges.count:.0f} of {edges.weight_bits} bits for {options.target}"
            yield "known", str(realised is not None)

    install(monkeypatch, Teller())
    said = netspec("check", spec, "--backend", "fake:target=slow")
    assert said.status == 0
    assert said.out.endswith(
        "\nhow 'fake' stores edges:\n  ext_exc  200 of 24 bits for slow\n  known    True\n"
    )
    monkeypatch.setattr("netspec.passes.predict.MAX_CHECKED_EDGES", 100)
    said = netspec("check", spec, "--backend", "fake")
    assert "stores edges, as far as that is known without edges:\n" in said.out
    assert said.out.endswith("  known    False\n")
    install(monkeypatch, FakeBackend())
    assert "stores edges" not in netspec("check", spec, "--backend", "fake").out


def test_too_much_memory_is_refused(netspec, spec) -> None:
    said = netspec("run", spec, "--max-memory", "1kB")
    assert said.status == 2
    assert "the limit is 1 kB" in said.err
    assert netspec("run", spec, "--max-memory", "1 GB").status == 0


def test_compile_writes_a_program(netspec, spec, monkeypatch) -> None:
    install(monkeypatch, FakeBackend())
    said = netspec("compile", spec, "--backend", "fake", "--out", "made/program")
    assert (said.status, said.err) == (0, "")
    assert "main.txt" in said.out
    names = sorted(path.name for path in Path("made/program").iterdir())
    assert names == ["arrays.npz", "main.txt"]


@pytest.mark.parametrize("name", ["main.txt", "arrays.npz"])
def test_compile_replaces_nothing_that_links_in_its_folder_point_to(
    netspec, spec, monkeypatch, name
) -> None:
    install(monkeypatch, FakeBackend())
    (victim := spec.with_name("victim")).write_text("mine")
    (folder := spec.with_name("program")).mkdir()
    (folder / name).symlink_to("../victim")
    said = netspec("compile", spec, "--backend", "fake", "--out", "program")
    assert said == (
        1,
        "",
        f"error[file-error]: cannot write 'program': '{name}' is a link, which is not followed\n",
    )
    assert victim.read_text() == "mine"
    assert [each.name for each in folder.iterdir()] == [name]


def test_compile_on_a_full_disk_leaves_no_half_file(spec) -> None:
    command = f"{sys.executable} -m netspec.cli.main compile {spec} --backend numpy --out program"
    command += " --set populations.exc.size=20000"
    done = subprocess.run(
        command.split(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert done.returncode == 1
    assert done.stderr == "error[file-error]: cannot write 'program': File too large\n"
    assert "arrays.npz" not in {path.name for path in Path("program").iterdir()}


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("/proc/program", "No such file or directory"),
        ("small.json", "'small.json' is not a folder"),
        ("small.json/x/y", "'small.json' is not a folder"),
    ],
)
def test_a_folder_that_cannot_be_written_is_one_line(netspec, spec, monkeypatch, folder, reason):
    install(monkeypatch, FakeBackend())
    said = netspec("compile", spec, "--backend", "fake", "--out", folder)
    assert said == (1, "", f"error[file-error]: cannot write '{folder}': {reason}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "compile needs --backend NAME and --out DIR"),
        (["--backend", "fake"], "compile needs"),
        (["--backend", "fake", "--out", ""], "--out expects the name of a folder, got ''"),
        (["--print-after", "nothing"], "there is no pass 'nothing'; passes: load, "),
        (["--print-after", "load", "--backend", "fake"], "it does not go with --backend"),
        (["--print-after", "load", "--out", "program"], "it does not go with --out"),
        (["--print-after", "lower", "--threads", 2], "it does not go with --threads"),
        (["--print-after", "realise", "--max-memory", "1kB"], "the limit is 1 kB"),
    ],
)
def test_wrong_uses_of_compile(netspec, spec, monkeypatch, arguments, message) -> None:
    install(monkeypatch, FakeBackend())
    said = netspec("compile", spec, *arguments)
    assert (said.status, said.out) == (2, "")
    assert message in said.err


def test_compile_prints_the_network_after_any_pass(netspec, spec) -> None:
    from netspec.passes.pipeline import PASSES

    texts = []
    for name in PASSES:
        said = netspec("compile", spec, "--print-after", name)
        assert (said.status, said.err) == (0, "")
        texts.append(said.out)
    assert texts[0] == texts[1]  # there are no tables to expand
    assert len(set(texts)) == len(PASSES) - 1
    assert all("exc" in text for text in texts)


def test_compare_finds_equal_runs_identical(netspec, spec, monkeypatch) -> None:
    install(monkeypatch, FakeBackend("one"), FakeBackend("two", NoOptions))
    said = netspec(
        "compare", spec, "--backend", "one:target=slow", "--backend", "two", "--threads", 2
    )
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[-1] == "identical"


def test_compare_counts_what_run_counts(netspec, spec) -> None:
    ran = netspec("run", spec, "--backend", "numpy").out.splitlines()[0]
    compared = netspec("compare", spec, "--backend", "numpy", "--backend", "numpy").out
    counts = ", ".join(ran.split(", ")[-2:])
    assert counts.endswith("of inputs")
    assert compared.startswith(f"numpy: 200 steps, {counts}, ")


def test_compare_names_the_first_difference(netspec, spec, monkeypatch) -> None:
    install(monkeypatch, FakeBackend("one"), FakeBackend("two", spike_at=3), FakeBackend("same"))
    names = ("one", "two", "same")
    said = netspec("compare", spec, *(part for name in names for part in ("--backend", name)))
    assert said.status == 1
    assert "two: differs from one, " in said.out
    assert "same: identical" in said.out
    assert "exc" in said.out
    assert said.out.splitlines()[-1] == "not identical"


def test_compare_says_that_state_digests_were_left_out(netspec, spec, monkeypatch) -> None:
    one, two = FakeBackend("one"), FakeBackend("two")
    install(monkeypatch, one, two)
    names = ("one", "two:state_digest=false", "one")
    said = netspec("compare", spec, *(part for name in names for part in ("--backend", name)))
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[-1] == "identical, without state digests"
    assert not any(options.state_digest for options in one.built + two.built)


def test_compare_of_runs_that_became_non_finite(netspec, spec, monkeypatch) -> None:
    def ending(index):
        return lambda _control, _steps: (7, NonFinite(7, "exc", index, "V"))

    install(
        monkeypatch,
        FakeBackend("one", steps=ending(1)),
        FakeBackend("same", steps=ending(1)),
        FakeBackend("other", steps=ending(2)),
    )
    assert netspec("compare", spec, "--backend", "one", "--backend", "same").status == 0
    assert netspec("compare", spec, "--backend", "one", "--backend", "other").status == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--backend", "one"], "compare needs --backend at least twice, or two files"),
        (["--backend", "one", "--backend", "nobody"], "no backend named 'nobody'"),
        (["--backend", "one", "--backend", "one", "--threads", 2], "has several threads"),
    ],
)
def test_wrong_uses_of_compare(netspec, spec, monkeypatch, arguments, message) -> None:
    install(monkeypatch, FakeBackend("one", NoOptions))
    said = netspec("compare", spec, *arguments)
    assert (said.status, said.out) == (2, "")
    assert message in said.err


def test_compare_with_an_unsupported_backend_fails_before_it_runs(
    netspec, spec, monkeypatch
) -> None:
    one = FakeBackend("one")
    install(monkeypatch, one, FakeBackend("poor", missing=("poisson-source",)))
    said = netspec("compare", spec, "--backend", "one", "--backend", "poor")
    assert said.status == 1
    assert "error[unsupported-feature]" in said.err
    assert not one.built


def test_backends_shows_versions_features_and_how_to_install(netspec, monkeypatch) -> None:
    install(
        monkeypatch,
        FakeBackend("able"),
        FakeBackend("absent", NoOptions, simulator=None, missing=("set-rate",)),
        point("broken", ImportError("x")),
    )
    said = netspec("backends")
    assert said.status == 0
    lines = [line.split() for line in said.out.splitlines()]
    assert ["able", "1.0", "state_digest,", "target,", "threads"] in lines
    assert any(line[:2] == ["broken", "broken"] for line in lines)
    assert f"not installed: {MISSING}" in said.out
    assert any(line[:3] == ["set-rate", "yes", "planned"] for line in lines)


def test_no_backends(netspec, monkeypatch) -> None:
    install(monkeypatch)
    assert netspec("backends").status == 0


def test_schema_is_json(netspec) -> None:
    said = netspec("schema")
    assert said.status == 0
    assert json.loads(said.out)["properties"].keys() >= {"populations", "projections"}
