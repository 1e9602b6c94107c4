"""What the oracle hands back, and that it is a backend."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import pytest
from unit.testing.builders import BUCKET, cell, network, population, run

from netspec.backend.program import Program
from netspec.errors import InternalError
from netspec.ir.features import FEATURES
from netspec.testing.oracle import backend, steps


def test_state_digests_cover_the_raw_bits_at_every_thousandth_step_and_the_end():
    model = cell(
        "b a n:integer _scratch _refractory:integer",
        stages=[["a = a + 0.1", "b = -b", "n = n - 1", "_scratch = a", "_refractory = 3 - n"]],
    )
    record = run(network(2001, {"p": population(model, 2, b=[0.0, 2.0])}))
    digest = hashlib.sha256()
    a = 0.0
    for k in range(2002):
        if k % 1000 == 0 or k == 2001:
            sign = -1.0 if k % 2 else 1.0
            digest.update(struct.pack("<2d", a, a))
            digest.update(struct.pack("<2d", sign * 0.0, sign * 2.0))
            digest.update(struct.pack("<2q", -k, -k))
            digest.update(struct.pack("<2q", *([3 - (1 - k) if k else 0] * 2)))
        a = a + 0.1
    assert record.state_digests == {"p": digest.hexdigest()}


def test_the_countdown_counts_as_zero_where_there_is_none():
    record = run(network(1, {"p": population(cell("x"), 3, x=1.5)}))
    once = struct.pack("<3d3q", 1.5, 1.5, 1.5, 0, 0, 0)
    assert record.state_digests == {"p": hashlib.sha256(once * 2).hexdigest()}


def test_a_run_that_became_non_finite_has_no_state_digests():
    breaks = cell("x", stages=[["x = 1.0/0.0"]])
    record = run(network(5, {"p": population(breaks, 1)}))
    assert record.state_digests == {}


def test_the_oracle_supports_every_feature():
    assert backend.capabilities.supported == FEATURES.keys()
    assert not backend.capabilities.unsupported


def test_its_program_is_text_to_read():
    net = network(1, {"a": population(BUCKET, 1)})
    program = backend.emit(net, backend.options())
    assert program.entry in program.files
    assert "x = x + acc" in program.files[program.entry]
    assert program.files == backend.emit(net, backend.options()).files


def test_it_runs_only_what_it_emitted():
    with pytest.raises(InternalError, match="emitted in this process"):
        backend.build(Program("oracle", "a", {"a": ""}, {}), backend.options())


def test_the_definition_of_a_step_is_short_enough_to_be_read_at_once():
    assert len(Path(steps.__file__).read_text(encoding="utf-8").splitlines()) <= 250
