"""What the Brian2 backend emits, and how it runs that in a process of its own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from netspec.backend.program import Program
from netspec.backend.protocol import RunControl
from netspec.compare import differences
from netspec.errors import BackendError
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.results.digest import combined_digest, spike_digest
from netspec.results.record import RunRecord
from netspec.spec.network import Network
from netspec.testing import networks
from netspec.testing.documents import together
from netspec.testing.oracle import backend as oracle
from netspec_brian2 import backend, compilers
from netspec_brian2.failure import failure_message
from netspec_brian2.names import Names
from netspec_brian2.options import Target

ROOT = Path(__file__).parents[3]
TARGETS: tuple[Target, ...] = ("numpy", "cython", "cpp_standalone")

HOSTILE = (
    ("exc", "a_b", "double", "w", "print", "exc_equations"),
    ("exc_a", "b", "int", "w_1", "exc_pre", "exc_b_stateupdater"),
    ("exc_stateupdater", "stateupdater", "new", "connected", "exc_spikes", "magicnetwork"),
    ("network", "N", "refractory", "not_refractory", "np", "lambda"),
    ("defaultclock", "lastspike", "x_post", "x_pre", "brian", "main"),
    ("simulate", "mvolt", "amp2", "NULL", "lru_cache", "arrays"),
    ("a__b", "c__d", "trailing_", "where_integer", "FUNCTIONS", "class"),
    ("netspec_exp", "netspec_exp", "not_finite", "snapshot", "dict", "exc_samples"),
    ("STEPS", "remember", "x_next", "fires_spike", "second_", "Watched"),
    ("a", "key_0", "high", "countdown", "std", "exc_a_spikes"),
    ("exc_", "t_in_timesteps", "EOF", "rho_1", "self", "values"),
    ("idx", "targets", "owner", "self", "sources", "variable_indices"),
    ("targets", "sources", "idx", "variable_indices", "owner", "dtype"),
)
"""Names of a population, of three variables, of a source and of a projection.

