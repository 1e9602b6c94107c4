"""Texts for the tests of the reader, and ways to read them."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import strategies as st

from netspec.errors import SpecError
from netspec.spec.reader import Document, Syntax, read_file, read_text

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


def read(text: str, syntax: Syntax = "json") -> Document:
    return read_text(text, file=f"net.{syntax}", syntax=syntax)


def refusal(text: str, syntax: Syntax = "json") -> str:
    with pytest.raises(SpecError) as caught:
        read(text, syntax)
    return str(caught.value)


def read_or_refuse(text: str, syntax: Syntax = "json") -> Document | None:
    with contextlib.suppress(SpecError):
        return read(text, syntax)
    return None


def file_refusal(path: str | Path) -> str:
    with pytest.raises(SpecError) as caught:
        read_file(path)
    return str(caught.value)
