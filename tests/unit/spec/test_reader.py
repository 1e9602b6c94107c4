"""Text to plain data with positions: what is read, what is refused, and where."""

from __future__ import annotations

import contextlib
import json
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netspec.errors import SpecError
from netspec.spec.reader import (
    Document,
    Syntax,
    format_path,
    location_path,
    read_file,
    read_text,
)
from netspec.spec.reading import limits

Steps = tuple[str | int, ...]

NETWORK_JSON = """{
  "name": "é\\"x",
  "populations": {"exc": {"size": 700}},
  "timeline": [
    {"at": "1 ms"},
\t{"at": "2 ms", "d\\u00e9lai": [1, -2.5e3]}
  ]
}
"""
NETWORK_YAML = """# a network
name: "é\\"x"
populations: {exc: {size: 700}}
timeline:
  - at: 1 ms
  - at: 2 ms
    "d\\u00e9lai": [1, -2.5e3]
"""
NETWORK = {
    "name": 'é"x',
    "populations": {"exc": {"size": 700}},
    "timeline": [{"at": "1 ms"}, {"at": "2 ms", "délai": [1, -2500.0]}],
}


def read(text: str, syntax: Syntax = "json") -> Document:
    return read_text(text, file=f"net.{syntax}", syntax=syntax)


def refusal(text: str, syntax: Syntax = "json") -> str:
    with pytest.raises(SpecError) as caught:
        read(text, syntax)
    return str(caught.value)


def rendering(file: str, code: str, place: str, message: str, *more: str) -> str:
    return "\n  ".join([f"error[{code}]: {message}", f"--> {file}:{place}", *more])


def read_or_refuse(text: str, syntax: Syntax = "json") -> Document | None:
    with contextlib.suppress(SpecError):
        return read(text, syntax)
    return None


def file_refusal(path: str | Path) -> str:
    with pytest.raises(SpecError) as caught:
        read_file(path)
    return str(caught.value)


def value_at(data: object, path: Steps) -> object:
    for step in path:
        assert isinstance(data, dict | list)
        data = data[step]  # type: ignore[index]
    return data


def paths_of(data: object, path: Steps = ()) -> Iterator[Steps]:
    yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from paths_of(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from paths_of(value, (*path, index))


def text_from(document: Document, line: int, column: int) -> str:
    lines = document.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[line - 1 :]
    return "\n".join([lines[0][column - 1 :], *lines[1:]])


# What is read


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


# Where things stand


@pytest.mark.parametrize(
    ("path", "json_place", "yaml_place"),
    [
        ((), (1, 1), (2, 1)),
        (("name",), (2, 11), (2, 7)),
        (("populations", "exc"), (3, 26), (3, 20)),
        (("populations", "exc", "size"), (3, 35), (3, 27)),
        (("timeline",), (4, 15), (5, 3)),
        (("timeline", 0, "at"), (5, 12), (5, 9)),
        (("timeline", 1), (6, 2), (6, 5)),
        (("timeline", 1, "délai", 1), (6, 35), (7, 23)),
        (("populations", "exc", "cell"), (3, 26), (3, 20)),  # missing: the object it should be in
        (("timeline", 2, "at"), (4, 15), (5, 3)),
        (("name", "x", 1), (2, 11), (2, 7)),
    ],
)
def test_locate_points_at_the_value(
    path: Steps, json_place: tuple[int, int], yaml_place: tuple[int, int]
) -> None:
    in_json, in_yaml = read(NETWORK_JSON).locate(path), read(NETWORK_YAML, "yaml").locate(path)
    assert (in_json.line, in_json.column) == json_place
    assert (in_yaml.line, in_yaml.column) == yaml_place


@pytest.mark.parametrize(
    ("path", "json_place", "yaml_place"),
    [
        ((), "1:1", "2:1"),
        (("name",), "2:3", "2:1"),
        (("populations", "exc", "size"), "3:27", "3:21"),
        (("timeline", 1), "6:2", "6:5"),
        (("timeline", 1, "délai"), "6:17", "7:5"),
        (("timeline", 1, "délai", 7), "6:17", "7:5"),
    ],
)
def test_locate_key_points_at_the_key(path: Steps, json_place: str, yaml_place: str) -> None:
    assert str(read(NETWORK_JSON).locate_key(path)) == f"net.json:{json_place}"
    assert str(read(NETWORK_YAML, "yaml").locate_key(path)) == f"net.yaml:{yaml_place}"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_counts_once(end: str) -> None:
    for text, syntax in ((NETWORK_JSON, "json"), (NETWORK_YAML, "yaml")):
        plain, other = read(text, syntax), read(text.replace("\n", end), syntax)  # type: ignore[arg-type]
        for path in paths_of(NETWORK):
            assert other.locate(path) == plain.locate(path)


KEYS = st.text(max_size=4)
JSON_DATA = st.dictionaries(
    KEYS,
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=6),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=4,
)


