"""Constants and polynomials of netspec's own functions are what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath

from netspec.expr.math import exponential, logarithm, power, trigonometric


def test_constants_are_derived_as_they_say() -> None:
    with mpmath.workdps(60):
        ln2 = mpmath.log(2)
        assert float(1 / ln2) == exponential.PER_LN2
        assert cut(ln2, 32) == exponential.LN2_HIGH
        assert float(ln2 - exponential.LN2_HIGH) == exponential.LN2_LOW
        assert float(mpmath.sqrt(2)) == logarithm.SQRT2
        assert float(1 / mpmath.log(10)) == logarithm.PER_LN10
        assert cut(mpmath.log10(2), 34) == logarithm.LOG10_2_HIGH
        assert float(mpmath.log10(2) - logarithm.LOG10_2_HIGH) == logarithm.LOG10_2_LOW
        factor = 2 / (3 * ln2)
        assert float(factor) == power.FACTOR
        assert cut(factor, 26) == power.FACTOR_HIGH
        assert float(factor - power.FACTOR_HIGH) == power.FACTOR_LOW
        assert float(ln2) == power.LN2


def test_constants_of_angles_are_derived_as_they_say() -> None:
    with mpmath.workdps(60):
        left = mpmath.pi / 2
        assert float(1 / left) == trigonometric.PER_QUARTER
        for part, bits in zip(trigonometric.QUARTER, (32, 65, 98), strict=False):
            assert cut(left, bits) == part
            left -= part
        assert float(left) == trigonometric.QUARTER[-1]
        eighth = mpmath.pi / 8
        assert float(mpmath.tan(eighth)) == trigonometric.TAN_PI_8
        assert float(mpmath.tan(3 * eighth)) == trigonometric.TAN_3PI_8
        assert float(2 * eighth) == trigonometric.PI_4
        assert float(2 * eighth - trigonometric.PI_4) == trigonometric.PI_4_LOW


def test_polynomials_are_fitted_as_they_say() -> None:
    with mpmath.workdps(60):
        half = mpmath.log(2) / 2
        assert fitted(tail, [-half, half], 11) == exponential.TAIL
        greatest = ((mpmath.sqrt(2) - 1) / (mpmath.sqrt(2) + 1)) ** 2
        assert fitted(series, [0, greatest], 7) == logarithm.SERIES
        assert fitted(base_two, [0, greatest], 8) == power.SERIES
        assert fitted(sine, [0, (mpmath.pi / 4) ** 2], 7) == trigonometric.SINE_SERIES
        assert fitted(cosine, [0, (mpmath.pi / 4) ** 2], 6) == trigonometric.COSINE_SERIES
        steepest = mpmath.tan(mpmath.pi / 8) ** 2
        assert fitted(arctangent, [0, steepest], 11) == trigonometric.ARCTAN_SERIES


def cut(number: Any, bits: int) -> float:
    return float(mpmath.floor(mpmath.ldexp(number, bits)) / mpmath.mpf(2) ** bits)


def tail(r: Any) -> Any:
    return (mpmath.expm1(r) - r) / r**2 if abs(r) > 1e-20 else mpmath.mpf(1) / 2 + r / 6


def series(z: Any) -> Any:
    s = mpmath.sqrt(z)
    return (2 * mpmath.atanh(s) / s - 2) / z if z > 1e-25 else mpmath.mpf(2) / 3 + 2 * z / 5


def base_two(w: Any) -> Any:
    s = mpmath.sqrt(w)
    near = mpmath.mpf(3) / 5 + 3 * w / 7
    return (3 * mpmath.atanh(s) / s - 3 - w) / w**2 if w > 1e-15 else near


def sine(z: Any) -> Any:
    r = mpmath.sqrt(z)
    return (mpmath.sin(r) / r - 1) / z if z > 1e-20 else -mpmath.mpf(1) / 6 + z / 120


def cosine(z: Any) -> Any:
    near = mpmath.mpf(1) / 24 - z / 720
    return (mpmath.cos(mpmath.sqrt(z)) - 1 + z / 2) / z**2 if z > 1e-15 else near


def arctangent(z: Any) -> Any:
    t = mpmath.sqrt(z)
    return (mpmath.atan(t) / t - 1) / z if z > 1e-20 else -mpmath.mpf(1) / 3 + z / 5


def fitted(function: Callable[[Any], Any], interval: list[Any], terms: int) -> tuple[float, ...]:
    return tuple(float(term) for term in reversed(mpmath.chebyfit(function, interval, terms)))
