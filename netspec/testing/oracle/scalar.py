"""The oracle's arithmetic: expressions and statements of one neuron, and random draws.

It shares no code with what it is a witness for, except the one definition of each of netspec's own
functions. Numbers are Python's floats, which are binary64, and integers.
"""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.errors import BackendError, InternalError
from netspec.expr import nodes as tree
from netspec.expr.math import DEFINITIONS
from netspec.ir.nodes import Statement
from netspec.realise.network import Thresholds

Number = float | int | bool
Values = dict[str, Number]
Evaluator = Callable[[Values], Number]
Statements = list[tuple[str, Evaluator]]

# --- arithmetic: IEEE 754, where Python would raise ------------------------------------------


def require_subnormals() -> None:
    """Refuse a process in which a library has switched subnormal numbers off.

    Raises:
        BackendError: One has.
    """
    if math.ulp(0.0) * 1.0 == 0.0 or sys.float_info.min / 2.0 == 0.0:
        raise BackendError("a library in this process has switched subnormal numbers off")


def divide(a: float, b: float) -> float:
    """Return a/b; Python raises for b = 0."""
    if b != 0.0:
        return a / b
    # a times an infinity of the sign of b: an infinity, or NaN for 0/0 and NaN/0.
    return a * math.copysign(math.inf, b)


def square_root(x: float) -> float:
    """Return the square root; Python raises below 0."""
    return math.sqrt(x) if x >= 0.0 else math.nan


def whole(rounded: Callable[[float], int], x: float) -> float:
    """Return floor or ceil as a double that keeps the sign of a zero."""
    return math.copysign(float(rounded(x)), x) if math.isfinite(x) else x


def power_of_two(k: float) -> float:
    """Return 2**k for a whole k; Python raises from 1024."""
    return math.ldexp(1.0, int(k)) if k < 1024.0 else math.inf


OPERATIONS: dict[str, Callable[[Any, Any], Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": divide,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
}
FUNCTIONS: dict[str, Callable[..., Number]] = {
    "abs": abs,
    "ceil": lambda x: whole(math.ceil, x),
    "copysign": math.copysign,
    "floor": lambda x: whole(math.floor, x),
    "sqrt": square_root,
    "where": lambda condition, a, b: a if condition else b,
    "real": float,
    "integer": int,
    "exponent": lambda x: float(math.frexp(x)[1] - 1),
    "mantissa": lambda x: 2.0 * math.frexp(x)[0],
    "pow2": power_of_two,
}


def evaluator(expression: tree.Expression) -> Evaluator:
    """Return the function that computes an expression from the values of names."""
    match expression:
        case tree.Constant(number) | tree.Integer(number):
            return lambda _: number
        case tree.Name(name):
            return operator.itemgetter(name)
        case tree.Negate(operand):
            inner = evaluator(operand)
            return lambda values: -inner(values)
        case tree.Not(operand):
            inner = evaluator(operand)
            return lambda values: not inner(values)
        case tree.Binary(symbol, a, b) | tree.Compare(symbol, a, b) | tree.Logical(symbol, a, b):
            operation, left, right = OPERATIONS[symbol], evaluator(a), evaluator(b)
            return lambda values: operation(left(values), right(values))
        case tree.Call(name, arguments):
            apply, parts = function(name), [evaluator(argument) for argument in arguments]
            return lambda values: apply(*[part(values) for part in parts])
        case _:
            raise InternalError(f"cannot evaluate {expression}")


@cache
def function(name: str) -> Callable[..., Number]:
    """Return a function of the table: basic, or interpreted from its one definition."""
    if name not in DEFINITIONS:
        return FUNCTIONS[name]
    definition = DEFINITIONS[name]
    lines = [(line.name, evaluator(line.value)) for line in definition.assignments]
    result = evaluator(definition.result)

    def apply(*arguments: Number) -> Number:
        values = dict(zip(definition.parameters, arguments, strict=True))
        in_sequence(lines, values)
        return result(values)

    return apply


# --- arrays -----------------------------------------------------------------------------------


def per_item(values: npt.NDArray[Any], count: int) -> list[Any]:
    """Return one value per item; an array of shape () holds the value of all."""
    return list(np.broadcast_to(values, (count,)).tolist())


def whole_thresholds(split: Thresholds) -> list[int]:
    """Return thresholds as whole numbers: a draw below its threshold fires."""
    halves = zip(split.high.tolist(), split.low.tolist(), strict=True)
    return [high << 32 | low for high, low in halves]


# --- statements -------------------------------------------------------------------------------


def ready(statements: Iterable[Statement]) -> Statements:
    """Return statements in a form that runs."""
    return [(statement.target, evaluator(statement.value)) for statement in statements]


def kept(number: Number) -> Number:
    """Return what a variable keeps of a number: of an integer its low 64 bits, with a sign."""
    return (number + 2**63) % 2**64 - 2**63 if type(number) is int else number


def together(statements: Statements, values: Values) -> None:
    """Compute all values before any target changes."""
    values.update([(target, kept(value(values))) for target, value in statements])


def in_sequence(statements: Statements, values: Values) -> None:
    """Run one statement after the other."""
    for target, value in statements:
        values[target] = kept(value(values))


# --- random numbers: Philox4x32-10 (Salmon et al. 2011) ---------------------------------------

MASK = 2**32 - 1


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return one block of four words."""
    (a, b, c, d), (key0, key1) = counter, key
    for _ in range(10):
        first, second = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = second >> 32 ^ b ^ key0, second & MASK, first >> 32 ^ d ^ key1, first & MASK
        key0, key1 = key0 + 0x9E3779B9 & MASK, key1 + 0xBB67AE85 & MASK
    return a, b, c, d


def drawn(key: tuple[int, int], step: int, i: int) -> int:
    """Return the 64-bit draw of a neuron in a step; four neurons share two blocks of words."""
    block, word = divmod(i, 4)
    top = step >> 32 | block >> 32 << 16
    high, low = (philox((block & MASK, step & MASK, lane, top), key)[word] for lane in (0, 1))
    return high << 32 | low


def random_number(distribution: str, u: int, mean: Number) -> float:
    """Return the number that a 64-bit draw stands for."""
    match distribution:
        case "uniform":
            return float(u >> 11) * 2.0**-53
        case "normal":
            return float(function("normal_quantile")((float(u >> 32) + 0.5) * 2.0**-32))
        case "bernoulli":
            return 1.0 if u < math.ceil(Fraction(mean) * 2**64) else 0.0
        case _:
            return float(poisson_count(float(mean), u))


def poisson_count(mean: float, u: int) -> int:
    """Return the number of events that a 64-bit draw stands for.

    It is the first m for which u is below the probability of at most m events, or whose own
    probability no longer counts.
    """
    m, term = 0, float(function("exp")(-mean))
    up_to_m = term
    while not (m > mean and term < 2.0**-64):
        if u < min(math.floor(Fraction(up_to_m) * 2**64), 2**64 - 1):
            break
        m += 1
        term = term * mean / float(m)
        up_to_m = up_to_m + term
    return m
