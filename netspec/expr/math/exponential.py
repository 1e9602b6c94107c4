"""`exp`, `expm1`, `exprel` and `sigmoid`.

They write x = k*ln(2) + r with a whole k and |r| <= ln(2)/2, so that e**x = 2**k * e**r (Cody and
Waite, *Software Manual for the Elementary Functions*, 1980). ln(2) is the sum of a short
`LN2_HIGH`, whose product with any k is exact, and `LN2_LOW`; what the rounding of r loses is kept
as `rest`. A polynomial gives the part of e**r beyond 1 + r, and the large terms are added so that
their rounding error is known exactly and put back (Dekker, *Numerische Mathematik* 18, 1971). No
table: every step is one operation on whole vectors, also in C.
"""

from __future__ import annotations

from netspec.expr.math.definition import define

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

# exp is infinite from 709.79 and 0 below -745.14; beyond these bounds k would leave pow2's range.
HIGHEST = 710.0
LOWEST = -746.0

# exprel is infinite from 716.3.
EXPREL_HIGHEST = 717.0

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

# T0 is exactly 1/2, so the largest term, alone, costs one rounding only.
EXP_TAIL = define(
    '''
def exp_tail(r):
    """e**r - 1 - r for |r| <= ln(2)/2."""
    fourth = T8 + r*(T9 + r*T10)
    third = T6 + r*(T7 + r*fourth)
    second = T4 + r*(T5 + r*third)
    first = T2 + r*(T3 + r*second)
    square = r*r
    return T0*square + r*square*(T1 + r*first)
''',
    **{f"T{index}": value for index, value in enumerate(TAIL)},
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

# 1 + r is rounded to `total`; `error` is exactly what that lost.
EXP = define(
    f'''
def exp(x):
    """e**x to 1 ulp."""
    below = where(x > HIGHEST, HIGHEST, x)
    bounded = where(below < LOWEST, LOWEST, below)
{REDUCTION}
    total = 1.0 + r
    error = (1.0 - total) + r
    return scale(total + (error + (rest + exp_tail(r))), k)
''',
    HIGHEST=HIGHEST,
    LOWEST=LOWEST,
    **REDUCTION_CONSTANTS,
)

# e**x - 1 = 2**k * ((1 - 2**-k) + (e**r - 1)). `head` is the first bracket and `lost` its rounding
# error, which is not 0 only for k > 53; there 2**-k matters little and from 60 on not at all.
_SCALED_EXPM1 = f"""
    bounded = where(below < EXPM1_LOWEST, EXPM1_LOWEST, below)
{REDUCTION}
    limited = where(k > 60.0, 60.0, k)
    unit = pow2(-limited)
    head = 1.0 - unit
    lost = (1.0 - head) - unit
    total = head + r
    error = (head - total) + r
    scaled = total + (error + (lost + (rest + exp_tail(r))))
"""

EXPM1 = define(
    f'''
def expm1(x):
    """e**x - 1 to 1 ulp."""
    below = where(x > HIGHEST, HIGHEST, x)
{_SCALED_EXPM1}
    value = scale(scaled, k)
    return where(x == 0.0, x, value)
''',
    HIGHEST=HIGHEST,
    EXPM1_LOWEST=EXPM1_LOWEST,
    **REDUCTION_CONSTANTS,
)

# Divided before it is scaled, since the quotient is finite longer than e**x.
EXPREL = define(
    f'''
def exprel(x):
    """(e**x - 1)/x to 2 ulp; 1 at 0."""
    below = where(x > EXPREL_HIGHEST, EXPREL_HIGHEST, x)
{_SCALED_EXPM1}
    value = scale(scaled/below, k)
    return where(x == 0.0, 1.0, value)
''',
    EXPREL_HIGHEST=EXPREL_HIGHEST,
    EXPM1_LOWEST=EXPM1_LOWEST,
    **REDUCTION_CONSTANTS,
)

# The exponential of a negative number, so nothing overflows.
SIGMOID = define('''
def sigmoid(x):
    """1/(1 + e**-x) to 3 ulp."""
    small = exp(-abs(x))
    return where(x < 0.0, small, 1.0)/(1.0 + small)
''')
