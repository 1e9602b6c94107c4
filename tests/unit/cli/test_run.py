"""`netspec run`: summary, files, and what happens when something goes wrong."""

import csv
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from unit.backend.fakes import FakeBackend, FakeOptions, NoOptions, all_steps, install, point
from unit.cli.conftest import DOCUMENT, edit

from netspec.results.record import NonFinite
from netspec.results.results import Results


def test_summary_has_count_rate_and_digest_per_object(netspec, spec) -> None:
    said = netspec("run", spec, "--out", "run.npz")
    assert (said.status, said.err) == (0, "")
    results = Results.load("run.npz")
    lines = said.out.splitlines()
    for name in ("exc", "ext"):
        line = next(line.split() for line in lines if line.startswith(name))
        known = results.objects[name]
        assert line == [name, str(known.size), str(known.count), line[3], known.digest]
        assert float(line[3]) == pytest.approx(results.rates[name], abs=0.01)
    assert f"spike digest  {results.digest()}" in lines
    assert f"state digest  {results.state_digest()}" in lines
    assert lines[-1].startswith("wall times")
    assert "simulate" in lines[-1]
    assert results.counts["exc"] > 0
    assert results.metadata["wall_times"].keys() >= {"check", "realise", "emit", "simulate"}
    assert results.states["exc"]["V"].shape == (200, 2)


def test_spikes_of_each_phase_are_shown(netspec, spec) -> None:
    phases = 'phases={"all": ["0 ms", "1 s"], "none": ["0 ms", "0.1 ms"]}'
    said = netspec("run", spec, "--set", phases, "--out", "run.npz")
    count = Results.load("run.npz").counts["exc"]
    lines = [line.split() for line in said.out.splitlines()]
    assert ["spikes", "in", "all", "none"] in lines
    assert ["exc", str(count), "0"] in lines


def test_changes_are_validated_and_made(netspec, spec) -> None:
    arguments = ("--seed", 7, "--duration", "5 ms", "--set", "populations.exc.size=3")
    said = netspec(
        "run", spec, *arguments, "--set", "projections.ext_exc.weight=1 nS", "--out", "run.npz"
    )
    assert said.status == 0
    results = Results.load("run.npz")
    assert (results.metadata["seed"], results.steps, results.objects["exc"].size) == (7, 50, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "populations.exc.size=-3"], "populations.exc.size"),
        (["--set", "populations.exc.sizes=3"], "'sizes' is not a field"),
        (["--set", "populations.exc.size"], "--set expects PATH=VALUE"),
        (["--set", "=3"], "--set expects PATH=VALUE"),
        (["--set", "seed=8", "--set", "seed=9"], "--set gives 'seed' twice"),
        (["--seed", "5", "--set", "seed=9"], "--seed and --set both give the seed"),
        (["--duration", "1 ms", "--set", "duration=2 ms"], "--duration and --set both give"),
        (["--set", "__class__=1"], "'__class__' is not a field here"),
        (["--set", "populations.exc.__dict__={}"], "'__dict__' is not a field here"),
        (["--set", "cells.__class__={}"], "'__class__' is not a name"),
        (["--set", "timeline[-1]={}"], "there is no place 'timeline[-1]'"),
        (["--set", "timeline=[1"], "is not valid JSON"),
        (
            ["--set", "timeline=" + "[" * 900],
            f"{'[' * 15} is not valid JSON",
        ),
        (["--set", "seed=NaN"], "seed"),
        (["--seed", "x"], "seed"),
        (["--seed", "-1"], "seed"),
        (["--seed", "1e3"], "expected a whole number, got 1000.0"),
        (["--duration", "5"], "duration"),
        (["--duration", "1e999 ms"], "'1e999' is out of range"),
        (["--duration", "0.15 ms"], "0.15 ms"),
        (["--threads", "0"], "expected a number from 1"),
        (["--threads", "2", "--backend", "fake"], "runs on one thread"),
        (["--max-memory", "lots"], "expected a size"),
        (["--max-memory", "nan"], "expected a size"),
        (["--backend", "fak"], "did you mean 'fake'?"),
        (["--backend", "fake:x=1"], "has no option 'x'"),
        (["--out", "run.txt"], "--out expects a file name ending in .npz or .csv"),
        (["--plot", "run.npz"], "--plot expects a file name ending in .png"),
        (["--out", ""], "--out expects a file name ending in .npz or .csv, got ''"),
        (["--bakend", "fake"], "unrecognized arguments"),
        (["--backend", "fake", "--backend", "fake"], "argument --backend: may be given only once"),
        (["--seed", "1", "--seed", "1"], "argument --seed: may be given only once"),
    ],
)
def test_wrong_command_lines(netspec, spec, monkeypatch, arguments, message) -> None:
    backend = FakeBackend(options=NoOptions)
    install(monkeypatch, backend)
    said = netspec("run", spec, *arguments)
    assert (said.status, said.out) == (2, "")
    assert message in said.err
    assert not backend.built
    assert sorted(path.name for path in Path().iterdir()) == ["small.json"]


