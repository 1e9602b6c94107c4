"""The pytest plugin: what is collected, what fails and in which words."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from controls.broken import Misreading
from unit.backend.fakes import CommandOptions, FakeBackend, install, point
from unit.cli.conftest import DOCUMENT

import netspec
import netspec_numpy
from netspec.cli.main import main
from netspec.golden.file import path_of, read
from netspec.realise.network import RealisedNetwork
from netspec.results.spike_differences import spike_differences

pytest_plugins = ["pytester"]

Pytest = Callable[..., pytest.RunResult]

LEAN = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
"""Hypothesis is imported anew by each run that does not need it."""


@pytest.fixture(scope="module", autouse=True)
def everything_is_imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Load what runs of pytest in this process need: each forgets what it has loaded itself."""
    path = tmp_path_factory.mktemp("warm") / "small.yaml"
    path.write_text(in_yaml())
    assert main(["golden", str(path), "--backends", "numpy"]) == 0
    assert main(["verify", str(path)]) == 0
    results = netspec.load(path).run(backend="numpy")
    assert spike_differences(results, results) == []


def in_yaml() -> str:
    return "\n".join(f"{key}: {json.dumps(value)}" for key, value in DOCUMENT.items())


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> FakeBackend:
    """One of the installed backends; the other, `two`, does the same."""
    backend = FakeBackend("one")
    install(monkeypatch, backend, FakeBackend("two"))
    return backend


@pytest.fixture
def run(pytester: pytest.Pytester) -> Pytest:
    """Return a function that runs pytest in an own folder, in this process."""

    def call(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest_inprocess(*LEAN, *arguments)

    return call


@pytest.fixture
def spec(pytester: pytest.Pytester) -> Path:
    """A description that is found by its name."""
    path = pytester.path / "small.netspec.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


@pytest.fixture
def golden(run: Pytest, spec: Path, one: FakeBackend) -> Path:
    """Its golden file."""
    run("--netspec-update-golden").assert_outcomes(passed=1)
    return path_of(spec)


def names(result: pytest.RunResult) -> list[str]:
    """Return the tests that were collected with `--collect-only -q`."""
    return [line for line in result.outlines if "::" in line]


# What is collected


def test_there_is_a_test_for_each_backend_of_the_golden_file(run, golden) -> None:
    assert names(run("--collect-only", "-q")) == [
        "small.netspec.json::one",
        "small.netspec.json::two",
    ]
    run().assert_outcomes(passed=2)
    run("-k", "two").assert_outcomes(passed=1, deselected=1)


def test_other_backends_are_taken_if_they_are_named(run, golden) -> None:
    found = names(run("--collect-only", "-q", "--netspec-backends", "two:target=slow,threads=2"))
    assert found == ["small.netspec.json::two:target=slow,threads=2"]


@pytest.mark.parametrize(
    ("backends", "said"),
    [
        ("three", "no backend named 'three' is installed"),
        ("", "no backend named '' is installed"),
        ("one:colour=red", "backend 'one' has no option 'colour'"),
        ("one:state_digest=false", "leaves the state digest out"),
    ],
)
def test_wrong_backends_are_refused_before_anything_runs(run, golden, backends, said) -> None:
    result = run("--netspec-backends", backends)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*ERROR: --netspec-backends: *{said}*"])


def test_yaml_is_collected_and_other_json_is_not(run, pytester, one) -> None:
    (pytester.path / "small.netspec.yaml").write_text(in_yaml())
    (pytester.path / "data.json").write_text("{}")
    run("--netspec-update-golden").assert_outcomes(passed=1)
    assert names(run("--collect-only", "-q")) == [
        "small.netspec.yaml::one",
        "small.netspec.yaml::two",
    ]


def test_models_of_the_project_are_collected_even_outside_of_testpaths(
    run, pytester, spec, one
) -> None:
    models = pytester.mkdir("models")
    (models / "a.json").write_text(json.dumps(DOCUMENT))
    pytester.mkdir("tests")
    spec.rename("tests/small.netspec.json")
    pytester.makepyprojecttoml(
        '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n'
        '[tool.netspec]\nmodels = ["tests/../models/*.json", "tests/*.json"]\n'
    )
    run("--netspec-update-golden").assert_outcomes(passed=2)
    found = names(run("--collect-only", "-q", "--netspec-backends", "one"))
    assert found == ["tests/small.netspec.json::one", "models/a.json::one"]
    assert names(run("--collect-only", "-q", "--netspec-backends", "one", "tests")) == found[:1]
    assert names(run("--collect-only", "-q", "--netspec-backends", "one", "models")) == found[1:]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('models = ["nets/*.json"]', "no file is 'nets/*.json'"),
        ('models = ["."]', "no file is '.'"),
        ('models = ["./"]', "no file is './'"),
        pytest.param(f'models = ["{"long" * 100}"]', "*longlong*", id="a long name"),
        ('models = ["/abs/*.json"]', "'/abs/*.json': *"),
        ('models = ["../*/*.toml"]', "'../[*]/[*].toml' leads out of the project"),
        ('models = "nets"', "models of [[]tool.netspec[]] is to be a list of texts"),
        ("models = [1]", "models of [[]tool.netspec[]] is to be a list of texts"),
        ('model = ["*.json"]', "[[]tool.netspec[]] has no 'model', only 'models'"),
    ],
)
def test_a_wrong_table_is_refused(run, pytester, one, table, said) -> None:
    beside = pytester.path.parent / "beside"
    beside.mkdir(exist_ok=True)
    (beside / "a.toml").touch()
    pytester.makepyprojecttoml(f"[tool.netspec]\n{table}\n")
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*pyproject.toml: *{said}"])


