"""Physical dimensions: exponents of the SI base units, and how messages write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from types import MappingProxyType

BASE_UNITS = ("m", "kg", "s", "A", "K", "mol", "cd")


@dataclass(frozen=True, slots=True)
class Dimension:
    """Exponents of the seven SI base units, in the order of `BASE_UNITS`."""

    exponents: tuple[Fraction, ...]

    def __mul__(self, other: Dimension) -> Dimension:
        pairs = zip(self.exponents, other.exponents, strict=True)
        return Dimension(tuple(mine + theirs for mine, theirs in pairs))

    def __truediv__(self, other: Dimension) -> Dimension:
        return self * other ** Fraction(-1)

    def __pow__(self, exponent: Fraction | int) -> Dimension:
        return Dimension(tuple(own * Fraction(exponent) for own in self.exponents))

    def __str__(self) -> str:
        """Return the SI unit: by name where that is short (`V`, `S/s`), else `kg/s**2`."""
        if self in _UNIT_OF_DIMENSION:
            return _UNIT_OF_DIMENSION[self]
        return format_powers(_of_named_units(self) or zip(BASE_UNITS, self.exponents, strict=True))

    def __repr__(self) -> str:
        return f"Dimension('{self}')"


def format_powers(powers: Iterable[tuple[str, Fraction]]) -> str:
    """Return `kg*m/s**2` for pairs of base unit and exponent."""
    above: list[str] = []
    below: list[str] = []
    for name, exponent in powers:
        size = abs(exponent)
        power = str(size) if size.denominator == 1 else f"({size})"
        text = name if size == 1 else f"{name}**{power}"
        if exponent > 0:
            above.append(text)
        elif exponent < 0:
            below.append(text)
    if not below:
        return "*".join(above)
    denominator = below[0] if len(below) == 1 else f"({'*'.join(below)})"
    return f"{'*'.join(above) or '1'}/{denominator}"


def dimension_of(**powers: int) -> Dimension:
    """Return the dimension with these exponents of base units, e.g. `kg=1, s=-2`."""
    return Dimension(tuple(Fraction(powers.get(base, 0)) for base in BASE_UNITS))


DIMENSIONLESS = dimension_of()
TIME = dimension_of(s=1)
LENGTH = dimension_of(m=1)
FREQUENCY = dimension_of(s=-1)
VOLTAGE = dimension_of(kg=1, m=2, s=-3, A=-1)
CURRENT = dimension_of(A=1)
CONDUCTANCE = dimension_of(kg=-1, m=-2, s=3, A=2)
RESISTANCE = CONDUCTANCE**-1
CAPACITANCE = dimension_of(kg=-1, m=-2, s=4, A=2)
CHARGE = dimension_of(A=1, s=1)
CONCENTRATION = dimension_of(mol=1, m=-3)
TEMPERATURE = dimension_of(K=1)

_UNIT_OF_DIMENSION: Mapping[Dimension, str] = MappingProxyType(
    {
        DIMENSIONLESS: "1",
        TIME: "s",
        LENGTH: "m",
        FREQUENCY: "Hz",
        VOLTAGE: "V",
        CURRENT: "A",
        CONDUCTANCE: "S",
        RESISTANCE: "ohm",
        CAPACITANCE: "F",
        CHARGE: "C",
        CONCENTRATION: "mol/m**3",
    }
)

_NAMED_UNITS = {
    "V": VOLTAGE,
    "A": CURRENT,
    "S": CONDUCTANCE,
    "F": CAPACITANCE,
    "C": CHARGE,
    "ohm": RESISTANCE,
    "m": LENGTH,
    "s": TIME,
}
_POWERS = (1, -1, 2, -2, 3, -3)

_Powers = tuple[tuple[str, Fraction], ...]


@cache
def _of_named_units(dimension: Dimension) -> _Powers | None:
    """Return a dimension as powers of one or two named units, the plainest way; or `None`."""
    return min(_ways_to_write(dimension), key=_plainness, default=None)


def _ways_to_write(dimension: Dimension) -> Iterator[_Powers]:
    for first, base in _NAMED_UNITS.items():
        for power in _POWERS:
            rest = dimension / base**power
            if rest == DIMENSIONLESS:
                yield ((first, Fraction(power)),)
            for second, other in _NAMED_UNITS.items():
                for exponent in _POWERS:
                    if second != first and rest == other**exponent:
                        yield ((first, Fraction(power)), (second, Fraction(exponent)))


def _plainness(powers: _Powers) -> tuple[int, bool, Fraction, int]:
    """Return what is to be small: units, units beside time, exponents, units below the line."""
    by_name = dict(powers)
    size = sum(map(abs, by_name.values()), Fraction(0))
    return len(powers), "s" not in by_name, size, sum(each < 0 for each in by_name.values())


_WORD_OF_DIMENSION: Mapping[Dimension, str] = MappingProxyType(
    {
        DIMENSIONLESS: "a plain number",
        TIME: "a time",
        LENGTH: "a length",
        FREQUENCY: "a rate",
        VOLTAGE: "a voltage",
        CURRENT: "a current",
        CONDUCTANCE: "a conductance",
        RESISTANCE: "a resistance",
        CAPACITANCE: "a capacitance",
        CHARGE: "a charge",
        CONCENTRATION: "a concentration",
    }
)


def describe(dimension: Dimension) -> str:
    """Return words for a message: `a voltage (V)`, `a plain number` or `a value in A/s`."""
    if dimension == DIMENSIONLESS:
        return _WORD_OF_DIMENSION[dimension]
    word = _WORD_OF_DIMENSION.get(dimension)
    return f"{word} ({dimension})" if word else f"a value in {dimension}"
