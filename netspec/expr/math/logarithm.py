"""`log`, `log1p` and `log10`.

u = 2**e * m with sqrt(1/2) < m <= sqrt(2), and log(u) = e*ln(2) + log(1 + f) with f = m - 1. With
s = f/(2 + f), log(1 + f) = 2*atanh(s) = f - f**2/2 + s*(f**2/2 + R(s**2)), the form of Ng's `log`
in fdlibm (Sun Microsystems, 1993): only small terms carry rounding errors. The large ones,
e*ln(2) and f, are added so that their error is known exactly and put back.
"""

from __future__ import annotations

from netspec.expr.math.definition import define
from netspec.expr.math.exponential import LN2_HIGH, LN2_LOW

SQRT2 = float.fromhex("0x1.6a09e667f3bcdp+0")

# (2*atanh(s) - 2*s)/s**3 in z = s**2 on 0 <= s <= (sqrt(2) - 1)/(sqrt(2) + 1) to 3.1e-16: mpmath's
# `chebyfit` with 7 terms in 60 digits, each coefficient rounded to the nearest double.
SERIES = tuple(
    map(
        float.fromhex,
        (
            "0x1.5555555555558p-1",
            "0x1.99999999952e2p-2",
            "0x1.2492492df148dp-2",
            "0x1.c71c62e5800a1p-3",
            "0x1.7462b4ab2ef6bp-3",
            "0x1.39fe606542ddep-3",
            "0x1.2b584aae78a57p-3",
        ),
    )
)

LEAST_NORMAL = float.fromhex("0x1p-1022")
GREATEST = float.fromhex("0x1.fffffffffffffp+1023")
TWO_54 = float.fromhex("0x1p+54")

# 1/ln(10); log10(2) cut after 33 bits, whose product with any exponent is exact, and the rest.
PER_LN10 = float.fromhex("0x1.bcb7b1526e50ep-2")
LOG10_2_HIGH = float.fromhex("0x1.3441350900000p-2")
LOG10_2_LOW = float.fromhex("0x1.ef3fde623e256p-35")

REDUCTION = """
    fraction = mantissa(normal)
    half = 0.5*fraction
    m = where(fraction > SQRT2, half, fraction)
    carry = where(fraction > SQRT2, 1.0, 0.0)
    e = exponent(normal) + shift + carry
"""
"""Lines of a definition: normal * 2**shift = 2**e * m with sqrt(1/2) < m <= sqrt(2)."""

_SERIES = """
    f = m - 1.0
    s = f/(2.0 + f)
    z = s*s
    upper = S4 + z*(S5 + z*S6)
    middle = S2 + z*(S3 + z*upper)
    series = z*(S0 + z*(S1 + z*middle))
    square = 0.5*f*f
"""
"""Lines of a definition: log(m) = f - square + s*(square + series)."""

_SERIES_CONSTANTS = {
    "SQRT2": SQRT2,
    **{f"S{index}": value for index, value in enumerate(SERIES)},
}

LOG_SUM = define(
    f'''
def log_sum(normal, shift, extra):
    """log(normal * 2**shift) + extra for a positive normal number and a whole shift."""
{REDUCTION}
{_SERIES}
    low = (s*(square + series) + (e*LN2_LOW + extra)) - square
    whole = e*LN2_HIGH
    total = whole + f
    error = (whole - total) + f
    return total + (error + low)
''',
    LN2_HIGH=LN2_HIGH,
    LN2_LOW=LN2_LOW,
    **_SERIES_CONSTANTS,
)

# Subnormal numbers have no mantissa of 53 bits: they are made normal first, exactly.
LOG = define(
    '''
def log(x):
    """The natural logarithm to 1 ulp; -infinity at 0, NaN below."""
    scaled = x*TWO_54
    normal = where(x < LEAST_NORMAL, scaled, x)
    shift = where(x < LEAST_NORMAL, -54.0, 0.0)
    finite = log_sum(normal, shift, 0.0)
    infinity = pow2(1024.0)
    invalid = infinity - infinity
    above = where(x > GREATEST, x, finite)
    upward = where(x > 0.0, above, invalid)
    return where(x == 0.0, -infinity, upward)
''',
    LEAST_NORMAL=LEAST_NORMAL,
    GREATEST=GREATEST,
    TWO_54=TWO_54,
)

# 1 + x is rounded to u and `lost` is exactly what that dropped: log(1 + x) = log(u) + log(1 +
# lost/u), and lost/u is so small that it is its own logarithm.
LOG1P = define(
    '''
def log1p(x):
    """log(1 + x) to 1 ulp; -infinity at -1, NaN below."""
    u = 1.0 + x
    lost_of_one = 1.0 - (u - x)
    lost_of_x = x - (u - 1.0)
    lost = where(x > 1.0, lost_of_one, lost_of_x)
    finite = log_sum(u, 0.0, lost/u)
    infinity = pow2(1024.0)
    invalid = infinity - infinity
    above = where(x > GREATEST, x, finite)
    upward = where(x > -1.0, above, invalid)
    downward = where(x == -1.0, -infinity, upward)
    return where(x == 0.0, x, downward)
''',
    GREATEST=GREATEST,
)

# The largest term, of the exponent, is exact, so the result for a power of ten is exact as well.
LOG10 = define(
    f'''
def log10(x):
    """The logarithm to the base 10 to 2 ulp; -infinity at 0, NaN below."""
    scaled = x*TWO_54
    normal = where(x < LEAST_NORMAL, scaled, x)
    shift = where(x < LEAST_NORMAL, -54.0, 0.0)
{REDUCTION}
{_SERIES}
    low = s*(square + series) - square
    finite = e*LOG10_2_HIGH + (e*LOG10_2_LOW + PER_LN10*(f + low))
    infinity = pow2(1024.0)
    invalid = infinity - infinity
    above = where(x > GREATEST, x, finite)
    upward = where(x > 0.0, above, invalid)
    return where(x == 0.0, -infinity, upward)
''',
    LEAST_NORMAL=LEAST_NORMAL,
    GREATEST=GREATEST,
    TWO_54=TWO_54,
    PER_LN10=PER_LN10,
    LOG10_2_HIGH=LOG10_2_HIGH,
    LOG10_2_LOW=LOG10_2_LOW,
    **_SERIES_CONSTANTS,
)