All are legal, and Python, C++, Brian2 or the script have other uses for them.
"""


def hostile(population: str, x: str, y: str, z: str, source: str, projection: str) -> Any:
    """Return sections of a document with these names in every place where a name can be."""
    equations = {
        "parameters": {f"{z}_0": "1/ms", "level": {"unit": "1", "default": "1"}},
        "state": {
            x: {"unit": "1", "initial": "0.1*i"},
            y: {"unit": "1", "initial": "0.5"},
            z: {"unit": "1", "initial": "0.25"},
        },
        "derivatives": {
            x: f"{z}_0*({y} - {x} + 1.5)",
            y: f"{z}_0*({x} - {y}*{z})",
            z: f"{z}_0*(exp(-abs({x})) - {z})",
        },
        "spike": {"when": f"{x} > level", "then": [f"{x} = {x}/4 - {y}", f"{z} = {z} + 0.1"]},
    }
    nudge = {"model": {"equations": {"weight": "1", "on_event": f"{x} = {x} + acc"}}}
    edge = {"target": population, "rule": {"all_to_all": {}}, "delay": "0.2 ms"}
    return {
        "cells": {
            population: {
                "model": {"equations": equations},
                "integrator": "euler",
                "receptors": {"post": nudge, population: nudge},
                f"{z}_0": "0.7 /ms",
            }
        },
        "populations": {population: {"size": 5, "cell": population}},
        "inputs": {source: {"model": "poisson", "size": 3, "rate": "400 Hz"}},
        "projections": {
            projection: edge | {"source": source, "receptor": "post", "weight": "0.2*(i + 1)"},
            f"{projection}_2": edge
            | {"source": population, "receptor": population, "weight": "-0.01", "delay": "0 ms"},
        },
        "timeline": [
            {"at": "2 ms", "set": {f"{projection}.weight": "0.1*(i + 1)"}},
            {"at": "2 ms", "disconnect": f"{projection}_2"},
            {"at": "3 ms", "connect": f"{projection}_2"},
            {"at": "3 ms", "set": {f"{population}[1:4].{y}": "0.1*i"}},
            {"at": "4 ms", "set": {f"{source}[0:2].rate": "1 kHz", f"{population}.level": "0.9"}},
        ],
        "monitors": {
            "states": [
                {"of": population, "variables": [x, z], "every": 1},
                {"of": f"{population}[1:3]", "variables": [y], "every": 3},
            ]
        },
    }


def all_hostile() -> RealisedNetwork:
    parts = [hostile(*names) for names in HOSTILE]
    return pipeline.realised(Network(**together(parts, "8 ms")))


def everything() -> RealisedNetwork:
    return networks.realised("everything")


def emitted(network: RealisedNetwork, target: Target = "numpy") -> Program:
    return backend.emit(network, backend.options(target=target))


def run(program: Program, control: RunControl | None = None) -> RunRecord:
    return backend.build(program, backend.options()).run(control or RunControl())


def changed(old: str, new: str) -> Program:
    """Return the program of a short network with another text in it."""
    program = emitted(networks.realised("one_step"))
    text = program.files[program.entry]
    assert old in text
    return replace(program, files={program.entry: text.replace(old, new, 1)})


def expected(network: RealisedNetwork) -> RunRecord:
    options = oracle.options()
    return oracle.build(oracle.emit(network, options), options).run(RunControl())


# --- emission -----------------------------------------------------------------------------------


def test_emission_needs_no_brian2_and_no_certain_hash_seed() -> None:
    def emit_elsewhere(seed: str) -> bytes:
        variables = {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, __file__]
        environment = {**os.environ, **variables}
        return subprocess.run(command, env=environment, check=True, capture_output=True).stdout

    first, second = emit_elsewhere("1"), emit_elsewhere("2")
    assert first == second
    assert len(first) > 100_000


@pytest.mark.parametrize("target", TARGETS)
def test_the_script_passes_ruff(target: Target, tmp_path: Path) -> None:
    for name, network in (("everything", everything()), ("hostile", all_hostile())):
        emitted(network, target).write(tmp_path / name)
    # Lines of equations are as long as the equations.
    rules = [
        "--isolated",
        "--no-cache",
        "--select",
        "E,F,W,I,B,D,N,UP",
        "--ignore",
        "E501,N801,N816",
    ]
    rules += ["--config", "lint.pydocstyle.convention='google'"]
    command = [sys.executable, "-m", "ruff", "check", *rules, str(tmp_path)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_names_are_mapped_one_to_one() -> None:
    network = all_hostile().ir
    names = Names(network)
    assert len(set(names._objects.values())) == len(names._objects)
    assert len(set(names._variables.values())) == len(names._variables)
    assert not set(names._variables.values()) & set(names._objects.values())


def test_names_that_are_free_are_kept() -> None:
    text = emitted(networks.realised("timeline")).files["simulate.py"]
    assert "dV/dt = (g_L * (E_L - V) + I_syn + I_e) / C_m : volt" in text
    assert "followers = NeuronGroup(" in text


def test_no_name_of_brian2_is_free() -> None:
    # In a process of its own: this one never imports Brian2.
    code = """if True:
        import re, sys
        from brian2 import *
        from brian2.core.functions import DEFAULT_CONSTANTS, DEFAULT_FUNCTIONS
        from brian2.core.namespace import DEFAULT_UNITS
        from netspec_brian2.reserved import is_reserved_variable
        a = NeuronGroup(2, "dq/dt = -q/second : 1", threshold="q > 1", reset="", method="euler")
        b = SpikeGeneratorGroup(1, [0], [0] * second)
        c = Synapses(a, a, "q_syn : 1", on_pre="q_post += q_syn")
        c.connect()
        groups = [a, b, c, SpikeMonitor(a), StateMonitor(a, "q", record=True)]
        names = {*DEFAULT_UNITS, *DEFAULT_FUNCTIONS, *DEFAULT_CONSTANTS}
        for group in groups:
            names |= set(dir(group)) | set(group.variables)
        names = {name for name in names if re.match("[A-Za-z]", name)}
        free = {name for name in names if not is_reserved_variable(name)}
        print(sorted(free - {"q", "q_syn"}))
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert result.stdout.strip() == "[]"


