"""The selections: functions that return one of their arguments or a constant.

C's `fmin`, NumPy's `minimum` and Python's `min` disagree on NaN and on signed zeros, so netspec
spells out which argument is returned. NaN in, NaN out.
"""

from __future__ import annotations

from netspec.expr.math.definition import define

# A comparison with NaN is false: a NaN in b is returned by the last branch, one in a by the test.
MIN = define('''
def min(a, b):
    """The smaller of two numbers; NaN if one is NaN."""
    return where(a < b or a != a, a, b)
''')

MAX = define('''
def max(a, b):
    """The larger of two numbers; NaN if one is NaN."""
    return where(a > b or a != a, a, b)
''')

CLIP = define('''
def clip(x, low, high):
    """The number within [low, high] that is nearest to x; NaN if one is NaN."""
    return min(max(x, low), high)
''')

SIGN = define('''
def sign(x):
    """1 above 0, -1 below 0, 0 at both zeros, NaN at NaN."""
    return where(x > 0.0, 1.0, where(x < 0.0, -1.0, where(x == 0.0, 0.0, x)))
''')
