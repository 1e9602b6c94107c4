"""The fingerprint: a hash of what a description means."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

from netspec.ir.contract import SEMANTICS
from netspec.ir.recipe import OUT_OF_FINGERPRINT
from netspec.passes.resolved import ResolvedNetwork


def fingerprint(network: ResolvedNetwork) -> str:
    """Return the SHA-256 of a resolved network, in hexadecimal.

    Key order, spelling of units and numbers, monitors and free text leave no trace.
    """
    return _hash({"semantics": SEMANTICS, "network": canonical(network)})


def model_fingerprint(network: ResolvedNetwork) -> str:
    """Return the fingerprint without seed and duration."""
    return fingerprint(replace(network, seed=0, steps=0))


def _hash(data: object) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:
    """Return JSON data that equal meanings have in common and different ones do not."""
    if is_dataclass(value) and not isinstance(value, type):
        named = [
            (field.name, canonical(getattr(value, field.name)))
            for field in fields(value)
            if field.metadata != OUT_OF_FINGERPRINT
        ]
        return [type(value).__name__, *named]
    match value:
        case tuple() | list():
            return [canonical(each) for each in value]
        case bool() | None | str() | int():
            return value
        case Fraction():
            return str(value)
        case float():
            return value.hex()
        case _:
            raise TypeError(f"no canonical form of {type(value).__name__}")
