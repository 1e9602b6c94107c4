"""The closed table of functions: everything a `Call` can name.

Adding a function is adding a line here and, if it is pinned, its definition in
`netspec.expr.math`; parsers, dimension checks and printers look things up and list nothing.
Arguments and results are doubles, except that `where` takes a truth value first and `real` an
integer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

Kind = Literal["ieee", "selection", "pinned", "primitive", "draw", "history", "source"]
"""How a function is computed.

- `ieee`: one operation that IEEE 754 defines to the last bit; targets use their own.
- `selection`: returns an argument or a constant; no rounding. NaN in, NaN out.
- `pinned`: netspec's own fixed sequence of basic operations.
- `primitive`: moves bits; the building blocks of the pinned ones.
- `draw`: a random number of the step; the compiler puts a local in its place.
- `history`: looks at the step before; the compiler puts state of its own in its place.
- `source`: looks at the neuron at the other end of an edge; a name of its own stands in its place.
"""

REPLACED: frozenset[Kind] = frozenset({"draw", "history", "source"})
"""Kinds that are no arithmetic: the compiler replaces them, and no backend meets one."""

DimensionRule = Literal["plain", "same", "power", "where", "sign", "crossing"]
"""What the arguments' dimensions must be and what the result's is.

- `plain`: plain numbers give a plain number.
- `same`: all arguments alike, the result like them.
- `power`: anything; the result is its power with the function's exponent.
- `where`: a truth value and two numbers alike; the result like them.
- `sign`: anything gives a plain number.
- `crossing`: anything gives a truth value.
"""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the table.

    Attributes:
        arity: Number of arguments.
        authored: Whether a description may call it; the others are netspec's own.
        exponent: Of a function with the rule `power`.
    """

    name: str
    arity: int
    kind: Kind
    dimensions: DimensionRule
    authored: bool = True
    exponent: Fraction = Fraction(1)


MAX_WHOLE_POWER = 64
"""Whole exponents go up to it, and down to its negative."""

_TABLE = (
    # The sign bit cleared: abs(-0.0) is +0.0.
    Function("abs", 1, "ieee", "same"),
    Function("ceil", 1, "ieee", "plain"),
    Function("floor", 1, "ieee", "plain"),
    Function("sqrt", 1, "ieee", "power", exponent=Fraction(1, 2)),
    Function("clip", 3, "selection", "same"),
    Function("max", 2, "selection", "same"),
    Function("min", 2, "selection", "same"),
    Function("sign", 1, "selection", "sign"),
    # (condition, if true, if false); both values are always computed.
    Function("where", 3, "selection", "where"),
    Function("arctan", 1, "pinned", "plain"),
    Function("cos", 1, "pinned", "plain"),
    Function("cosh", 1, "pinned", "plain"),
    Function("exp", 1, "pinned", "plain"),
    Function("expm1", 1, "pinned", "plain"),
    Function("exprel", 1, "pinned", "plain"),
    Function("log", 1, "pinned", "plain"),
    Function("log10", 1, "pinned", "plain"),
    Function("log1p", 1, "pinned", "plain"),
    Function("uniform", 0, "draw", "plain"),
    Function("normal", 0, "draw", "plain"),
    # Of a state variable: its value when events were tested in the step before.
    Function("previous", 1, "history", "same"),
    Function("crosses_up", 1, "history", "crossing"),
    # Where values are gathered from other neurons: what that neuron calls by this name.
    Function("source", 1, "source", "same"),
    # A whole double as an integer.
    Function("integer", 1, "primitive", "plain", authored=False),
    Function("sigmoid", 1, "pinned", "plain"),
    Function("sin", 1, "pinned", "plain"),
    Function("sinh", 1, "pinned", "plain"),
    Function("tan", 1, "pinned", "plain"),
    Function("tanh", 1, "pinned", "plain"),
    # x**y for a real y, and x**n for each whole n: authors write `**`.
    Function("power", 2, "pinned", "plain", authored=False),
    *(
        Function(f"power_{n}", 1, "pinned", "power", authored=False, exponent=Fraction(n))
        for n in range(2, MAX_WHOLE_POWER + 1)
    ),
    # What random numbers are transformed with.
    Function("normal_quantile", 1, "pinned", "plain", authored=False),
    # The size of the first with the sign of the second.
    Function("copysign", 2, "ieee", "plain", authored=False),
    # An integer as the nearest double; put wherever an author's expression reads an integer.
    Function("real", 1, "primitive", "same", authored=False),
    # x = mantissa(x) * 2**exponent(x) and 1 <= mantissa(x) < 2, for positive normal x.
    Function("exponent", 1, "primitive", "plain", authored=False),
    Function("mantissa", 1, "primitive", "plain", authored=False),
    # 2**x for whole x from -1022 to 1023, infinity for 1024.
    Function("pow2", 1, "primitive", "plain", authored=False),
    # The parts that pinned functions share.
    Function("cosine_near", 2, "pinned", "plain", authored=False),
    Function("exp_tail", 1, "pinned", "plain", authored=False),
    Function("log_sum", 3, "pinned", "plain", authored=False),
    Function("scale", 2, "pinned", "plain", authored=False),
    Function("sine_near", 2, "pinned", "plain", authored=False),
    Function("sine_shifted", 2, "pinned", "plain", authored=False),
)

FUNCTIONS: Mapping[str, Function] = MappingProxyType({entry.name: entry for entry in _TABLE})
"""Every function, by name."""

AUTHOR_FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {entry.name: entry for entry in _TABLE if entry.authored}
)
"""The functions of the language: what a description may call."""
