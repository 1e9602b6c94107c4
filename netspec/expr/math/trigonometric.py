"""`sin`, `cos`, `tan` and `arctan`.

The first three write x = k*(pi/2) + r with a whole k and |r| <= pi/4 (Cody and Waite, *Software
Manual for the Elementary Functions*, 1980). pi/2 is the sum of three parts of at most 33 bits,
whose products with any k below 2**20 are exact, and a fourth; what the roundings lose is kept as
`rest`. So r is right to the last bit also next to multiples of pi/2, up to |x| = 2**20.

Beyond, the product with the first part is rounded to the last place of x: up to 2**51 the result
is that of an argument within one unit in the last place of x. From there on doubles are half a
radian or more apart and no phase is left: the result is that at 0.

`arctan` turns the angle by 0, pi/4 or pi/2, so that the rest has a tangent below tan(pi/8).
"""

from __future__ import annotations

from netspec.expr.math.definition import define, polynomial
from netspec.expr.math.exponential import ROUNDER

# The nearest double to 2/pi.
PER_QUARTER = float.fromhex("0x1.45f306dc9c883p-1")

# pi/2 cut after 33, 66 and 99 bits, and the nearest double to what is left.
QUARTER = tuple(
    map(
        float.fromhex,
        (
            "0x1.921fb54400000p+0",
            "0x1.0b4611a600000p-34",
            "0x1.3198a2e000000p-69",
            "0x1.b839a252049c1p-104",
        ),
    )
)

WIDEST = float.fromhex("0x1p+51")

# (sin(r) - r)/r**3 in z = r**2 on |r| <= pi/4 to 1.2e-20: mpmath's `chebyfit` with 7 terms in 60
# digits, each coefficient rounded to the nearest double.
SINE_SERIES = tuple(
    map(
        float.fromhex,
        (
            "-0x1.5555555555555p-3",
            "0x1.1111111111110p-7",
            "-0x1.a01a01a019938p-13",
            "0x1.71de3a546095bp-19",
            "-0x1.ae645412c560cp-26",
            "0x1.61217f0b800d5p-33",
            "-0x1.ab17d404de5b3p-41",
        ),
    )
)

# (cos(r) - 1 + r**2/2)/r**4 in z = r**2 on |r| <= pi/4 to 1.3e-18, made alike with 6 terms.
COSINE_SERIES = tuple(
    map(
        float.fromhex,
        (
            "0x1.5555555555555p-5",
            "-0x1.6c16c16c16967p-10",
            "0x1.a01a019f4eb01p-16",
            "-0x1.27e4fa17da09ep-22",
            "0x1.1eeb68e93b64cp-29",
            "-0x1.907da367a37cbp-37",
        ),
    )
)

# (arctan(t) - t)/t**3 in z = t**2 on |t| <= tan(pi/8) to 3.2e-17, made alike with 11 terms.
ARCTAN_SERIES = tuple(
    map(
        float.fromhex,
        (
            "-0x1.5555555555555p-2",
            "0x1.999999999934cp-3",
            "-0x1.2492492436201p-3",
            "0x1.c71c71853d7fap-4",
            "-0x1.745d0b28a7e37p-4",
            "0x1.3b1263064f6b9p-4",
            "-0x1.10fa77b1a6d57p-4",
            "0x1.dfe6497e96323p-5",
            "-0x1.a0999c632b6edp-5",
            "0x1.4162c02b1dda3p-5",
            "-0x1.3a31b1c0fd3b7p-6",
        ),
    )
)

# tan(pi/8) and tan(3*pi/8); pi/4 as the nearest double and what is left.
TAN_PI_8 = float.fromhex("0x1.a827999fcef32p-2")
TAN_3PI_8 = float.fromhex("0x1.3504f333f9de6p+1")
PI_4 = float.fromhex("0x1.921fb54442d18p-1")
PI_4_LOW = float.fromhex("0x1.1a62633145c07p-55")

