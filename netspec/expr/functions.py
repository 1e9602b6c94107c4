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
        words: What its value is, of one that a description may call; the others are netspec's own.
        exponent: Of a function with the rule `power`.
    """

    name: str
    arity: int
    kind: Kind
    dimensions: DimensionRule
    words: str = ""
    exponent: Fraction = Fraction(1)

    @property
    def authored(self) -> bool:
        """Whether a description may call it."""
        return bool(self.words)


MAX_WHOLE_POWER = 64
"""Whole exponents go up to it, and down to its negative."""

_TABLE = (
    # The sign bit cleared: abs(-0.0) is +0.0.
    Function("abs", 1, "ieee", "same", "absolute value"),
    Function("ceil", 1, "ieee", "plain", "next whole number upwards"),
    Function("floor", 1, "ieee", "plain", "next whole number downwards"),
    Function("sqrt", 1, "ieee", "power", "square root", exponent=Fraction(1, 2)),
    Function(
        "clip", 3, "selection", "same", "`clip(x, low, high)`: the nearest value within the bounds"
    ),
    Function("max", 2, "selection", "same", "the larger of two"),
    Function("min", 2, "selection", "same", "the smaller of two"),
    Function("sign", 1, "selection", "sign", "1, 0 or -1"),
    # (condition, if true, if false); both values are always computed.
    Function(
        "where", 3, "selection", "where", "`where(condition, x, y)`: x where it holds, else y"
    ),
    Function("arctan", 1, "pinned", "plain", "inverse of the tangent, within ±π/2"),
    Function("cos", 1, "pinned", "plain", "cosine"),
    Function("cosh", 1, "pinned", "plain", "hyperbolic cosine"),
    Function("exp", 1, "pinned", "plain", "e^x"),
    Function("expm1", 1, "pinned", "plain", "e^x - 1, exact for small x"),
    Function("exprel", 1, "pinned", "plain", "(e^x - 1)/x, and 1 at 0"),
    Function("log", 1, "pinned", "plain", "natural logarithm"),
    Function("log10", 1, "pinned", "plain", "logarithm to the base 10"),
    Function("log1p", 1, "pinned", "plain", "log(1 + x), exact for small x"),
    Function("uniform", 0, "draw", "plain", "`uniform()`: a random number in [0, 1)"),
    Function(
        "normal",
        0,
        "draw",
        "plain",
        "`normal()`: a random number with mean 0 and standard deviation 1",
    ),
    # Of a state variable: its value when events were tested in the step before.
    Function(
        "previous", 1, "history", "same", "`previous(x)`: a state variable in the step before"
    ),
    Function("crosses_up", 1, "history", "crossing", "whether it has just become positive"),
    # Where values are gathered from other neurons: what that neuron calls by this name.
    Function(
        "source",
        1,
        "source",
        "same",
        "`source(x)`: where a receptor gathers, the `x` of the neuron at the other end",
    ),
    # A whole double as an integer.
    Function("integer", 1, "primitive", "plain"),
    Function("sigmoid", 1, "pinned", "plain", "1/(1 + e^-x)"),
    Function("sin", 1, "pinned", "plain", "sine"),
    Function("sinh", 1, "pinned", "plain", "hyperbolic sine"),
    Function("tan", 1, "pinned", "plain", "tangent"),
    Function("tanh", 1, "pinned", "plain", "hyperbolic tangent"),
    # x**y for a real y, and x**n for each whole n: authors write `**`.
    Function("power", 2, "pinned", "plain"),
    *(
        Function(f"power_{n}", 1, "pinned", "power", exponent=Fraction(n))
        for n in range(2, MAX_WHOLE_POWER + 1)
    ),
    # What random numbers are transformed with.
    Function("normal_quantile", 1, "pinned", "plain"),
    # The size of the first with the sign of the second.
    Function("copysign", 2, "ieee", "plain"),
    # An integer as the nearest double; put wherever an author's expression reads an integer.
    Function("real", 1, "primitive", "same"),
    # x = mantissa(x) * 2**exponent(x) and 1 <= mantissa(x) < 2, for positive normal x.
    Function("exponent", 1, "primitive", "plain"),
    Function("mantissa", 1, "primitive", "plain"),
    # 2**x for whole x from -1022 to 1023, infinity for 1024.
    Function("pow2", 1, "primitive", "plain"),
    # The parts that pinned functions share.
    Function("cosine_near", 2, "pinned", "plain"),
    Function("exp_tail", 1, "pinned", "plain"),
    Function("exprel_near", 1, "pinned", "plain"),
    Function("log_sum", 3, "pinned", "plain"),
    Function("scale", 2, "pinned", "plain"),
    Function("sine_near", 2, "pinned", "plain"),
    Function("sine_shifted", 2, "pinned", "plain"),
)

FUNCTIONS: Mapping[str, Function] = MappingProxyType({entry.name: entry for entry in _TABLE})
"""Every function, by name."""

AUTHOR_FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {entry.name: entry for entry in _TABLE if entry.authored}
)
"""The functions of the language: what a description may call."""
