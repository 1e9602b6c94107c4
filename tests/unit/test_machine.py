"""What a process may take of the machine, and of the container that it is in."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from netspec import machine

PROGRAMS = Path(__file__).parents[1] / "golden" / "programs"
CPU_MAX = "/sys/fs/cgroup/cpu.max"
LIMITS = [
    ("max 100000", 6),
    ("250000 100000", 2),
    ("50000 100000", 1),
    ("900000 100000", 6),
    ("?", 6),
]


@pytest.mark.parametrize(("limit", "cores"), LIMITS)
def test_the_cores_are_those_whose_time_the_container_has(
    limit: str, cores: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: range(6))
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    assert machine.cores() == 6
    (tmp_path / "cpu.max").write_text(f"{limit}\n")
    assert machine.cores() == cores


@pytest.mark.parametrize(("limit", "cores"), LIMITS)
def test_so_does_an_emitted_program_that_takes_threads(
    limit: str, cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (PROGRAMS / "native" / "tour" / "simulate.py").read_text(encoding="utf-8")
    (definition,) = (each for each in ast.parse(program).body if _name_of(each) == "cores")
    namespace = {"os": os, "Path": Path}
    exec(ast.unparse(definition), namespace)  # noqa: S102
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: range(6))
    monkeypatch.setattr(Path, "read_text", lambda path: {CPU_MAX: f"{limit}\n"}[str(path)])
    assert namespace["cores"]() == cores


def _name_of(statement: ast.stmt) -> str | None:
    return statement.name if isinstance(statement, ast.FunctionDef) else None


def test_the_free_memory_is_that_of_the_machine_or_of_the_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert machine.free_memory() > 0
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:   5000 kB\n")
    monkeypatch.setattr(machine, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    assert machine.free_memory() == 5_120_000
    (tmp_path / "memory.current").write_text("3000\n")
    (tmp_path / "memory.stat").write_text("anon 10\ninactive_file 500\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.free_memory() == 5_120_000
    (tmp_path / "memory.max").write_text("4000\n")
    assert machine.free_memory() == 1500