@pytest.mark.parametrize(
    ("option", "file", "reason"),
    [
        ("--out", "nowhere/run.npz", "No such file or directory"),
        ("--out", "/proc/run.csv", "No such file or directory"),
        ("--plot", "/proc/run.png", "No such file or directory"),
        ("--out", "small.json/run.npz", "Not a directory"),
        ("--out", "folder.npz", "it is a folder"),
    ],
)
def test_a_file_that_cannot_be_written_fails_before_anything_runs(
    netspec, spec, monkeypatch, option, file, reason
) -> None:
    backend = FakeBackend()
    install(monkeypatch, backend)
    Path("folder.npz").mkdir()
    said = netspec("run", spec, option, file)
    assert said == (1, "", f"error[file-error]: cannot write '{file}': {reason}\n")
    assert not backend.built
    assert sorted(path.name for path in Path().iterdir()) == ["folder.npz", "small.json"]


def test_a_wrong_description_is_located(netspec, spec) -> None:
    spec.write_text(spec.read_text().replace('"cell": "lif"', '"cell": "lof"'))
    said = netspec("run", spec)
    assert said.status == 2
    assert "did you mean 'lif'?" in said.err
    assert "small.json:" in said.err


def test_no_such_description(netspec, tmp_path) -> None:
    said = netspec("run", tmp_path / "nothing.json")
    assert said.status == 2
    assert "there is no file" in said.err


def test_unsupported_and_missing_backends_are_failures(netspec, spec, monkeypatch) -> None:
    install(
        monkeypatch,
        FakeBackend("poor", missing=("poisson-source",)),
        point("broken", ImportError("no module named 'x'")),
    )
    said = netspec("run", spec, "--backend", "poor")
    assert said.status == 1
    assert "error[unsupported-feature]: backend 'poor' cannot express 'poisson-source'" in said.err
    assert netspec("run", spec, "--backend", "broken").status == 1
    assert netspec("run", spec).status == 1


def test_threads_reach_the_backend(netspec, spec, monkeypatch) -> None:
    backend = FakeBackend()
    install(monkeypatch, backend)
    assert netspec("run", spec, "--backend", "fake:target=slow", "--threads", 3).status == 0
    assert backend.built == [FakeOptions(target="slow", threads=3)]


@pytest.mark.parametrize(("option", "file"), [("--plot", "run.png"), ("--out", "run.csv")])
def test_a_file_of_spikes_needs_spikes_that_are_recorded(
    netspec, spec, monkeypatch, option, file
) -> None:
    backend = FakeBackend()
    install(monkeypatch, backend)
    drive = {"model": "poisson_drive", "rate": "1 kHz", "receptor": "AMPA", "weight": "2 nS"}
    current = {"model": "current", "amplitude": "1 pA"}
    inputs = {name: {**each, "target": "exc"} for name, each in (("a", drive), ("b", current))}
    edit(spec, inputs={**inputs, **DOCUMENT["inputs"]})
    unrecorded = ("run", spec, option, file, "--set", "monitors.spikes=[]")
    said = netspec(*unrecorded)
    assert said.status == 2
    assert f"'{file}' is for recorded spikes, and the description records none" in said.err
    assert not backend.built
    assert not Path(file).exists()
    proposed = said.err.partition("--set '")[2].partition("'")[0]
    assert proposed == 'monitors.spikes=["exc", "ext"]'
    assert netspec(*unrecorded[:-1], proposed).status == 0
    assert Path(file).exists()


def test_results_without_spikes_can_be_saved(netspec, spec) -> None:
    changes = ("--set", "monitors.spikes=[]")
    assert netspec("run", spec, "--out", "run.npz", *changes).status == 0