def test_brian2_gets_nothing_that_it_would_rewrite() -> None:
    # `x = x + a*b` would become `x += …`, with the terms of the rest in another order.
    for line in emitted(everything()).files["simulate.py"].splitlines():
        target, equals, value = line.partition(" = ")
        if equals and target.isidentifier() and value.startswith(f"{target} "):
            assert value.split()[1] == "+", line
            assert value.split()[2].isidentifier(), line
            assert len(value.split()) == 3, line


# --- running ------------------------------------------------------------------------------------


def test_names_change_nothing() -> None:
    network = all_hostile()
    record = run(emitted(network))
    assert differences(expected(network), record, network) == []
    assert all(spikes.steps.size for spikes in record.spikes.values())


def test_the_script_runs_by_hand(tmp_path: Path) -> None:
    program = emitted(networks.realised("timeline"))
    program.write(tmp_path)
    command = [sys.executable, "-I", str(tmp_path / program.entry)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    record = run(program)
    digests = {name: spike_digest(spikes) for name, spikes in sorted(record.spikes.items())}
    assert lines == [
        *(
            f"{name}: {record.spikes[name].steps.size} spikes, {digest}"
            for name, digest in digests.items()
        ),
        f"digest {combined_digest(digests)}",
        f"state digest {combined_digest(record.state_digests)}",
    ]


def test_the_caller_never_imports_brian2_and_finds_nothing_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    simulation = backend.build(emitted(networks.realised("one_step")), backend.options())
    simulation.run(RunControl())
    assert "brian2" not in sys.modules
    assert set(simulation.wall_times) == {"import", "compile", "simulate"}
    assert list(tmp_path.iterdir()) == []


def tiny() -> RealisedNetwork:
    """Return a network that is compiled quickly."""
    cell = {"model": "leaky_if", "integrator": "euler", "receptors": {}}
    values = {"C_m": "281 pF", "g_L": "30 nS", "E_L": "-70 mV", "V_th": "-50 mV"}
    whole = networks.together([], "1 ms") | {
        "cells": {"cell": cell | values | {"V_reset": "-65 mV"}},
        "populations": {"one": {"size": 1, "cell": "cell"}},
    }
    return pipeline.realised(Network(**whole))


def long_network() -> RealisedNetwork:
    network = networks.realised("chaos")
    return replace(network, ir=replace(network.ir, steps=200_000))


def test_a_run_can_be_followed_and_ended() -> None:
    network, seen = long_network(), list[int]()
    record = run(emitted(network), RunControl(seen.append, lambda: max(seen, default=0) > 100))
    assert seen == sorted(seen)
    assert 100 < record.steps < 200_000
    assert record.outcome is None
    shorter = replace(network, ir=replace(network.ir, steps=record.steps))
    assert differences(run(emitted(shorter)), record, shorter) == []


def test_a_caller_that_gives_up_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def give_up(_steps: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(emitted(long_network()), RunControl(give_up))
    assert list(tmp_path.iterdir()) == []


SLOW_WORKER = """
import sys, time
from pathlib import Path
print("it compiles and compiles", flush=True)
while not (Path(sys.argv[1]) / "stop").exists():
    time.sleep(0.01)
sys.exit("it looked at the stop file only after it had compiled")
"""


@pytest.mark.parametrize("digest", [True, False])
def test_a_stop_ends_the_compilation(
    digest: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "worker.py").write_text(SLOW_WORKER)
    monkeypatch.setattr("netspec_brian2.build._WORKER", tmp_path / "worker.py")
    network, options = networks.realised("everything"), backend.options(state_digest=digest)
    control = RunControl(should_stop=lambda: True)
    record = backend.build(backend.emit(network, options), options).run(control)
    none = replace(network, ir=replace(network.ir, steps=0))
    wanted = expected(none)
    assert differences(wanted if digest else replace(wanted, state_digests={}), record, none) == []


def test_a_script_that_fails_says_why() -> None:
    with pytest.raises(BackendError, match=r"(?s)process of backend 'brian2' failed.*no such cat"):
        run(changed("STEPS =", 'raise ValueError("no such cat")\nSTEPS ='))


def test_a_process_that_is_killed_is_noticed() -> None:
    with pytest.raises(BackendError, match="was ended by SIGKILL"):
        run(changed("STEPS =", "import os\nos.kill(os.getpid(), 9)\nSTEPS ="))


def test_a_process_without_subnormals_is_refused() -> None:
    with pytest.raises(BackendError, match="cannot run: subnormal numbers are switched off"):
        run(changed("5e-324", "0.0"))


FLUSHING = """device.insert_code("before_start", r'''
#if defined(__x86_64__)
#define FLUSH_TO_ZERO __builtin_ia32_ldmxcsr(0x9fc0)
#elif defined(__aarch64__)
#define FLUSH_TO_ZERO asm volatile("msr fpcr, %0" :: "r"(1ULL << 24))
#endif
{where}
''')
"""
"""What switches subnormal numbers off in a compiled program, as a library can that it loads."""

IN_SECOND_THREAD = """
omp_set_num_threads(2);
#pragma omp parallel
if (omp_get_thread_num() == 1) FLUSH_TO_ZERO;
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("threads", "where"),
    [
        (1, "FLUSH_TO_ZERO;"),
        (2, "FLUSH_TO_ZERO;"),
        (2, IN_SECOND_THREAD),
    ],
    ids=["one", "two", "second-of-two"],
)
def test_a_compiled_program_without_subnormals_is_refused(threads: int, where: str) -> None:
    options = backend.options(target="cpp_standalone", threads=threads)
    program = backend.emit(tiny(), options)
    before, place, after = program.files[program.entry].partition("\ndt = ")
    text = before + "\n" + FLUSHING.replace("{where}", where) + place + after
    broken = replace(program, files={program.entry: text})
    with pytest.raises(BackendError, match=r"cannot run: subnormal .* in the compiled program"):
        backend.build(broken, options).run(RunControl())


@pytest.mark.slow
def test_a_compiled_program_runs_and_stops_in_a_folder_of_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / "a \"b\" \\n ?? %s 'é' 😀"
    odd.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(odd))
    options = backend.options(target="cpp_standalone")
    network = replace(tiny(), ir=replace(tiny().ir, steps=2_000_000_000))
    seen = list[int]()
    control = RunControl(seen.append, lambda: bool(seen))
    record = backend.build(backend.emit(network, options), options).run(control)
    assert 0 < record.steps < 2_000_000_000
    assert record.outcome is None


# --- what is missing ----------------------------------------------------------------------------


def test_threads_need_cpp_standalone() -> None:
    assert backend.options(target="cpp_standalone", threads=2).threads == 2
    with pytest.raises(ValidationError, match="several threads need target=cpp_standalone"):
        backend.options(threads=2)
    with pytest.raises(ValidationError):
        backend.options(target="cpp_standalone", threads=0)


def test_a_missing_brian2_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netspec_brian2.build.find_spec", lambda _name: None)
    with pytest.raises(BackendError) as caught:
        run(emitted(networks.realised("one_step")))
    assert str(caught.value) == (
        "backend 'brian2' needs Brian2, which is not installed; "
        f"install it with: {backend.capabilities.install}"
    )


def test_what_is_to_be_installed_is_what_the_distribution_asks_for() -> None:
    program, verb, option, *wanted = shlex.split(backend.capabilities.install)
    assert (program, verb, option) == ("pip", "install", "--upgrade")
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    dependencies = {each.replace("'", '"') for each in asked["project"]["dependencies"]}
    assert set(wanted) <= dependencies
    assert {each for each in dependencies if ";" in each} <= set(wanted)


@pytest.mark.parametrize(
    "failure", ["AttributeError('`ptp` was removed')", "ImportError('no module sympy')"]
)
def test_a_brian2_that_cannot_be_imported_is_told_from_one_that_is_missing(
    failure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brian2.py").write_text(f"raise {failure}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    # An `ImportError` of the cython target must not be mistaken for a damaged cache.
    monkeypatch.setattr("netspec_brian2.build.require_compiler", lambda _target: None)
    monkeypatch.setattr("netspec_brian2.build.cache_folder", lambda: tmp_path)
    options = backend.options(target="cython")
    program = emitted(networks.realised("one_step"), "cython")
    with pytest.raises(BackendError) as caught:
        backend.build(program, options).run(RunControl())
    name, _, text = failure.removesuffix("')").partition("('")
    assert str(caught.value) == (
        f"backend 'brian2' cannot import Brian2 {version('brian2')} with NumPy {version('numpy')}: "
        f"{name}: {text}; install versions that fit each other with: {backend.capabilities.install}"
    )
    assert tmp_path.is_dir()


@pytest.mark.parametrize(
    ("target", "missing", "advice"),
    [
        ("cython", {"g++"}, "'g++' cannot be found; install with: sudo apt-get install g++ ("),
        (
            "cpp_standalone",
            {"make"},
            "'make' cannot be found; install with: sudo apt-get install make (",
        ),
        ("cpp_standalone", {"g++", "make"}, "sudo apt-get install g++ make ("),
    ],
)
def test_missing_programs_are_named_and_how_to_install_them(
    target: Target, missing: set[str], advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(compilers.sysconfig, "get_config_var", lambda _name: None)
    monkeypatch.setattr(compilers.shutil, "which", lambda name: None if name in missing else name)
    with pytest.raises(BackendError, match=re.escape(advice)) as caught:
        compilers.require_compiler(target)
    assert str(caught.value).endswith("or use target=numpy, which compiles nothing")


@pytest.mark.parametrize("target", TARGETS[1:])
def test_a_compiler_that_the_environment_names_wrongly(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler -O")
    with pytest.raises(BackendError, match=r"'no-such-compiler' cannot be found; .* unset it"):
        compilers.require_compiler(target)


def test_the_compiler_is_quoted() -> None:
    said = "g++: fatal error: Killed signal terminated program cc1plus"
    log = "\n".join([said, *(f"  line {number} of a traceback" for number in range(30))])
    assert f"; the compiler said: {said}; it wrote last" in failure_message(1, log, None)


def test_missing_headers_of_python_are_named() -> None:
    log = (
        "x.cpp:30:10: fatal error: Python.h: No such file or directory\nCompileError: g++ failed\n"
    )
    assert "install them with: sudo apt-get install python3-dev" in failure_message(1, log, None)


def test_only_a_private_cache_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = compilers.cache_folder()
    assert folder is not None
    assert folder.parent == tmp_path / "netspec"
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o777)
    assert compilers.cache_folder() is None
    folder.rmdir()
    folder.symlink_to(tmp_path)
    assert compilers.cache_folder() is None
    folder.unlink()
    monkeypatch.setattr(compilers, "COMPILER_FLAGS", {"cython": ("-Ofast",)})
    assert compilers.cache_folder() not in (None, folder)


if __name__ == "__main__":
    for choice in TARGETS:
        for made in (everything(), all_hostile()):
            program = emitted(made, choice)
            print(program.files[program.entry], list(program.arrays))
    assert "brian2" not in sys.modules
