"""Quantities are exact decimals with a dimension; their text is kept."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from operator import add, mul, sub, truediv

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from netspec import units
from netspec.units import (
    CAPACITANCE,
    CONDUCTANCE,
    CURRENT,
    DIMENSIONLESS,
    EXPRESSION_UNITS,
    FREQUENCY,
    RESISTANCE,
    TIME,
    UNITS,
    VOLTAGE,
    Quantity,
    UnitError,
    bare_quantity,
    decimal_fraction,
    describe,
    looks_like_quantity,
    ms,
    mV,
    nS,
    pA,
    parse_quantity,
    parse_unit,
    plain_quantity,
)

# Values


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("20 ms", Fraction(20, 1000), TIME),
        ("-65.6 mV", Fraction(-656, 10_000), VOLTAGE),
        ("-70mV", Fraction(-70, 1000), VOLTAGE),
        ("+.5 nS", Fraction(5, 10**10), CONDUCTANCE),
        ("1e3 pA", Fraction(1, 10**9), CURRENT),
        ("281. pF", Fraction(281, 10**12), CAPACITANCE),
        ("3 Mohm", Fraction(3_000_000), RESISTANCE),
        ("90 Hz", Fraction(90), FREQUENCY),
        ("0.02/ms", Fraction(20), FREQUENCY),
        ("0.5 nS/ms", Fraction(5, 10**7), CONDUCTANCE / TIME),
        ("1/(mV*ms)", Fraction(10**6), DIMENSIONLESS / VOLTAGE / TIME),
        ("2 mV**2", Fraction(2, 10**6), VOLTAGE**2),
        ("2 mV**-1", Fraction(2000), VOLTAGE**-1),
        (" 7  ", Fraction(7), DIMENSIONLESS),
        ("1 volt", Fraction(1), VOLTAGE),
    ],
)
def test_a_quantity_is_the_exact_value_of_its_decimal(
    text: str, value: Fraction, dimension: units.Dimension
) -> None:
    quantity = parse_quantity(text)
    assert (quantity.value, quantity.dimension) == (value, dimension)
    assert float(quantity) == float(value)


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("1/10 ms", ("write '0.1 ms'",)),
        ("-3 / 4*mV", ("write '-0.75 mV'",)),
        ("1/3 ms", ()),
        ("1/0 ms", ()),
        ("1/7e300 ms", ()),
    ],
)
def test_a_quantity_has_one_number(text: str, hints: tuple[str, ...]) -> None:
    with pytest.raises(UnitError, match="it has two numbers") as caught:
        parse_quantity(text)
    assert caught.value.hints == hints


@pytest.mark.parametrize(
    ("text", "hints"), [("/ms", ("write '1/ms'",)), ("/10 ms", ()), ("/", ()), ("ms/", ())]
)
def test_a_unit_that_divides_needs_a_one(text: str, hints: tuple[str, ...]) -> None:
    with pytest.raises(UnitError) as caught:
        parse_unit(text)
    assert caught.value.hints == hints


def test_a_quantity_keeps_its_text() -> None:
    assert parse_quantity("-65.6 mV").text == str(parse_quantity("-65.6 mV")) == "-65.6 mV"


def test_spellings_of_one_quantity_have_one_value() -> None:
    spellings = ["0.1 ms", "100 us", "1e-4 s", "0.1ms", "100000 ns", "1e-1 ms"]
    assert {parse_quantity(text).value for text in spellings} == {Fraction(1, 10_000)}


def test_a_quantity_is_rounded_once() -> None:
    assert 65.4 * 1e-3 != 0.0654  # what rounding twice would give
    assert float(parse_quantity("65.4 mV")) == 0.0654


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000))
@settings(derandomize=True, max_examples=200)
def test_any_decimal_in_millivolts_is_its_thousandth(number: object) -> None:
    assert parse_quantity(f"{number:f} mV").value * 1000 == Fraction(f"{number:f}")


@pytest.mark.parametrize("name", sorted(UNITS))
def test_every_unit_of_the_table_can_be_read_alone(name: str) -> None:
    assert parse_unit(name) == UNITS[name]
    assert parse_quantity(f"3 {name}").value == 3 * UNITS[name].factor


def test_in_expressions_a_unit_has_a_prefix_or_its_full_name() -> None:
    assert {"mV", "volt", "ms", "second", "siemens", "farad", "metre"} <= EXPRESSION_UNITS
    assert not EXPRESSION_UNITS & {"V", "A", "S", "F", "s", "m", "C", "M", "K"}


# What is refused


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mV",
        "- 5 mV",
        "5 5 mV",
        "1,5 mV",
        "0x10 mV",
        "1_000 mV",
        "nan mV",
        "inf mV",
        "\u0661 mV",  # a digit, but not of ours
        "5 mV mV",
        "5 mV*",
        "5 (mV",
        "5 mV)",
        "5 mV**2.5",
        "5 mV**13",
        "5 mV**2**2",
        "5 2*mV",
        "5 mV; ms",
        "5 \u00b5A",
        "1e400 V",
        "9" * 201,
        "1 " + "(" * 180,
        "5 __import__",
    ],
)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        parse_quantity(text)


@pytest.mark.parametrize("unit", ["mV**0000999999999", "((((mV**12)**12)**12)**12)**12"])
def test_powers_of_units_are_refused_before_they_are_computed(unit: str) -> None:
    with pytest.raises(UnitError):
        parse_unit(unit)


def test_powers_of_units_may_have_zeros_in_front_and_be_powers_themselves() -> None:
    assert parse_unit("mV**002") == parse_unit("mV*mV")
    assert parse_unit("((mV**2)**3)**-12") == parse_unit("1/((mV**12)**6)")


def test_sums_and_products_beyond_doubles_are_refused() -> None:
    large = parse_quantity("1e308 V")
    for compute in (lambda: large + large, lambda: large * 10, lambda: large / 1e-300):
        with pytest.raises(UnitError, match="out of range"):
            compute()


@pytest.mark.parametrize("exponent", ["401", "-401", "0000000000999999999", "-00000000099999999"])
def test_exponents_beyond_any_double_are_refused_before_they_are_computed(exponent: str) -> None:
    with pytest.raises(UnitError, match="out of range"):
        decimal_fraction(f"1e{exponent}")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("5 mv", "did you mean 'mV'?"),
        ("5 MS", "did you mean 'mS' or 'ms'?"),
        ("5 sec", "did you mean 's'?"),
        ("5 \u00b5A", "write 'u' for '\u00b5'"),
        ("5 M\u03a9", "write 'ohm' for '\u03a9'"),
    ],
)
def test_near_misses_of_units_get_a_hint(text: str, hint: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity(text)
    assert caught.value.hints == (hint,)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("5 mV", True),
        ("5 mW", True),
        ("-3", True),
        ("1e5", True),
        ("5 \u00b5A", True),
        ("5*mV", False),
        ("1e5*mV", False),
        ("1/tau", False),
        ("V + 1*mV", False),
        ("E_L", False),
    ],
)
def test_a_number_and_letters_look_like_a_quantity(text: str, yes: bool) -> None:
    assert looks_like_quantity(text) is yes


# Dimensions in words


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("1", "1"),
        ("mV", "V"),
        ("pA/nS", "V"),
        ("nS*mV", "A"),
        ("Mohm*pF", "s"),
        ("nS/ms", "S/s"),
        ("mV/ms", "V/s"),
        ("mV*ms", "V*s"),
        ("1/(mV*ms)", "1/(V*s)"),
        ("mV**2", "V**2"),
        ("1/ms**2", "1/s**2"),
        ("uF/cm**2", "F/m**2"),
    ],
)
def test_a_dimension_is_written_in_named_units(unit: str, shown: str) -> None:
    dimension = parse_unit(unit).dimension
    assert str(dimension) == shown
    assert parse_unit(shown).dimension == dimension


def test_a_dimension_without_a_short_name_is_written_in_base_units() -> None:
    assert str(parse_unit("V**5*m").dimension) == "m**11*kg**5/(s**15*A**5)"


@pytest.mark.parametrize(
    ("unit", "words"),
    [("1", "a plain number"), ("mV", "a voltage (V)"), ("nS/ms", "a value in S/s")],
)
def test_messages_describe_dimensions(unit: str, words: str) -> None:
    assert describe(parse_unit(unit).dimension) == words


# Arithmetic in Python


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (20 * ms, "20 ms"),
        (ms * 20, "20 ms"),
        (-70.6 * mV, "-70.6 mV"),
        (-mV, "-1 mV"),
        (0.5 * nS / ms, "0.5 nS/ms"),
        (1 / ms, "1/ms"),
        (2 / (mV * ms), "2/(mV*ms)"),
        (mV * (1 / ms), "1 mV*1/ms"),
        ((1 / ms) / (1 / mV), "1/ms/(1/mV)"),
        (0.1 * 3 * ms, "0.3 ms"),
        ((0.1 + 0.2) * ms, "0.3 ms"),
        (np.float64(2.5) * ms, "2.5 ms"),
        (np.int64(3) * ms, "3 ms"),
        (Fraction(1, 4) * ms, "0.25 ms"),
        (2 * mV + 3 * mV, "5 mV"),
        (1 * mV - 500 * units.uV, "0.5 mV"),
        (0.1 * mV + 0.2 * mV, "0.3 mV"),
        (0 * mV + units.volt, "1000 mV"),
        (0.02 / ms + 3 * units.Hz, "0.023/ms"),
        (1 + 2 * mV / mV, "3"),
        (1 - 2 * mV / mV, "-1"),
    ],
)
def test_arithmetic_gives_the_quantity_that_one_would_write(quantity: Quantity, text: str) -> None:
    assert quantity.text == text
    assert quantity == parse_quantity(text)


def test_arithmetic_is_exact() -> None:
    assert (20 * ms).value == Fraction(20, 1000)
    assert (3 * (2 * pA) / (4 * mV)).value == Fraction(15, 10**10)
    assert (1 * ms / (1 * ms)).dimension == DIMENSIONLESS


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: 2 * mV + 3 * ms, "got a voltage (V) and a time (s) in '2 mV + 3 ms'"),
        (lambda: 2 - mV, "got a plain number and a voltage (V) in '2 - 1 mV'"),
    ],
)
def test_only_quantities_of_one_dimension_are_added(
    wrong: Callable[[], object], message: str
) -> None:
    with pytest.raises(UnitError) as caught:
        wrong()
    assert str(caught.value) == f"expected two quantities of one dimension, {message}"


@pytest.mark.parametrize("other", ["2", True, None, [1, 2]])
def test_arithmetic_is_with_numbers_and_quantities(other: object) -> None:
    for operator in (mul, truediv, add, sub):
        with pytest.raises(TypeError, match="Quantity"):
            operator(mV, other)


@pytest.mark.parametrize(
    ("array", "texts"),
    [
        (mV * np.array([1, 2.5]), ["1 mV", "2.5 mV"]),
        (np.array([1, 2.5]) * mV, ["1 mV", "2.5 mV"]),
        (mV / np.array([1, 2]), ["1 mV", "0.5 mV"]),
        (mV + np.array([1, 2]) * mV, ["2 mV", "3 mV"]),
        (np.array([1, 2]) * mV - mV, ["0 mV", "1 mV"]),
    ],
)
def test_arrays_with_units_are_lists_of_quantities(array: np.ndarray, texts: list[str]) -> None:
    from netspec.spec.values import value_of

    assert [str(each) for each in array] == texts
    assert value_of(array) == value_of(list(array)) == value_of(texts)


def test_quantities_and_dimensions_are_shown_as_they_are_written() -> None:
    assert repr(mV * np.array([1, 2.5])) == (
        "array([Quantity('1 mV'), Quantity('2.5 mV')], dtype=object)"
    )
    assert repr([(nS / ms).dimension, DIMENSIONLESS]) == "[Dimension('S/s'), Dimension('1')]"


def test_every_unit_is_a_name_of_the_module_and_nothing_else_is() -> None:
    everything: dict[str, object] = {}
    exec("from netspec.units import *", everything)  # noqa: S102
    assert everything.keys() >= UNITS.keys()
    assert set(dir(units)) >= UNITS.keys()
    assert units.Hz == everything["Hz"] == parse_quantity("1 Hz")
    with pytest.raises(AttributeError):
        units.furlong  # noqa: B018


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 10**400])
def test_numbers_beyond_doubles_are_refused(number: float) -> None:
    for read in (plain_quantity, bare_quantity):
        with pytest.raises(UnitError):
            read(number)


def test_a_number_beside_a_unit_is_a_decimal_of_15_digits_and_a_bare_one_is_itself() -> None:
    assert plain_quantity(0.1 + 0.2).value == Fraction(3, 10)
    assert bare_quantity(0.1 + 0.2).text == "0.30000000000000004"
    assert float(bare_quantity(2 / 3)) == 2 / 3


# Quantities of other libraries


class PintUnits:
    def __init__(self, text: str) -> None:
        self.text = text

    def __format__(self, form: str) -> str:
        assert form == "~"
        return self.text


class PintQuantity:
    """The shape of a quantity of pint."""

    def __init__(self, magnitude: object, text: str) -> None:
        self.magnitude, self.units = magnitude, PintUnits(text)
        self.shape = np.shape(magnitude)

    def tolist(self) -> list[PintQuantity]:
        return [PintQuantity(each, self.units.text) for each in np.asarray(self.magnitude)]

    def to_base_units(self) -> None:
        raise AssertionError("a quantity is not converted")


class PlainQuantity:
    """The shape of a quantity of the package `quantities`."""

    def __init__(self, magnitude: object, dimensionality: str) -> None:
        self.magnitude, self.units = np.asarray(magnitude), object()
        self.dimensionality = dimensionality
        self.shape = self.magnitude.shape

    def tolist(self) -> object:
        return self.magnitude.tolist()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (PintQuantity(20, "ms"), "20 ms"),
        (PintQuantity(-70.6, "mV"), "-70.6 mV"),
        (PintQuantity(5.0, "\u00b5A"), "5 uA"),
        (PintQuantity(3, "M\u03a9"), "3 Mohm"),
        (PintQuantity(2.0, "nS / ms"), "2 nS/ms"),
        (PintQuantity(5.0, "\u00b5F / cm ** 2"), "5 uF/cm**2"),
        (PintQuantity(3, ""), "3"),
        (PlainQuantity(20.0, "ms"), "20 ms"),
        (PlainQuantity(2.0, "mV**2/ms"), "2 mV**2/ms"),
        (PlainQuantity(1.0, "1/ms"), "1 1/ms"),
        (PlainQuantity(3, "dimensionless"), "3"),
    ],
)
def test_foreign_quantities_are_known_by_their_shape(given: object, text: str) -> None:
    from netspec.spec.values import value_of

    assert value_of(given) == parse_quantity(text)
    assert str(value_of(given)) == text


@pytest.mark.parametrize("kind", [PintQuantity, PlainQuantity])
def test_foreign_arrays_become_lists_with_units(kind: type) -> None:
    from netspec.spec.values import value_of

    listed = value_of(kind(np.array([1.0, 2.5]), "mV"))
    assert [each.text for each in listed.quantities] == ["1 mV", "2.5 mV"]


_WITH_BRIAN2 = """
import numpy as np, brian2 as b
from netspec.spec.values import value_of
for each in (20*b.ms, -70.6*b.mV, 0.1*b.ms, 30*b.nS, 281*b.pF, 90*b.Hz, 2*b.nS/b.ms, b.Quantity(3)):
    print(value_of(each))
print([each.text for each in value_of(np.array([1, 2.5])*b.mV).quantities])
"""


@pytest.mark.slow
def test_quantities_of_brian2_lose_the_error_of_their_products() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITH_BRIAN2], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.splitlines() == [
        "20 ms",
        "-70.6 mV",
        "100 us",
        "30 nS",
        "281 pF",
        "90 Hz",
        "2e-06 S/s",
        "3",
        "['0.001 V', '0.0025 V']",
    ], done.stderr
