"""Trees as text for people."""

from __future__ import annotations

import pytest

from netspec.expr.fold import fold
from netspec.expr.parse import parse_expression
from netspec.expr.text import write


@pytest.mark.parametrize(
    "text",
    [
        "V",
        "-V",
        "-(V + E)",
        "V - (E - 1)",
        "V - E - 1",
        "V / (E / 2)",
        "V * E / 2",
        "(V + E) * 2",
        "V**2",
        "(-V)**2",
        "-V**2",
        "0.1 * mV",
        "V > E and not (V < 1 or E == 2)",
        "exp(-V / (2 * mV))",
        "where(V > E, V, clip(E, 0 * mV, 1 * mV))",
    ],
)
def test_an_expression_is_written_as_its_author_would(text: str) -> None:
    assert write(parse_expression(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("V - (E - 1)", "(-V)**2", "V * (E / 2)", "not (V > 1) or E < 2", "V**(1/3)", "V**-0.5"),
        *("0.10000000000000000001 * V", "V**-1.00000000000000000001", "1e-400", "12.5e-330"),
    ],
)
def test_what_is_written_reads_back_as_the_same_tree(text: str) -> None:
    tree = parse_expression(text)
    assert parse_expression(write(tree)) == tree


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-65.6*mV", "-0.0656[V]"),
        ("0.04/(ms*mV)*V", "40000.0[1/(V*s)] * V"),
        ("2*V", "2.0 * V"),
        ("V**2", "V**2"),
        ("(V + E)**3/V**-2", "(V + E)**3 / (1.0 / V**2)"),
        ("(V/mV)**0.3", "(V / 0.001[V])**0.3"),
        ("2**-(1/3)", "2.0**(-0.3333333333333333)"),
        ("(V/mV)**(E/mV)", "(V / 0.001[V])**(E / 0.001[V])"),
    ],
)
def test_folded_constants_show_their_unit(text: str, shown: str) -> None:
    assert write(fold(parse_expression(text))) == shown
