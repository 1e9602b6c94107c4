"""`sinh`, `cosh` and `tanh`.

With a = |x| = k*ln(2) + r, e**a = 2**k * (1 + m) for the m = e**r - 1 of `exponential`, and all
three are quotients of 1, m and powers of two in which large terms do not cancel. The sign is put
back at the end.
"""

from __future__ import annotations

from netspec.expr.math.definition import define
from netspec.expr.math.exponential import REDUCTION, REDUCTION_CONSTANTS

# sinh and cosh are infinite from 710.48; tanh is 1 to half an ulp from 19.1.
HIGHEST = 711.0
TANH_HIGHEST = 22.0

# 2**27 + 1: x*SPLITTER - (x*SPLITTER - x) is x rounded to 26 bits (Veltkamp, see Dekker 1971).
SPLITTER = 134217729.0

_HALF = f"""
    size = abs(x)
    bounded = where(size > HIGHEST, HIGHEST, size)
{REDUCTION}
    m = r + (rest + exp_tail(r))
    limited = where(k > 60.0, 60.0, k)
    unit = pow2(-2.0*limited)
"""
"""m, and `unit` = 4**-k as far as it matters beside 1."""

# 2**(k - 1) * ((1 + m) - 4**-k/(1 + m)), with 1 - m/(1 + m) for 1/(1 + m).
SINH = define(
    f'''
def sinh(x):
    """The hyperbolic sine to 3 ulp."""
{_HALF}
    value = scale((1.0 - unit) + (m + unit*(m/(1.0 + m))), k - 1.0)
    return copysign(value, x)
''',
    HIGHEST=HIGHEST,
    **REDUCTION_CONSTANTS,
)

COSH = define(
    f'''
def cosh(x):
    """The hyperbolic cosine to 2 ulp."""
{_HALF}
    grown = 1.0 + m
    return scale(grown + unit/grown, k - 1.0)
''',
    HIGHEST=HIGHEST,
    **REDUCTION_CONSTANTS,
)

# tanh(a) = (e**2a - 1)/(e**2a + 1) = ((1 - 2**-k) + m)/((1 + 2**-k) + m). Numerator and denominator
# are known to more than a double, as `above` + `above_low` and `below` + `below_low`. The quotient
# is cut to 26 bits, so that its product with the denominator, cut as well, is exact; what is left
# of the numerator gives the rest of the quotient.
TANH = define(
    f'''
def tanh(x):
    """The hyperbolic tangent to 1 ulp."""
    size = 2.0*abs(x)
    bounded = where(size > TANH_DOUBLED, TANH_DOUBLED, size)
{REDUCTION}
    tail = rest + exp_tail(r)
    unit = pow2(-k)
    less = 1.0 - unit
    above_sum = less + r
    above_tail = (((1.0 - less) - unit) + ((less - above_sum) + r)) + tail
    above = above_sum + above_tail
    above_low = (above_sum - above) + above_tail
    more = 1.0 + unit
    below_sum = more + r
    below_tail = (((1.0 - more) + unit) + ((more - below_sum) + r)) + tail
    below = below_sum + below_tail
    below_low = (below_sum - below) + below_tail
    spread = below*SPLITTER
    below_high = spread - (spread - below)
    quotient = above/below
    stretched = quotient*SPLITTER
    high_part = stretched - (stretched - quotient)
    left = (above - high_part*below_high) - high_part*(below - below_high)
    value = high_part + (left + (above_low - high_part*below_low))/below
    return copysign(value, x)
''',
    TANH_DOUBLED=2.0 * TANH_HIGHEST,
    SPLITTER=SPLITTER,
    **REDUCTION_CONSTANTS,
)
