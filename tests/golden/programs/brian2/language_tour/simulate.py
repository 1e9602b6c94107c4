"""language_tour: a network of spiking neurons as a Brian2 script, made by netspec.

fingerprint  90ea40060a5491b56c2e506d66ffd2b51f31c59985ec27741abe5c9bca17f728
semantics    1
seed         7
dt           0.0001 s
steps        200

Start it with `python simulate.py`; arrays.npz must lie beside it. It prints the number of spikes of
every object, and digests: two programs with the same digests did the same to the last bit.

Every population has equations, which Brian2 checks for units, and beside them its update, which is
what runs: netspec's choice of integrator and of the order of operations.
"""

import hashlib
import sys
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import sympy
from brian2 import (
    DEFAULT_FUNCTIONS,
    EventMonitor,
    Function,
    Network,
    NetworkOperation,
    NeuronGroup,
    SpikeMonitor,
    Synapses,
    TimedArray,
    amp,
    defaultclock,
    hertz,
    linked_var,
    metre,
    mole,
    prefs,
    second,
    siemens,
    volt,
)

HERE = Path(__file__).resolve().parent

# Arithmetic as it is written: doubles, nothing reordered, contracted or approximated.
np.seterr(all="ignore")  # what is not finite is found by looking
prefs.core.default_float_dtype = np.float64
prefs.codegen.loop_invariant_optimisations = False
prefs.codegen.target = "numpy"

dt = 0.0001 * second
STEPS = 200
defaultclock.dt = dt

with np.load(HERE / "arrays.npz", allow_pickle=False) as stored:
    arrays = dict(stored)


MASK = 0xFFFFFFFF


def philox(counter, key):
    """Return the four words of each Philox4x32-10 block (Salmon et al. 2011); words in uint64."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        product0, product1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1 = (product1 >> 32) ^ c1 ^ k0, product1 & MASK
        c2, c3 = (product0 >> 32) ^ c3 ^ k1, product0 & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def random_words(key, steps, blocks, lane):
    """Return four neighbouring neurons' 32 bits per step and block: lane 0 the high, 1 the low."""
    lanes = np.full_like(blocks, lane)
    return philox((blocks & MASK, steps & MASK, lanes, (steps >> 32) | (blocks >> 32 << 16)), key)


