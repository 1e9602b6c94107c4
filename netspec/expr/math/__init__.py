"""netspec's own functions: one definition each, from which every target's form is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from netspec.expr.functions import FUNCTIONS
from netspec.expr.math.definition import Definition
from netspec.expr.math.exponential import (
    EXP,
    EXP_TAIL,
    EXPM1,
    EXPREL,
    EXPREL_NEAR,
    SCALE,
    SIGMOID,
)
from netspec.expr.math.hyperbolic import COSH, SINH, TANH
from netspec.expr.math.logarithm import LOG, LOG1P, LOG10, LOG_SUM
from netspec.expr.math.normal import NORMAL_QUANTILE
from netspec.expr.math.power import POWER, WHOLE_POWERS
from netspec.expr.math.selections import CLIP, MAX, MIN, SIGN
from netspec.expr.math.trigonometric import (
    ARCTAN,
    COS,
    COSINE_NEAR,
    SIN,
    SINE_NEAR,
    SINE_SHIFTED,
    TAN,
)
from netspec.expr.nodes import Call, Expression, walk

__all__ = ["DEFINITIONS", "Definition", "called", "with_dependencies"]

DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {
        definition.name: definition
        for definition in (
            MIN,
            MAX,
            CLIP,
            SIGN,
            EXP_TAIL,
            SCALE,
            EXP,
            EXPM1,
            EXPREL_NEAR,
            EXPREL,
            SIGMOID,
            SINH,
            COSH,
            TANH,
            LOG_SUM,
            LOG,
            LOG1P,
            LOG10,
            SINE_NEAR,
            COSINE_NEAR,
            SINE_SHIFTED,
            SIN,
            COS,
            TAN,
            ARCTAN,
            POWER,
            *WHOLE_POWERS,
            NORMAL_QUANTILE,
        )
    }
)
"""Definitions by name, each after those it calls; the others are operations of every target."""


def called(expressions: Iterable[Expression]) -> frozenset[str]:
    """Return the functions that some expressions call, not counting what those call."""
    return frozenset(
        node.function
        for expression in expressions
        for node in walk(expression)
        if isinstance(node, Call)
    )


def with_dependencies(names: Iterable[str]) -> tuple[str, ...]:
    """Return some functions and everything they call, each after those it calls.

    The order depends on the set of names alone. Operations of every target come first.
    """
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in wanted:
            continue
        wanted.add(name)
        if name in DEFINITIONS:
            waiting += called(DEFINITIONS[name].trees)
    basic = sorted(name for name in wanted if name not in DEFINITIONS and name in FUNCTIONS)
    return (*basic, *(name for name in DEFINITIONS if name in wanted))
