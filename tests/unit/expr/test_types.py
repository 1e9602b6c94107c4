"""The check of dimensions: what an expression is, or why it makes no sense."""

from __future__ import annotations

import pytest

from netspec.expr.errors import ExpressionError
from netspec.expr.parse import parse_expression
from netspec.expr.types import TRUTH, Hidden, Symbols, require_dimension, type_of
from netspec.units import CONDUCTANCE, CURRENT, DIMENSIONLESS, TIME, VOLTAGE, Dimension, parse_unit

SYMBOLS: Symbols = {
    "V": VOLTAGE,
    "E_L": VOLTAGE,
    "g": CONDUCTANCE,
    "tau": TIME,
    "x": DIMENSIONLESS,
    "is_on": TRUTH,
    "t_ref": Hidden("it is a secret"),
}


def kind(text: str) -> object:
    return type_of(parse_expression(text), SYMBOLS)


def refusal(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        kind(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("2", "1"),
        ("2*mV", "V"),
        ("-V", "V"),
        ("V + E_L", "V"),
        ("V - 5*mV", "V"),
        ("g*(E_L - V)", "A"),
        ("V/tau", "V/s"),
        ("V**2", "V**2"),
        ("V**-1", "1/V"),
        ("sqrt(V**2)", "V"),
        ("(V**2)**0.5", "V"),
        ("(V*V)**-(1/2)", "1/V"),
        ("(V/E_L)**0.3", "1"),
        ("(V/E_L)**x", "1"),
        ("x**(V/E_L + 1)", "1"),
        ("exprel(x) + sigmoid(x) + log10(x)", "1"),
        ("sin(x)*cos(x)*tan(x)*arctan(x)", "1"),
        ("sinh(x)*cosh(x)*tanh(x)", "1"),
        ("exp(V/E_L)", "1"),
        ("abs(V)", "V"),
        ("sign(V)", "1"),
        ("min(V, E_L)", "V"),
        ("clip(V, E_L, 0*mV)", "V"),
        ("where(V > E_L, tau, 0*ms)", "s"),
        ("floor(tau/(0.1*ms))", "1"),
    ],
)
def test_an_expression_has_a_dimension(text: str, unit: str) -> None:
    assert kind(text) == parse_unit(unit).dimension


@pytest.mark.parametrize("text", ["V > E_L", "not V == E_L", "V > E_L or x < 1 and is_on"])
def test_a_condition_is_a_truth_value(text: str) -> None:
    assert kind(text) == TRUTH


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("V + tau", "'V + tau': 'V' is a voltage (V), but 'tau' is a time (s)"),
        ("V > 5", "'V > 5': 'V' is a voltage (V), but '5' is a plain number"),
        ("exp(V)", "'exp(V)': 'V' must be a plain number, not a voltage (V)"),
        ("cos(tau)", "'cos(tau)': 'tau' must be a plain number, not a time (s)"),
        ("V**0.3", "'V**0.3': 'V' must be a plain number, not a voltage (V)"),
        ("V**x", "'V**x': 'V' must be a plain number, not a voltage (V)"),
        ("x**V", "'x**V': 'V' must be a plain number, not a voltage (V)"),
        ("x**(2*mV)", "'x**(2 * mV)': '2 * mV' must be a plain number, not a voltage (V)"),
        (
            "x**(2 + 1*mV)",
            "'2 + 1 * mV': '2' is a plain number, but '1 * mV' is a voltage (V)",
        ),
        ("min(V, tau)", "'min(V, tau)': 'V' is a voltage (V), but 'tau' is a time (s)"),
        (
            "where(V > E_L, V, x)",
            "'where(V > E_L, V, x)': 'V' is a voltage (V), but 'x' is a plain number",
        ),
    ],
)
def test_quantities_that_do_not_go_together_are_refused(text: str, message: str) -> None:
    error = refusal(text)
    assert (error.code, str(error)) == ("wrong-dimension", message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("V + (V > E_L)", "'V + (V > E_L)': 'V > E_L' is a truth value, not a number"),
        ("-(V > E_L)", "'-(V > E_L)': 'V > E_L' is a truth value, not a number"),
        ("V > E_L and V", "'V > E_L and V': 'V' is a number, not a truth value"),
        ("not V", "'not V': 'V' is a number, not a truth value"),
        ("where(V, V, V)", "'where(V, V, V)': 'V' is a number, not a truth value"),
    ],
)
def test_truth_values_and_numbers_are_kept_apart(text: str, message: str) -> None:
    error = refusal(text)
    assert (error.code, str(error)) == ("wrong-type", message)


def test_an_unknown_name_is_refused_with_the_likely_one() -> None:
    error = refusal("2*ta")
    assert (error.code, str(error)) == ("unknown-name", "'ta' is not defined here")
    assert error.hints == ("did you mean 'tau'?",)


def test_every_unknown_name_is_told_once_and_before_dimensions() -> None:
    error = refusal("V*ta + tau/vv - ta")
    told = [(str(each), each.hints) for each in (error, *error.more)]
    assert told == [
        ("'ta' is not defined here", ("did you mean 'tau'?",)),
        ("'vv' is not defined here", ()),
    ]


def test_a_unit_without_prefix_gets_a_hint() -> None:
    assert "units have a prefix or their full name" in refusal("0.02*S").hints[-1]


def test_a_name_that_cannot_be_read_here_says_why() -> None:
    assert str(refusal("2*t_ref")) == "'t_ref' cannot be read here: it is a secret"


@pytest.mark.parametrize("dimension", [VOLTAGE, CURRENT])
def test_a_field_can_require_a_dimension(dimension: Dimension) -> None:
    expression = parse_expression("g*V")
    if dimension == CURRENT:
        require_dimension(expression, dimension, SYMBOLS)
        return
    with pytest.raises(ExpressionError) as caught:
        require_dimension(expression, dimension, SYMBOLS)
    assert str(caught.value) == "'g * V': expected a voltage (V), got a current (A)"


def test_nested_calls_are_looked_at_once_each() -> None:
    deep = "x"
    for _ in range(90):
        deep = f"min({deep}, 1)"
    assert kind(deep) == DIMENSIONLESS  # 2**90 looks would take a while


def test_long_expressions_are_cut_in_messages() -> None:
    assert len(str(refusal("V" + " + V" * 90 + " + tau"))) < 300