def words_of_steps(key, first_step, n_steps, size, lane):
    """Return 32 bits for each of some consecutive steps and `size` neurons."""
    steps = np.arange(first_step, first_step + n_steps, dtype=np.uint64)[:, np.newaxis]
    blocks = np.arange((size + 3) // 4, dtype=np.uint64)
    words = np.stack(random_words(key, steps, blocks, lane), axis=-1)
    return words.reshape(n_steps, -1)[:, :size]


def key_words(key):
    """Return the two words of a stream's key, low half first."""
    return int(key) & MASK, int(key) >> 32 & MASK


@lru_cache(maxsize=8)
def numbers_of_steps(draw, key, first_step, n_steps, size):
    """Return what `draw` makes of a stream for some consecutive steps, a row for each."""
    return draw(key_words(key), first_step, n_steps, size)


def numbers_of_step(draw, key, step, size):
    """Return what `draw` makes of a stream for one step; it does so for several at a time."""
    step, n_steps = int(step), max(1, 50_000 // size)
    rows = numbers_of_steps(draw, int(key), step - step % n_steps, n_steps, size)
    return rows[step % n_steps]


def uniform_numbers(key, first_step, n_steps, size):
    """Return numbers of 53 bits in [0, 1), for each of some consecutive steps and neurons."""
    high, low = (words_of_steps(key, first_step, n_steps, size, lane) for lane in (0, 1))
    return ((high << 21) | (low >> 11)).astype(np.float64) * 2.0**-53


def uniform_number(i, step, key):
    """Return a uniform number for each neuron, or for neuron 0 alone: it is shared."""
    numbers = numbers_of_step(uniform_numbers, key, step, np.size(i))
    return numbers if np.ndim(i) else numbers[0]


def normal_numbers(key, first_step, n_steps, size):
    """Return standard normal numbers, for each of some consecutive steps and neurons."""
    words = words_of_steps(key, first_step, n_steps, size, 0)
    return _normal_quantile((words.astype(np.float64) + 0.5) * 2.0**-32)


def normal_number(i, step, key):
    """Return a normal number for each neuron, or for neuron 0 alone: it is shared."""
    numbers = numbers_of_step(normal_numbers, key, step, np.size(i))
    return numbers if np.ndim(i) else numbers[0]


def integers_of_steps(key, first_step, n_steps, size):
    """Return draws of 64 bits, for each of some consecutive steps and neurons."""
    high, low = (words_of_steps(key, first_step, n_steps, size, lane) for lane in (0, 1))
    return (high << 32) | low


def bernoulli_numbers(draws, probability):
    """Return 1.0 where a draw of 64 bits is below probability * 2**64, else 0.0."""
    probability = np.asarray(probability)
    is_certain = probability >= 1.0
    limits = np.ceil(np.where(is_certain, 0.0, probability) * 2.0**64).astype(np.uint64)
    return (is_certain | (draws < limits)).astype(np.float64)


def bernoulli_number(i, step, key, probability):
    """Return 1.0 for each neuron to which something happens, else 0.0; `i` as for the others."""
    draws = numbers_of_step(integers_of_steps, key, step, np.size(i))
    return bernoulli_numbers(draws if np.ndim(i) else draws[0], probability)


def poisson_numbers(draws, mean):
    """Return the numbers of events that draws of 64 bits stand for.

    Each is the first m for which the draw is below 2**64 times the probability of at most m
    events, or for which the probability of m events no longer counts.
    """
    mean = np.asarray(mean, np.float64)
    m, term = 0.0, exp(-mean)
    up_to_m = term
    counts = np.zeros(np.broadcast_shapes(draws.shape, mean.shape))
    is_open = np.ones(counts.shape, bool)
    while True:
        scaled = up_to_m * 2.0**64
        is_small = scaled < 2.0**64
        limits = np.where(is_small, scaled, 0.0).astype(np.uint64)
        limits = np.where(is_small, limits, np.uint64(2**64 - 1))
        is_open &= (draws >= limits) & ~((m > mean) & (term < 2.0**-64))
        if not is_open.any():
            return counts
        counts += is_open
        m += 1.0
        term = term * mean / m
        up_to_m = up_to_m + term


def poisson_number(i, step, key, mean):
    """Return a Poisson number for each neuron, or for neuron 0 alone: it is shared."""
    draws = numbers_of_step(integers_of_steps, key, step, np.size(i))
    return poisson_numbers(draws if np.ndim(i) else draws[0], mean)


def _exponent(x):
    """The whole e of x = m * 2**e with 1 <= m < 2, for positive normal x."""
    return (np.asarray(x).view(np.int64) >> np.int64(52)) - np.float64(1023.0)


def _mantissa(x):
    """The m of x = m * 2**e with 1 <= m < 2, for positive normal x."""
    fraction = np.asarray(x).view(np.uint64) & np.uint64(0x000FFFFFFFFFFFFF)
    return (fraction | np.uint64(0x3FF0000000000000)).view(np.float64)


def _pow2(k):
    """2**k for whole k from -1022 to 1023, infinity for 1024."""
    # In this sum, k + 1023 is what the low bits hold: the exponent field of the result.
    bits = np.asarray(k + np.float64(6755399441056767.0)).view(np.uint64)
    return (bits << np.uint64(52)).view(np.float64)


def minimum(a, b):
    """The smaller of two numbers; NaN if one is NaN."""
    return np.where((a < b) | (a != a), a, b)


def maximum(a, b):
    """The larger of two numbers; NaN if one is NaN."""
    return np.where((a > b) | (a != a), a, b)


def _exp_tail(r):
    """e**r - 1 - r for |r| <= ln(2)/2."""
    square = r * r
    fourth = square * square
    series_0 = 0.1666666666666667 + r * 0.04166666666666667
    series_2 = 0.008333333333326141 + r * 0.0013888888888883752
    series_4 = 0.00019841269874800493 + r * 2.4801587325533363e-05
    series_6 = 2.7557255425746435e-06 + r * 2.7557273661348637e-07
    series_8 = 2.510520637395701e-08 + r * 2.0914679376583935e-09
    series_from_4 = series_4 + square * series_6 + fourth * series_8
    series = series_0 + square * series_2 + fourth * series_from_4
    return 0.5 * square + r * square * series


def _scale(x, k):
    """The product x * 2**k for a whole k within [-1080, 1080], rounded once if subnormal."""
    half = 0.5 * k + 6755399441055744.0 - 6755399441055744.0
    return x * _pow2(half) * _pow2(k - half)


def exp(x):
    """e**x to 1 ulp."""
    below = np.where(x > 710.0, 710.0, x)
    bounded = np.where(below < -746.0, -746.0, below)
    k = bounded * 1.4426950408889634 + 6755399441055744.0 - 6755399441055744.0
    high = bounded - k * 0.6931471803691238
    low = k * 1.9082149292705877e-10
    return _scale(1.0 + (high + (_exp_tail(high - low) - low)), k)


def exprel(x):
    """(e**x - 1)/x to 2 ulp; exprel_near(x) for |x| <= 1/2."""
    below = np.where(x > 717.0, 717.0, x)
    bounded = np.where(below < -37.5, -37.5, below)
    nearest = bounded * 1.4426950408889634 + 6755399441055744.0 - 6755399441055744.0
    k = np.where(np.abs(x) <= 0.5, 0.0, nearest)
    high = bounded - k * 0.6931471803691238
    low = k * 1.9082149292705877e-10
    r = high - low
    square = r * r
    fourth = square * square
    series_0 = 0.5 + r * 0.1666666666666722
    series_2 = 0.04166666666666706 + r * 0.008333333333075146
    series_4 = 0.001388888888870455 + r * 0.00019841270281832442
    series_6 = 2.4801587616145414e-05 + r * 2.7556979476271894e-06
    series_8 = 2.7557076636642725e-07 + r * 2.517282043357941e-08
    series_from_8 = series_8 + square * 2.0962955815976076e-09
    series_from_4 = series_4 + square * series_6 + fourth * series_from_8
    series = series_0 + square * series_2 + fourth * series_from_4
    excess = r * series
    near = 1.0 + excess
    unit = _pow2(k - 11.0)
    scaled = unit * (high + (r * excess - low)) + (unit - 0.00048828125)
    return np.where(np.abs(x) <= 0.5, near, scaled / below * 2048.0)


def _log_sum(normal, shift, extra):
    """log(normal * 2**shift) + extra for a positive normal number and a whole shift."""
    fraction = _mantissa(normal)
    half = 0.5 * fraction
    m = np.where(fraction > 1.4142135623730951, half, fraction)
    carry = np.where(fraction > 1.4142135623730951, 1.0, 0.0)
    e = _exponent(normal) + shift + carry
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    upper = 0.18182889125261723 + z * (0.15331721600556042 + z * 0.14616449685043406)
    middle = 0.28571428625975487 + z * (0.2222221113479508 + z * upper)
    series = z * (0.666666666666667 + z * (0.39999999999899505 + z * middle))
    square = 0.5 * f * f
    low = s * (square + series) + (e * 1.9082149292705877e-10 + extra) - square
    whole = e * 0.6931471803691238
    total = whole + f
    error = whole - total + f
    return total + (error + low)


def log(x):
    """The natural logarithm to 1 ulp; -infinity at 0, NaN below."""
    scaled = x * 1.8014398509481984e+16
    normal = np.where(x < 2.2250738585072014e-308, scaled, x)
    shift = np.where(x < 2.2250738585072014e-308, -54.0, 0.0)
    finite = _log_sum(normal, shift, 0.0)
    infinity = _pow2(1024.0)
    invalid = infinity - infinity
    above = np.where(x > 1.7976931348623157e+308, x, finite)
    upward = np.where(x > 0.0, above, invalid)
    return np.where(x == 0.0, -infinity, upward)


def _sine_near(r, rest):
    """sin(r + rest) for |r| <= pi/4 and a rest that is small beside it."""
    z = r * r
    series_4 = -2.5052106232447578e-08 + z * (1.6058531618986147e-10 + z * -7.586697117706918e-13)
    series_2 = -0.00019841269841265065 + z * (2.7557319219339167e-06 + z * series_4)
    series = -0.16666666666666666 + z * (0.008333333333333331 + z * series_2)
    return r + (rest + r * z * series)


def _cosine_near(r, rest):
    """cos(r + rest) for |r| <= pi/4 and a rest that is small beside it."""
    z = r * r
    series_3 = -2.7557317271729793e-07 + z * (2.08761462684032e-09 + z * -1.1382632425521717e-11)
    series_1 = -0.0013888888888887398 + z * (2.480158729876569e-05 + z * series_3)
    series = 0.041666666666666664 + z * series_1
    half = 0.5 * z
    total = 1.0 - half
    error = 1.0 - total - half
    return total + (error + (z * z * series - r * rest))


def _sine_shifted(x, quarters):
    """sin(x + quarters*pi/2) for whole quarters, to 1 ulp for |x| <= 2**20."""
    bounded = np.where(np.abs(x) > 2251799813685248.0, 0.0 * x, x)
    k = bounded * 0.6366197723675814 + 6755399441055744.0 - 6755399441055744.0
    coarse = bounded - k * 1.5707963267341256
    second = k * 6.077100506303966e-11
    fine = coarse - second
    lost = coarse - fine - second
    third = lost - k * 2.0222662487111665e-21
    r = fine + third
    rest = fine - r + third - k * 8.4784276603689e-32
    moved = k + quarters
    turn = moved - 4.0 * (0.25 * moved + 6755399441055744.0 - 6755399441055744.0)
    size = np.abs(turn)
    even = 1.0 - size
    odd = turn * (2.0 - size)
    return even * _sine_near(r, rest) + odd * _cosine_near(r, rest)


def sin(x):
    """The sine to 1 ulp for |x| <= 2**20."""
    return np.where(x == 0.0, x, _sine_shifted(x, 0.0))


def _normal_quantile(p):
    """Where the normal distribution function is p, to 4 ulp; NaN unless 0 < p < 1."""
    q = p - 0.5
    r = 0.180625 - q * q
    centre_A_5 = -31003.968573223076 + r * (-38392.138755716725 + r * -10557.157268402014)
    centre_A_3 = 246.20371194758334 + r * (-7112.5318224166185 + r * centre_A_5)
    centre_A_1 = 27.358341137782098 + r * (253.62343157640666 + r * centre_A_3)
    centre_A = 0.8871328727963667 + r * centre_A_1
    centre_B_5 = 39307.89580009271 + r * (28729.085735721943 + r * 5226.495278852854)
    centre_B_3 = 5394.196021424751 + r * (21213.794301586597 + r * centre_B_5)
    centre_B_1 = 42.31333070160091 + r * (687.1870074920579 + r * centre_B_3)
    centre_B = 1.0 + r * centre_B_1
    centre = 2.5 * q + q * (centre_A / centre_B)
    nearest = np.where(q < 0.0, p, 1.0 - p)
    root = np.sqrt(-log(nearest))
    t = root - 1.6
    tail_C_6 = -0.0008955455689048029 + t * (-4.68472745960678e-05 + t * -1.5761251074666253e-09)
    tail_C_4 = 0.013651285333498265 + t * (-0.003173239309194186 + t * tail_C_6)
    tail_C_2 = 0.1751325362283474 + t * (0.09862007700984883 + t * tail_C_4)
    tail_C = -0.07656288925031643 + t * (0.05055040619990706 + t * tail_C_2)
    tail_D_5 = 0.015198666563616457 + t * (0.0005475938084995345 + t * 1.0507500716444169e-09)
    tail_D_3 = 0.6897673349851 + t * (0.14810397642748008 + t * tail_D_5)
    tail_D_1 = 2.053191626637759 + t * (1.6763848301838038 + t * tail_D_3)
    tail_D = 1.0 + t * tail_D_1
    u = root - 5.0
    far_E_6 = -3.8479056363576125e-07 + u * (-3.308889127536231e-09 + u * -2.9386282111230383e-15)
    far_E_4 = -0.00016250896425452525 + u * (-1.3089915065669312e-05 + u * far_E_6)
    far_E_2 = -0.0017089532352642604 + u * (-0.0006848207111694791 + u * far_E_4)
    far_E = -0.09209535649889622 + u * (-0.02258248308812921 + u * far_E_2)
    far_F_5 = 1.8463183175100548e-05 + u * (1.421511758316446e-07 + u * 2.0442631033899397e-15)
    far_F_3 = 0.014875361290850615 + u * (0.0007868691311456133 + u * far_F_5)
    far_F_1 = 0.599832206555888 + u * (0.1369298809227358 + u * far_F_3)
    far_F = 1.0 + u * far_F_1
    tail = 1.5 + 1.5 * t + tail_C / tail_D
    far = 6.75 + 1.4375 * u + far_E / far_F
    outer = np.where(root <= 5.0, tail, far)
    outside = np.where(q < 0.0, -outer, outer)
    return np.where(np.abs(q) <= 0.425, centre, outside)


def remember(known, value, code):
    """Return the code of values that are not finite, unless an earlier one is known."""
    if np.isfinite(np.dot(value, value)):  # finite unless a value is not, or is huge
        return known
    return np.where((known < 0) & ~np.isfinite(value), code, known)


def function(python, units, types, unit, result):
    """Return a function for Brian2 with its code for the numpy target."""
    names = list("abcdef"[: len(units)])
    made = Function(python, None, units, names, unit, types, result)
    made.implementations.add_implementation("numpy", python)
    return made


FUNCTIONS = {
    "bernoulli_number": function(
        bernoulli_number,
        [1, 1, 1, 1],
        ["integer", "integer", "integer", "float"],
        1,
        "float",
    ),
    "netspec_exp": function(
        exp,
        [1],
        ["float"],
        1,
        "float",
    ),
    "netspec_exprel": function(
        exprel,
        [1],
        ["float"],
        1,
        "float",
    ),
    "netspec_floor": function(
        np.floor,
        [1],
        ["float"],
        1,
        "float",
    ),
    "netspec_integer": function(
        np.int64,
        [1],
        ["float"],
        1,
        "integer",
    ),
    "netspec_max": function(
        maximum,
        [None, "a"],
        ["float", "float"],
        lambda a, b: a,
        "float",
    ),
    "netspec_min": function(
        minimum,
        [None, "a"],
        ["float", "float"],
        lambda a, b: a,
        "float",
    ),
    "netspec_number": function(
        np.float64,
        [None],
        ["float"],
        lambda a: a,
        "float",
    ),
    "netspec_real": function(
        np.float64,
        [1],
        ["integer"],
        1,
        "float",
    ),
    "netspec_sin": function(
        sin,
        [1],
        ["float"],
        1,
        "float",
    ),
    "netspec_sqrt": function(
        np.sqrt,
        [None],
        ["float"],
        lambda a: a**0.5,
        "float",
    ),
    "normal_number": function(
        normal_number,
        [1, 1, 1],
        ["integer", "integer", "integer"],
        1,
        "float",
    ),
    "poisson_number": function(
        poisson_number,
        [1, 1, 1, 1],
        ["integer", "integer", "integer", "float"],
        1,
        "float",
    ),
    "remember": function(
        remember,
        [1, None, 1],
        ["integer", "float", "integer"],
        1,
        "integer",
    ),
    "uniform_number": function(
        uniform_number,
        [1, 1, 1],
        ["integer", "integer", "integer"],
        1,
        "float",
    ),
    "where": function(
        np.where,
        [1, None, "b"],
        ["boolean", "float", "float"],
        lambda a, b, c: b,
        "float",
    ),
    "where_integer": function(
        np.where,
        [1, 1, 1],
        ["boolean", "integer", "integer"],
        1,
        "integer",
    ),
}
# Brian2 reads expressions with sympy, for which a call with a condition is no number unless told.
FUNCTIONS["where"].sympy_func = sympy.Function("where", commutative=True)
DEFAULT_FUNCTIONS["where"] = FUNCTIONS["where"]
FUNCTIONS["where_integer"].sympy_func = sympy.Function("where_integer", commutative=True)
DEFAULT_FUNCTIONS["where_integer"] = FUNCTIONS["where_integer"]


def as_written(code):
    """Return an integration method that runs `code`, whatever the equations."""

    def method(equations, variables, method_options=None):
        return code

    return method


# population gated: 3 x equations
gated_equations = """
dV/dt = (-0.054 * volt - V + 120.0 * (n * n * (n * n)) * (-0.077 * volt - V)) / (0.003 * second) : volt
dn/dt = alpha * (1.0 - n) - beta * n : 1
alpha = 100.0 * hertz / netspec_exprel(-(V + 0.055 * volt) / (0.01 * volt)) : hertz
beta = 125.0 * hertz * netspec_exp(-(V + 0.065 * volt) / (0.08 * volt)) : hertz
not_finite : integer
"""
# the update by dt, integrator exponential_euler
gated_update = """
growth_V = netspec_exprel(dt / (0.003 * second) * -(1.0 + 120.0 * (n * n * (n * n))))
shift_V = dt / (0.003 * second) * (-0.054 * volt - V + 120.0 * (n * n * (n * n)) * (-0.077 * volt - V))
growth_n = netspec_exprel(dt * -(100.0 * hertz / netspec_exprel(-(V + 0.055 * volt) / (0.01 * volt)) + 125.0 * hertz * netspec_exp(-(V + 0.065 * volt) / (0.08 * volt))))
shift_n = dt * (100.0 * hertz / netspec_exprel(-(V + 0.055 * volt) / (0.01 * volt)) * (1.0 - n) - 125.0 * hertz * netspec_exp(-(V + 0.065 * volt) / (0.08 * volt)) * n)
V_next = V + growth_V * shift_V
V = V_next
n_next = n + growth_n * shift_n
n = n_next
not_finite = remember(not_finite, V, 2*t_in_timesteps + 0)
not_finite = remember(not_finite, n, 2*t_in_timesteps + 1)
"""
gated = NeuronGroup(
    3,
    gated_equations,
    method=as_written(gated_update),
    events={
        "snapshot": "t_in_timesteps % 1000 == 0",
    },
    dtype={
        "not_finite": np.int64,
    },
    name="gated",
)
gated.set_event_schedule("snapshot", when="start", order=0)
gated.V = arrays["gated.V"] * volt
gated.n = 0.3
gated.not_finite = -1


# population owns: 5 x equations
owns_equations = """
dI_bath/dt = (mu_bath - I_bath) / tau_bath + sigma_bath * netspec_sqrt(2.0 / tau_bath) * xi_bath : amp
dV/dt = pull + I_syn / (2e-10 * farad) + sigma * netspec_sqrt(2.0 / tau) * xi : volt
ds_gating/dt = alpha_gating * x_gating * (1.0 - s_gating) - s_gating / tau_decay_gating : 1
dtide/dt = (1.0 - tide) / tau : 1  # shared: every neuron keeps the same value
dx_gating/dt = -x_gating / tau_rise_gating : 1
current_listed = amplitude_listed : amp
current_bath = I_bath : amp
current_gap = gathered_gap : amp
pull = (-0.06 * volt + 0.005 * volt * tide - V) / tau : volt/second
unblocked_pool = 1.0 / (1.0 + Mg_pool / beta_pool * netspec_exp(-alpha_pool * (V + gamma_pool))) : 1
current_pool = g_pool * gathered_pool * unblocked_pool * (E_rev_pool - V) : amp
I_syn = current_bath + current_gap + current_listed + current_pool : amp
amplitude_listed = owns_amplitude_listed_table(t, i) : amp
count_var : integer
lot : integer
countdown : integer
previous_V : volt
tested_V : volt
held : boolean
gathered_gap : amp  # summed by gaps
gathered_pool : 1  # summed by pools
draw_0 : 1  # drawn anew in each step
draw_1 : 1  # drawn anew in each step
rate_drive_noise : 1  # drawn anew in each step
events_drive : 1  # drawn anew in each step
E_rev_pool : volt (constant, shared)
Mg_pool : mole/metre**3 (constant, shared)
alpha_gating : hertz (constant, shared)
alpha_pool : 1/volt (constant, shared)
beta_pool : mole/metre**3 (constant, shared)
g_pool : siemens (constant, shared)
gamma_pool : volt (constant, shared)
mu_bath : amp (constant, shared)
on_drive : 1
rate_least_drive : hertz (constant, shared)
rate_mean_drive : hertz (constant, shared)
rate_sd_drive : hertz (constant, shared)
sigma : volt (constant, shared)
sigma_bath : amp (constant, shared)
tau : second (constant, shared)
tau_bath : second (constant, shared)
tau_decay_gating : second (constant, shared)
tau_rise_gating : second (constant, shared)
weight_drive : volt (constant, shared)
weight_drive_on_grid : volt (constant, shared)
acc_K : volt
acc_gating : 1
n_events_later_spike_0 : integer
not_finite : integer
"""
# the update by dt, integrator euler_maruyama
owns_update = """
draw_0 = uniform_number(i, t_in_timesteps, draw_0_key)
draw_1 = normal_number(i, t_in_timesteps, draw_1_key)
rate_drive_noise = normal_number(i, t_in_timesteps // 5, rate_drive_noise_key)
events_drive = poisson_number(i, t_in_timesteps, events_drive_key, where(on_drive > 0.5, netspec_max(rate_mean_drive + rate_sd_drive * rate_drive_noise, rate_least_drive), 0.0 * hertz) * dt)
noise = normal_number(i, t_in_timesteps, noise_key)
noise_bath = normal_number(i, t_in_timesteps, noise_bath_key)
sampled_current_listed = amplitude_listed
held = countdown > 0
countdown = where_integer(countdown > 0, countdown - 1, countdown)
I_bath_next = I_bath + dt * ((mu_bath - I_bath) / tau_bath) + sigma_bath * netspec_sqrt(2.0 / tau_bath) * netspec_sqrt(dt) * noise_bath
V = where(held, V, V + dt * ((-0.06 * volt + 0.005 * volt * tide - V) / tau + (I_bath + gathered_gap + sampled_current_listed + g_pool * gathered_pool * (1.0 / (1.0 + Mg_pool / beta_pool * netspec_exp(-alpha_pool * (V + gamma_pool)))) * (E_rev_pool - V)) / (2e-10 * farad)) + sigma * netspec_sqrt(2.0 / tau) * netspec_sqrt(dt) * noise)
s_gating_next = s_gating + dt * (alpha_gating * x_gating * (1.0 - s_gating) - s_gating / tau_decay_gating)
s_gating = s_gating_next
tide_next = tide + dt * ((1.0 - tide) / tau)
tide = tide_next
x_gating_next = x_gating + dt * (-x_gating / tau_rise_gating)
x_gating = x_gating_next
I_bath = I_bath_next
previous_V = tested_V
tested_V = V
not_finite = remember(not_finite, I_bath, 5*t_in_timesteps + 0)
not_finite = remember(not_finite, V, 5*t_in_timesteps + 1)
not_finite = remember(not_finite, s_gating, 5*t_in_timesteps + 2)
not_finite = remember(not_finite, tide, 5*t_in_timesteps + 3)
not_finite = remember(not_finite, x_gating, 5*t_in_timesteps + 4)
"""
owns_reset = """
V = -0.07 * volt + 0.001 * volt * draw_1
count_var = count_var + 1
lot = 6364136223846793005 * lot + 1442695040888963407
"""
FUNCTIONS["owns_amplitude_listed_table"] = TimedArray(
    arrays["owns_amplitude_listed_table"] * amp,
    dt=30 * dt,
    name="owns_amplitude_listed_table",
)
owns_keys = {
    "draw_0_key": 5675661545328032217,  # spike.when uniform 0
    "draw_1_key": 1761048386691487607,  # spike.then[0] normal 0
    "rate_drive_noise_key": -8578243039674536027,  # rate noise
    "events_drive_key": 995176400750510898,  # events
    "noise_key": 3532516296661132848,  # xi
    "noise_bath_key": 7418633539435240320,  # xi_bath
}
owns = NeuronGroup(
    5,
    owns_equations,
    method=as_written(owns_update),
    threshold="V > -0.06 * volt and draw_0 < 0.3 and not held",
    reset=owns_reset,
    events={
        "rise": "V + 0.065 * volt > 0.0 * volt and previous_V + 0.065 * volt <= 0.0 * volt",
        "snapshot": "t_in_timesteps % 1000 == 0",
        "from_1_to_3_every_2": "t_in_timesteps % 2 == 0 and i >= 1 and i < 3",
        "from_0_to_1_every_2": "t_in_timesteps % 2 == 0 and i < 1",
    },
    dtype={
        "count_var": np.int64,
        "lot": np.int64,
        "countdown": np.int64,
        "n_events_later_spike_0": np.int64,
        "not_finite": np.int64,
    },
    namespace=owns_keys,
    name="owns",
)
owns.set_event_schedule("rise", when="thresholds", order=0)
owns.set_event_schedule("snapshot", when="start", order=0)
owns.set_event_schedule("from_1_to_3_every_2", when="start", order=0)
owns.set_event_schedule("from_0_to_1_every_2", when="start", order=0)
owns_timeline = """
on_drive = where(t_in_timesteps == 20 and i >= 1 and i < 4, 1.0, on_drive)
"""
owns.run_regularly(
    owns_timeline,
    when="before_start",
    name="owns_timeline",
)
owns_immediate = """
fires_spike = V > -0.06 * volt and draw_0 < 0.3 and not held
countdown = where_integer(fires_spike, netspec_integer(where(netspec_floor((0.0005 * second + 0.0001 * second * netspec_real(count_var)) / dt + 0.5) > 0.0, netspec_min(netspec_floor((0.0005 * second + 0.0001 * second * netspec_real(count_var)) / dt + 0.5), netspec_number(2147483647.0)), 0.0)), countdown)
"""
owns.run_regularly(
    owns_immediate,
    when="after_thresholds",
    name="owns_immediate",
)
owns_ports = """
V = where(countdown > 0, V, V + (acc_K + weight_drive_on_grid * events_drive))
x_gating = x_gating + acc_gating
V = where(n_events_later_spike_0 > 0, V - 0.001 * volt, V)
acc_K = 0.0 * volt
acc_gating = 0.0
n_events_later_spike_0 = 0
"""
owns.run_regularly(
    owns_ports,
    when="after_synapses",
    name="owns_ports",
)
owns.I_bath = 0.0 * amp
owns.V = arrays["owns.V"] * volt
owns.count_var = 0
owns.lot = arrays["owns.lot"]
owns.s_gating = 0.0
owns.tide = 0.0
owns.x_gating = 0.0
owns.previous_V = arrays["owns.previous_V"] * volt
owns.tested_V = arrays["owns.tested_V"] * volt
owns.E_rev_pool = 0.0 * volt
owns.Mg_pool = 1.0 * mole/metre**3
owns.alpha_gating = 500.0 * hertz
owns.alpha_pool = 62.0 / volt
owns.beta_pool = 3.57 * mole/metre**3
owns.g_pool = 1e-10 * siemens
owns.gamma_pool = 0.0 * volt
owns.mu_bath = 0.0 * amp
owns.on_drive = 0.0
owns.rate_least_drive = 0.0 * hertz
owns.rate_mean_drive = 2000.0 * hertz
owns.rate_sd_drive = 1000.0 * hertz
owns.sigma = 0.001 * volt
owns.sigma_bath = 2e-11 * amp
owns.tau = 0.005 * second
owns.tau_bath = 0.005 * second
owns.tau_decay_gating = 0.1 * second
owns.tau_rise_gating = 0.002 * second
owns.weight_drive = 0.0003 * volt
owns.weight_drive_on_grid = 0.0003000000142492354 * volt
owns.not_finite = -1


# population pair: 2 x correlated_poisson, common_source
pair_equations = """
common : 1  # drawn anew in each step
own : 1  # drawn anew in each step
correlation : 1 (constant, shared)
"""
pair_keys = {
    "common_key": -5358385532119396221,  # common spikes
    "own_key": -1727816650733364207,  # own spikes
}
pair = NeuronGroup(
    2,
    pair_equations,
    threshold="common > 0.5 or own > 0.5",
    reset="",
    events={
        "snapshot": "t_in_timesteps % 1000 == 0",
    },
    namespace=pair_keys,
    name="pair",
)
pair.set_event_schedule("snapshot", when="start", order=0)
pair_update = """
common = bernoulli_number(0, t_in_timesteps, common_key, correlation * (500.0 * hertz * (1.0 + netspec_sin(t / (0.001 * second))) * dt))
own = bernoulli_number(i, t_in_timesteps, own_key, (500.0 * hertz * (1.0 + netspec_sin(t / (0.001 * second))) * dt - correlation * (500.0 * hertz * (1.0 + netspec_sin(t / (0.001 * second))) * dt)) / (1.0 - correlation * (500.0 * hertz * (1.0 + netspec_sin(t / (0.001 * second))) * dt)))
"""
pair.run_regularly(
    pair_update,
    when="groups",
    name="pair_update",
)
pair.correlation = 0.4


# projection gates: owns -> port gating of owns, 5 edges
gates_model = """
w : 1 (constant, shared)
"""
gates_arrival = """
acc_gating_post += w
"""
gates = Synapses(
    owns,
    owns,
    gates_model,
    on_pre=gates_arrival,
    delay=5 * dt,
    name="gates",
)
gates.connect(i=arrays["gates.sources"], j=arrays["gates.targets"])
gates.w = 1.0


# projection rises: owns.rise -> port K of owns, 5 edges
rises_model = """
w : volt (constant, shared)
"""
rises_arrival = """
acc_K_post += w
"""
rises = Synapses(
    owns,
    owns,
    rises_model,
    on_pre=rises_arrival,
    on_event="rise",
    delay=3 * dt,
    name="rises",
)
rises.connect(i=arrays["rises.sources"], j=arrays["rises.targets"])
rises.w = 0.0005000000237487257 * volt


# delayed action after owns: port later_spike_0 of the same neuron, 5 edges
owns_later_spike_0_arrival = """
n_events_later_spike_0_post += 1
"""
owns_later_spike_0 = Synapses(
    owns,
    owns,
    on_pre=owns_later_spike_0_arrival,
    delay=10 * dt,
    name="owns_later_spike_0",
)
owns_later_spike_0.connect(i=arrays["owns_later_spike_0.sources"], j=arrays["owns_later_spike_0.targets"])


def gather_at_start(synapses, summed, order=-1):
    """Have a sum taken at the start of a step: after the timeline, before anything is recorded."""
    updater = synapses.summed_updaters[summed]
    updater.when, updater.order = "start", order


def sum_of_lanes(lanes, unit, name):
    """Return one neuron whose `value` is the sum of sixteen lanes: 0 + 8, ..., then 0 + 4, ...."""
    terms = [f"lane_{number}" for number in range(16)]
    equations = [*(f"{term} : {unit} (linked)" for term in terms), f"value : {unit}"]
    neuron = NeuronGroup(1, "\n".join(equations), name=name)
    for number, term in enumerate(terms):
        setattr(neuron, term, linked_var(lanes, "value", index=[number]))
    while len(terms) > 1:
        half = len(terms) // 2
        terms = [f"({a} + {b})" for a, b in zip(terms[:half], terms[half:], strict=True)]
    neuron.run_regularly(f"value = {terms[0]}", when="start", order=-2)
    return neuron


# gather gaps: owns -> gathered_gap of owns, 15 edges
gaps_model = """
w : siemens (constant, shared)
gathered_gap_post = w * (V_pre - V_post) : amp (summed)
"""
gaps = Synapses(
    owns,
    owns,
    gaps_model,
    name="gaps",
)
gaps.connect(i=arrays["gaps.sources"], j=arrays["gaps.targets"])
gather_at_start(gaps, "gathered_gap_post")
gaps.w = 9.999999717180685e-10 * siemens


# pool of pools: the neurons 0 to 4 of owns, in sixteen lanes
pools_lanes = NeuronGroup(16, "value : 1", name="pools_lanes")
pools_into_lanes = Synapses(
    owns,
    pools_lanes,
    "value_post = s_gating_pre : 1 (summed)",
    name="pools_into_lanes",
)
pools_into_lanes.connect(i=np.arange(0, 5), j=np.arange(5) % 16)
gather_at_start(pools_into_lanes, "value_post", order=-3)
pools_sum = sum_of_lanes(pools_lanes, "1", "pools_sum")


# gather pools: pools_sum -> gathered_pool of owns, 3 targets
pools_model = """
w : 1 (constant, shared)
gathered_pool_post = w * value_pre : 1 (summed)
"""
pools = Synapses(
    pools_sum,
    owns,
    pools_model,
    name="pools",
)
pools.connect(i=np.zeros(3, int), j=arrays["pools.targets"])
gather_at_start(pools, "gathered_pool_post")
pools.w = 1.0


# what is kept: all spikes, the recordings, and the whole state every 1000 steps for its digest
owns_spikes = SpikeMonitor(owns, name="owns_spikes")
owns_rise_spikes = EventMonitor(owns, "rise", name="owns_rise_spikes")
pair_spikes = SpikeMonitor(pair, name="pair_spikes")
gated_snapshots = EventMonitor(
    gated,
    "snapshot",
    variables=["V", "n"],
    when="start",
    order=1,
    name="gated_snapshots",
)
owns_snapshots = EventMonitor(
    owns,
    "snapshot",
    variables=["I_bath", "V", "count_var", "lot", "s_gating", "tide", "x_gating", "countdown"],
    when="start",
    order=1,
    name="owns_snapshots",
)
pair_snapshots = EventMonitor(
    pair,
    "snapshot",
    variables=[],
    when="start",
    order=1,
    name="pair_snapshots",
)
owns_samples_from_1_to_3_every_2 = EventMonitor(
    owns,
    "from_1_to_3_every_2",
    variables=["V", "count_var", "current_bath", "current_listed", "pull"],
    when="start",
    order=1,
    name="owns_samples_from_1_to_3_every_2",
)
owns_samples_from_0_to_1_every_2 = EventMonitor(
    owns,
    "from_0_to_1_every_2",
    variables=["tide"],
    when="start",
    order=1,
    name="owns_samples_from_0_to_1_every_2",
)

MONITORS = {
    "owns": owns_spikes,
    "owns.rise": owns_rise_spikes,
    "pair": pair_spikes,
}

network = Network(
    gated,
    owns,
    pair,
    gates,
    rises,
    owns_later_spike_0,
    gaps,
    pools_lanes,
    pools_into_lanes,
    pools_sum,
    pools,
    owns_spikes,
    owns_rise_spikes,
    pair_spikes,
    gated_snapshots,
    owns_snapshots,
    pair_snapshots,
    owns_samples_from_1_to_3_every_2,
    owns_samples_from_0_to_1_every_2,
)


class Watched(NamedTuple):
    """What is looked at in a population.

    Attributes:
        snapshots: Its state, kept now and then for its digest, or None.
        state: Brian2's names of the declared variables.
        shared: Those that are one value for all.
        countdown: Brian2's name of the refractory countdown, or None.
        not_finite: Brian2's name of the variable that remembers, or None.
    """

    group: NeuronGroup
    snapshots: EventMonitor
    state: dict
    shared: list
    countdown: str
    not_finite: str


WATCHED = {
    "gated": Watched(
        gated,
        gated_snapshots,
        {"V": "V", "n": "n"},
        [],
        None,
        "not_finite",
    ),
    "owns": Watched(
        owns,
        owns_snapshots,
        {"I_bath": "I_bath", "V": "V", "count": "count_var", "lot": "lot", "s_gating": "s_gating", "tide": "tide", "x_gating": "x_gating"},
        ["tide"],
        "countdown",
        "not_finite",
    ),
    "pair": Watched(
        pair,
        pair_snapshots,
        {},
        [],
        None,
        None,
    ),
}


def values(owner, name):
    """Return what a group or monitor holds, in SI without units."""
    return np.asarray(getattr(owner, f"{name}_")[:])


def first_non_finite(completed):
    """Return the first step, population, index and variable that was not finite, or None."""
    found = []
    for population, watched in WATCHED.items():
        real = [n for n in watched.state if values(watched.group, watched.state[n]).dtype == float]
        if watched.not_finite:
            codes = values(watched.group, watched.not_finite)
            for index in np.flatnonzero(codes >= 0).tolist():
                step, number = divmod(int(codes[index]), len(real))
                found.append((step, population, index, real[number]))
        if completed == STEPS:
            for name in real:
                last = values(watched.group, watched.state[name])
                for index in np.flatnonzero(~np.isfinite(last)).tolist():
                    found.append((STEPS, population, index, name))
    return min(found, default=None)


def hash_snapshots(watched, hashed):
    """Hash the state of a population as it was at the snapshots."""
    if watched.snapshots is None:
        return
    size = len(watched.group)
    seen = [
        values(watched.snapshots, own).reshape(-1, size)[:, : width(watched, name)]
        for name, own in watched.state.items()
    ]
    rows = values(watched.snapshots, "i").size // size
    countdown = np.zeros((rows, size), np.int64)
    if watched.countdown:
        countdown = values(watched.snapshots, watched.countdown).reshape(-1, size)
    for row in range(rows):
        for each in (*seen, countdown):
            hashed.update(np.ascontiguousarray(each[row]))


def state_digest(watched, hashed):
    """Return the digest of the state of a population after it was hashed as it is at the end."""
    size = len(watched.group)
    for name, own in watched.state.items():
        hashed.update(np.ascontiguousarray(values(watched.group, own)[: width(watched, name)]))
    last = values(watched.group, watched.countdown) if watched.countdown else np.zeros(size)
    hashed.update(np.ascontiguousarray(last.astype(np.int64)))
    return hashed.hexdigest()


def width(watched, name):
    """Return how many values a variable has."""
    return 1 if name in watched.shared else len(watched.group)


state_digests = {name: hashlib.sha256() for name in WATCHED}


AT_START = None  # where the state is not finite before step 0


def require_subnormals():
    """Refuse to run where subnormal numbers are flushed to zero: results would differ."""
    numbers = np.array([5e-324, 2.2250738585072014e-308]) * np.array([1.0, 0.5])
    if not numbers.all():
        raise FloatingPointError(
            "subnormal numbers are switched off in this process, by a library that was built with "
            "-Ofast or -ffast-math; run the program in a process that does not load it"
        )


def within(numbers, edges):
    """Tell which numbers lie in stretches that are given as first, end, first, end, ..."""
    if len(edges) == 2:  # most often there is one, and no search is needed
        return (edges[0] <= numbers) & (numbers < edges[1])
    return np.searchsorted(edges, numbers, side="right") % 2 == 1


class Spikes:
    """Number and digest of all spikes of an object, and what is recorded of them.

    Attributes:
        views: Neurons whose spikes are kept, as first, end, first, end, ...
        windows: Steps whose spikes are kept, likewise.
        counts: Numbers of spikes that are asked for.
    """

    def __init__(self, views=(), windows=(0, STEPS), counts=()):
        """Begin without spikes."""
        self.views, self.windows, self.counts = views, windows, counts
        self.count, self.hashed = 0, hashlib.sha256()
        self.kept = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]

    def add(self, steps, indices):
        """Take the spikes that come next, in the order of step and index."""
        self.count += steps.size
        self.hashed.update(np.stack((steps, indices), axis=1).astype("<i8", copy=False))
        seen = within(indices, self.views) & within(steps, self.windows)
        if seen.any():
            self.kept.append((steps[seen], indices[seen]))
        for each in self.counts:
            each.add(steps, indices)

    def tally(self):
        """Return number and digest of all spikes."""
        return self.count, self.hashed.hexdigest()

    def record(self):
        """Return steps and indices of what is recorded."""
        return tuple(np.concatenate(parts) for parts in zip(*self.kept, strict=True))


kept = {
    "gated": Spikes(),
    "owns": Spikes(views=(0, 5)),
    "owns.rise": Spikes(views=(0, 5)),
    "pair": Spikes(views=(0, 2)),
}


def hand_over(n_steps):
    """Give the spikes of the first steps, and snapshots, to those who count, keep or hash them."""
    for name, monitor in MONITORS.items():
        steps = np.rint(values(monitor, "t") / float(dt)).astype(np.int64)
        indices = values(monitor, "i").astype(np.int64)
        new = steps < n_steps
        if new.any():
            kept[name].add(steps[new], indices[new])
        forget(monitor)
    for name, watched in WATCHED.items():
        hash_snapshots(watched, state_digests[name])
        forget(watched.snapshots)


def forget(monitor):
    """Make a monitor as empty as it was at first."""
    if monitor is not None:
        monitor.resize(0)
        monitor.variables["N"].set_value(0)


def hand_over_lately():
    """Hand over, while running, what has come since the last time."""
    found = AT_START or first_non_finite(0)
    hand_over(found[0] if found else STEPS)


# So that memory does not grow with the run but by what is recorded.
network.add(NetworkOperation(hand_over_lately, dt=1000 * dt, when="end", name="hand_over"))


def samples(monitor, name, width, rows, dtype):
    """Return the first samples of a recording, a row for each."""
    if monitor is None:
        return np.zeros((rows, width), dtype)
    seen = values(monitor, name)
    table = seen.T if seen.ndim == 2 else seen.reshape(-1, width)
    seen = table[:rows]  # of one column if all neurons have one value
    return np.ascontiguousarray(np.broadcast_to(seen, (len(seen), width)), dtype)


def simulate(report=None, report_period=10 * second):
    """Run the network.

    Args:
        report: As for Brian2's `Network.run`.
        report_period: As for Brian2's `Network.run`.

    Returns:
        A dictionary: the number of completed `steps`; `tallies`, number and digest of all spikes by
        object; `spikes`, steps and indices of those that are recorded; `states`, the samples of
        each recording; `counts`, the numbers of spikes that are asked for; `state_digests` by
        population; `non_finite`, None or the first step, population, index and variable where
        state was not finite.
    """
    require_subnormals()
    network.run(STEPS * dt, report=report, report_period=report_period, namespace=FUNCTIONS)
    steps = begun = round(float(defaultclock.t / dt))
    non_finite = AT_START or first_non_finite(steps)
    if non_finite is not None:
        steps = non_finite[0]
        begun = 0 if AT_START else min(steps + 1, begun)
    hand_over(steps)
    return {
        "steps": steps,
        "tallies": {name: each.tally() for name, each in kept.items()},
        "spikes": {
            "owns": kept["owns"].record(),
            "owns.rise": kept["owns.rise"].record(),
            "pair": kept["pair"].record(),
        },
        "states": [
            samples(
                owns_samples_from_1_to_3_every_2,
                "V",
                width=2,
                rows=-(-begun // 2),
                dtype=np.float64,
            ),
            samples(
                owns_samples_from_1_to_3_every_2,
                "count_var",
                width=2,
                rows=-(-begun // 2),
                dtype=np.int64,
            ),
            samples(
                owns_samples_from_1_to_3_every_2,
                "current_bath",
                width=2,
                rows=-(-begun // 2),
                dtype=np.float64,
            ),
            samples(
                owns_samples_from_1_to_3_every_2,
                "current_listed",
                width=2,
                rows=-(-begun // 2),
                dtype=np.float64,
            ),
            samples(
                owns_samples_from_1_to_3_every_2,
                "pull",
                width=2,
                rows=-(-begun // 2),
                dtype=np.float64,
            ),
            samples(
                owns_samples_from_0_to_1_every_2,
                "tide",
                width=1,
                rows=-(-begun // 2),
                dtype=np.float64,
            ),
        ],
        "counts": [],
        "state_digests": {
            name: state_digest(watched, state_digests[name])
            for name, watched in WATCHED.items()
            if non_finite is None
        },
        "non_finite": non_finite,
    }


def combined_digest(digests):
    """Return one digest for several named ones."""
    parts = (name.encode() + b"\0" + bytes.fromhex(digests[name]) for name in sorted(digests))
    return hashlib.sha256(b"".join(parts)).hexdigest()


def print_result(result):
    """Print what a run did: spikes and digest of every object, then digests of the whole."""
    for name, (count, digest) in result["tallies"].items():
        print(f"{name}: {count} spikes, {digest}")
    digests = {name: digest for name, (_, digest) in result["tallies"].items()}
    print(f"digest {combined_digest(digests)}")
    if result["state_digests"]:
        print(f"state digest {combined_digest(result['state_digests'])}")
    if result["non_finite"] is not None:
        step, population, index, variable = result["non_finite"]
        sys.exit(f"not finite in step {step}: {population}[{index}], variable {variable}")
    if result["steps"] < STEPS:
        sys.exit(f"stopped after {result['steps']} of {STEPS} steps")


if __name__ == "__main__":
    print_result(simulate())
