"""Text to tree: a whitelist, capped before anything costs time."""

from __future__ import annotations

from fractions import Fraction

import pytest

from netspec.expr.nodes import (
    Binary,
    Call,
    Compare,
    Literal,
    Logical,
    Name,
    Negate,
    Not,
    Unit,
)
from netspec.expr.parse import (
    MAX_DEPTH,
    MAX_LENGTH,
    ExpressionError,
    parse_expression,
    parse_statement,
    shorten,
)

V, E, one, two = Name("V"), Name("E_L"), Literal(Fraction(1)), Literal(Fraction(2))


def refusal(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text)
    return caught.value


# What is read


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("V", V),
        ("(V)", V),
        ("+V", V),
        ("-V", Negate(V)),
        ("V + E_L", Binary("+", V, E)),
        ("V - E_L - 1", Binary("-", Binary("-", V, E), one)),
        ("V - (E_L - 1)", Binary("-", V, Binary("-", E, one))),
        ("V*E_L/2", Binary("/", Binary("*", V, E), two)),
        ("V + E_L*2", Binary("+", V, Binary("*", E, two))),
        ("-V**2", Negate(Binary("**", V, two))),
        ("V**-2", Binary("**", V, Literal(Fraction(-2)))),
        ("V**(1 + 1)", Binary("**", V, two)),
        ("V**(1/3)", Binary("**", V, Literal(Fraction(1, 3)))),
        ("V**-0.5", Binary("**", V, Literal(Fraction(-1, 2)))),
        ("V**E_L", Binary("**", V, E)),
        ("V**(2*mV)", Binary("**", V, Binary("*", two, Unit("mV")))),
        ("V**2**E_L", Binary("**", V, Binary("**", two, E))),
        ("0.1*mV", Binary("*", Literal(Fraction(1, 10)), Unit("mV"))),
        ("1e-3*volt", Binary("*", Literal(Fraction(1, 1000)), Unit("volt"))),
        ("V > E_L", Compare(">", V, E)),
        (
            "V >= E_L and not V != 1",
            Logical("and", Compare(">=", V, E), Not(Compare("!=", V, one))),
        ),
        ("exp(V)", Call("exp", (V,))),
        ("where(V < 1, V, 2)", Call("where", (Compare("<", V, one), V, two))),
        (" V\n\t + \n E_L ", Binary("+", V, E)),
    ],
)
def test_pythons_arithmetic_becomes_a_tree(text: str, tree: object) -> None:
    assert parse_expression(text) == tree


def test_conjunctions_are_joined_left_to_right() -> None:
    a, b, c = Name("a"), Name("b"), Name("c")
    assert parse_expression("a and b and c") == Logical("and", Logical("and", a, b), c)
    assert parse_expression("a or b and c") == Logical("or", a, Logical("and", b, c))


def test_numbers_are_exact_decimals() -> None:
    assert parse_expression("0.1") == Literal(Fraction(1, 10))
    assert parse_expression("12345678901234567890.5") == Literal(Fraction(24691357802469135781, 2))


@pytest.mark.parametrize("name", ["V", "A", "S", "s", "m"])
def test_units_without_a_prefix_are_names(name: str) -> None:
    assert parse_expression(name) == Name(name)


# What is refused


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "V +",
        "V E_L",
        "V = 1",
        "V := 1",
        "(V := 1)",
        "V; E_L",
        "import os",
        "__import__('os')",
        "exp.__class__",
        "V.real",
        "V[0]",
        "[V]",
        "(V, E_L)",
        "{V}",
        "{V: 1}",
        "lambda: V",
        "(lambda: V)()",
        "[x for x in V]",
        "f'{V}'",
        "'V'",
        "b'V'",
        "...",
        "V if V > 1 else 2",
        "await V",
        "*V",
        "exp(*V)",
        "exp(x=V)",
        "exp(V, V)",
        "exp()",
        "exp(exp)(V)",
        "print(V)",
        "exec('1')",
        "V // 2",
        "V % 2",
        "V @ V",
        "V ^ 2",
        "V & V",
        "V | V",
        "V << 1",
        "~V",
        "V is V",
        "V in V",
        "V < E_L < 1",
        "True",
        "None",
        "1j",
        "0x10",
        "0b1",
        "1_000",
        "1_0.5",
        "__class__",
        "_V",
        "V # comment",
        "V\n# comment\n+ 1",
        "V\\\n+ 1",
        "V\0",
        "V\x1b",
        "V\x0c",
        "\u0412",
        "\uff36",
        "V \u2212 1",
        "V\u00a0+ 1",
    ],
)
def test_whatever_is_not_named_by_the_whitelist_is_refused(text: str) -> None:
    assert refusal(text).code == "bad-expression"


