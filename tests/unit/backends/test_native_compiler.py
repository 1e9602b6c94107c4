"""Which C compiler is taken, what is told where there is none, and what happens while it runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from promises import require_c_compiler

from netspec.backend.choice import commands_in, fastest_backend, parse_backend
from netspec.backend.protocol import RunControl
from netspec.backend.registry import missing_simulator
from netspec.backend.start import record_of_no_step
from netspec.compare import record_differences
from netspec.errors import BackendError
from netspec.testing import networks
from netspec.testing.conformance import check_backend, option_choices
from netspec_native import backend, build, compiler, pieces
from netspec_native.compiler import found_compiler, require_compiler
from netspec_native.options import NativeOptions, flags

ADVICE = (
    "install one with: sudo apt-get install gcc libc6-dev (or your system's equivalent), "
    "or with: pip install 'netspec-snn[zig]'"
)
REAL = shutil.which("cc")
NAMED = "it is what the environment variable CC says: name a C compiler there or unset it"


def fake(path: Path, *lines: str) -> Path:
    """Write a compiler that does something first, and then what the real one does."""
    path.write_text("\n".join(["#!/bin/sh", *lines, f'exec {REAL} "$@"', ""]))
    path.chmod(0o755)
    return path


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder on PATH; it is empty."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(compiler, "find_spec", lambda _name: None)
    return folder


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let nothing be compiled already."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "netspec" / "native"


def conforms(command: str | None = None) -> bool:
    options = NativeOptions(compiler=command, optimize=0)
    return not check_backend(backend, options, {"one_step": networks.realised("one_step")})


# --- which one ----------------------------------------------------------------------------------


def test_the_first_of_those_that_are_there_is_taken(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(alone.parent / "mine")
    for name in ("clang", "gcc", "cc"):
        fake(alone / name)
        found = require_compiler()
        assert found.command == (name,)
        assert backend.version() == found.version
    monkeypatch.setenv("CC", f"{alone.parent / 'mine'} -g")
    assert require_compiler().command == (str(alone.parent / "mine"), "-g")
    assert require_compiler("gcc -O1").command == ("gcc", "-O1")


def test_one_that_does_not_work_is_passed_over(alone: Path) -> None:
    fake(alone / "cc", "exit 1")
    assert found_compiler() is None
    fake(alone / "clang")
    assert require_compiler().command == ("clang",)


def test_zig_is_taken_where_there_is_no_other(
    alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that pip installs is a module, which takes the name of a tool as its first word."""
    real = fake(tmp_path / "real")
    package = tmp_path / "packages" / "ziglang"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text(
        "import os, sys\n"
        "assert sys.argv[1] == 'cc'\n"
        "words = [each for each in sys.argv[2:] if each != '-mcpu=baseline']\n"
        f"os.execv({str(real)!r}, [{str(real)!r}, *words])\n"
    )
    monkeypatch.setattr(compiler, "find_spec", find_spec)
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    (tmp_path / "os.py").write_text("raise ImportError('a file of the user')\n")
    monkeypatch.chdir(tmp_path)
    assert require_compiler().command[:5] == (sys.executable, "-P", "-m", "ziglang", "cc")
    monkeypatch.setenv("PATH", os.defpath)  # for the assembler and the linker of the real one
    monkeypatch.setattr(compiler, "_CANDIDATES", ())
    assert conforms()


@pytest.mark.parametrize("text", ["gcc -Ofast", "gcc -ffast-math", "gcc -std=c99 -O1"])
def test_what_a_command_asks_for_changes_no_bit(text: str) -> None:
    assert conforms(text)


@pytest.mark.parametrize("options", option_choices(backend))
def test_options_can_be_written_as_text(options: NativeOptions) -> None:
    stated = options.model_dump(mode="json", exclude_defaults=True)
    written = ",".join(f"{name}={value}" for name, value in stated.items())
    assert parse_backend(f"native:{written}" if written else "native")[1] == options


def test_a_changed_compiler_is_another_one(tmp_path: Path) -> None:
    path = fake(tmp_path / "cc")
    first = require_compiler(str(path)).identity
    assert require_compiler(str(path)).identity == first
    assert require_compiler(f"{path} -DX").identity != first
    compiler._asked.cache_clear()
    assert require_compiler(str(path)).identity == first
    fake(path, "# another flag")
    compiler._asked.cache_clear()
    assert require_compiler(str(path)).identity != first


def test_headers_are_those_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("math.h", "stdlib.h"):
        (tmp_path / name).write_text("#error mine\n")
    command = str(fake(tmp_path / "cc"))
    elsewhere = require_compiler(command)
    compiler._asked.cache_clear()
    monkeypatch.chdir(tmp_path)
    assert require_compiler(command) == elsewhere
    assert conforms(command)


def test_flags_are_those_that_keep_every_bit() -> None:
    for options in option_choices(backend):
        told = flags(options)
        assert {"-fno-fast-math", "-ffp-contract=off", "-fwrapv"} <= set(told)
        assert told.index("-fno-fast-math") < told.index("-ffp-contract=off")


