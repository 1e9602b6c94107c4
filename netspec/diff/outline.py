"""What one description means, a line for each fact: what tools that compare lines can compare."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from netspec.diff import words
from netspec.diff.changes import dimension_of
from netspec.diff.facts import MODEL, entry_facts, entry_key, facts
from netspec.ir.recipe import Chosen, Drawn, PerItem
from netspec.passes.fingerprint import canonical
from netspec.passes.resolved import ResolvedNetwork
from netspec.units import Dimension

_DIGITS = 16

_NOTHING = (None, ())
"""What needs no line: no line means that it is so."""


def outline(network: ResolvedNetwork) -> str:
    """Return the meaning of a network as lines: equal lines for equal meanings."""
    lines = [
        f"{key}: {_text(fact.value, fact.dimension)}".rstrip(": ")
        for key, fact in facts(network).items()
        if not (key.endswith(MODEL) or fact.is_order or fact.value in _NOTHING)
    ]
    for entry in network.timeline:
        known = dict(entry_facts(entry, network, dimension_of(entry, network)))
        said = ", ".join(
            f"{key} {_text(each.value, each.dimension)}" for key, each in known.items()
        )
        lines.append(f"timeline: {entry_key(entry)}, {said}")
    return "\n".join(lines)


def _text(value: Any, dimension: Dimension | None) -> str:
    """Return a value in words; of a long list, which these cut, also what it hashes to."""
    if isinstance(value, Drawn):  # its parameters have lines of their own
        return " ".join(filter(None, (value.distribution, value.outside)))
    if isinstance(value, Chosen):
        return value.name
    said = words.text(value, dimension)
    if not (isinstance(value, PerItem | tuple) and said.endswith("in all)")):
        return said
    digest = hashlib.sha256(json.dumps(canonical(value)).encode()).hexdigest()
    return f"{said} SHA-256 {digest[:_DIGITS]}"
