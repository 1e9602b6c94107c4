"""Where a value or a key stands in its text."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings, strategies as st
from unit.spec.texts import JSON_DATA, NETWORK, NETWORK_JSON, NETWORK_YAML, read

from netspec.spec.reader import Document, format_path, location_path

Steps = tuple[str | int, ...]


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


@settings(derandomize=True)
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


def test_positions_cost_one_pass_not_one_pass_each() -> None:
    data = {"list": [{"a": [number, number]} for number in range(20_000)]}
    document = read(json.dumps(data))
    start = time.process_time()
    for index in range(1_000):
        document.locate(["list", index, "a", 1])
    assert time.process_time() - start < 10