@settings(derandomize=True, deadline=None)
@given(JSON_DATA, st.sampled_from([None, 0, 1, "\t", "\r\n "]), st.booleans())
def test_every_path_of_any_json_leads_to_its_value(
    data: dict[str, object], indent: int | str | None, ensure_ascii: bool
) -> None:
    document = read(json.dumps(data, indent=indent, ensure_ascii=ensure_ascii))
    assert document.data == data
    for path in paths_of(data):
        place, key_place = document.locate(path), document.locate_key(path)
        decode = json.JSONDecoder().raw_decode
        assert decode(text_from(document, place.line, place.column))[0] == value_at(data, path)
        if path and isinstance(path[-1], str):
            key = decode(text_from(document, key_place.line, key_place.column))[0]
            assert key == path[-1]


@settings(derandomize=True, deadline=None)
@given(JSON_DATA, st.data())
def test_damaged_json_is_read_as_the_standard_library_does_or_refused(
    data: dict[str, object], draw: st.DataObject
) -> None:
    text = json.dumps(data)
    start = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(start, min(len(text), start + 3)))
    damaged = (
        text[:start] + draw.draw(st.text('[]{},:"\\/u0d8e+-.1aNt \n\x01é', max_size=3)) + text[end:]
    )
    document = read_or_refuse(damaged)
    assert document is None or document.data == json.loads(damaged)


@settings(derandomize=True, deadline=None)
@given(st.text("ab1: -\n\t[]{},'\"\\?|>%!&*#<~.\r\x85é\ud800x", max_size=24))
def test_any_text_as_yaml_is_read_or_refused(text: str) -> None:
    document = read_or_refuse(text, "yaml")
    assert document is None or json.loads(json.dumps(document.data)) == document.data


@settings(derandomize=True)
@given(st.lists(st.text() | st.integers(0, 10**9)))
def test_a_path_survives_its_text(path: list[str | int]) -> None:
    assert location_path(format_path(path)) == tuple(path)


def test_a_path_text_may_be_written_by_hand() -> None:
    assert (
        location_path("timeline.0.at") == location_path("timeline[0].at") == ("timeline", 0, "at")
    )
    assert location_path("") == ()
    with pytest.raises(ValueError, match="expected a path like"):
        location_path("timeline[x]")


# What is refused, in the words of the message