def test_spikes_as_text_and_a_picture(netspec, spec) -> None:
    said = netspec("run", spec, "--out", "run.csv", "--plot", "run.png")
    assert said.status == 0
    with Path("run.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows
    assert {row["object"] for row in rows} == {"exc"}
    assert Path("run.png").read_bytes().startswith(b"\x89PNG")


def interrupting(control, steps):
    """Ctrl-C is pressed in step 5."""

    def at_five(done: int) -> None:
        if done == 5:
            os.kill(os.getpid(), signal.SIGINT)

    return all_steps(type(control)(at_five, control.should_stop), steps)


def test_ctrl_c_keeps_what_was_recorded(netspec, spec, monkeypatch) -> None:
    install(monkeypatch, FakeBackend(steps=interrupting))
    said = netspec("run", spec, "--out", "run.npz")
    assert said.status == 130
    assert said.err == "interrupted after 6 of 200 steps; the results are incomplete\n"
    assert "incomplete: asked for 200 steps" in said.out
    results = Results.load("run.npz")
    assert (results.complete, results.steps) == (False, 6)
    assert results.metadata["steps_completed"] == 6
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_files_that_cannot_say_that_they_end_early_are_named(netspec, spec, monkeypatch) -> None:
    install(monkeypatch, FakeBackend(steps=interrupting))
    said = netspec("run", spec, "--out", "run.csv")
    assert said.status == 130
    assert said.err == (
        "interrupted after 6 of 200 steps; the results are incomplete\n"
        "  note: 'run.csv' does not say that it ends early\n"
    )
    end = NonFinite(7, "exc", 3, "V")
    install(monkeypatch, FakeBackend(steps=lambda _control, _steps: (7, end)))
    said = netspec("run", spec, "--out", "run.csv")
    assert said.err.splitlines()[-1] == "  note: 'run.csv' does not say that it ends early"


def test_a_second_ctrl_c_ends_at_once(netspec, spec, monkeypatch) -> None:
    def stubborn(_control, _steps):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("unreachable")

    install(monkeypatch, FakeBackend(steps=stubborn))
    said = netspec("run", spec, "--out", "run.npz")
    assert (said.status, said.err) == (130, "interrupted\n")
    assert not Path("run.npz").exists()


def test_a_non_finite_run_fails_and_keeps_what_was_recorded(netspec, spec, monkeypatch) -> None:
    end = NonFinite(7, "exc", 3, "V")
    install(monkeypatch, FakeBackend(steps=lambda _control, _steps: (7, end)))
    said = netspec("run", spec, "--out", "run.npz")
    assert said.status == 1
    assert "population 'exc', neuron 3, step 7 (0.7 ms): V became non-finite" in said.err
    assert Results.load("run.npz").outcome == end
    assert not Results.load("run.npz").complete


def test_an_unexpected_error_is_one_line_and_a_hint(netspec, spec, monkeypatch, capsys) -> None:
    def broken(_control, _steps):
        raise KeyError("some\nthing")

    install(monkeypatch, FakeBackend(steps=broken))
    said = netspec("run", spec)
    assert said.status == 1
    assert said.err.startswith("error[internal-error]: unexpected KeyError: ")
    assert len(said.err.splitlines()) == 2
    from netspec.cli.main import main

    assert main(["run", str(spec), "--traceback"]) == 1
    assert "Traceback" in capsys.readouterr().err
    monkeypatch.setenv("NETSPEC_TRACEBACK", "1")
    assert main(["run", str(spec)]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_warnings_are_shown_as_diagnostics(netspec, spec) -> None:
    said = netspec("run", spec, "--set", "inputs.ext.rate=2 kHz")
    assert said.status == 0
    assert said.err.startswith("warning[high-rate]: ")
    assert "api.py" not in said.err


class Terminal:
    """A stderr that says it is a terminal."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("arguments", "shown"), [((), True), (("--quiet",), False)])
def test_progress_is_for_terminals(netspec, spec, monkeypatch, arguments, shown) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert netspec("run", spec, *arguments).status == 0
    assert ("/200" in terminal.text) is shown


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "netspec.cli.main", *map(str, arguments)]


@pytest.mark.parametrize("out", ["run.npz", "run.csv"])
def test_a_full_disk_is_one_line_and_leaves_no_file(spec, out) -> None:
    Path(out).write_text("old")
    arguments = ("run", spec, "--duration", "500 ms", "--backend", "numpy")  # it writes no file
    done = subprocess.run(
        command(*arguments, "--out", out, "--plot", "run.png"),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)),
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"error[file-error]: cannot write '{out}': File too large",
        "error[file-error]: cannot write 'run.png': File too large",
    ]
    assert "spike digest" in done.stdout
    assert sorted(path.name for path in Path().iterdir()) == [out, "small.json"]
    assert Path(out).read_text() == "old"


@pytest.mark.parametrize("setting", ["backend", "usetex"])
def test_a_picture_that_matplotlib_cannot_draw_keeps_nothing_else(spec, tmp_path, setting) -> None:
    environment = {**os.environ, "PATH": str(tmp_path)}  # without LaTeX
    if setting == "backend":
        environment["MPLBACKEND"] = "nope"
    else:
        Path("matplotlibrc").write_text("text.usetex: true\n")
    arguments = ("run", spec, "--backend", "numpy", "--plot", "run.png", "--out", "run.npz")
    done = subprocess.run(
        command(*arguments), capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 1
    said = "error[file-error]: cannot write 'run.png': matplotlib cannot draw it: "
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert "spike digest" in done.stdout
    assert Results.load("run.npz").complete
    assert not Path("run.png").exists()
    recorded = ("compare", "run.npz", "run.npz", "--approximately", "--plot", "run.png")
    done = subprocess.run(
        command(*recorded), capture_output=True, text=True, check=False, env=environment
    )
    assert (done.returncode, done.stderr[: len(said)]) == (1, said)
    assert done.stdout


def test_a_full_stdout_is_an_error_without_traceback(spec) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command("backends"), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["error[file-error]: No space left on device"]


def test_a_reader_that_leaves_is_no_news(spec) -> None:
    with subprocess.Popen(
        command("backends"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode in (0, 1)


@pytest.mark.parametrize(
    ("closed", "arguments", "status"),
    [
        ((1,), ["check", "small.json"], 0),
        ((1,), ["--version"], 0),
        ((2,), ["check", "nothing.json"], 2),
        ((0, 1, 2), ["x"], 2),
    ],
)
def test_closed_streams_are_no_news_either(spec, closed, arguments, status) -> None:
    def close() -> None:
        for number in closed:
            os.close(number)

    done = subprocess.run(
        command(*arguments), capture_output=True, text=True, check=False, preexec_fn=close
    )
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_stdout_cannot_encode_is_written_as_its_code(spec, encoding) -> None:
    other = spec.with_name("other.json")
    other.write_text(spec.read_text().replace('"size": 10', '"size": 11'))
    for arguments, status in ((("diff", spec, other), 1), (("run", "--help"), 0)):
        done = subprocess.run(
            command(*arguments),
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": encoding},
        )
        assert (done.returncode, done.stderr) == (status, "")
        assert "\\u2" in done.stdout


def test_nobody_who_reads_errors_is_no_news_either(spec) -> None:
    with subprocess.Popen(command("x"), stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        process.stderr.close()
    assert process.returncode == 2


def test_ctrl_c_before_the_first_import_is_done_is_no_traceback(monkeypatch) -> None:
    from netspec.__main__ import main

    class Pressed:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == "netspec.cli.main":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "netspec.cli.main")
    monkeypatch.setattr(sys, "meta_path", [Pressed, *sys.meta_path])
    assert main() == 130


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_unwinds_a_run(netspec, spec, monkeypatch, number) -> None:
    cleaned_up = []

    def killed(_control, _steps):
        try:
            os.kill(os.getpid(), number)
            raise AssertionError("unreachable")
        finally:
            cleaned_up.append(True)

    install(monkeypatch, FakeBackend(steps=killed))
    before = signal.signal(number, signal.SIG_DFL)  # `nohup` ignores SIGHUP, and so do its children
    try:
        said = netspec("run", spec, "--out", "run.npz")
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)
    assert said == (128 + number, "", "")
    assert cleaned_up
    assert not Path("run.npz").exists()


def test_nohup_is_respected(netspec, spec, monkeypatch) -> None:
    def left_alone(control, steps):
        os.kill(os.getpid(), signal.SIGHUP)
        return all_steps(control, steps)

    install(monkeypatch, FakeBackend(steps=left_alone))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert netspec("run", spec).status == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("seconds", [0.6, 1.5, 2.5])
def test_ctrl_c_at_any_time_leaves_a_good_file_or_none(spec, seconds: float) -> None:
    process = subprocess.Popen(
        command(
            "run", spec, "--duration", "1000 s", "--out", "run.npz", "--set", "monitors.states=[]"
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    # Before netspec's first line runs, Python itself dies of the signal.
    assert process.returncode in (130, -signal.SIGINT)
    assert "Traceback" not in err or process.returncode == -signal.SIGINT
    if Path("run.npz").exists():
        assert not Results.load("run.npz").complete
    assert {path.name for path in Path().iterdir()} <= {"run.npz", "small.json"}
