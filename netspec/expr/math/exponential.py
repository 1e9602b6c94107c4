"""`exp`, `expm1`, `exprel` and `sigmoid`.

They write x = k*ln(2) + r with a whole k and |r| <= ln(2)/2, so that e**x = 2**k * e**r (Cody and
Waite, *Software Manual for the Elementary Functions*, 1980). ln(2) is the sum of a short
`LN2_HIGH`, whose product with any k is exact, and `LN2_LOW`; what the rounding of r loses is kept
as `rest`. A polynomial gives the part of e**r beyond 1 + r, and the large terms are added so that
their rounding error is known exactly and put back (Dekker, *Numerische Mathematik* 18, 1971). No
table: every step is one operation on whole vectors, also in C.
"""

from __future__ import annotations

from netspec.expr.math.definition import by_fours, define

# The nearest double to 1/ln(2).
PER_LN2 = float.fromhex("0x1.71547652b82fep+0")

# ln(2) cut after 32 bits, and the nearest double to what is left.
LN2_HIGH = float.fromhex("0x1.62e42feep-1")
LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")

# 1.5 * 2**52: a number below 2**51 in size, added to it, is rounded to a whole one.
ROUNDER = float.fromhex("0x1.8p+52")

# (e**r - 1 - r)/r**2 on |r| <= ln(2)/2 to 1.4e-18: mpmath's `chebyfit` with 11 terms in 60
# digits, each coefficient rounded to the nearest double.
TAIL = tuple(
    map(
        float.fromhex,
        (
            "0x1.0000000000000p-1",
            "0x1.5555555555557p-3",
            "0x1.5555555555556p-5",
            "0x1.11111111100dfp-7",
            "0x1.6c16c16c162d6p-10",
            "0x1.a01a01abe62ddp-13",
            "0x1.a01a01a6d7808p-16",
            "0x1.71de02375656cp-19",
            "0x1.27e4db67b4303p-22",
            "0x1.af4ddd84882fep-26",
            "0x1.1f72fc730b4ffp-29",
        ),
    )
)

# (e**x - 1 - x)/x**2 likewise on |x| <= 1/2, to 2e-17: `chebyfit` with 12 terms of (e**x - 1)/x,
# whose first is 1.
MEAN = tuple(
    map(
        float.fromhex,
        (
            "0x1.0000000000000p-1",
            "0x1.555555555561dp-3",
            "0x1.555555555558ep-5",
            "0x1.11111110ecbaep-7",
            "0x1.6c16c16c02003p-10",
            "0x1.a01a023b1c5b9p-13",
            "0x1.a01a01f8a44eap-16",
            "0x1.71dd0f7d0a2b7p-19",
            "0x1.27e450c2e35f7p-22",
            "0x1.b0773c2e5ebe2p-26",
            "0x1.201cd8001288bp-29",
        ),
    )
)

MEAN_CONSTANTS = {f"M{index}": value for index, value in enumerate(MEAN)}

# exp is infinite from 709.79 and 0 below -745.14; beyond these bounds k would leave pow2's range.
HIGHEST = 710.0
LOWEST = -746.0

# exprel is infinite from 716.3.
EXPREL_HIGHEST = 717.0

# As far as exprel is exprel_near.
EXPREL_NEAR_TO = 0.5

# Below this expm1 is -1 to half an ulp, and 1 - 2**-k is exact for every k from here to 53.
EXPM1_LOWEST = -37.5

REDUCTION = """
    k = (bounded*PER_LN2 + ROUNDER) - ROUNDER
    high = bounded - k*LN2_HIGH
    low = k*LN2_LOW
    r = high - low
    rest = (high - r) - low
"""
"""Lines of a definition: from `bounded` to k and r + rest."""

REDUCTION_CONSTANTS = {
    "PER_LN2": PER_LN2,
    "ROUNDER": ROUNDER,
    "LN2_HIGH": LN2_HIGH,
    "LN2_LOW": LN2_LOW,
}

TAIL_CONSTANTS = {f"T{index}": value for index, value in enumerate(TAIL)}

