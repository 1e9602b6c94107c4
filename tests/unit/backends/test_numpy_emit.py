"""What the NumPy backend emits: pure, the same every time, whatever the names, and right."""

from __future__ import annotations

import ast
import builtins
import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from netspec.backend.program import Program
from netspec.backend.protocol import RunControl
from netspec.codegen.environment import render
from netspec.compare import with_all_spikes
from netspec.errors import BackendError
from netspec.expr.nodes import Binary, Call, Compare, Constant, Expression, Integer, Logical, Name
from netspec.ir import nodes as ir
from netspec.realise import streams
from netspec.realise.network import (
    RealisedEntry,
    RealisedListed,
    RealisedNetwork,
    RealisedPoisson,
    RealisedPopulation,
    RealisedProjection,
    Thresholds,
)
from netspec.results.digest import combined_digest
from netspec.results.record import NonFinite, RunRecord
from netspec.testing import oracle
from netspec.units import DIMENSIONLESS
from netspec_numpy import backend
from netspec_numpy.models import Nothing
from netspec_numpy.names import RESERVED, Names

OPTIONS = backend.options()
STEPS = 60

PLAIN = MappingProxyType(
    {
        **{
            name: name
            for name in ("left", "right", "noise", "listed_events", "to_right", "to_left")
        },
        **{name: name for name in ("x", "y", "gain", "level", "flag", "P", "burst", "counted")},
    }
)
"""Harmless names of everything in `network`."""

HOSTILE = (
    {"left": "np", "right": "print", "x": "lambda", "y": "class_", "gain": "None", "P": "def"},
    {"left": "exc", "right": "exc_V", "x": "V", "y": "V_next", "gain": "fired", "P": "V"},
    {"left": "a_b", "right": "a", "x": "c", "y": "b_c", "gain": "size", "level": "spikes"},
    {"left": "state", "right": "arrays", "noise": "k", "listed_events": "row", "P": "acc_acc"},
    {"left": "poisson", "right": "first", "x": "spikes", "y": "non_finite", "to_left": "by"},
    {"noise": "math", "listed_events": "hashlib", "to_right": "import", "to_left": "t_", "x": "is"},
    {"left": "True", "right": "sys", "flag": "None", "counted": "maximum", "burst": "spike_"},
    {
        "left": "np_2",
        "right": "np",
        "noise": "simulate",
        "listed_events": "main",
        "y": "refractory",
    },
)
"""Legal names that a program or Python has other uses for."""


def real(value: float) -> Constant:
    return Constant(value)


def cell(called: Callable[[str], str]) -> ir.Cell:
    """Two coupled variables, a countdown, a second event and a port that counts arrivals."""
    x, y, gain, level = (Name(called(name)) for name in ("x", "y", "gain", "level"))
    flag, counted, countdown = Name(called("flag")), Name(called("counted")), Name(ir.COUNTDOWN)
    drift: Expression = Binary("*", gain, Binary("-", y, x))
    held = Compare(">", countdown, Integer(0))
    moved = Call("where", (flag, x, Binary("+", x, Binary("*", real(0.25), drift))))
    swapped = Binary("-", y, Binary("*", real(0.125), Binary("-", x, real(1.0))))
    arrived = Binary("+", x, Binary("*", real(0.5), Name(ir.ACCUMULATOR)))
    declared = (
        ir.Variable(x.name, DIMENSIONLESS),
        ir.Variable(y.name, DIMENSIONLESS),
        ir.Variable(counted.name, DIMENSIONLESS, "integer"),
    )
    return ir.Cell(
        model="test",
        state=(
            *sorted(declared, key=lambda variable: variable.name),
            ir.Variable(ir.COUNTDOWN, DIMENSIONLESS, "integer"),
        ),
        locals=(ir.Variable(flag.name, DIMENSIONLESS, "truth"),),
        draws=(),
        parameters=(
            ir.Parameter(gain.name, DIMENSIONLESS, varies=True),
            ir.Parameter(level.name, DIMENSIONLESS, per_neuron=True, varies=True),
            ir.Parameter(ir.PERIOD, DIMENSIONLESS, "integer"),
        ),
        derived=(),
        stages=(
            ir.Stage((ir.Statement(flag.name, held), _countdown(held))),
            ir.Stage((ir.Statement(x.name, moved), ir.Statement(y.name, swapped))),
        ),
        events=(
            ir.Event(
                "spike",
                Logical("and", Compare(">", x, level), Compare("<=", countdown, Integer(0))),
                (ir.Statement(ir.COUNTDOWN, Name(ir.PERIOD)),),
                (ir.Statement(x.name, real(0.0)), ir.Statement(y.name, Binary("+", y, gain))),
            ),
            ir.Event(
                called("burst"),
                Compare(">", y, real(2.0)),
                (),
                (ir.Statement(y.name, Binary("/", y, real(4.0))),),
            ),
        ),
        ports=(
            ir.Port(
                called("P"),
                DIMENSIONLESS,
                (
                    ir.Statement(x.name, arrived),
                    ir.Statement(counted.name, Binary("+", counted, Name(ir.N_EVENTS))),
                ),
            ),
        ),
        equations=(ir.Equation("derivative", x.name, DIMENSIONLESS, drift),),
    )


