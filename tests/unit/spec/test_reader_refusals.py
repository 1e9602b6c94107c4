"""What the reader refuses, in the words of the message."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st
from unit.spec.texts import JSON_DATA, read_or_refuse, refusal


def rendering(file: str, code: str, place: str, message: str, *more: str) -> str:
    return "\n  ".join([f"error[{code}]: {message}", f"--> {file}:{place}", *more])


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


@settings(derandomize=True)
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


@settings(derandomize=True)
@given(st.text("ab1: -\n\t[]{},'\"\\?|>%!&*#<~.\r\x85é\ud800x", max_size=24))
def test_any_text_as_yaml_is_read_or_refused(text: str) -> None:
    document = read_or_refuse(text, "yaml")
    assert document is None or json.loads(json.dumps(document.data)) == document.data
