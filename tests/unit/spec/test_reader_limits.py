"""Texts that are too large, too deep or too long are refused before they cost anything."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest
from unit.spec.texts import file_refusal, read, refusal

from netspec.spec.reader import Syntax
from netspec.spec.reading import limits


@pytest.mark.parametrize(
    ("bomb", "syntax", "message"),
    [
        ("[" * 100_000, "json", "nested more than 32 deep\n  --> net.json:1:33"),
        ('{"a":' * 100_000, "json", "nested more than 32 deep\n  --> net.json:1:161"),
        ('{"a": ' + "[" * 32 + "]" * 32 + "}", "json", "nested more than 32 deep"),
        ('["]",' * 100_000, "json", "nested more than 32 deep\n  --> net.json:1:161"),
        ('{"a":' + '["]",' * 100_000 + "1" + ',"["]' * 100_000 + "}", "json", "nested more than"),
        ("[" * 100_000, "yaml", "nested more than 32 deep\n  --> net.yaml:1:33"),
        ("- " * 100_000, "yaml", "nested more than 32 deep\n  --> net.yaml:1:65"),
        ("{a: " * 100_000, "yaml", "nested more than 32 deep\n  --> net.yaml:1:129"),
        ('{"a": ' + "9" * 10**6 + "}", "json", "a number has 1000000 characters"),
        ('{"a": 0.' + "9" * 10**6 + "}", "json", "a number has 1000002 characters"),
        ('{"a": "' + "\\n" * 10**6, "json", "a text is not closed"),
        ("a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]", "yaml", "anchors and aliases"),
        (" " * (limits.MAX_YAML_BYTES + 1), "yaml", "is larger than 1 MiB, the limit for YAML"),
    ],
)
def test_a_bomb_is_refused_at_once(bomb: str, syntax: Syntax, message: str) -> None:
    start = time.process_time()
    assert message in refusal(bomb, syntax)
    assert time.process_time() - start < 10


def test_a_bomb_takes_no_memory() -> None:
    bomb = '{"a":' * 100_000
    tracemalloc.start()
    try:
        refusal(bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 32 * len(bomb)


def test_nesting_up_to_the_limit_is_read() -> None:
    deep = '{"a": ' + "[" * (limits.MAX_DEPTH - 1) + "]" * (limits.MAX_DEPTH - 1) + "}"
    assert read(deep).data == read(deep, "yaml").data


@pytest.mark.parametrize("as_file", [False, True])
def test_a_text_past_the_size_limit_is_refused_before_it_is_parsed(
    tmp_path: Path, as_file: bool
) -> None:
    if as_file:
        file = tmp_path / "big.json"
        with file.open("wb") as stream:
            stream.truncate(limits.MAX_JSON_BYTES + 1)  # sparse: takes no disk
        message, name = file_refusal(file), str(file)
    else:
        message, name = refusal(" " * (limits.MAX_JSON_BYTES + 1)), "net.json"
    assert message == f"error[text-too-large]: '{name}' is larger than 64 MiB, the limit for JSON"