def _countdown(held: Expression) -> ir.Statement:
    countdown = Name(ir.COUNTDOWN)
    less = Binary("-", countdown, Integer(1))
    return ir.Statement(ir.COUNTDOWN, Call("where", (held, less, countdown)))


def thresholds(probabilities: Any) -> Thresholds:
    return Thresholds(*streams.thresholds(probabilities))


def network(changed: Mapping[str, str] = MappingProxyType({})) -> RealisedNetwork:
    """Two populations, two sources, two projections and a timeline that touches everything."""
    names = {**PLAIN, **changed}
    neuron = cell(names.__getitem__)
    left, right, noise, listed = (names[key] for key in ("left", "right", "noise", "listed_events"))
    x, gain, level, port = (names[key] for key in ("x", "gain", "level", "P"))
    random = np.random.default_rng(5)
    sizes = {left: 7, right: 5, noise: 6, listed: 3}

    def edges(source: str, target: str, weights: Any, delays: Any) -> RealisedProjection:
        return RealisedProjection.of(
            np.sort(random.integers(0, sizes[source], 30)).astype(np.uint32),
            random.integers(0, sizes[target], 30).astype(np.uint32),
            np.asarray(weights, np.float64),
            np.asarray(delays, np.int64),
        )

    on_grid = random.integers(-64, 192, 30) / 256
    projections = {
        names["to_left"]: (listed, left, edges(listed, left, 0.75, 2)),
        names["to_right"]: (left, right, edges(left, right, on_grid, random.integers(0, 5, 30))),
        "again": (noise, left, edges(noise, left, 0.375, 0)),
        "back": (left, left, edges(left, left, on_grid[::-1], 3)),
    }
    actions: list[tuple[int, ir.Action, Any]] = [
        (9, ir.SetParameter(left, gain, ir.View(0, 7)), np.array(0.75)),
        (9, ir.SetParameter(right, level, ir.View(1, 4)), np.array([0.5, 0.75, 1.25])),
        (10, ir.Disconnect(names["to_right"]), None),
        (13, ir.Connect(names["to_right"]), None),
        (20, ir.SetWeight(names["to_right"]), on_grid[::-1].copy()),
        (21, ir.SetRate(noise, ir.View(1, 3)), thresholds([1.0, 0.5])),
        (30, ir.SetState(left, x, ir.View(2, 5)), np.array([-0.0, 0.5, 3.0])),
        (31, ir.SetWeight(names["to_left"]), np.array(0.5)),
    ]
    description = ir.Network(
        name="test",
        seed=1,
        dt=0.001,
        steps=STEPS,
        populations=tuple(
            ir.Population(name, sizes[name], neuron) for name in sorted((left, right))
        ),
        sources=tuple(
            sorted(
                (ir.PoissonSource(noise, sizes[noise]), ir.ListedSource(listed, sizes[listed])),
                key=lambda source: source.name,
            )
        ),
        projections=tuple(
            ir.Projection(name, source, "spike", target, port, True)
            for name, (source, target, _) in sorted(projections.items())
        ),
        timeline=tuple(ir.TimelineEntry(step, action) for step, action, _ in actions),
        spike_recordings=(),
        state_recordings=(
            ir.StateRecording.of_state(left, ir.Variable(x, DIMENSIONLESS), ir.View(1, 4), 1),
            ir.StateRecording.of_state(
                left, ir.Variable(names["counted"], DIMENSIONLESS, "integer"), ir.View(0, 7), 7
            ),
        ),
    )
    whole = RealisedNetwork(
        ir=description,
        fingerprint="0" * 64,
        populations={
            name: RealisedPopulation(
                parameters={
                    gain: np.array(0.5),
                    level: np.linspace(0.75, 1.5, sizes[name]),
                    ir.PERIOD: np.array(2),
                },
                initial={
                    x: np.linspace(0.0, 1.0, sizes[name]),
                    names["y"]: np.full(sizes[name], 1.5),
                    names["counted"]: np.zeros(sizes[name], np.int64),
                    ir.COUNTDOWN: np.zeros(sizes[name], np.int64),
                },
            )
            for name in (left, right)
        },
        sources={
            noise: RealisedPoisson((7, 11), thresholds(np.full(6, 0.125))),
            listed: RealisedListed(
                np.array([0, 3, 3, 17, 40]), np.array([2, 0, 1, 1, 2], np.uint32)
            ),
        },
        projections={name: made for name, (_, _, made) in projections.items()},
        timeline=tuple(RealisedEntry(*entry) for entry in actions),
    )
    return with_all_spikes(whole)