_REDUCTION = """
    bounded = where(abs(x) > WIDEST, 0.0*x, x)
    k = (bounded*PER_QUARTER + ROUNDER) - ROUNDER
    coarse = bounded - k*Q0
    second = k*Q1
    fine = coarse - second
    lost = (coarse - fine) - second
    third = lost - k*Q2
    r = fine + third
    rest = ((fine - r) + third) - k*Q3
"""

_REDUCTION_CONSTANTS = {
    "WIDEST": WIDEST,
    "PER_QUARTER": PER_QUARTER,
    "ROUNDER": ROUNDER,
    **{f"Q{index}": value for index, value in enumerate(QUARTER)},
}

SINE_NEAR = define(
    f'''
def sine_near(r, rest):
    """sin(r + rest) for |r| <= pi/4 and a rest that is small beside it."""
    z = r*r
{polynomial("series", "z", "S", 7)}
    return r + (rest + r*z*series)
''',
    **{f"S{index}": value for index, value in enumerate(SINE_SERIES)},
)

# 1 - z/2 is rounded to `total`; `error` is exactly what that lost.
COSINE_NEAR = define(
    f'''
def cosine_near(r, rest):
    """cos(r + rest) for |r| <= pi/4 and a rest that is small beside it."""
    z = r*r
{polynomial("series", "z", "C", 6)}
    half = 0.5*z
    total = 1.0 - half
    error = (1.0 - total) - half
    return total + (error + (z*z*series - r*rest))
''',
    **{f"C{index}": value for index, value in enumerate(COSINE_SERIES)},
)

# `turn` is k + quarters within [-2, 2] up to whole turns, so `even` and `odd` are the sine's and
# cosine's of whole quarters: 0, 1 and -1. One of them is 0, so the sum is exact.
SINE_SHIFTED = define(
    f'''
def sine_shifted(x, quarters):
    """sin(x + quarters*pi/2) for whole quarters, to 1 ulp for |x| <= 2**20."""
{_REDUCTION}
    moved = k + quarters
    turn = moved - 4.0*((0.25*moved + ROUNDER) - ROUNDER)
    size = abs(turn)
    even = 1.0 - size
    odd = turn*(2.0 - size)
    return even*sine_near(r, rest) + odd*cosine_near(r, rest)
''',
    **_REDUCTION_CONSTANTS,
)

SIN = define('''
def sin(x):
    """The sine to 1 ulp for |x| <= 2**20."""
    return where(x == 0.0, x, sine_shifted(x, 0.0))
''')

COS = define('''
def cos(x):
    """The cosine to 1 ulp for |x| <= 2**20."""
    return sine_shifted(x, 1.0)
''')

TAN = define(
    f'''
def tan(x):
    """The tangent to 3 ulp for |x| <= 2**20."""
{_REDUCTION}
    sine = sine_near(r, rest)
    cosine = cosine_near(r, rest)
    odd = k - 2.0*((0.5*k + ROUNDER) - ROUNDER)
    value = where(odd == 0.0, sine, -cosine)/where(odd == 0.0, cosine, sine)
    return where(x == 0.0, x, value)
''',
    **_REDUCTION_CONSTANTS,
)

# `turns` counts eighths of a full turn.
ARCTAN = define(
    f'''
def arctan(x):
    """The inverse of the tangent within [-pi/2, pi/2] to 2 ulp."""
    size = abs(x)
    near_above = where(size > TAN_PI_8, size - 1.0, size)
    near_below = where(size > TAN_PI_8, size + 1.0, 1.0)
    near_turns = where(size > TAN_PI_8, 1.0, 0.0)
    above = where(size > TAN_3PI_8, -1.0, near_above)
    below = where(size > TAN_3PI_8, size, near_below)
    turns = where(size > TAN_3PI_8, 2.0, near_turns)
    t = above/below
    z = t*t
{polynomial("series", "z", "A", 11)}
    value = turns*PI_4 + (t + (turns*PI_4_LOW + t*z*series))
    return copysign(value, x)
''',
    TAN_PI_8=TAN_PI_8,
    TAN_3PI_8=TAN_3PI_8,
    PI_4=PI_4,
    PI_4_LOW=PI_4_LOW,
    **{f"A{index}": value for index, value in enumerate(ARCTAN_SERIES)},
)
