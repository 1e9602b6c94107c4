"""What a YAML scalar means: the core schema of YAML 1.2, where `NO` is a text."""

from __future__ import annotations

import re

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]++|0o[0-7]++|0x[0-9a-fA-F]++")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]++|[0-9]++(?:\.[0-9]*+)?)(?:[eE][-+]?[0-9]++)?")
_NON_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_BASES = {"0o": 8, "0x": 16}


def is_number(text: str) -> bool:
    """Return whether a plain scalar stands for a number, finite or not."""
    return any(pattern.fullmatch(text) for pattern in (_INTEGER, _FLOAT, _NON_FINITE))


def resolve_plain(text: str) -> str | int | float | bool | None:
    """Return the value of a scalar without quotes.

    >>> [resolve_plain(text) for text in ("NO", "true", "0o17", "1e-3", "~", "2001-01-01")]
    ['NO', True, 15, 0.001, None, '2001-01-01']
    """
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        base = _BASES.get(text[:2])
        return int(text[2:], base) if base else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NON_FINITE.fullmatch(text):
        return float(text.replace(".", "", 1))
    return text
