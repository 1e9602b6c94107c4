"""How a Brian2 script runs in a process of its own, and how that ends."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from unit.backends.brian2_programs import (
    changed,
    emitted,
    expected,
    run,
    tiny,
)

from netspec.backend.protocol import RunControl
from netspec.compare import record_differences
from netspec.errors import BackendError
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.results.digest import combined_digest, spike_digest
from netspec.spec.network import Network
from netspec.testing import networks
from netspec_brian2 import backend


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
    assert record_differences(run(emitted(shorter)), record, shorter) == []


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
    assert (
        record_differences(wanted if digest else replace(wanted, state_digests={}), record, none)
        == []
    )


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
        pytest.param(1, "FLUSH_TO_ZERO;", marks=pytest.mark.long),
        pytest.param(2, "FLUSH_TO_ZERO;", marks=pytest.mark.long),
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


def test_time_passes_where_nothing_happens() -> None:
    nothing = {"netspec": "1", "name": "nothing", "seed": 1, "dt": "0.1 ms", "duration": "5 ms"}
    mute = {"inputs": {"mute": {"model": "spike_times", "times": [[]]}}}
    for document in (nothing, nothing | mute):
        network = pipeline.realised(Network(**document))
        record = run(emitted(network))
        assert record.steps == 50
        assert record_differences(expected(network), record, network) == []
