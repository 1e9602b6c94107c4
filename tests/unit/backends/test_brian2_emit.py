"""What the Brian2 backend emits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from unit.backends.brian2_programs import (
    TARGETS,
    all_hostile,
    emitted,
    everything,
)

from netspec.units import CONDUCTANCE, CURRENT, LENGTH, TIME, VOLTAGE, parse_unit
from netspec_brian2.options import Target
from netspec_brian2.units import unit_text


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
    # Lines of equations are as long as the equations, and polynomials have their papers' letters.
    rules = [
        "--isolated",
        "--no-cache",
        "--select",
        "E,F,W,I,B,D,N,UP",
        "--ignore",
        "E501,N801,N806,N816",
    ]
    rules += ["--config", "lint.pydocstyle.convention='google'"]
    command = [sys.executable, "-m", "ruff", "check", *rules, str(tmp_path)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_brian2_gets_nothing_that_it_would_rewrite() -> None:
    # `x = x + a*b` would become `x += …`, with the terms of the rest in another order.
    for line in emitted(everything()).files["simulate.py"].splitlines():
        target, equals, value = line.partition(" = ")
        if equals and target.isidentifier() and value.startswith(f"{target} "):
            assert value.split()[1] == "+", line
            assert value.split()[2].isidentifier(), line
            assert len(value.split()) == 3, line


def test_units_have_no_parentheses_which_brian2_cannot_read() -> None:
    for dimension in (CONDUCTANCE / VOLTAGE, VOLTAGE**2 / TIME, CURRENT / (VOLTAGE * LENGTH)):
        assert "(" not in unit_text(dimension)
    assert unit_text(parse_unit("mM").dimension) == "mole/metre**3"


def test_cython_gets_no_literal_that_it_would_compute_with_as_a_python_integer() -> None:
    literal = "6364136223846793005"
    for target, text in (("numpy", literal), ("cython", f"netspec_whole({literal})")):
        assert f"lot = {text} * lot" in emitted(everything(), target).files["simulate.py"]


if __name__ == "__main__":
    for choice in TARGETS:
        for made in (everything(), all_hostile()):
            program = emitted(made, choice)
            print(program.files[program.entry], list(program.arrays))
    assert "brian2" not in sys.modules
