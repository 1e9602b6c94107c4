"""Kinds of expressions."""

from __future__ import annotations

import pytest
from unit.testing.builders import expression

from netspec.ir.kinds import kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x", "real"),
        ("n", "integer"),
        ("1", "integer"),
        ("-n + 2", "integer"),
        ("exp(x) * 2.0", "real"),
        ("x > 1.0 and not held", "truth"),
        ("held", "truth"),
        ("where(held, n, 0)", "integer"),
        ("integer(x)", "integer"),
        ("real(n)", "real"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert kind_of(expression(text), {"x": "real", "n": "integer", "held": "truth"}) == kind