def test_what_is_no_table_is_refused(run, pytester, one) -> None:
    pytester.makepyprojecttoml("[tool]\nnetspec = 3\n")
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*pyproject.toml: [[]tool.netspec[]] is to be a table, *"])


# What fails


def test_without_golden_file_the_failure_says_how_to_make_it(run, spec, one) -> None:
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "_* small.netspec.json: golden _*",
            "error[[]no-golden-file[]]: 'small.netspec.json' has no golden file *",
            "  hint: write it: netspec golden small.netspec.json",
            "FAILED small.netspec.json::golden - *",
        ]
    )
    assert not one.built


@pytest.mark.parametrize("arguments", [(), ("--netspec-update-golden",)])
def test_a_name_that_leaves_no_room_for_that_of_a_golden_file(
    run, pytester, spec, golden, arguments
) -> None:
    name = "n" * 240 + ".netspec.json"
    (pytester.path / name).write_text(spec.read_text())
    result = run(*arguments)
    result.assert_outcomes(failed=1, passed=1 if arguments else 2)
    assert "File name too long" in result.stdout.str()
    assert "Traceback" not in result.stdout.str()


def test_a_damaged_golden_file_fails_with_its_place(run, golden) -> None:
    golden.write_text(golden.read_text()[:300])
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  --> small.netspec.golden.json:14:19"])


def test_a_wrong_description_fails_with_its_place(run, spec, golden) -> None:
    spec.write_text(json.dumps({**DOCUMENT, "seed": -1}, indent=2))
    result = run()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["  --> small.netspec.json:4:11   seed"])


def test_a_difference_is_shown_with_where_it_begins_and_without_digests(run, golden, one) -> None:
    one.spike_at = 3
    result = run()
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [
            "_* small.netspec.json: one _*",
            "small.netspec.json on one: differs",
            "  spikes of 'exc': as many as expected, 1, but not the same ones",
            "  first difference from 'two', which is as expected:",
            "    'two' (expected) and 'one' (got) part in step 0, at 0 ms: exc[[]0[]]",
            "      step 0, exc[[]0[]]: expected a spike, got none",
            "FAILED small.netspec.json::one - *",
        ],
        consecutive=False,
    )
    assert not re.search("[0-9a-f]{64}|Traceback", result.stdout.str())


def test_another_description_is_told_from_other_spikes(run, spec, golden) -> None:
    spec.write_text(json.dumps({**DOCUMENT, "seed": 5}))
    result = run()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        ["small.netspec.json on one: other description", "  seed: expected 1, got 5"]
    )


