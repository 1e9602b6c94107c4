"""The truth about netspec's own functions, and arguments that are hard for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from statistics import NormalDist
from types import MappingProxyType
from typing import Any

import mpmath
import numpy as np

from netspec.expr.functions import AUTHOR_FUNCTIONS
from netspec.expr.math import DEFINITIONS

PRECISION = 140
"""Bits of the truth; expm1 and log1p of mpmath keep them near 0."""


def quantile(p: Any) -> Any:
    """Where the normal distribution function is p: Newton's method from a good guess."""
    x = mpmath.mpf(NormalDist().inv_cdf(float(p)))
    density = mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)
    if x < 0:
        return x - (mpmath.erfc(-x / mpmath.sqrt(2)) / 2 - p) / density
    return x + (mpmath.erfc(x / mpmath.sqrt(2)) / 2 - (1 - p)) / density


TRUTH: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "arctan": mpmath.atan,
        "cos": mpmath.cos,
        "cosh": mpmath.cosh,
        "exp": mpmath.exp,
        "expm1": mpmath.expm1,
        "exprel": lambda x: mpmath.expm1(x) / x if x else mpmath.mpf(1),
        "log": mpmath.log,
        "log10": mpmath.log10,
        "log1p": mpmath.log1p,
        "normal_quantile": quantile,
        "power": mpmath.power,
        "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
        "sin": mpmath.sin,
        "sinh": mpmath.sinh,
        "tan": mpmath.tan,
        "tanh": mpmath.tanh,
    }
)

CALLABLE = tuple(name for name in AUTHOR_FUNCTIONS if name in DEFINITIONS)
CHECKED = (*CALLABLE, "normal_quantile", "power", "power_2", "power_7", "power_64")

INF = math.inf
NAN = math.nan
LEAST = 5e-324
LEAST_NORMAL = 2.2250738585072014e-308
GREATEST = 1.7976931348623157e308


def spread(low: float, high: float, count: int, rng: np.random.Generator) -> Any:
    """Numbers whose magnitudes are spread evenly over the binades, of both signs."""
    return np.exp2(rng.uniform(low, high, count)) * rng.choice([-1.0, 1.0], count)


def any_positive(count: int, rng: np.random.Generator) -> Any:
    """Numbers with any bits but a sign, all finite."""
    return rng.integers(1, 0x7FF0_0000_0000_0000, count).view(np.float64)


def beside(centres: list[float]) -> Any:
    """Numbers and a few neighbours of each."""
    bits = np.array(centres).view(np.int64)
    return np.concatenate([(bits + shift).view(np.float64) for shift in range(-8, 9)])


@cache
def beside_quarters() -> Any:
    """The doubles up to 2**20 that are nearest to multiples of pi/2, and the first multiples."""
    scale = 300
    with mpmath.workprec(400):
        quarter = int(mpmath.floor(mpmath.ldexp(mpmath.pi / 2, scale)))
    found = []
    for k in range(1, int(2**20 / (math.pi / 2))):
        exact = quarter * k
        shift = exact.bit_length() - 53
        whole = (exact + (1 << (shift - 1))) >> shift
        found.append((abs((whole << shift) - exact), math.ldexp(whole, shift - scale)))
    hardest = [number for _, number in sorted(found)[:1500]]
    return np.concatenate([hardest, beside([number for _, number in found[:40]])])


