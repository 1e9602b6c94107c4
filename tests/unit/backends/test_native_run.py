"""Threads, compilers and other libraries change no bit, and what cannot be done is said."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from golden.programs import SEED
from promises import require_c_compiler
from unit.documents import one_cell

from netspec.backend.program import Program
from netspec.backend.protocol import RunControl
from netspec.backend.registry import get
from netspec.compare import record_differences
from netspec.errors import BackendError, InternalError
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.results.record import RunRecord
from netspec.spec.network import Network
from netspec.testing import networks
from netspec.testing.conformance import BROADEST, HARDEST_ENDING, LANGUAGE, check_backend, run
from netspec.testing.documents import JUMP, document, leaky, states
from netspec_native import backend, parts
from netspec_native.options import NativeOptions

COMPILERS = ("gcc", "clang")


@contextmanager
def divided(width: int) -> Iterator[None]:
    """Divide even the smallest populations among threads, each gets so many neurons at once.

    Few neurons stay together otherwise: nearly all of the suite's networks, whatever the threads.
    """
    before = parts._FEW, parts._WIDTH
    parts._FEW, parts._WIDTH = 0, width
    try:
        yield
    finally:
        parts._FEW, parts._WIDTH = before


def with_text(program: Program, old: str, new: str, name: str = "simulate.c") -> Program:
    """Return a program with another text in one of its files."""
    text = program.files[name]
    assert old in text
    return replace(program, files={**program.files, name: text.replace(old, new, 1)})


def emitted(network: RealisedNetwork, options: NativeOptions, width: int) -> Program:
    with divided(width):
        return backend.emit(network, options)


@cache
def wanted(name: str) -> RunRecord:
    """Return what NumPy does, which conformance compares with the oracle."""
    numpy = get("numpy")
    return run(numpy, numpy.options(), networks.realised(name))


def simulated(program: Program, options: NativeOptions) -> RunRecord:
    return backend.build(program, options).run(RunControl())


def conforms(name: str, width: int, **options: Any) -> None:
    network, chosen = networks.realised(name), NativeOptions.model_validate(options)
    record = simulated(emitted(network, chosen, width), chosen)
    assert not record_differences(wanted(name), record, network)


# --- threads ------------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_neurons_that_are_divided_among_threads_do_what_they_do_together(threads: int) -> None:
    conforms(BROADEST, 4, threads=threads, optimize=0)


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
@pytest.mark.parametrize("name", [HARDEST_ENDING, "infinite_by_port", "not_a_number_by_reset"])
def test_the_first_of_many_wrong_values_is_found_in_whichever_part(name: str, threads: int) -> None:
    conforms(name, 1, threads=threads, optimize=0)


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_the_whole_language_is_divided(threads: int) -> None:
    conforms(LANGUAGE, 4, threads=threads, optimize=0)


@pytest.mark.slow
@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("optimize", [0, 3])
def test_compilers_and_threads_change_nothing(compiler: str, optimize: int) -> None:
    require_c_compiler(compiler)
    for threads in (1, 2, 4):
        conforms(BROADEST, 4, compiler=compiler, optimize=optimize, threads=threads)


@pytest.mark.long
@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("optimize", [0, 3])
@pytest.mark.parametrize("vectors", ["native", "common"])
def test_vectors_change_nothing(compiler: str, optimize: int, vectors: str) -> None:
    require_c_compiler(compiler)
    told = {"compiler": compiler, "optimize": optimize, "vectors": vectors}
    for name in (BROADEST, LANGUAGE):
        for threads in (1, 2, 4):
            conforms(name, 4, threads=threads, **told)


def test_small_and_large_arguments_of_a_block_are_treated_alike() -> None:
    """The argument of `exprel` passes 1/2 in the second of three blocks."""
    equations = {
        "parameters": {"tau": {"unit": "ms", "default": "100 ms"}},
        "state": {"x": {"unit": "1", "initial": "0"}, "y": {"unit": "1", "initial": "i"}},
        "derivatives": {"x": "(1 - x*y)/tau"},
    }
    network = one_cell(equations, integrator="exponential_euler").replace(
        {"populations.pop.size": 600, "duration": "1 ms"}
    )
    realised = pipeline.realised(network)
    for options in (NativeOptions(threads=1), NativeOptions(threads=1, optimize=0)):
        assert "exprels(" in backend.emit(realised, options).files["simulate.c"]
        assert check_backend(backend, options, {"blocks": realised}) == []


@pytest.mark.parametrize("mean", [0.001, 1.28, 20, 64])
def test_events_of_a_drive_are_counted_alike_whatever_their_mean(mean: float) -> None:
    network = pipeline.realised(
        Network(
            **document(
                "drives",
                "20 ms",
                cells={"leaky": leaky({"J": JUMP})},
                populations={"cells": {"size": 500, "cell": "leaky"}},
                inputs={
                    "drive": {
                        "model": "poisson_drive",
                        "target": "cells",
                        "receptor": "J",
                        "rate": f"{mean * 10} kHz",
                        "weight": f"{3 / max(mean, 1)} mV",
                    }
                },
                monitors=states(("cells", ["V"], 1)),
            )
        )
    )
    numpy = get("numpy")
    wanted = run(numpy, numpy.options(), network)
    assert not record_differences(wanted, run(backend, NativeOptions(), network), network)


def test_runs_of_one_program_at_once() -> None:
    network, options = networks.realised("timeline"), NativeOptions(threads=2, optimize=0)
    program = emitted(network, options, 1)
    records: list[RunRecord] = []
    runs = [
        threading.Thread(target=lambda: records.append(simulated(program, options)))
        for _ in range(4)
    ]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert len(records) == len(runs)
    for record in records:
        assert not record_differences(wanted("timeline"), record, network)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_network_of_nothing_runs(threads: int) -> None:
    network = pipeline.realised(Network(**document("nothing", "1 ms")))
    options = NativeOptions(threads=threads, optimize=0)
    assert check_backend(backend, options, {"nothing": network}) == []


# --- long runs ----------------------------------------------------------------------------------


def firing(size: int, duration: str) -> RealisedNetwork:
    """Return a network in which all neurons fire in each step."""
    sections = {
        "cells": {"lif": leaky({}, V_th="-80 mV", t_ref="0 ms", V_reset="-75 mV")},
        "populations": {"busy": {"size": size, "cell": "lif"}},
        "monitors": {"spikes": ["busy"], **states(("busy[0:2]", ["V"], 7))},
    }
    return pipeline.realised(Network(**document("firing", duration, **sections)))


@pytest.mark.parametrize("threads", [1, 3])
def test_more_spikes_than_are_noted_at_once(threads: int) -> None:
    network, options = firing(500, "20 ms"), NativeOptions(threads=threads, optimize=0)
    record, numpy = run(backend, options, network), get("numpy")
    assert record.tallies["busy"].count == 500 * 200  # six times what there is room for
    assert not record_differences(run(numpy, numpy.options(), network), record, network)


def test_a_run_ends_after_the_step_in_which_it_is_told_to() -> None:
    network, options = firing(3, "600 ms"), NativeOptions(optimize=0)
    seen: list[int] = []
    control = RunControl(seen.append, lambda: max(seen, default=0) >= 2000)
    record = backend.build(backend.emit(network, options), options).run(control)
    assert seen == sorted(set(seen))
    assert 2000 <= record.steps < 6000
    assert (record.outcome, record.tallies["busy"].count) == (None, 3 * record.steps)
    shorter = replace(network, ir=replace(network.ir, steps=record.steps))
    assert not record_differences(run(backend, options, shorter), record, shorter)


# --- what cannot be done ------------------------------------------------------------------------


FLUSHING = """
import ctypes, sys, threading
from netspec.errors import BackendError
from netspec.testing import networks
from netspec.testing.conformance import check_backend
from netspec_native import backend

