"""Digests against a plain reading of their definition."""

import struct
from hashlib import sha256

import numpy as np
import pytest
from unit.results import fakes

from netspec.results import digest as module
from netspec.results.digest import combined_digest, spike_digest


def plain_digest(pairs: list[tuple[int, int]]) -> str:
    return sha256(b"".join(struct.pack("<QQ", *pair) for pair in pairs)).hexdigest()


def test_spike_digest_covers_step_and_index_in_order() -> None:
    record = fakes.spike_record([0, 3, 3, 70000], [5, 1, 2, 2**32 + 1])
    assert spike_digest(record) == plain_digest([(0, 5), (3, 1), (3, 2), (70000, 2**32 + 1)])


def test_digest_of_silence_is_that_of_nothing() -> None:
    assert spike_digest(fakes.spike_record([], [])) == sha256(b"").hexdigest()


def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    record = fakes.random_spikes(np.random.default_rng(3), 50, 100, 0.1)
    whole = spike_digest(record)
    monkeypatch.setattr(module, "_CHUNK", 7)
    assert spike_digest(record) == whole


def test_combined_digest_takes_names_in_code_point_order() -> None:
    one, two = "11" * 32, "22" * 32
    expected = sha256(b"B\0" + bytes.fromhex(two) + b"a\0" + bytes.fromhex(one)).hexdigest()
    assert combined_digest({"a": one, "B": two}) == expected
    assert combined_digest({"B": two, "a": one}) == expected
    assert combined_digest({"a": two, "B": one}) != expected
