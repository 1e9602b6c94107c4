"""The compiler's own arithmetic: expression trees interpreted over NumPy arrays.

The bits are those of every backend, since the same trees and the same definitions are computed
with IEEE operations only. NumPy's transcendental functions, which differ between processors, are
never called.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netspec.errors import InternalError
from netspec.expr.functions import FUNCTIONS
from netspec.expr.math import DEFINITIONS
from netspec.expr.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    Expression,
    Integer,
    Logical,
    Name,
    Negate,
    Not,
)
from netspec.realise import kernels
from netspec.realise.operations import BASIC_FUNCTIONS, OPERATIONS, Array

BLOCK = 8192
"""Elements that a definition is applied to at once: its locals stay in the cache."""

Evaluator = Callable[[Mapping[str, Array]], Array]
"""Computes one expression from the values of its names."""


def evaluate(expression: Expression, values: Mapping[str, ArrayLike]) -> NDArray[Any]:
    """Compute an expression.

    Args:
        expression: A lowered tree: no `Literal`, no `Unit`, no `**`.
        values: Doubles, 64-bit integers or truth values by name, of shapes that go together.

    Returns:
        The result, an array also where everything is scalar.
    """
    known = {name: _numpy(value) for name, value in values.items()}
    with np.errstate(all="ignore"):
        return np.asarray(evaluator(expression)(known))


def evaluate_function(name: str, *arguments: ArrayLike) -> NDArray[Any]:
    """Apply a function of the table elementwise.

    Memory beyond the arguments and the result does not grow with their size.
    """
    if len(arguments) != FUNCTIONS[name].arity:
        raise InternalError(f"{name} takes {FUNCTIONS[name].arity} arguments")
    with np.errstate(all="ignore"):
        return np.asarray(_applier(name)(*map(_numpy, arguments)))


def evaluator(expression: Expression) -> Evaluator:
    """Return what computes an expression, for use many times, within `np.errstate`.

    The values must be arrays or NumPy scalars: Python's floats raise where IEEE goes on.
    """
    match expression:
        case Name(name):
            return operator.itemgetter(name)
        case Constant(number):
            return _always(np.float64(number))
        case Integer(number):
            return _always(np.int64(number))
        case Negate(operand):
            return _applied(operator.neg, (operand,))
        case Not(operand):
            return _applied(np.logical_not, (operand,))
        case Binary(symbol, left, right) if symbol in OPERATIONS:
            return _applied(OPERATIONS[symbol], (left, right))
        case Compare(symbol, left, right) | Logical(symbol, left, right):
            return _applied(OPERATIONS[symbol], (left, right))
        case Call(function, arguments):
            return _applied(_applier(function), arguments)
        case _:
            raise InternalError(f"cannot evaluate {expression}")


def _numpy(value: ArrayLike) -> Array:
    return np.asarray(value)[()]


def _always(value: Array) -> Evaluator:
    return lambda values: value


def _applied(operation: Callable[..., Array], operands: tuple[Expression, ...]) -> Evaluator:
    match [evaluator(operand) for operand in operands]:
        case [only]:
            return lambda values: operation(only(values))
        case [first, second]:
            return lambda values: operation(first(values), second(values))
        case several:
            return lambda values: operation(*(each(values) for each in several))


@cache
def _applier(name: str) -> Callable[..., Array]:
    """Return what applies a function to arrays."""
    if name not in DEFINITIONS:
        return BASIC_FUNCTIONS[name]
    definition = DEFINITIONS[name]
    lines = [(line.name, evaluator(line.value)) for line in definition.assignments]
    result = evaluator(definition.result)

    def run(*arguments: Array) -> Array:
        values = dict(zip(definition.parameters, arguments, strict=True))
        for target, compute in lines:
            values[target] = compute(values)
        return result(values)

    return lambda *arguments: _in_blocks(name, run, arguments)


def _in_blocks(name: str, run: Callable[..., Array], arguments: tuple[Array, ...]) -> Array:
    faster = kernels.current()
    if faster is not None and len(arguments) == 1 and arguments[0].ndim:
        result = faster.applied(name, arguments[0])
        if result is not None:
            return result
    if all(argument.size <= BLOCK for argument in arguments):
        return run(*arguments)
    shape = np.broadcast_shapes(*(argument.shape for argument in arguments))
    flat = [np.broadcast_to(argument, shape).reshape(-1) for argument in arguments]
    result = np.empty(shape)
    filled = result.reshape(-1)
    for start in range(0, filled.size, BLOCK):
        block = slice(start, start + BLOCK)
        filled[block] = run(*(argument[block] for argument in flat))
    return result
