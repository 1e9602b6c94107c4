"""A small description in a file and its golden file, and a way to call the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from unit.backend.fakes import FakeBackend, install

from netspec.cli.main import main
from netspec.golden.file import path_of

DOCUMENT = {
    "netspec": "1",
    "name": "small",
    "seed": 1,
    "dt": "0.1 ms",
    "duration": "20 ms",
    "cells": {
        "lif": {
            "model": "leaky_if",
            "integrator": "euler",
            "C_m": "281 pF",
            "g_L": "30 nS",
            "E_L": "-70.6 mV",
            "V_th": "-40.4 mV",
            "V_reset": "-65.6 mV",
            "receptors": {"AMPA": {"model": "cond_exp", "E_rev": "0 mV", "tau_decay": "2.5 ms"}},
        }
    },
    "populations": {"exc": {"size": 10, "cell": "lif"}},
    "inputs": {"ext": {"model": "poisson", "size": 20, "rate": "900 Hz"}},
    "projections": {
        "ext_exc": {
            "source": "ext",
            "target": "exc",
            "receptor": "AMPA",
            "rule": {"all_to_all": {}},
            "weight": "20 nS",
            "delay": "0 ms",
        }
    },
    "monitors": {"spikes": ["exc"], "states": [{"of": "exc[0:2]", "variables": ["V"]}]},
}


class Said(NamedTuple):
    """What a command line came to."""

    status: int
    out: str
    err: str


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a description in an otherwise empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.json"
    path.write_text(json.dumps(DOCUMENT, indent=2))
    return path


@pytest.fixture
def netspec(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Return a function that runs a command line in this process."""

    def call(*arguments: object) -> Said:
        status = main([str(each) for each in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Said(status, said.out, said.err)

    return call


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> FakeBackend:
    """The only installed backend but `two`, which does the same."""
    backend = FakeBackend("one")
    install(monkeypatch, backend, FakeBackend("two"))
    return backend


@pytest.fixture
def golden(netspec, spec: Path, one: FakeBackend) -> Path:
    """The golden file of `spec`, from `one` and `two`."""
    assert netspec("golden", spec).status == 0
    return path_of(spec)


def edit(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes, indent=2))


def without_seconds(text: str) -> str:
    return re.sub(r" +\d+\.\d$", "", text, flags=re.MULTILINE)


def details(text: str) -> list[str]:
    """Return what stands below the table."""
    return text.partition("\n\n")[2].splitlines()