def emitted(changed: Mapping[str, str] = MappingProxyType({})) -> Program:
    return backend.emit(network(changed), OPTIONS)


def run(program: Program, control: RunControl | None = None) -> RunRecord:
    return backend.build(program, OPTIONS).run(control or RunControl())


def run_oracle(description: RealisedNetwork) -> RunRecord:
    options = oracle.backend.options()
    program = oracle.backend.emit(description, options)
    return oracle.backend.build(program, options).run(RunControl())


def observed(record: RunRecord) -> dict[str, Any]:
    """Return everything of a record in a form that can be compared."""
    return {
        "steps": record.steps,
        "outcome": record.outcome,
        "spikes": dict(record.tallies),
        "states": [(each.shape, each.dtype, each.tobytes()) for each in record.states],
        "state digests": dict(record.state_digests),
    }


@pytest.mark.parametrize("changed", [{}, *HOSTILE])
def test_agrees_with_the_oracle_whatever_the_names(changed: Mapping[str, str]) -> None:
    record = run(emitted(changed))
    assert observed(record) == observed(run_oracle(network(changed)))
    assert all(each.count for each in record.tallies.values())


@pytest.mark.parametrize("changed", HOSTILE)
def test_names_change_no_spike(changed: Mapping[str, str]) -> None:
    plain, renamed = run(emitted()).tallies, run(emitted(changed)).tallies
    for key in ("left", "right", "noise", "listed_events"):
        assert plain[key] == renamed[changed.get(key, key)]


def test_emission_opens_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    first = emitted()  # templates are read once per process

    def refuse(*_arguments: object, **_keywords: object) -> None:
        raise AssertionError("a file was opened")

    for module in (builtins, io, os):
        monkeypatch.setattr(module, "open", refuse)
    assert emitted().files == first.files


def test_emission_does_not_depend_on_the_hash_seed() -> None:
    def emit_elsewhere(seed: str) -> bytes:
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        command = [sys.executable, __file__]
        return subprocess.run(command, env=environment, check=True, capture_output=True).stdout

    first, second = emit_elsewhere("1"), emit_elsewhere("2")
    assert first == second
    assert len(first) > 5000