JSON_REFUSALS: list[tuple[str, ...]] = [
    (
        '{"a": {"b": 1,\n  "b": 2}}',
        "duplicate-key",
        "2:3   a.b",
        "key 'b' is given twice",
        "note: first given at net.json:1:8",
    ),
    (
        '{"a": 1, "\\u0061": 2}',
        "duplicate-key",
        "1:10   a",
        "key 'a' is given twice",
        "note: first given at net.json:1:2",
    ),
    ('{"a": [1, NaN]}', "non-finite-number", "1:11   a[1]", "expected a finite number, got 'NaN'"),
    (
        '{"a": -Infinity}',
        "non-finite-number",
        "1:7   a",
        "expected a finite number, got '-Infinity'",
    ),
    ('{"a": 1e999}', "non-finite-number", "1:7   a", "expected a finite number, got '1e999'"),
    (
        '{"a": ' + "9" * 5000 + "}",
        "number-too-long",
        "1:7   a",
        "a number has 5000 characters; the limit is 100",
    ),
    (
        r'{"a b": "x\ud800"}',
        "lone-surrogate",
        '1:9   ["a b"]',
        "a text contains a lone surrogate, which is not a character",
        r"hint: write both halves, as in \ud83d\ude00, or the character itself",
    ),
    (
        '{"a": "\ud800"}',
        "lone-surrogate",
        "1:8",
        "a text contains a lone surrogate, which is not a character",
        r"hint: write both halves, as in \ud83d\ude00, or the character itself",
    ),
    ("[1]", "not-an-object", "1:1", "expected an object with named fields, got a list"),
    ("\n 12", "not-an-object", "2:2", "expected an object with named fields, got a number"),
    ("", "invalid-json", "1:1", "expected a value, got the end of the text"),
    (
        '{"a": 1,\n}',
        "invalid-json",
        "2:1",
        "expected a key in double quotes, got '}'",
        "hint: remove the ',' before it",
    ),
    (
        '{"a": [1,]}',
        "invalid-json",
        "1:10",
        "expected another value, got ']'",
        "hint: remove the ',' before it",
    ),
    ('{"a": 1\r\n\t"b": 2}', "invalid-json", "2:2", "expected ',' or '}', got '\"b\"'"),
    ('{"a" 1}', "invalid-json", "1:6", "expected ':', got '1'"),
    ('{"a": [1', "invalid-json", "1:9", "expected ',' or ']', got the end of the text"),
    ('{"a": 1} {}', "invalid-json", "1:10", "expected the end of the text, got '{'"),
    (
        '{"a": 1} // done',
        "invalid-json",
        "1:10",
        "expected the end of the text, got '/'",
        "hint: JSON has no comments",
    ),
    (
        "{'a': 1}",
        "invalid-json",
        "1:2",
        "expected a key in double quotes or '}', got \"'\"",
        "hint: keys and texts are written in double quotes",
    ),
    ('{"a": None}', "invalid-json", "1:7", "expected a value, got 'None'", "hint: write null"),
    (
        '{"a": 01}',
        "invalid-json",
        "1:7",
        "expected a value, got '01'",
        "hint: a number is written like 12, -0.5 or 1e-3, with no '+' or extra zero in front",
    ),
    (
        '{"a": "x\n"}',
        "invalid-json",
        "1:7",
        "a text is not closed: expected '\"' before the end of the line",
    ),
    (
        '{"a": "x\ty"}',
        "invalid-json",
        "1:9",
        "a text contains the control character U+0009",
        r"hint: write it as \u0009",
    ),
    (
        r'{"a": "C:\qux"}',
        "invalid-json",
        "1:10",
        r"'\q' is not an escape that JSON knows",
        "hint: a backslash itself is written \\\\",
    ),
]


@pytest.mark.parametrize("case", JSON_REFUSALS)
def test_json_is_refused_with_a_reason_and_a_place(case: tuple[str, ...]) -> None:
    text, *rendered = case
    assert refusal(text) == rendering("net.json", *rendered)


