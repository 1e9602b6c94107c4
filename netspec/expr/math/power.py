"""Powers: `power` for real exponents, and the chains of products that whole ones are.

`power` is 2**(y*log2(x)), with log2(x) and its product with y as sums of two doubles, in the way of
Ng's `pow` in fdlibm (Sun Microsystems, 1993). With x = 2**e * m and s = (m - 1)/(m + 1), log2(x) =
e + 2/(3*ln(2)) * s * (3 + s**2 + R(s**2)*s**4). A number named `_high` is rounded to so few bits
that its product with another such number is exact.
"""

from __future__ import annotations

from netspec.expr.functions import MAX_WHOLE_POWER
from netspec.expr.math.definition import Assignment, Definition, define, polynomial
from netspec.expr.math.exponential import ROUNDER
from netspec.expr.math.hyperbolic import SPLITTER
from netspec.expr.math.logarithm import LEAST_NORMAL, REDUCTION, SQRT2, TWO_54
from netspec.expr.nodes import Binary, Expression, Name

# (3*atanh(s)/s - 3 - w)/w**2 in w = s**2 on 0 <= s <= (sqrt(2) - 1)/(sqrt(2) + 1) to 2.8e-18:
# mpmath's `chebyfit` with 8 terms in 60 digits, each coefficient rounded to the nearest double.
SERIES = tuple(
    map(
        float.fromhex,
        (
            "0x1.3333333333333p-1",
            "0x1.b6db6db6db7b2p-2",
            "0x1.555555552ffeap-2",
            "0x1.1745d19beb580p-2",
            "0x1.d89d60bf76d8fp-3",
            "0x1.99a52aec35745p-3",
            "0x1.679daf3d0d998p-3",
            "0x1.6821d31d0095ap-3",
        ),
    )
)

# 2/(3*ln(2)), and cut after 26 bits with what is left; the nearest double to ln(2).
FACTOR = float.fromhex("0x1.ec709dc3a03fdp-1")
FACTOR_HIGH = float.fromhex("0x1.ec709d8000000p-1")
FACTOR_LOW = float.fromhex("0x1.0e80ff5d27f05p-27")
LN2 = float.fromhex("0x1.62e42fefa39efp-1")

# 1.5 * 2**28: a number from 1 to 4, added to it, is rounded to 26 bits or fewer.
CUTTER = float.fromhex("0x1.8p+28")

# 2**z is infinite from 1024 and 0 below -1075.
HIGHEST = 1080.0
LEAST = float.fromhex("0x1p-70")

POWER = define(
    f'''
def power(x, y):
    """x**y to 2 ulp; NaN for a negative x unless y is whole."""
    size = abs(x)
    scaled = size*TWO_54
    normal = where(size < LEAST_NORMAL, scaled, size)
    shift = where(size < LEAST_NORMAL, -54.0, 0.0)
{REDUCTION}
    f = m - 1.0
    d = m + 1.0
    d_high = (d + CUTTER) - CUTTER
    d_low = m - (d_high - 1.0)
    s = f/d
    s_wide = s*SPLITTER
    s_high = s_wide - (s_wide - s)
    s_low = ((f - s_high*d_high) - s_high*d_low)/d
    w = s*s
{polynomial("series", "w", "L", 8)}
    square = s_high*s_high
    tail = w*w*series + s_low*(s_high + s)
    t_high = ((3.0 + (square + tail)) + CUTTER) - CUTTER
    t_low = tail - ((t_high - 3.0) - square)
    product = s_high*t_high
    product_low = s_low*t_high + t_low*s
    p = product + product_low
    p_wide = p*SPLITTER
    p_high = p_wide - (p_wide - p)
    p_low = product_low - (p_high - product)
    part = FACTOR_HIGH*p_high
    part_low = FACTOR_LOW*p_high + FACTOR*p_low
    log2 = e + (part + part_low)
    log2_wide = log2*SPLITTER
    log2_high = log2_wide - (log2_wide - log2)
    log2_low = part_low - ((log2_high - e) - part)
    limit = HIGHEST/(abs(log2_high) + LEAST)
    below = where(y > limit, limit, y)
    bounded = where(below < -limit, -limit, below)
    y_wide = bounded*SPLITTER
    y_high = y_wide - (y_wide - bounded)
    z_high = y_high*log2_high
    z_low = (bounded - y_high)*log2_high + bounded*log2_low
    k = ((z_high + z_low) + ROUNDER) - ROUNDER
    r = ((z_high - k) + z_low)*LN2
    finite = scale(1.0 + (r + exp_tail(r)), k)
    inverse = where(y < 0.0, 1.0/size, where(size == size, y + 1.0, size))
    extreme = where(y > 0.0, size, inverse)
    value = where(0.5*size < size, finite, extreme)
    parity = y - 2.0*floor(0.5*y)
    infinity = pow2(1024.0)
    invalid = infinity - infinity
    sign = where(parity == 0.0, 1.0, where(parity == 1.0, -1.0, invalid))
    return where(x < 0.0, sign*value, value)
''',
    TWO_54=TWO_54,
    LEAST_NORMAL=LEAST_NORMAL,
    SQRT2=SQRT2,
    CUTTER=CUTTER,
    SPLITTER=SPLITTER,
    FACTOR=FACTOR,
    FACTOR_HIGH=FACTOR_HIGH,
    FACTOR_LOW=FACTOR_LOW,
    HIGHEST=HIGHEST,
    LEAST=LEAST,
    ROUNDER=ROUNDER,
    LN2=LN2,
    **{f"L{index}": value for index, value in enumerate(SERIES)},
)


def whole_power(base: Expression, exponent: int) -> Expression:
    """Return x**n for n >= 1 as the chain that defines it.

    x**1 = x, x**2m = (x**m)*(x**m), x**(2m+1) = ((x**m)*(x**m))*x.
    """
    if exponent == 1:
        return base
    half = whole_power(base, exponent // 2)
    square = Binary("*", half, half)
    return Binary("*", square, base) if exponent % 2 else square


def _chain(exponent: int) -> Definition:
    """Return the function x**n: the same chain, with a line for each power on the way."""
    steps = [exponent]
    while steps[0] > 1:
        steps.insert(0, steps[0] // 2)
    lines = []
    before = Name("x")
    for step in steps[1:]:
        square = Binary("*", before, before)
        lines.append(Binary("*", square, Name("x")) if step % 2 else square)
        before = Name(f"x{step}")
    assignments = tuple(
        Assignment(f"x{step}", line) for step, line in zip(steps[1:-1], lines[:-1], strict=True)
    )
    name = f"power_{exponent}"
    return Definition(name, f"x**{exponent}.", ("x",), assignments, lines[-1])


WHOLE_POWERS = tuple(_chain(exponent) for exponent in range(2, MAX_WHOLE_POWER + 1))
"""The functions `power_2`, `power_3` and so on."""