# --- in pieces ----------------------------------------------------------------------------------


def test_no_piece_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "cores", lambda: 8)
    for populations in range(30):
        run, units = pieces.section_of(populations), pieces.sections(populations)
        number = pieces.pieces(populations)
        of_sections = {section * number // units for section in range(run + 1)}
        assert of_sections == set(range(number))
    assert [pieces.pieces(populations) for populations in (1, 2, 8, 29)] == [1, 2, 4, 8]
    monkeypatch.setattr(pieces, "cores", lambda: 1)
    assert pieces.pieces(8) == 1


@pytest.mark.parametrize("command", ["gcc", "clang"])
@pytest.mark.parametrize("number", [1, 2, 5])
def test_pieces_make_the_same_network(
    number: int, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_c_compiler(command)
    monkeypatch.setattr(build, "pieces", lambda _populations: number)
    assert conforms(command)


def test_a_piece_that_fails_ends_the_others(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "pieces", lambda _populations: 3)
    path = fake(
        tmp_path / "cc",
        'case "$*" in',
        "  *-DPIECE=0*) echo wrong >&2; exit 3;;",
        "  *-DPIECE=*) sleep 1000;;",
        "esac",
    )
    with pytest.raises(
        BackendError, match=f"^the C compiler '{path}' failed with status 3\n  wrong$"
    ):
        conforms(str(path))
    assert not processes_of(path)
    assert list(own_cache.iterdir()) == []


# --- none ---------------------------------------------------------------------------------------


def refusal(command: str | None = None) -> str:
    options = NativeOptions(compiler=command)
    with pytest.raises(BackendError) as caught:
        backend.build(backend.emit(networks.realised("one_step"), options), options)
    return str(caught.value).removeprefix("backend 'native' cannot compile: ")


def test_without_a_compiler(alone: Path) -> None:
    assert backend.version() is None
    assert refusal() == f"there is no C compiler; {ADVICE}"
    assert missing_simulator(backend) == refusal()
    assert fastest_backend(networks.realised("one_step").ir).name == "numpy"


def test_a_compiler_without_headers(alone: Path) -> None:
    fake(alone / "gcc", 'set -- -nostdinc "$@"')
    assert refusal() == (
        f"the C compiler 'gcc' does not work: {compiler._HEADERS}:2:18: "
        f"error: no include path in which to search for math.h; {ADVICE}"
    )
    assert fastest_backend(networks.realised("one_step").ir).name == "numpy"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("no-such-compiler -O", "the C compiler 'no-such-compiler -O' cannot be found"),
        ("cc 'x", '"cc \'x" is no command: No closing quotation'),
        ("true", "'true' is no C compiler"),
        ("false", "the C compiler 'false' does not work: status 1"),
        ("cc -no", "the C compiler 'cc -no' does not work: cc: error: unrecognized"),
    ],
)
def test_what_is_named_and_is_none(
    command: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = reason.replace('"', "'")
    said = refusal(command)
    assert said.startswith(reason)
    assert said.endswith("; leave out the option 'compiler' to take another one")
    assert missing_simulator(backend, NativeOptions(compiler=command)) == said
    monkeypatch.setenv("CC", command)
    said = refusal()
    assert said.startswith(reason)
    assert said.endswith(f"; {NAMED}")
    assert missing_simulator(backend) == said
    assert missing_simulator(backend, NativeOptions(compiler=REAL)) is None
    assert backend.version() is None
    assert fastest_backend(networks.realised("one_step").ir).name == "numpy"


def test_an_empty_variable_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", " ")
    assert require_compiler().command == ("cc",)


def test_a_compiler_that_fails_is_quoted(tmp_path: Path, own_cache: Path) -> None:
    script = ('case "$*" in *-shared*)', "echo first >&2; seq 50; exit 3;;", "esac")
    path = fake(tmp_path / "cc", *script)
    options = NativeOptions(compiler=str(path))
    simulation = backend.build(backend.emit(networks.realised("one_step"), options), options)
    with pytest.raises(BackendError) as caught:
        simulation.run(RunControl())
    lines = str(caught.value).splitlines()
    assert lines[:3] == [f"the C compiler '{path}' failed with status 3", "  first", "  1"]
    assert len(lines) == 13
    assert list(own_cache.iterdir()) == []


@pytest.mark.parametrize(
    "instead", ["exit 0; :", f"exec {REAL} -E $source", f"exec {REAL} -c $source"]
)
def test_a_compiler_that_writes_no_library(
    instead: str, tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "pieces", lambda _populations: 1)
    lines = (
        'for each; do case "$each" in *.c) source="-x c $each";; *.so) target="$each";; esac; done',
        f'case "$*" in *-shared*) {instead} -o "$target";; esac',
    )
    path = fake(tmp_path / "cc", *lines)
    message = f"^the C compiler '{path}' did not fail, but wrote no library$"
    for _ in range(2):
        with pytest.raises(BackendError, match=message):
            conforms(str(path))
    assert list(own_cache.iterdir()) == []


def test_a_compiler_that_makes_an_empty_library(tmp_path: Path, own_cache: Path) -> None:
    lines = (
        'for each; do case "$each" in *.so) target="$each";; esac; done',
        f'case "$*" in *-shared*) exec {REAL} -shared -o "$target" -x c {os.devnull};; esac',
    )
    path = fake(tmp_path / "cc", *lines)
    message = f"^the C compiler '{path}' made a library without the functions$"
    with pytest.raises(BackendError, match=message):
        conforms(str(path))
    assert list(own_cache.iterdir()) == []


def test_a_compiler_with_a_name_of_any_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    folder.mkdir()
    monkeypatch.setenv("CC", str(fake(folder / "cc")))
    assert conforms()


def test_a_compiler_that_is_killed(tmp_path: Path) -> None:
    path = fake(tmp_path / "cc", 'case "$*" in *-shared*) kill -9 $$;; esac')
    with pytest.raises(BackendError, match=re.escape(f"'{path}' was ended by a signal: Killed")):
        conforms(str(path))


@pytest.mark.parametrize("named", [None, "/nonexistent -O"])
def test_an_emitted_program_without_a_compiler_says_so(
    named: str | None, alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if named is not None:
        monkeypatch.setenv("CC", named)
    backend.emit(networks.realised("one_step"), NativeOptions()).write(tmp_path / "program")
    command = [sys.executable, "simulate.py"]
    ran = subprocess.run(command, cwd=tmp_path / "program", capture_output=True, text=True)
    program = named.split()[0] if named else "cc"
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        f"cannot start the C compiler '{program}': No such file or directory; name one in CC\n"
    )


# --- while it runs ------------------------------------------------------------------------------


def slow(folder: Path) -> Path:
    """Return a compiler that writes half a library and waits for as long as a file is there."""
    (folder / "wait").touch()
    return fake(
        folder / "slow-cc",
        'case "$*" in *-shared*)',
        '  for each; do case "$each" in *.so) echo half > "$each";; esac; done',
        f"  touch {shlex.quote(str(folder / 'started'))}",
        f"  while [ -e {shlex.quote(str(folder / 'wait'))} ]; do sleep 0.05; done;;",
        "esac",
    )


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def processes_of(path: Path) -> set[int]:
    """Return the processes that have a path on their command line."""
    found = set()
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended
            if os.fsencode(path) in each.read_bytes():
                found.add(int(each.parent.name))
    return found


@pytest.mark.parametrize("state_digest", [True, False])
def test_a_wish_to_stop_is_granted_while_it_runs(
    state_digest: bool, tmp_path: Path, own_cache: Path
) -> None:
    network, path = networks.realised("one_step"), slow(tmp_path)
    options = NativeOptions(compiler=str(path), state_digest=state_digest)
    simulation = backend.build(backend.emit(network, options), options)
    record = simulation.run(RunControl(should_stop=(tmp_path / "started").exists))
    assert record.steps == 0
    assert not record_differences(
        record_of_no_step(network, state_digest=state_digest), record, network
    )
    assert not processes_of(path)
    assert list(own_cache.iterdir()) == []


RUN = """
import sys
from netspec.testing.conformance import check_backend
from netspec.testing import networks
from netspec_native import backend

options = backend.options(compiler=sys.argv[1], optimize=0)
sys.exit(bool(check_backend(backend, options, {"one_step": networks.realised("one_step")})))
"""


def test_a_run_that_is_killed_while_it_runs_leaves_nothing_that_matters(
    tmp_path: Path, own_cache: Path
) -> None:
    path = slow(tmp_path)
    command = [sys.executable, "-c", RUN, str(path)]
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    killed = subprocess.Popen(command, env=environment)
    wait_until((tmp_path / "started").exists)
    killed.kill()
    assert killed.wait() == -signal.SIGKILL
    assert list(own_cache.iterdir()) == []
    (tmp_path / "wait").unlink()
    assert subprocess.run(command, env=environment, check=False).returncode == 0
    assert [each.suffix for each in own_cache.iterdir()] == [".so"]
    # Nobody was left to clean up behind the first.
    wait_until(lambda: not processes_of(path))
    assert len(list((tmp_path / "tmp").iterdir())) == 1


def test_ctrl_c_while_it_runs_ends_with_no_step(tmp_path: Path) -> None:
    example = Path(__file__).parents[3] / "examples" / "lif_inhibition.json"
    path = slow(tmp_path)
    arguments = ["run", str(example), "--backend", f"native:compiler={path}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "netspec.cli.main", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until((tmp_path / "started").exists)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted after 0 of 5000 steps; the results are incomplete" in err
    assert ", 0 steps of 0.1 ms" in out
    assert not processes_of(path)


def test_no_golden_file_may_name_a_compiler() -> None:
    assert commands_in("native:threads=2,compiler=sh -c 'touch PWNED'") == {"compiler"}
    assert not commands_in("native:threads=2,optimize=0,vectors=common")
