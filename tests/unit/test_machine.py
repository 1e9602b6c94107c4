"""What a process may take of the machine, and of the container that it is in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from netspec import machine


@pytest.mark.parametrize(
    ("limit", "cores"),
    [("max 100000", 6), ("250000 100000", 2), ("50000 100000", 1), ("900000 100000", 6), ("?", 6)],
)
def test_the_cores_are_those_whose_time_the_container_has(
    limit: str, cores: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: range(6))
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    assert machine.cores() == 6
    (tmp_path / "cpu.max").write_text(f"{limit}\n")
    assert machine.cores() == cores


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
