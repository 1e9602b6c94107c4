"""Text and files to plain data: what is read, and which files are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from unit.spec.texts import NETWORK, NETWORK_JSON, NETWORK_YAML, file_refusal, read

from netspec.spec.reader import Syntax, read_file


@pytest.mark.parametrize(("text", "syntax"), [(NETWORK_JSON, "json"), (NETWORK_YAML, "yaml")])
def test_both_syntaxes_give_the_same_plain_data(text: str, syntax: Syntax) -> None:
    assert read(text, syntax).data == NETWORK


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "net.json"
    file.write_bytes(b'\xef\xbb\xbf{"a": 1}')
    document = read_file(file)
    assert (document.data, document.text, document.file) == ({"a": 1}, '{"a": 1}', str(file))
    assert read("\ufeff" + document.text).locate(["a"]) == read(document.text).locate(["a"])


@pytest.mark.parametrize("suffix", [".json", ".JSON", ".yaml", ".yml"])
def test_the_suffix_tells_the_syntax(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"net{suffix}"
    file.write_text('{"a": 1e3}' if suffix.lower() == ".json" else "a: 1e3", encoding="utf-8")
    assert read_file(str(file)).data == {"a": 1000.0}


def test_surrogate_pairs_are_characters() -> None:
    assert read(r'{"a": "\ud83d\ude00"}').data == {"a": "😀"}


def test_brackets_in_texts_are_not_nesting() -> None:
    assert read(json.dumps({"a": "[" * 1000})).data == {"a": "[" * 1000}


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("12", 12),
        ("-012", -12),
        ("0o17", 15),
        ("0x1F", 31),
        ("017.5", 17.5),
        ("1e-3", 0.001),
        ("+.5", 0.5),
        ("1.", 1.0),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("0b1", "0b1"),
        (".", "."),
        ("2001-01-01", "2001-01-01"),
        ("-70 mV", "-70 mV"),
        ("=", "="),
        ('"12"', "12"),
        ("'true'", "true"),
        ("!!str 12", "12"),
        ('!!int "12"', 12),
        ("!!float 12", 12.0),
        ("!!seq [1]", [1]),
        ("|\n  x\n  y\n", "x\ny\n"),
    ],
)
def test_yaml_scalars_follow_the_core_schema(scalar: str, value: object) -> None:
    got = read(f"a: {scalar}", "yaml").data["a"]
    assert (got, type(got)) == (value, type(value))


# Files


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "absent.json"
    assert file_refusal(file) == f"error[file-not-found]: there is no file '{file}'"


def test_a_directory_is_not_a_file(tmp_path: Path) -> None:
    message = f"error[file-is-directory]: '{tmp_path}' is a directory, not a file"
    assert file_refusal(tmp_path) == message


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "net.toml"
    file.touch()
    assert file_refusal(file) == (
        "error[unknown-file-type]: expected a file name ending in .json, .yaml or .yml, "
        f"got '{file}'"
    )


def test_bytes_that_are_not_utf8_are_located(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_bytes('\ufeffa: 1\nb: "é'.encode() + b'\xff"')
    assert file_refusal(file) == (
        "error[not-utf-8]: byte 0xFF is not UTF-8\n"
        f"  --> {file}:2:6\n"
        "  hint: save the file with the encoding UTF-8"
    )


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    inside = plain / "net.json"
    assert (
        file_refusal(inside) == f"error[file-unreadable]: cannot read '{inside}': Not a directory"
    )
    assert file_refusal("a\0.json").startswith("error[file-unreadable]: cannot read 'a\\x00.json'")