def test_a_backend_that_is_not_installed_fails(run, golden, monkeypatch) -> None:
    install(monkeypatch, FakeBackend("one"))
    result = run()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["small.netspec.json on two: not installed"])


def one_bit_off(network: RealisedNetwork) -> RealisedNetwork:
    """Start one neuron with another last bit of V, which changes no spike."""
    own = network.populations["exc"]
    initial = np.broadcast_to(own.initial["V"], (10,)).copy()
    initial[7] = np.nextafter(initial[7], 0)
    changed = replace(own, initial={**own.initial, "V": initial})
    return replace(network, populations={**network.populations, "exc": changed})


def test_a_backend_that_is_wrong_in_one_bit_of_state_fails(run, spec, monkeypatch) -> None:
    sound = netspec_numpy.backend
    install(
        monkeypatch,
        point("numpy", sound),
        point("broken", Misreading(sound, one_bit_off)),
    )
    quiet = {**DOCUMENT, "inputs": {}, "projections": {}, "monitors": {}}
    spec.write_text(json.dumps(quiet))
    run("--netspec-update-golden", "--netspec-backends", "numpy").assert_outcomes(passed=1)
    result = run("--netspec-backends", "broken,numpy")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "small.netspec.json on broken: differs",
            "  state of 'exc': not as expected",
            "  first difference from 'numpy', which is as expected:",
            "    'numpy' (expected) and 'broken' (got) begin with different state: exc[[]7[]]",
            "      step 0, exc[[]7[]], variable V: expected -0.0706 (*), got -0.070599999*",
        ]
    )


# Golden files


def test_golden_files_are_written_if_asked_for(run, spec, one) -> None:
    result = run("--netspec-update-golden", "--netspec-backends", "one")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["small.netspec.golden.json: written"])
    assert read(path_of(spec)).backends == ("one",)
    before = path_of(spec).read_bytes()
    run("--netspec-update-golden").stdout.fnmatch_lines(["small.netspec.golden.json: unchanged"])
    one.spike_at = 4
    run().assert_outcomes(failed=1)
    assert path_of(spec).read_bytes() == before
    run("--netspec-update-golden").stdout.fnmatch_lines(
        [
            "small.netspec.golden.json: written",
            "  spikes of 'exc': as many as expected, 1, but not the same ones",
        ],
        consecutive=True,
    )
    run().assert_outcomes(passed=1)


def test_no_program_is_run_that_a_golden_file_names(run, spec, monkeypatch) -> None:
    backend = FakeBackend("one", options=CommandOptions)
    install(monkeypatch, backend)
    run("--netspec-update-golden", "--netspec-backends", "one:compiler=gcc").assert_outcomes(
        failed=1
    )
    run("--netspec-update-golden").assert_outcomes(passed=1)
    path_of(spec).write_text(path_of(spec).read_text().replace('"one"', '"one:compiler=rm"'))
    backend.built.clear()
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["error[[]command-in-golden-file[]]: option 'compiler' *"])
    assert not backend.built
    run("--netspec-backends", "one:compiler=gcc").assert_outcomes(failed=1)
    assert not backend.built


def test_no_golden_file_is_written_where_backends_differ(run, spec, one) -> None:
    one.spike_at = 4
    result = run("--netspec-update-golden")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["small.netspec.golden.json: backends differ"])
    assert not path_of(spec).exists()


def test_of_two_descriptions_none_replaces_the_golden_file_of_the_other(run, spec, one) -> None:
    spec.with_suffix(".yaml").write_text(in_yaml())
    for name in ("other.netspec.json", "deeper/small.netspec.json"):
        (spec.parent / name).parent.mkdir(exist_ok=True)
        (spec.parent / name).write_text(spec.read_text())
    result = run("--netspec-update-golden")
    result.assert_outcomes(passed=2, failed=2)
    said = (
        "error[[]shared-golden-file[]]: 'small.netspec.json' and 'small.netspec.yaml' have the "
        "same golden file, 'small.netspec.golden.json'"
    )
    result.stdout.fnmatch_lines([said, "*", said])
    assert not path_of(spec).exists()
    run("--netspec-update-golden", "small.netspec.yaml").assert_outcomes(passed=1)


