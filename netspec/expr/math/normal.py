"""The inverse of the normal distribution function.

Algorithm AS 241, PPND16 (Wichura, *Applied Statistics* 37, 1988), with netspec's own `log`: three
quotients of polynomials, for the centre of the distribution, its tails, and what lies beyond
e**-25. Each quotient A/B is computed as l + (A - l*B)/B with a straight line l that runs along it,
so that only the small rest carries the rounding errors of long polynomials.
"""

from __future__ import annotations

from fractions import Fraction

from netspec.expr.math.definition import define, polynomial

# The letters of polynomials and coefficients are Wichura's; B0, D0 and F0 are 1.
CENTRE_ABOVE = (
    "3.3871328727963666080e0",
    "1.3314166789178437745e2",
    "1.9715909503065514427e3",
    "1.3731693765509461125e4",
    "4.5921953931549871457e4",
    "6.7265770927008700853e4",
    "3.3430575583588128105e4",
    "2.5090809287301226727e3",
)
CENTRE_BELOW = (
    "1",
    "4.2313330701600911252e1",
    "6.8718700749205790830e2",
    "5.3941960214247511077e3",
    "2.1213794301586595867e4",
    "3.9307895800092710610e4",
    "2.8729085735721942674e4",
    "5.2264952788528545610e3",
)
TAIL_ABOVE = (
    "1.42343711074968357734e0",
    "4.63033784615654529590e0",
    "5.76949722146069140550e0",
    "3.64784832476320460504e0",
    "1.27045825245236838258e0",
    "2.41780725177450611770e-1",
    "2.27238449892691845833e-2",
    "7.74545014278341407640e-4",
)
TAIL_BELOW = (
    "1",
    "2.05319162663775882187e0",
    "1.67638483018380384940e0",
    "6.89767334985100004550e-1",
    "1.48103976427480074590e-1",
    "1.51986665636164571966e-2",
    "5.47593808499534494600e-4",
    "1.05075007164441684324e-9",
)
FAR_ABOVE = (
    "6.65790464350110377720e0",
    "5.46378491116411436990e0",
    "1.78482653991729133580e0",
    "2.96560571828504891230e-1",
    "2.65321895265761230930e-2",
    "1.24266094738807843860e-3",
    "2.71155556874348757815e-5",
    "2.01033439929228813265e-7",
)
FAR_BELOW = (
    "1",
    "5.99832206555887937690e-1",
    "1.36929880922735805310e-1",
    "1.48753612908506148525e-2",
    "7.86869131145613259100e-4",
    "1.84631831751005468180e-5",
    "1.42151175831644588870e-7",
    "2.04426310338993978564e-15",
)


# The lines: value at 0 and slope.
CENTRE_LINE = (2.5, 0.0)
TAIL_LINE = (1.5, 1.5)
FAR_LINE = (6.75, 1.4375)


def _coefficients(
    above: tuple[str, ...], below: tuple[str, ...], line: tuple[float, float], letters: str
) -> dict[str, float]:
    """Return the coefficients of A - l*B and of B by name, each rounded once."""
    value, slope = map(Fraction, line)
    upper, lower = [*map(Fraction, above), Fraction(0)], [*map(Fraction, below), Fraction(0)]
    shifted = [Fraction(0), *lower]
    left = [
        first - value * second - slope * third
        for first, second, third in zip(upper, lower, shifted, strict=False)
    ]
    return {
        f"{letter}{index}": float(value)
        for letter, values in zip(letters, (left, lower), strict=True)
        for index, value in enumerate(values)
    }


NORMAL_QUANTILE = define(
    f'''
def normal_quantile(p):
    """Where the normal distribution function is p, to 4 ulp; NaN unless 0 < p < 1."""
    q = p - 0.5
    r = 0.180625 - q*q
{polynomial("centre_A", "r", "A", 8)}
{polynomial("centre_B", "r", "B", 8)}
    centre = CENTRE*q + q*(centre_A/centre_B)
    nearest = where(q < 0.0, p, 1.0 - p)
    root = sqrt(-log(nearest))
    t = root - 1.6
{polynomial("tail_C", "t", "C", 9)}
{polynomial("tail_D", "t", "D", 8)}
    u = root - 5.0
{polynomial("far_E", "u", "E", 9)}
{polynomial("far_F", "u", "F", 8)}
    tail = (TAIL + TAIL_SLOPE*t) + tail_C/tail_D
    far = (FAR + FAR_SLOPE*u) + far_E/far_F
    outer = where(root <= 5.0, tail, far)
    outside = where(q < 0.0, -outer, outer)
    return where(abs(q) <= 0.425, centre, outside)
''',
    CENTRE=CENTRE_LINE[0],
    TAIL=TAIL_LINE[0],
    TAIL_SLOPE=TAIL_LINE[1],
    FAR=FAR_LINE[0],
    FAR_SLOPE=FAR_LINE[1],
    **_coefficients(CENTRE_ABOVE, CENTRE_BELOW, CENTRE_LINE, "AB"),
    **_coefficients(TAIL_ABOVE, TAIL_BELOW, TAIL_LINE, "CD"),
    **_coefficients(FAR_ABOVE, FAR_BELOW, FAR_LINE, "EF"),
)
