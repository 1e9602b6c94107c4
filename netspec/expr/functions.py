"""The closed table of functions: everything a `Call` can name.

Adding a function is adding a line here and, if it is pinned, its definition in
`netspec.expr.math`; parsers, dimension checks and printers look things up and list nothing.
Arguments and results are doubles, except that `where` takes a truth value first and `real` an
integer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["ieee", "selection", "pinned", "primitive"]
"""How a function is computed.

- `ieee`: one operation that IEEE 754 defines to the last bit; targets use their own.
- `selection`: returns an argument or a constant; no rounding. NaN in, NaN out.
- `pinned`: netspec's own fixed sequence of basic operations.
- `primitive`: moves bits; the building blocks of the pinned ones.
"""

DimensionRule = Literal["plain", "same", "sqrt", "where", "sign"]
"""What the arguments' dimensions must be and what the result's is.

- `plain`: plain numbers give a plain number.
- `same`: all arguments alike, the result like them.
- `sqrt`: anything; the result has half the exponents.
- `where`: a truth value and two numbers alike; the result like them.
- `sign`: anything gives a plain number.
"""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the table.

    Attributes:
        arity: Number of arguments.
        authored: Whether a description may call it; the others are netspec's own.
    """

    name: str
    arity: int
    kind: Kind
    dimensions: DimensionRule
    authored: bool = True


_TABLE = (
    # The sign bit cleared: abs(-0.0) is +0.0.
    Function("abs", 1, "ieee", "same"),
    Function("ceil", 1, "ieee", "plain"),
    Function("floor", 1, "ieee", "plain"),
    Function("sqrt", 1, "ieee", "sqrt"),
    Function("clip", 3, "selection", "same"),
    Function("max", 2, "selection", "same"),
    Function("min", 2, "selection", "same"),
    Function("sign", 1, "selection", "sign"),
    # (condition, if true, if false); both values are always computed.
    Function("where", 3, "selection", "where"),
    Function("exp", 1, "pinned", "plain"),
    Function("expm1", 1, "pinned", "plain"),
    Function("log", 1, "pinned", "plain"),
    Function("log1p", 1, "pinned", "plain"),
    # An integer as the nearest double; put wherever an author's expression reads an integer.
    Function("real", 1, "primitive", "same", authored=False),
    # x = mantissa(x) * 2**exponent(x) and 1 <= mantissa(x) < 2, for positive normal x.
    Function("exponent", 1, "primitive", "plain", authored=False),
    Function("mantissa", 1, "primitive", "plain", authored=False),
    # 2**x for whole x from -1022 to 1023, infinity for 1024.
    Function("pow2", 1, "primitive", "plain", authored=False),
    # The parts that pinned functions share.
    Function("exp_tail", 1, "pinned", "plain", authored=False),
    Function("log_sum", 3, "pinned", "plain", authored=False),
    Function("scale", 2, "pinned", "plain", authored=False),
)

FUNCTIONS: Mapping[str, Function] = MappingProxyType({entry.name: entry for entry in _TABLE})
"""Every function, by name."""

AUTHOR_FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {entry.name: entry for entry in _TABLE if entry.authored}
)
"""The functions of the language: what a description may call."""