# T0 is exactly 1/2, so the largest term, alone, costs one rounding only.
EXP_TAIL = define(
    f'''
def exp_tail(r):
    """e**r - 1 - r for |r| <= ln(2)/2."""
{by_fours("series", "r", tuple(TAIL_CONSTANTS)[1:])}
    return T0*square + r*square*series
''',
    **TAIL_CONSTANTS,
)

SCALE = define(
    '''
def scale(x, k):
    """The product x * 2**k for a whole k within [-1080, 1080], rounded once if subnormal."""
    half = (0.5*k + ROUNDER) - ROUNDER
    return x*pow2(half)*pow2(k - half)
''',
    ROUNDER=ROUNDER,
)

# The last sum alone is rounded in units of the result.
EXP = define(
    '''
def exp(x):
    """e**x to 1 ulp."""
    below = where(x > HIGHEST, HIGHEST, x)
    bounded = where(below < LOWEST, LOWEST, below)
    k = (bounded*PER_LN2 + ROUNDER) - ROUNDER
    high = bounded - k*LN2_HIGH
    low = k*LN2_LOW
    return scale(1.0 + (high + (exp_tail(high - low) - low)), k)
''',
    HIGHEST=HIGHEST,
    LOWEST=LOWEST,
    **REDUCTION_CONSTANTS,
)

# e**x - 1 = 2**k * ((1 - 2**-k) + (e**r - 1)). `head` is the first bracket and `lost` its rounding
# error, which is not 0 only for k > 53; there 2**-k matters little and from 60 on not at all.
EXPM1 = define(
    f'''
def expm1(x):
    """e**x - 1 to 1 ulp."""
    below = where(x > HIGHEST, HIGHEST, x)
    bounded = where(below < EXPM1_LOWEST, EXPM1_LOWEST, below)
{REDUCTION}
    limited = where(k > 60.0, 60.0, k)
    unit = pow2(-limited)
    head = 1.0 - unit
    lost = (1.0 - head) - unit
    total = head + r
    error = (head - total) + r
    scaled = total + (error + (lost + (rest + exp_tail(r))))
    value = scale(scaled, k)
    return where(x == 0.0, x, value)
''',
    HIGHEST=HIGHEST,
    EXPM1_LOWEST=EXPM1_LOWEST,
    **REDUCTION_CONSTANTS,
)

EXPREL_NEAR = define(
    f'''
def exprel_near(x):
    """(e**x - 1)/x for |x| <= 1/2 to 1 ulp."""
{by_fours("series", "x", tuple(MEAN_CONSTANTS))}
    return 1.0 + x*series
''',
    **MEAN_CONSTANTS,
)

# `near` is exprel_near(r). Elsewhere e**x - 1 = (2**k - 1) + 2**k * (e**r - 1) is divided in units
# of 2**11, so that it is finite as long as the quotient is.
EXPREL = define(
    f'''
def exprel(x):
    """(e**x - 1)/x to 2 ulp; exprel_near(x) for |x| <= 1/2."""
    below = where(x > EXPREL_HIGHEST, EXPREL_HIGHEST, x)
    bounded = where(below < EXPM1_LOWEST, EXPM1_LOWEST, below)
    nearest = (bounded*PER_LN2 + ROUNDER) - ROUNDER
    k = where(abs(x) <= NEAR, 0.0, nearest)
    high = bounded - k*LN2_HIGH
    low = k*LN2_LOW
    r = high - low
{by_fours("series", "r", tuple(MEAN_CONSTANTS))}
    excess = r*series
    near = 1.0 + excess
    unit = pow2(k - 11.0)
    scaled = unit*(high + (r*excess - low)) + (unit - TWO_11)
    return where(abs(x) <= NEAR, near, scaled/below*2048.0)
''',
    **MEAN_CONSTANTS,
    EXPREL_HIGHEST=EXPREL_HIGHEST,
    EXPM1_LOWEST=EXPM1_LOWEST,
    NEAR=EXPREL_NEAR_TO,
    TWO_11=2.0**-11,
    **REDUCTION_CONSTANTS,
)

# The exponential of a negative number, so nothing overflows.
SIGMOID = define('''
def sigmoid(x):
    """1/(1 + e**-x) to 3 ulp."""
    small = exp(-abs(x))
    return where(x < 0.0, small, 1.0)/(1.0 + small)
''')
