"""Values as text: a pair of numbers in one unit that suits both, and how far they are apart."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from netspec.expr.nodes import Constant, Expression
from netspec.expr.printer import Precedence, Printed
from netspec.expr.text import TextPrinter
from netspec.ir.cell import View
from netspec.ir.recipe import (
    Chosen,
    Computed,
    DataRef,
    Drawn,
    EdgeTable,
    FromFile,
    PerItem,
    Scalar,
    SpikeTable,
)
from netspec.units import (
    CAPACITANCE,
    CHARGE,
    CONCENTRATION,
    CONDUCTANCE,
    CURRENT,
    DIMENSIONLESS,
    FREQUENCY,
    LENGTH,
    RESISTANCE,
    TIME,
    UNITS,
    VOLTAGE,
    Dimension,
)

_UNITS: dict[Dimension, tuple[str, ...]] = {
    TIME: ("s", "ms", "us", "ns"),
    VOLTAGE: ("V", "mV", "uV", "nV"),
    CURRENT: ("A", "mA", "uA", "nA", "pA", "fA"),
    CONDUCTANCE: ("S", "mS", "uS", "nS", "pS", "fS"),
    CAPACITANCE: ("F", "mF", "uF", "nF", "pF", "fF"),
    RESISTANCE: ("Gohm", "Mohm", "kohm", "ohm"),
    FREQUENCY: ("MHz", "kHz", "Hz"),
    CHARGE: ("C", "mC", "uC", "nC", "pC", "fC"),
    LENGTH: ("m", "mm", "um", "nm"),
    CONCENTRATION: ("M", "mM", "uM", "nM"),
}
"""From large to small."""

_FACTORS = {"mm": Fraction(1, 1000)} | {name: each.factor for name, each in UNITS.items()}

_USUAL = frozenset({"ms", "mV", "pA", "nS", "pF", "Mohm", "Hz", "um", "mM", "fC"})
"""Units of a zero, which itself suits any."""

_LEAST = {"ms": Fraction(1, 100), "mV": Fraction(1, 100)}
"""From how many of a unit on it is used, if not from 1: a time step is 0.1 ms."""

_SHOWN_ITEMS = 4
_SHOWN_DIGITS = 8
_FEW_TIMES = 10


def unit_for(values: Iterable[Fraction], dimension: Dimension | None) -> str:
    """Return the largest unit in which the largest of some values is no small fraction."""
    names = _UNITS.get(dimension, ()) if dimension is not None else ()
    if not names:
        return "" if dimension in (None, DIMENSIONLESS) else str(dimension)
    largest = max(map(abs, values), default=Fraction(0))
    if not largest:
        return next((name for name in names if name in _USUAL), names[-1])
    return next(
        (name for name in names if largest >= _LEAST.get(name, 1) * _FACTORS[name]), names[-1]
    )


def number(value: Fraction, unit: str = "") -> str:
    """Return a value in SI as a decimal in a unit: exact, or to 17 digits."""
    scaled = value / _FACTORS.get(unit, Fraction(1))
    if scaled.denominator == 1 and abs(scaled) < 10**15:
        text = str(scaled.numerator)
    else:
        text = format(float(scaled), ".15g")
        text = text if Fraction(text) == scaled else repr(float(scaled))
    return f"{text} {unit}".rstrip()


class _UnitPrinter(TextPrinter):
    """Prints constants in the unit that suits them, as in `2*ms`."""

    def quantity(self, node: Constant) -> Printed:
        """Return a constant with a unit."""
        if node.dimension not in _UNITS:
            return super().quantity(node)
        exact = Fraction(repr(node.value))
        text = number(exact, unit_for([exact], node.dimension)).replace(" ", "*")
        return Printed(text, Precedence.NEGATE)


def expression(tree: Expression) -> str:
    """Return an expression as an author would write it."""
    return _UnitPrinter().print(tree)


def text(value: Any, dimension: Dimension | None = None, unit: str | None = None) -> str:
    """Return what is said of a value, in one line.

    Args:
        value: Of a resolved network.
        dimension: Of the numbers in it.
        unit: For these; a suitable one if left out.
    """
    match value:
        case Fraction():
            return number(value, unit_for([value], dimension) if unit is None else unit)
        case Scalar(exact):
            return text(exact, dimension, unit)
        case PerItem(values):
            chosen = unit_for(values, dimension) if unit is None else unit
            return _items([number(each, chosen) for each in values[:_SHOWN_ITEMS]], len(values))
        case FromFile() | EdgeTable() | SpikeTable() | DataRef():
            return _data(value)
        case Computed(tree):
            return expression(tree)
        case Drawn():
            return value.words
        case Chosen():
            return _choice(value)
        case View(start, stop):
            return f"[{start}:{stop}]"
        case bool() | None:
            return str(value).lower()
        case str() | int() | Dimension():
            return str(value)
        case tuple():
            return _tuple(value, dimension)
        case _:
            return expression(value)


def _choice(value: Chosen) -> str:
    given = [f"{each.name} {text(each.value)}" for each in value.parameters]
    allowed = f" ({', '.join(value.switches)})" if value.switches else ""
    return ", ".join([value.name, *given]) + allowed


def _tuple(value: tuple[Any, ...], dimension: Dimension | None) -> str:
    if len(value) == 2 and isinstance(value[0], str) and not isinstance(value[1], str):
        return f"{value[0]} = {text(value[1])}"
    shown = [text(each, dimension) for each in value[:_SHOWN_ITEMS]]
    if (
        value
        and isinstance(value[0], tuple)
        and len(value[0]) == 2
        and isinstance(value[0][0], str)
    ):
        return "; ".join(text(each) for each in value)  # statements, all of which matter
    return _items(shown, len(value))


def _items(shown: list[str], count: int) -> str:
    rest = ", …" if count > len(shown) else ""
    size = f" ({count} in all)" if rest else ""
    return f"[{', '.join(shown)}{rest}]{size}"


def _data(value: FromFile | EdgeTable | SpikeTable | DataRef) -> str:
    match value:
        case FromFile(data):
            return f"{_data(data)}, {' × '.join(map(str, data.shape))} numbers"
        case EdgeTable(sources):
            return f"{_data(sources)}, {len(value)} pairs"
        case SpikeTable(neurons):
            return f"{_data(neurons)}, {len(value)} spikes"
        case DataRef():
            column = f" {value.column}" if value.column else ""
            return f"file {value.file}{column} (SHA-256 {value.sha256[:_SHOWN_DIGITS]}…)"


def _file_of(value: FromFile | EdgeTable | SpikeTable) -> str:
    match value:
        case FromFile(data):
            return data.file
        case EdgeTable(sources):
            return sources.file
        case SpikeTable(neurons):
            return neurons.file


def pair(old: Any, new: Any, dimension: Dimension | None) -> tuple[str, str, str]:
    """Return two different values as texts that differ, and a note of how far they are apart."""
    match old, new:
        case Scalar(before), Scalar(after):
            return pair(before, after, dimension)
        case Fraction(), Fraction():
            unit = unit_for([old, new], dimension)
            texts = number(old, unit), number(new, unit)
            if float(old) == float(new):
                return f"{old} {unit_name(dimension)}".rstrip(), str(new), "beyond 17 digits"
            return *texts, _distance(old, new, dimension, unit)
        case int(), int() if not isinstance(old, bool):
            return str(old), str(new), _distance(Fraction(old), Fraction(new), None, "")
        case PerItem(before), PerItem(after) if _is_long_pair(before, after):
            return _first_unlike(before, after, dimension)
        case tuple(), tuple() if _is_long_pair(old, new):
            return _first_unlike(old, new, dimension)
        case ((FromFile() | EdgeTable() | SpikeTable()), (FromFile() | EdgeTable() | SpikeTable())):
            note = "the data changed" if _file_of(old) == _file_of(new) else ""
            return *_texts(old, new, dimension), note
        case _:
            return *_texts(old, new, dimension), ""


def unit_name(dimension: Dimension | None) -> str:
    """Return the SI unit; empty for plain numbers."""
    return "" if dimension in (None, DIMENSIONLESS) else str(dimension)


def _texts(old: Any, new: Any, dimension: Dimension | None) -> tuple[str, str]:
    return text(old, dimension), text(new, dimension)


def _is_long_pair(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    return len(old) == len(new) > _SHOWN_ITEMS


def _first_unlike(
    old: tuple[Any, ...], new: tuple[Any, ...], dimension: Dimension | None
) -> tuple[str, str, str]:
    """Return the first items of long lists that differ, and how many do."""
    unlike = [n for n, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    before, after, _ = pair(old[unlike[0]], new[unlike[0]], dimension)
    return f"[{unlike[0]}] {before}", after, f"{len(unlike)} of {len(old)} differ"


def _distance(old: Fraction, new: Fraction, dimension: Dimension | None, unit: str) -> str:
    """Return how far a number is from another: of voltages the difference, else the ratio."""
    if dimension == VOLTAGE:  # whose zero means nothing
        scaled = float((new - old) / _FACTORS[unit])
        return f"{scaled:+.3g} {unit}"
    if not old or (old < 0) != (new < 0):
        return ""
    ratio = new / old
    if ratio >= _FEW_TIMES:
        return f"×{float(ratio):.3g}"
    return f"{float((ratio - 1) * 100):+.3g} %"