YAML_REFUSALS: list[tuple[str, ...]] = [
    (
        "a: {b: 1}\nc: 1\na: 2",
        "duplicate-key",
        "3:1   a",
        "key 'a' is given twice",
        "note: first given at net.yaml:1:1",
    ),
    (
        "a: {b: [1, {c: .nan}]}",
        "non-finite-number",
        "1:16   a.b[1].c",
        "expected a finite number, got '.nan'",
    ),
    ("a: 1e999", "non-finite-number", "1:4   a", "expected a finite number, got '1e999'"),
    (
        "a: 0x" + "f" * 5000,
        "number-too-long",
        "1:4   a",
        "a number has 5002 characters; the limit is 100",
    ),
    (
        "a: &x [1]\nb: *x",
        "unsupported-yaml",
        "1:4",
        "anchors and aliases cannot be used in a description",
        "hint: write the value out",
    ),
    (
        "a:\n  <<: {b: 1}",
        "unsupported-yaml",
        "2:3",
        "merge keys cannot be used in a description",
        "hint: write the fields out",
    ),
    (
        "a: !!python/object/apply:os.system ['true']",
        "unsupported-yaml",
        "1:4",
        "the tag '!!python/object/apply:os.system' cannot be used in a description",
        "hint: remove the tag",
    ),
    (
        "a: !!int x",
        "unsupported-yaml",
        "1:4",
        "the tag '!!int' cannot be used in a description",
        "hint: remove the tag",
    ),
    (
        "a: 1\n---\nb: 2",
        "unsupported-yaml",
        "2:1",
        "several documents in one text cannot be used in a description",
        "hint: use one file each",
    ),
    (
        "%YAML 1.1\n---\na: NO",
        "unsupported-yaml",
        "1:1",
        "versions other than YAML 1.2 cannot be used in a description",
        "hint: remove the line '%YAML'",
    ),
    (
        "a: {1: x}",
        "key-not-text",
        "1:5",
        "expected a text as key, got '1'",
        "hint: a key that is not read as text is written in quotes",
    ),
    (
        "? [a]\n: 1",
        "key-not-text",
        "1:3",
        "expected a text as key, got a list or an object",
        "hint: a key that is not read as text is written in quotes",
    ),
    (
        "a:\n\tb: 1",
        "invalid-yaml",
        "2:1",
        r"found character '\t' that cannot start any token",
        "hint: YAML is indented with spaces",
    ),
    (
        "a: [1, 2",
        "invalid-yaml",
        "1:9",
        "expected ',' or ']', but got '<stream end>'",
        "note: while parsing a flow sequence that starts at net.yaml:1:4",
    ),
    ("a: \x07", "invalid-yaml", "1:4", "the character U+0007 is not allowed in YAML"),
    (
        'a: "\\ud800"',
        "lone-surrogate",
        "1:4   a",
        "a text contains a lone surrogate, which is not a character",
        r"hint: write both halves, as in \ud83d\ude00, or the character itself",
    ),
    ("", "not-an-object", "1:1", "expected an object with named fields, got nothing"),
]


@pytest.mark.parametrize("case", YAML_REFUSALS)
def test_yaml_is_refused_with_a_reason_and_a_place(case: tuple[str, ...]) -> None:
    text, *rendered = case
    assert refusal(text, "yaml") == rendering("net.yaml", *rendered)


def test_a_slip_of_the_yaml_parser_is_still_a_refusal() -> None:
    assert refusal('a: "\\UFFFFFFFF"', "yaml").startswith(
        "error[invalid-yaml]: the text cannot be read as YAML after this point\n"
        "  --> net.yaml:1:2\n"
    )


def test_a_long_word_is_shortened_in_a_message() -> None:
    assert len(refusal('{"a": ' + "x" * 10**6 + "}").splitlines()[0]) < 100


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


# Bombs


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
    start = time.perf_counter()
    assert message in refusal(bomb, syntax)
    assert time.perf_counter() - start < 3


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


def test_positions_cost_one_pass_not_one_pass_each() -> None:
    data = {"list": [{"a": [number, number]} for number in range(20_000)]}
    document = read(json.dumps(data))
    start = time.perf_counter()
    for index in range(1_000):
        document.locate(["list", index, "a", 1])
    assert time.perf_counter() - start < 3