@pytest.mark.parametrize("text", ["1e309", "1e999", "1e-00000000000999999999", "9" * 400])
def test_numbers_out_of_range_are_refused(text: str) -> None:
    assert refusal(text).code == "number-out-of-range"


@pytest.mark.parametrize(
    "text",
    [
        "V" + " + V" * MAX_DEPTH,
        "-" * MAX_DEPTH + "V",
        "V" + " and V" * MAX_DEPTH,
        "exp(" * MAX_DEPTH + "V" + ")" * MAX_DEPTH,
        "V" * (MAX_LENGTH + 1),
        "V**65",
        "V**-65",
        "V**(32 + 33)",
        "V**65.0",
        "9**9**9",
    ],
)
def test_what_is_too_large_is_refused(text: str) -> None:
    assert refusal(text).code in ("expression-too-large", "bad-expression")


def test_the_limits_leave_room() -> None:
    parse_expression("V" + " + V" * (MAX_DEPTH - 1))
    parse_expression("((V**64)**64)**64")
    parse_expression("V**64.5")
    parse_expression("V + 1*mV" + " " * (MAX_LENGTH - 8))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2 ms", "in expressions units are multiplied: '2*ms'"),
        (
            "E_L + 2.5 mV - 1e-3 mV*i",
            "in expressions units are multiplied: 'E_L + 2.5*mV - 1e-3*mV*i'",
        ),
        ("2 m", "in expressions units are multiplied, e.g. '2*ms'"),
        ("1/3 ms", "in expressions units are multiplied: '1/3*ms'"),
        ("1/0 ms", ""),
        ("1,5*mV + V", ""),
        ("1,5 mV", "decimals are written with a point"),
        ("V^2", "powers are written 'x**2'"),
        ("V if V > 1 else 2", "write 'where(condition, value, otherwise)'"),
        ("V \u2212 1", "write '-'"),
        ("V \u2264 1", "write '<='"),
        ("5*\u00b5V", "write 'u'"),
    ],
)
def test_habits_from_elsewhere_get_a_hint(text: str, hint: str) -> None:
    assert refusal(text).hints == ((hint,) if hint else ())


def test_a_refusal_names_the_part_that_is_meant() -> None:
    error = refusal("V + 2*sec(E_L)")
    assert str(error) == "'sec(E_L)': calls to 'sec' are not allowed"
    assert error.excerpt == "sec(E_L)"
    assert error.hints[0].startswith("the functions are: abs, arctan, ceil, ")


# Statements


def test_a_statement_assigns_to_a_name() -> None:
    assert parse_statement("V = E_L") == ("V", E)
    assert parse_statement(" V=V ") == ("V", V)


@pytest.mark.parametrize(
    "text", ["V", "V == E_L", "V += 1", "V, E_L = 1", "V[0] = 1", "V.x = 1", "_V = 1", "V = W = 1"]
)
def test_what_is_no_assignment_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_statement(text)


# Texts in messages


def test_texts_in_messages_are_short_and_printable() -> None:
    assert shorten("V\n =  1") == "V = 1"
    assert shorten(" exc\n") == r" exc\n"
    assert shorten("a\x1b[2J\0\u202e\udc80") == r"a\x1b[2J\x00\u202e\udc80"
    assert shorten("\u00b5") == "\u00b5"
    assert len(shorten("x" * 10_000_000)) < 60