# Fixtures

USES_FIXTURES = """
import netspec

def test_spikes(netspec_backend, assert_identical_spikes):
    network = netspec.load("small.netspec.json")
    assert_identical_spikes(network.run(backend=netspec_backend), network.run(backend="two"))
"""


def test_a_test_runs_on_each_fast_backend(run, pytester, spec, monkeypatch) -> None:
    install(
        monkeypatch,
        FakeBackend("one"),
        FakeBackend("two"),
        FakeBackend("slow", most_neuron_steps=10**7),
        FakeBackend("missing", simulator=None),
    )
    pytester.makepyfile(test_it=USES_FIXTURES)
    run("test_it.py").assert_outcomes(passed=2)
    found = names(run("--collect-only", "-q", "test_it.py", "--netspec-backends", "slow"))
    assert found == ["test_it.py::test_spikes[slow]"]


def test_spikes_that_differ_are_shown(run, pytester, spec, one) -> None:
    one.spike_at = 6
    pytester.makepyfile(test_it=USES_FIXTURES)
    result = run("test_it.py")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "spikes of 'exc' differ: 1 and 1 of them",
            "first difference: step 0, exc[[]0[]] spikes only in the second results",
        ]
    )


def test_spikes_that_nobody_recorded_count(run, pytester, spec, one) -> None:
    spec.write_text(json.dumps({**DOCUMENT, "monitors": {}}))
    one.spike_at = 6
    pytester.makepyfile(test_it=USES_FIXTURES)
    result = run("test_it.py")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["what differs was not recorded; add it to the monitors to see where"]
    )


def test_objects_that_only_one_has_are_named(run, pytester, spec, one) -> None:
    pytester.makepyfile(
        test_it="""
        import netspec

        def test_spikes(assert_identical_spikes):
            network = netspec.load("small.netspec.json")
            more = network.replace({"populations.more": {"size": 2, "cell": "lif"}})
            assert_identical_spikes(network.run(backend="one"), more.run(backend="one"))
        """
    )
    run("test_it.py").stdout.fnmatch_lines(["spikes of 'more': only in the second results"])


# Processes


def outside(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python there, in a process of its own."""
    hidden = {"PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTHONPATH"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_tests_of_a_description_stay_in_one_process(pytester, spec) -> None:
    """Also with `loadfile`, as `tests/docs/test_testing_page.py` does, but that needs no plugin."""
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\naddopts = ["--strict-markers"]\n')
    for name in ("a", "b"):
        path = spec.with_name(f"{name}.netspec.json")
        path.write_text(spec.read_text())
        assert main(["golden", str(path), "--backends", "numpy"]) == 0
    spec.unlink()
    command = ["-m", "pytest", *LEAN, "-v", "-n", "2", "--dist", "loadgroup"]
    backends = ["--netspec-backends", "numpy,numpy:state_digest=true"]
    done = outside(spec.parent, *command, *backends)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.findall(r"\[(gw\d)\].* PASSED (\w)\.netspec\.json::numpy", done.stdout)
    assert len(passed) == 4
    assert len(set(passed)) == 2


HEAVY = {"netspec.golden", "netspec.spec", "numpy", "pydantic", "jinja2", "matplotlib", "ruamel"}


def test_without_a_description_nothing_heavy_is_imported(pytester) -> None:
    pytester.makepyprojecttoml("[tool.netspec]\nmodels = []\n")
    pytester.makepyfile(test_it="def test_it():\n    pass\n")
    pytester.makeconftest(
        "import sys\n"
        "def pytest_unconfigure():\n"
        "    print('modules', *sorted(sys.modules), file=sys.stderr)\n"
    )
    done = outside(pytester.path, "-m", "pytest", *LEAN, "-q")
    assert done.returncode == 0, done.stdout
    loaded = set(done.stderr.partition("modules ")[2].split())
    assert "netspec.pytest_plugin" in loaded
    assert not loaded & HEAVY
    assert {name for name in loaded if name.split(".")[0] == "netspec"} == {
        "netspec",
        "netspec.pytest_plugin",
    }