def exponentials(low: float, high: float, count: int, rng: np.random.Generator) -> Any:
    """Arguments between bounds, dense near 0 and near odd multiples of ln(2)/2."""
    half = math.log(2) / 2
    odds = range(-2151, 2051, 2 * max(1, 4000 // count))
    middles = [half * odd for odd in odds if low < half * odd < high]
    numbers = [
        rng.uniform(low, high, 2 * count),
        rng.uniform(-1.1, 1.1, 2 * count),
        rng.uniform(half, 1.2 * half, count),
        rng.uniform(-745.2, -708.0, count),
        rng.uniform(-40.0, 45.0, count),
        rng.uniform(705.0, 717.0, count),
        spread(-1074, 0, 2 * count, rng),
        beside(middles),
    ]
    return np.concatenate(numbers).clip(low, high)


def logarithms(count: int, rng: np.random.Generator) -> Any:
    """Positive arguments, dense near 1 and near the square roots of 2 and 1/2."""
    return np.concatenate(
        [
            any_positive(2 * count, rng),
            rng.integers(1, 1 << 52, count).view(np.float64),
            rng.uniform(0.5, 2.0, 2 * count),
            rng.uniform(0.7, 0.7072, count),
            rng.uniform(1.4, 1.4143, count),
            1.0 + spread(-53, -1, count, rng),
            beside([1.0, math.sqrt(2), math.sqrt(0.5), GREATEST / 2, 2.3e-308]),
        ]
    )


def angles(count: int, rng: np.random.Generator) -> Any:
    """Arguments up to 2**20, dense near 0 and near multiples of pi/2."""
    return np.concatenate(
        [
            spread(-1074, 20, 2 * count, rng),
            rng.uniform(-7.0, 7.0, 3 * count),
            rng.uniform(-1e3, 1e3, count),
            rng.uniform(-(2.0**20), 2.0**20, 2 * count),
            beside_quarters(),
            beside([math.pi / 4 * odd for odd in range(-99, 101, 2)]),
        ]
    )


def probabilities(count: int, rng: np.random.Generator) -> Any:
    """Numbers between 0 and 1, dense near both and around the seams of the definition."""
    tiny = np.exp(-rng.uniform(2.0, 700.0, count))
    return np.concatenate(
        [
            rng.uniform(0.0, 1.0, 3 * count),
            (rng.integers(0, 2**32, count) + 0.5) * 2.0**-32,
            np.exp(-rng.uniform(2.0, 40.0, 2 * count)),
            0.5 + spread(-52, -2, count, rng),
            tiny[tiny > 0.0],
            (np.arange(200) + 0.5) * 2.0**-52,
            1.0 - (np.arange(200) + 0.5) * 2.0**-52,
            beside([0.075, 0.925, math.exp(-25.0), 1.0 - math.exp(-25.0)]),
        ]
    )


def powers(count: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Bases and exponents with finite powers, most of them near the ends of the range."""
    base = np.concatenate([logarithms(count, rng), rng.uniform(0.0, 20.0, count)])
    base = base[base != 1.0]
    wanted = np.concatenate(
        [
            rng.uniform(-1075.0, 1023.9, base.size - 4 * count),
            rng.uniform(-1022.0, -960.0, count),
            rng.uniform(990.0, 1023.9, count),
            spread(-50, 3, 2 * count, rng),
        ]
    )
    exponent = rng.permutation(wanted) / np.log2(base)
    return np.concatenate([base, base]), np.concatenate(
        [exponent, rng.uniform(-3.0, 3.0, base.size) / (1.0 + np.abs(np.log2(base)) / 300.0)]
    )


@cache
def arguments_of(name: str, count: int) -> tuple[Any, ...]:
    """About `count` arguments where the function is finite, dense where it is hard."""
    rng = np.random.default_rng(1)
    part = count // 8
    match name:
        case "exp":
            return (exponentials(-745.2, 709.78, part, rng),)
        case "expm1":
            return (exponentials(-60.0, 709.78, part, rng),)
        case "exprel":
            return (exponentials(-1e4, 716.3, part, rng),)
        case "sigmoid":
            return (exponentials(-745.2, 800.0, part, rng),)
        case "sinh" | "cosh":
            return (exponentials(-710.47, 710.47, part, rng),)
        case "tanh":
            return (exponentials(-30.0, 30.0, part, rng),)
        case "log" | "log10":
            return (logarithms(part, rng),)
        case "log1p":
            return (
                np.concatenate(
                    [
                        any_positive(2 * part, rng),
                        spread(-1074, -0.01, 2 * part, rng),
                        rng.uniform(-0.5, 1.0, 2 * part),
                        rng.uniform(0.4, 0.42, part),
                        -1.0 + np.abs(spread(-53, -1, part, rng)),
                        spread(50, 56, part, rng).clip(0.0),
                        beside([1.0, math.sqrt(2) - 1, math.sqrt(0.5) - 1, -0.5, 2.0**53]),
                    ]
                ),
            )
        case "sin" | "cos" | "tan":
            return (angles(part, rng),)
        case "arctan":
            return (
                np.concatenate(
                    [
                        spread(-1074, 1023, 2 * part, rng),
                        rng.uniform(-3.0, 3.0, 3 * part),
                        spread(-2, 2, 3 * part, rng),
                        beside([math.tan(math.pi / 8), math.tan(3 * math.pi / 8), 1.0]),
                    ]
                ),
            )
        case "normal_quantile":
            return (probabilities(part, rng),)
        case _:
            return powers(part // 2, rng)