def test_the_program_runs_on_its_own(tmp_path: Path) -> None:
    program = emitted()
    program.write(tmp_path)
    text = program.files[program.entry]
    modules = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert modules <= {"numpy", *sys.stdlib_module_names}
    command = [sys.executable, "-I", str(tmp_path / program.entry)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    record = run(program)
    digests = {name: each.digest for name, each in record.tallies.items()}
    assert lines == [
        *(
            f"{name}: {record.tallies[name].count} spikes, {digests[name]}"
            for name in sorted(digests)
        ),
        f"digest {combined_digest(digests)}",
        f"state digest {combined_digest(record.state_digests)}",
    ]


def test_the_program_passes_ruff(tmp_path: Path) -> None:
    emitted().write(tmp_path)
    rules = ["--isolated", "--no-cache", "--select", "E,F,W,I,B", "--line-length", "100"]
    command = [sys.executable, "-m", "ruff", "check", *rules, str(tmp_path)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("changed", [{}, *HOSTILE])
def test_every_name_of_the_program_is_reserved_or_was_given(changed: Mapping[str, str]) -> None:
    program = emitted(changed)
    given = set(Names(network(changed).ir)._table.values())
    assert not given & RESERVED
    tree = ast.parse(program.files[program.entry])
    (simulate,) = (
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "simulate"
    )
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    own |= {node.id for node in ast.walk(simulate) if isinstance(node, ast.Name)}
    own |= {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert own - given - {"_"} <= RESERVED


def test_header_has_no_time_and_no_place() -> None:
    program = emitted()
    docstring = ast.get_docstring(ast.parse(program.files[program.entry]))
    assert docstring is not None
    assert docstring.splitlines()[:7] == [
        "test: a spiking network as a NumPy program, emitted by netspec.",
        "",
        "fingerprint  " + "0" * 64,
        "semantics    1",
        "seed         1",
        "dt           0.001 s",
        f"steps        {STEPS}",
    ]


def poisson() -> dict[str, Any]:
    """Return the names of the Poisson section."""
    namespace: dict[str, Any] = {"np": np}
    for template in ("philox.jinja", "poisson_spikes.jinja"):
        exec(render("netspec_numpy", template, Nothing()), namespace)  # noqa: S102
    return namespace


def test_philox_gives_the_known_answers() -> None:
    philox = poisson()["philox"]
    zero, ones = np.zeros(1, np.uint64), np.full(1, 0xFFFFFFFF, np.uint64)
    words = [f"{int(word[0]):08x}" for word in philox((zero,) * 4, (0, 0))]
    assert words == ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]
    words = [f"{int(word[0]):08x}" for word in philox((ones,) * 4, (0xFFFFFFFF,) * 2)]
    assert words == ["408f276d", "41c83b0e", "a20bc7c6", "6d5451fd"]


def test_low_halves_decide_ties() -> None:
    key, first, steps, neurons = (123, 456), 2**32 - 3, 8, 11
    rows = np.arange(first, first + steps)[:, np.newaxis]
    everyone = np.arange(neurons)
    draws = streams.draws_at(key, rows, everyone)
    for row in range(steps):
        for more in (0, 1):
            limit = draws[row] + np.uint64(more)
            halves = limit >> np.uint64(32), (limit & np.uint64(0xFFFFFFFF)).astype(np.uint32)
            fires = poisson()["poisson_spikes"](key, first, steps, *halves)
            for other in range(steps):
                expected = np.nonzero(draws[other] < limit)[0]
                assert fires[other].tolist() == expected.tolist()


def test_certain_and_impossible_events() -> None:
    limits = streams.thresholds([1.0, 0.0])
    fires = poisson()["poisson_spikes"]((1, 2), 0, 50, *limits)
    assert all(row.tolist() == [0] for row in fires)


def test_a_run_can_be_followed_and_ended() -> None:
    program, seen = emitted(), list[int]()
    record = run(program, RunControl(seen.append, lambda: len(seen) == 23))
    assert seen == list(range(1, 24))
    assert record.steps == 23
    assert record.outcome is None
    assert record.states[0].shape == (23, 3)
    whole = run(program)
    for name, spikes in record.spikes.items():
        kept = whole.spikes[name].steps < 23
        assert np.array_equal(spikes.indices, whole.spikes[name].indices[kept])


def test_wall_times_are_reported() -> None:
    simulation = backend.build(emitted(), OPTIONS)
    assert set(simulation.wall_times) == {"compile"}
    simulation.run(RunControl())
    assert set(simulation.wall_times) == {"compile", "simulate"}


def test_arrays_are_not_changed_by_a_run() -> None:
    program = emitted()
    before = {name: array.tobytes() for name, array in program.arrays.items()}
    assert observed(run(program)) == observed(run(program))
    assert before == {name: array.tobytes() for name, array in program.arrays.items()}


def starting_at(values: list[float]) -> RealisedNetwork:
    """Return the network with other values of `x` in `left`."""
    made = network()
    initial = {**made.populations["left"].initial, "x": np.array(values)}
    left = replace(made.populations["left"], initial=initial)
    return replace(made, populations={**made.populations, "left": left})


def test_state_that_is_not_finite_before_the_first_step() -> None:
    description = starting_at([0.0, 0.0, np.inf, 0.0, np.nan, 0.0, 0.0])
    record = run(backend.emit(description, OPTIONS))
    assert record.outcome == NonFinite(0, "left", 2, "x")
    assert record.steps == 0
    assert observed(record) == observed(run_oracle(description))


def test_large_numbers_are_finite() -> None:
    # Their squares are not, so the quick look at all state must not have the last word.
    description = starting_at([-1e200, -1e300, 0.0, 0.0, 0.0, 0.0, 0.0])
    record = run(backend.emit(description, OPTIONS))
    assert record.outcome is None
    assert observed(record) == observed(run_oracle(description))


def test_a_process_without_subnormals_is_refused() -> None:
    program = emitted()
    text = program.files[program.entry].replace("5e-324", "0.0")
    with pytest.raises(BackendError, match="subnormal numbers are switched off"):
        run(replace(program, files={program.entry: text}))


if __name__ == "__main__":
    for names in ({}, *HOSTILE):
        print(emitted(names).files["simulate.py"], list(emitted(names).arrays))