options = backend.options(threads=int(sys.argv[2]), optimize=0)

def check():
    return check_backend(backend, options, {"corners": networks.realised("corners")})

def elsewhere():
    ctypes.CDLL(sys.argv[1]).flush()  # in this thread, and in those that it starts
    try:
        check()
    except BackendError as error:
        print(error)

assert check() == []
thread = threading.Thread(target=elsewhere)
thread.start()
thread.join()
assert check() == []
elsewhere()
"""


@pytest.mark.parametrize("threads", [1, 2])
def test_where_subnormal_numbers_are_switched_off_nothing_is_run(
    threads: int, tmp_path: Path
) -> None:
    source, library = tmp_path / "fast.c", tmp_path / "fast.so"
    # What a library that was built with -Ofast does when it is loaded, once in a process.
    source.write_text(
        "#include <immintrin.h>\nvoid flush(void) { _mm_setcsr(_mm_getcsr() | 0x8040); }\n"
    )
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    command = [sys.executable, "-c", FLUSHING, str(library), str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    refused = "subnormal numbers are switched off in this process, by a library that was built"
    assert [line.startswith(refused) for line in done.stdout.splitlines()] == [True, True]


@pytest.mark.parametrize(
    ("defined", "message"),
    [
        ("calloc(n, size) NULL", "there is no memory for the edges"),
        ("realloc(old, size) NULL", "there is no memory for the edges"),
        ("aligned_alloc(n, size) NULL", "there is no memory for the edges"),
        ("pthread_create(a, b, c, d) 1", "the system refused 2 threads"),
    ],
)
def test_what_the_system_refuses_is_said(defined: str, message: str) -> None:
    options = NativeOptions(threads=2, optimize=0)
    program = backend.emit(networks.realised("delays"), options)
    program = with_text(program, "enum { BLOCK", f"#define {defined}\nenum {{ BLOCK")
    with pytest.raises(BackendError, match=f"^{message}$"):
        simulated(program, options)


@pytest.mark.parametrize("threads", [1, 2])
def test_no_memory_in_mid_run(threads: int) -> None:
    network, options = networks.realised("delays"), NativeOptions(threads=threads, optimize=0)
    has_room = "!has_room(&slot->"
    program = with_text(emitted(network, options, 1), has_room, f"k > 50 || {has_room}")
    with pytest.raises(BackendError, match=r"^there is no memory for events on their way$"):
        simulated(program, options)


def test_a_program_of_another_backend_is_refused() -> None:
    numpy, network = get("numpy"), networks.realised("one_step")
    with pytest.raises(InternalError, match="runs what it emitted"):
        backend.build(numpy.emit(network, numpy.options()), NativeOptions())


@pytest.mark.parametrize(
    ("told", "chosen", "words"),
    [
        (" ", None, ["cc"]),
        ("", "clang -O2", ["clang", "-O2"]),
        ("", '"it\'s"', ["it's"]),
        ("'with space' -O1", None, ["with space", "-O1"]),
        ("gcc", "clang", ["gcc"]),
    ],
)
def test_the_program_on_its_own_takes_the_compiler_that_is_named(
    told: str, chosen: str | None, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def called(command: list[str], **_how: bool) -> None:
        raise RuntimeError(command)

    monkeypatch.setenv("CC", told)
    monkeypatch.setattr(subprocess, "run", called)
    program = backend.emit(networks.realised("one_step"), NativeOptions(compiler=chosen))
    namespace: dict[str, Any] = {"__name__": "program"}
    exec(program.files[program.entry], namespace)  # noqa: S102
    with pytest.raises(RuntimeError) as caught:
        namespace["compiled"](Path("simulate.c"))
    assert caught.value.args[0][: len(words) + 1] == [*words, "-std=gnu11"]


@pytest.mark.parametrize(
    ("compiler", "said"),
    [
        ("false", "'false' failed with status 1"),
        ("true", "cannot load what the C compiler 'true' made"),
        ("gcc '", "gcc ' is no C compiler: No closing quotation; name one in CC"),
    ],
)
def test_the_program_on_its_own_says_what_is_wrong_with_a_compiler(
    compiler: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", compiler)
    program = backend.emit(networks.realised("one_step"), NativeOptions())
    namespace: dict[str, Any] = {"__name__": "program"}
    exec(program.files[program.entry], namespace)  # noqa: S102
    with pytest.raises(SystemExit, match=said):
        namespace["compiled"](Path("simulate.c"))


def test_the_program_on_its_own_takes_the_threads_that_were_asked_for() -> None:
    network = networks.realised("one_step")
    texts = [
        backend.emit(network, NativeOptions(threads=threads)).files["simulate.py"]
        for threads in (None, 3)
    ]
    assert ["\nTHREADS = None  #" in text for text in texts] == [True, False]
    assert ["\nTHREADS = 3  #" in text for text in texts] == [False, True]


def test_the_program_runs_on_its_own(tmp_path: Path) -> None:
    network = pipeline.realised(Network.load(SEED).replace({"duration": "50 ms"}))
    numpy, options = get("numpy"), NativeOptions(optimize=0, threads=2)
    lines = []
    for each, chosen in ((numpy, numpy.options()), (backend, options)):
        program = each.emit(network, chosen)
        program.write(tmp_path / each.name)
        command = [sys.executable, "-I", str(tmp_path / each.name / program.entry)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        lines.append(done.stdout.splitlines())
    assert lines[0] == lines[1]
