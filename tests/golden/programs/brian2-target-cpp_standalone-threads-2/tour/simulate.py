"""tour: a network of spiking neurons as a Brian2 script, made by netspec.

fingerprint  5874e5b5b527d90f4570131f1ac33c2a672b8c2545c5554f60935223a9ba3887
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
import os
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
    NeuronGroup,
    SpikeGeneratorGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    amp,
    defaultclock,
    device,
    farad,
    ohm,
    prefs,
    second,
    set_device,
    siemens,
    volt,
)

HERE = Path(__file__).resolve().parent

# Arithmetic as it is written: doubles, nothing reordered, contracted or approximated.
np.seterr(all="ignore")  # what is not finite is found by looking
prefs.core.default_float_dtype = np.float64
prefs.codegen.loop_invariant_optimisations = False
prefs.codegen.cpp.extra_compile_args = ["-O3", "-w", "-ffp-contract=off", "-fwrapv", "-std=c++17"]
prefs.devices.cpp_standalone.openmp_threads = 2
prefs.devices.cpp_standalone.extra_make_args_unix = [f"-j{len(os.sched_getaffinity(0))}"]
set_device("cpp_standalone", directory=str(HERE / "standalone"))
# The compiled program refuses to run where one of its threads flushes subnormal numbers to zero.
device.insert_code("main", r"""
{
    bool flushes = false;
    #pragma omp parallel reduction(||:flushes)
    {
        volatile double least = 5e-324, normal = 2.2250738585072014e-308, one = 1.0, half = 0.5;
        flushes = least * one == 0.0 || normal * half == 0.0;
    }
    if (flushes) {
        std::cerr << "FloatingPointError: subnormal numbers are switched off in the compiled program; "
                     "compile it without -Ofast and -ffast-math" << std::endl;
        return 1;
    }
}
""")

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


@lru_cache(maxsize=1)
def numbers_of_steps(draw, key, first_step, n_steps, size):
    """Return what `draw` makes of a stream for some consecutive steps, a row for each."""
    return draw(key_words(key), first_step, n_steps, size)


def numbers_of_step(draw, key, step, size):
    """Return what `draw` makes of a stream for one step; it does so for several at a time."""
    step, n_steps = int(step), max(1, 50_000 // size)
    rows = numbers_of_steps(draw, int(key), step - step % n_steps, n_steps, size)
    return rows[step % n_steps]


def high_halves(key, first_step, n_steps, size):
    """Return the high halves of draws of 64 bits."""
    return words_of_steps(key, first_step, n_steps, size, 0).astype(np.int64)


def poisson_spikes(i, step, key, high, low):
    """Tell which neurons fire: those whose 64-bit draw is below high * 2**32 + low.

    The low half of a draw is needed, and made, only where the high half is as large as `high`.
    """
    draws = numbers_of_step(high_halves, key, step, high.size)
    fires = draws < high
    ties = np.flatnonzero(draws == high)
    if ties.size:
        blocks = (ties // 4).astype(np.uint64)
        words = random_words(key_words(key), np.full_like(blocks, step), blocks, 1)
        fires[ties] = np.choose(ties % 4, words).astype(np.int64) < low[ties]
    return fires


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


def log1p(x):
    """log(1 + x) to 1 ulp; -infinity at -1, NaN below."""
    u = 1.0 + x
    lost_of_one = 1.0 - (u - x)
    lost_of_x = x - (u - 1.0)
    lost = np.where(x > 1.0, lost_of_one, lost_of_x)
    finite = _log_sum(u, 0.0, lost / u)
    infinity = _pow2(1024.0)
    invalid = infinity - infinity
    above = np.where(x > 1.7976931348623157e+308, x, finite)
    upward = np.where(x > -1.0, above, invalid)
    downward = np.where(x == -1.0, -infinity, upward)
    return np.where(x == 0.0, x, downward)


def remember(known, value, code):
    """Return the code of values that are not finite, unless an earlier one is known."""
    if np.isfinite(np.dot(value, value)):  # finite unless a value is not, or is huge
        return known
    return np.where((known < 0) & ~np.isfinite(value), code, known)


C_FUNCTIONS = """
#ifndef NETSPEC_FUNCTIONS
#define NETSPEC_FUNCTIONS
#include <math.h>
#include <stdint.h>
#include <string.h>

static inline double netspec_real(int64_t whole) { return (double)whole; }

/* The code of a value that is not finite, unless one is known already. */
static inline int64_t remember(int64_t known, double value, int64_t code) {
    return known < 0 && !(value - value == 0.0) ? code : known;
}

static inline double where(bool condition, double chosen, double otherwise) {
    return condition ? chosen : otherwise;
}

static inline int64_t where_integer(bool condition, int64_t chosen, int64_t otherwise) {
    return condition ? chosen : otherwise;
}

static inline double netspec_abs(double x) { return fabs(x); }

static inline double netspec_sqrt(double x) { return sqrt(x); }

/* The whole e of x = m * 2**e with 1 <= m < 2, for positive normal x. */
static inline double netspec_exponent(double x) {
    uint64_t bits;
    double shifted;
    memcpy(&bits, &x, sizeof bits);
    /* As the low bits of 2**52 + e + 1023: no conversion, so it vectorises everywhere. */
    bits = (bits >> 52) | UINT64_C(0x4330000000000000);
    memcpy(&shifted, &bits, sizeof shifted);
    return shifted - 4503599627371519.0;
}

/* The m of x = m * 2**e with 1 <= m < 2, for positive normal x. */
static inline double netspec_mantissa(double x) {
    uint64_t bits;
    double fraction;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits & UINT64_C(0x000FFFFFFFFFFFFF)) | UINT64_C(0x3FF0000000000000);
    memcpy(&fraction, &bits, sizeof fraction);
    return fraction;
}

/* 2**k for whole k from -1022 to 1023, infinity for 1024. */
static inline double netspec_pow2(double k) {
    /* In this sum, k + 1023 is what the low bits hold: the exponent field of the result. */
    double shifted = k + 6755399441056767.0;
    double power;
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = bits << 52;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* The smaller of two numbers; NaN if one is NaN. */
static inline double netspec_min(double a, double b) {
    return (a < b || a != a ? a : b);
}

/* e**r - 1 - r for |r| <= ln(2)/2. */
static inline double netspec_exp_tail(double r) {
    const double square = r * r;
    const double fourth = square * square;
    const double series_0 = 0.1666666666666667 + r * 0.04166666666666667;
    const double series_2 = 0.008333333333326141 + r * 0.0013888888888883752;
    const double series_4 = 0.00019841269874800493 + r * 2.4801587325533363e-05;
    const double series_6 = 2.7557255425746435e-06 + r * 2.7557273661348637e-07;
    const double series_8 = 2.510520637395701e-08 + r * 2.0914679376583935e-09;
    const double series_from_4 = series_4 + square * series_6 + fourth * series_8;
    const double series = series_0 + square * series_2 + fourth * series_from_4;
    return 0.5 * square + r * square * series;
}

/* The product x * 2**k for a whole k within [-1080, 1080], rounded once if subnormal. */
static inline double netspec_scale(double x, double k) {
    const double half = 0.5 * k + 6755399441055744.0 - 6755399441055744.0;
    return x * netspec_pow2(half) * netspec_pow2(k - half);
}

/* e**x to 1 ulp. */
static inline double netspec_exp(double x) {
    const double below = (x > 710.0 ? 710.0 : x);
    const double bounded = (below < -746.0 ? -746.0 : below);
    const double k = bounded * 1.4426950408889634 + 6755399441055744.0 - 6755399441055744.0;
    const double high = bounded - k * 0.6931471803691238;
    const double low = k * 1.9082149292705877e-10;
    return netspec_scale(1.0 + (high + (netspec_exp_tail(high - low) - low)), k);
}

/* log(normal * 2**shift) + extra for a positive normal number and a whole shift. */
static inline double netspec_log_sum(double normal, double shift, double extra) {
    const double fraction = netspec_mantissa(normal);
    const double half = 0.5 * fraction;
    const double m = (fraction > 1.4142135623730951 ? half : fraction);
    const double carry = (fraction > 1.4142135623730951 ? 1.0 : 0.0);
    const double e = netspec_exponent(normal) + shift + carry;
    const double f = m - 1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;
    const double upper = 0.18182889125261723 + z * (0.15331721600556042 + z * 0.14616449685043406);
    const double middle = 0.28571428625975487 + z * (0.2222221113479508 + z * upper);
    const double series = z * (0.666666666666667 + z * (0.39999999999899505 + z * middle));
    const double square = 0.5 * f * f;
    const double low = s * (square + series) + (e * 1.9082149292705877e-10 + extra) - square;
    const double whole = e * 0.6931471803691238;
    const double total = whole + f;
    const double error = whole - total + f;
    return total + (error + low);
}

/* log(1 + x) to 1 ulp; -infinity at -1, NaN below. */
static inline double netspec_log1p(double x) {
    const double u = 1.0 + x;
    const double lost_of_one = 1.0 - (u - x);
    const double lost_of_x = x - (u - 1.0);
    const double lost = (x > 1.0 ? lost_of_one : lost_of_x);
    const double finite = netspec_log_sum(u, 0.0, lost / u);
    const double infinity = netspec_pow2(1024.0);
    const double invalid = infinity - infinity;
    const double above = (x > 1.7976931348623157e+308 ? x : finite);
    const double upward = (x > -1.0 ? above : invalid);
    const double downward = (x == -1.0 ? -infinity : upward);
    return (x == 0.0 ? x : downward);
}

/* Philox4x32-10 (Salmon et al. 2011): word `index` of a block. */
static inline uint32_t philox(
    uint64_t block, uint64_t step, uint32_t lane, uint32_t k0, uint32_t k1, int index
) {
    uint32_t c[4] = {
        (uint32_t)block, (uint32_t)step, lane, (uint32_t)((step >> 32) | (block >> 32 << 16))
    };
    for (int number = 0; number < 10; number++) {
        const uint64_t product0 = UINT64_C(0xD2511F53) * c[0];
        const uint64_t product1 = UINT64_C(0xCD9E8D57) * c[2];
        c[0] = (uint32_t)(product1 >> 32) ^ c[1] ^ k0;
        c[1] = (uint32_t)product1;
        c[2] = (uint32_t)(product0 >> 32) ^ c[3] ^ k1;
        c[3] = (uint32_t)product0;
        k0 += UINT32_C(0x9E3779B9);
        k1 += UINT32_C(0xBB67AE85);
    }
    return c[index];
}

/* One half of the 64-bit draw of a neuron in a step: lane 0 is the high one, lane 1 the low one. */
static inline uint32_t drawn(int64_t i, int64_t step, int64_t key, uint32_t lane) {
    const uint32_t k0 = (uint32_t)key, k1 = (uint32_t)((uint64_t)key >> 32);
    return philox((uint64_t)i / 4, (uint64_t)step, lane, k0, k1, (int)(i % 4));
}

/* Whether a 64-bit draw is below high * 2**32 + low; the low half is drawn only for a tie. */
static inline bool poisson_spikes(
    int64_t i, int64_t step, int64_t key, int64_t high, int64_t low
) {
    const int64_t draw = drawn(i, step, key, 0);
    return draw < high || (draw == high && drawn(i, step, key, 1) < low);
}
#endif
"""


def function(name, declaration, python, units, types, unit, result):
    """Return a function for Brian2 with its code for compiled targets."""
    names = list("abcdef"[: len(units)])
    made = Function(python, None, units, names, unit, types, result)
    made.implementations.add_implementation("numpy", python)
    made.implementations.add_implementation("cpp", C_FUNCTIONS, name=name)
    text = 'cdef extern from *:\n    """' + C_FUNCTIONS + f'    """\n    {declaration}\n'
    made.implementations.add_implementation("cython", text, name=name)
    return made


FUNCTIONS = {
    "netspec_abs": function(
        "netspec_abs",
        "double netspec_abs(double)",
        np.abs,
        [None],
        ["float"],
        lambda a: a,
        "float",
    ),
    "netspec_exp": function(
        "netspec_exp",
        "double netspec_exp(double)",
        exp,
        [1],
        ["float"],
        1,
        "float",
    ),
    "netspec_log1p": function(
        "netspec_log1p",
        "double netspec_log1p(double)",
        log1p,
        [1],
        ["float"],
        1,
        "float",
    ),
    "netspec_min": function(
        "netspec_min",
        "double netspec_min(double, double)",
        minimum,
        [None, "a"],
        ["float", "float"],
        lambda a, b: a,
        "float",
    ),
    "netspec_real": function(
        "netspec_real",
        "double netspec_real(int64_t)",
        np.float64,
        [1],
        ["integer"],
        1,
        "float",
    ),
    "netspec_sqrt": function(
        "netspec_sqrt",
        "double netspec_sqrt(double)",
        np.sqrt,
        [None],
        ["float"],
        lambda a: a**0.5,
        "float",
    ),
    "poisson_spikes": function(
        "poisson_spikes",
        "bint poisson_spikes(int64_t, int64_t, int64_t, int64_t, int64_t)",
        poisson_spikes,
        [1, 1, 1, 1, 1],
        ["integer", "integer", "integer", "integer", "integer"],
        bool,
        "boolean",
    ),
    "remember": function(
        "remember",
        "int64_t remember(int64_t, double, int64_t)",
        remember,
        [1, None, 1],
        ["integer", "float", "integer"],
        1,
        "integer",
    ),
    "where": function(
        "where",
        "double where(bint, double, double)",
        np.where,
        [1, None, "b"],
        ["boolean", "float", "float"],
        lambda a, b, c: b,
        "float",
    ),
    "where_integer": function(
        "where_integer",
        "int64_t where_integer(bint, int64_t, int64_t)",
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


# population owns: 5 x equations
owns_equations = """
ds_S/dt = -s_S / tau_S : 1
dw/dt = (where(x > level / 2.0 and not w > 1.0, x * x, netspec_log1p(netspec_abs(x))) - w) / tau : 1
dx/dt = (gain * netspec_exp(netspec_min(x, level)) - w + netspec_sqrt(t / tau)) / tau : 1
countdown : integer
held : boolean
gain : 1 (shared)
level : 1 (constant)
pause : second (constant)
tau : second (constant, shared)
tau_S : second (constant, shared)
steps_held : integer (constant)
x_at_50 : 1 (constant)
acc_P : 1
acc_S : 1
n_events_S : integer
not_finite : integer
"""
# the update by dt, integrator euler
owns_update = """
held = countdown > 0
countdown = where_integer(countdown > 0, countdown - 1, countdown)
s_S_next = s_S + dt * (-s_S / tau_S)
s_S = s_S_next
w_next = w + dt * ((where(x > level / 2.0 and not w > 1.0, x * x, netspec_log1p(netspec_abs(x))) - w) / tau)
x_next = x + dt * ((gain * netspec_exp(netspec_min(x, level)) - w + netspec_sqrt(t / tau)) / tau)
x = x_next
w = w_next
not_finite = remember(not_finite, s_S, 3*t_in_timesteps + 0)
not_finite = remember(not_finite, w, 3*t_in_timesteps + 1)
not_finite = remember(not_finite, x, 3*t_in_timesteps + 2)
"""
owns_reset = """
x_next = x / 4.0
x = x_next
w_next = w + 0.1
w = w_next
"""
owns = NeuronGroup(
    5,
    owns_equations,
    method=as_written(owns_update),
    threshold="x > level and not held",
    reset=owns_reset,
    events={
        "snapshot": "t_in_timesteps % 1000 == 0",
        "from_0_to_2_in_windows_0": "(t_in_timesteps >= 0 and t_in_timesteps < 50) and i < 2",
    },
    dtype={
        "countdown": np.int64,
        "steps_held": np.int64,
        "n_events_S": np.int64,
        "not_finite": np.int64,
    },
    name="owns",
)
owns.set_event_schedule("snapshot", when="start", order=0)
owns.set_event_schedule("from_0_to_2_in_windows_0", when="start", order=0)
owns_timeline = """
gain = where(t_in_timesteps == 50, 0.9, gain)
x = where(t_in_timesteps == 50 and i >= 1 and i < 3, x_at_50, x)
"""
owns.run_regularly(
    owns_timeline,
    when="before_start",
    name="owns_timeline",
)
owns_immediate = """
fires_spike = x > level and not held
countdown = where_integer(fires_spike, steps_held, countdown)
"""
owns.run_regularly(
    owns_immediate,
    when="after_thresholds",
    name="owns_immediate",
)
owns_ports = """
x = x + acc_P
s_S_next = s_S + netspec_real(n_events_S) * 0.05 * (1.0 - s_S) + 0.0 * acc_S
s_S = s_S_next
acc_P = 0.0
acc_S = 0.0
n_events_S = 0
"""
owns.run_regularly(
    owns_ports,
    when="after_synapses",
    name="owns_ports",
)
owns.s_S = 0.0
owns.w = 0.5
owns.x = arrays["owns.x"]
owns.gain = 0.8
owns.level = arrays["owns.level"]
owns.pause = arrays["owns.pause"] * second
owns.tau = 0.01 * second
owns.tau_S = 0.005 * second
owns.steps_held = arrays["owns.steps_held"]
owns.x_at_50 = arrays["owns.x_at_50"]
owns.not_finite = -1


# population relays: 4 x leaky_if
relays_equations = """
dI_I/dt = -I_I / tau_decay_I : amp
dV/dt = (g_L * (E_L - V) + I_syn + I_e) / C_m : volt
current_I = I_I : amp
I_syn = current_I : amp
countdown : integer
held : boolean
C_m : farad (constant, shared)
E_L : volt (constant, shared)
I_e : amp (shared)
V_reset : volt (constant, shared)
V_th : volt (constant, shared)
g_L : siemens (constant, shared)
t_ref : second (constant, shared)
tau_decay_I : second (constant, shared)
propagator_0_0 : 1 (shared)
propagator_1_0 : ohm (shared)
propagator_1_1 : 1 (shared)
propagator_1 : volt (shared)
steps_held : integer (constant, shared)
acc_I : amp
not_finite : integer
"""
# the update by dt, integrator exact
relays_update = """
held = countdown > 0
countdown = where_integer(countdown > 0, countdown - 1, countdown)
I_I_next = propagator_0_0 * I_I
V = where(held, V, propagator_1_0 * I_I + propagator_1_1 * V + propagator_1)
I_I = I_I_next
not_finite = remember(not_finite, I_I, 2*t_in_timesteps + 0)
not_finite = remember(not_finite, V, 2*t_in_timesteps + 1)
"""
relays_reset = """
V = V_reset
"""
relays = NeuronGroup(
    4,
    relays_equations,
    method=as_written(relays_update),
    threshold="V > V_th and not held",
    reset=relays_reset,
    events={
        "snapshot": "t_in_timesteps % 1000 == 0",
        "from_1_to_3_every_5": "t_in_timesteps % 5 == 0 and i >= 1 and i < 3",
    },
    dtype={
        "countdown": np.int64,
        "steps_held": np.int64,
        "not_finite": np.int64,
    },
    name="relays",
)
relays.set_event_schedule("snapshot", when="start", order=0)
relays.set_event_schedule("from_1_to_3_every_5", when="start", order=0)
relays_timeline = """
I_e = where(t_in_timesteps == 50, 2.5e-10 * amp, I_e)
propagator_0_0 = where(t_in_timesteps == 50, 0.951229424500714, propagator_0_0)
propagator_1_0 = where(t_in_timesteps == 50, 345259.79007745016 * ohm, propagator_1_0)
propagator_1_1 = where(t_in_timesteps == 50, 0.9893806313042722, propagator_1_1)
propagator_1 = where(t_in_timesteps == 50, -0.0006612326907873144 * volt, propagator_1)
"""
relays.run_regularly(
    relays_timeline,
    when="before_start",
    name="relays_timeline",
)
relays_immediate = """
fires_spike = V > V_th and not held
countdown = where_integer(fires_spike, steps_held, countdown)
"""
relays.run_regularly(
    relays_immediate,
    when="after_thresholds",
    name="relays_immediate",
)
relays_ports = """
I_I = I_I + acc_I
acc_I = 0.0 * amp
"""
relays.run_regularly(
    relays_ports,
    when="after_synapses",
    name="relays_ports",
)
relays.I_I = 0.0 * amp
relays.V = -0.0706 * volt
relays.C_m = 2.81e-10 * farad
relays.E_L = -0.0706 * volt
relays.I_e = 2e-10 * amp
relays.V_reset = -0.0656 * volt
relays.V_th = -0.0504 * volt
relays.g_L = 3e-08 * siemens
relays.t_ref = 0.002 * second
relays.tau_decay_I = 0.002 * second
relays.propagator_0_0 = 0.951229424500714
relays.propagator_1_0 = 345259.79007745016 * ohm
relays.propagator_1_1 = 0.9893806313042722
relays.propagator_1 = -0.0006789316386135273 * volt
relays.steps_held = 20
relays.not_finite = -1


# source rain: fires where a 64-bit draw is below high*2**32 + low
rain_equations = """
high : integer
low : integer
"""
rain_keys = {
    "key": 4026700830277080806,  # spikes
}
rain = NeuronGroup(
    6,
    rain_equations,
    threshold="poisson_spikes(i, t_in_timesteps, key, high, low)",
    reset="",
    dtype={
        "high": np.int64,
        "low": np.int64,
    },
    namespace=rain_keys,
    name="rain",
)
rain_timeline = """
high = where_integer(t_in_timesteps == 40 and i >= 2 and i < 5, 429496729, high)
low = where_integer(t_in_timesteps == 40 and i >= 2 and i < 5, 2576980480, low)
"""
rain.run_regularly(
    rain_timeline,
    when="before_start",
    name="rain_timeline",
)
rain.high = 171798691
rain.low = 3607772544


# source beats: 3 listed events
beats = SpikeGeneratorGroup(
    2,
    arrays["beats.indices"],
    arrays["beats.steps"] * dt,
    name="beats",
)


# projection back: owns -> port I of relays, 20 edges
back_model = """
w_2 : amp (constant)
w_1 : amp (constant)
"""
back_arrival = """
acc_I_post += where(t_in_timesteps < 40, w_2, w_1)
"""
back = Synapses(
    owns,
    relays,
    back_model,
    on_pre=back_arrival,
    name="back",
)
back.connect(i=arrays["back.sources"], j=arrays["back.targets"])
back.w_2 = arrays["back.w_2"] * amp
back.w_1 = arrays["back.w_1"] * amp
back.delay = arrays["back.delays"] * dt


# projection gated: beats -> port P of owns, 6 edges
gated_model = """
w_2 : 1 (constant, shared)
connected : integer (shared)
"""
gated_arrival = """
acc_P_post += w_2 * connected
"""
gated = Synapses(
    beats,
    owns,
    gated_model,
    on_pre=gated_arrival,
    delay=0 * dt,
    dtype={
        "connected": np.int64,
    },
    name="gated",
)
gated.connect(i=arrays["gated.sources"], j=arrays["gated.targets"])
gated_connection = """
connected = where_integer(t_in_timesteps == 10, 1, connected)
connected = where_integer(t_in_timesteps == 30, 0, connected)
"""
gated.run_regularly(
    gated_connection,
    when="before_start",
    name="gated_connection",
)
gated.w_2 = 0.25
gated.connected = 0


# projection wet: rain -> port S of owns, 15 edges
wet_model = """
w_2 : 1 (constant, shared)
"""
wet_arrival = """
acc_S_post += w_2
n_events_S_post += 1
"""
wet = Synapses(
    rain,
    owns,
    wet_model,
    on_pre=wet_arrival,
    delay=3 * dt,
    name="wet",
)
wet.connect(i=arrays["wet.sources"], j=arrays["wet.targets"])
wet.w_2 = 1.0


# what is kept: all spikes, the recordings, and the whole state every 1000 steps for its digest
beats_spikes = SpikeMonitor(beats, name="beats_spikes")
owns_spikes = SpikeMonitor(owns, name="owns_spikes")
rain_spikes = SpikeMonitor(rain, name="rain_spikes")
relays_spikes = SpikeMonitor(relays, name="relays_spikes")
owns_snapshots = EventMonitor(
    owns,
    "snapshot",
    variables=["s_S", "w", "x", "countdown"],
    when="start",
    order=1,
    name="owns_snapshots",
)
relays_snapshots = EventMonitor(
    relays,
    "snapshot",
    variables=["I_I", "V", "countdown"],
    when="start",
    order=1,
    name="relays_snapshots",
)
owns_samples_from_0_to_2_in_windows_0 = EventMonitor(
    owns,
    "from_0_to_2_in_windows_0",
    variables=["w"],
    when="start",
    order=1,
    name="owns_samples_from_0_to_2_in_windows_0",
)
owns_samples = StateMonitor(
    owns,
    ["x"],
    record=np.arange(0, 5),
    when="start",
    order=1,
    name="owns_samples",
)
relays_samples_from_1_to_3_every_5 = EventMonitor(
    relays,
    "from_1_to_3_every_5",
    variables=["V"],
    when="start",
    order=1,
    name="relays_samples_from_1_to_3_every_5",
)

MONITORS = {
    "beats": beats_spikes,
    "owns": owns_spikes,
    "rain": rain_spikes,
    "relays": relays_spikes,
}

network = Network(
    owns,
    relays,
    rain,
    beats,
    back,
    gated,
    wet,
    beats_spikes,
    owns_spikes,
    rain_spikes,
    relays_spikes,
    owns_snapshots,
    relays_snapshots,
    owns_samples_from_0_to_2_in_windows_0,
    owns_samples,
    relays_samples_from_1_to_3_every_5,
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
    "owns": Watched(
        owns,
        owns_snapshots,
        {"s_S": "s_S", "w": "w", "x": "x"},
        [],
        "countdown",
        "not_finite",
    ),
    "relays": Watched(
        relays,
        relays_snapshots,
        {"I_I": "I_I", "V": "V"},
        [],
        "countdown",
        "not_finite",
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


class Counts:
    """Numbers of spikes in bins, of each neuron from `first` to before `end` or of all of them.

    A row of `windows` is the first bin of a window, its first step and its end, and the steps of
    one of its bins.
    """

    def __init__(self, shape, first, end, windows, per_neuron=False):
        """Begin at 0."""
        self.numbers = np.zeros(shape, np.int64)
        self.first, self.end, self.windows = first, end, windows
        self.per_neuron = per_neuron

    def add(self, steps, indices):
        """Count the spikes that come next."""
        own = (indices >= self.first) & (indices < self.end)
        columns = indices - self.first if self.per_neuron else np.zeros_like(indices)
        for row, start, stop, every in self.windows:
            seen = own & (steps >= start) & (steps < stop)
            np.add.at(self.numbers, (row + (steps[seen] - start) // every, columns[seen]), 1)


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
    "beats": Spikes(
        counts=[
            Counts((2, 1), 0, 2, [(0, 0, 50, 50), (1, 50, 200, 150)]),
        ],
    ),
    "owns": Spikes(
        views=(0, 5),
        counts=[
            Counts((2, 1), 0, 5, [(0, 0, 50, 50), (1, 50, 200, 150)]),
        ],
    ),
    "rain": Spikes(
        counts=[
            Counts((3, 2), 2, 4, [(0, 0, 200, 200), (1, 0, 50, 50), (2, 50, 200, 150)], per_neuron=True),
            Counts((10, 1), 0, 6, [(0, 0, 200, 20)]),
            Counts((2, 1), 0, 6, [(0, 0, 50, 50), (1, 50, 200, 150)]),
        ],
    ),
    "relays": Spikes(
        views=(1, 4),
        windows=(0, 10, 50, 200),
        counts=[
            Counts((2, 1), 0, 4, [(0, 0, 50, 50), (1, 50, 200, 150)]),
        ],
    ),
}


def hand_over(n_steps):
    """Give the spikes of the first steps, and snapshots, to those who count, keep or hash them."""
    for name, monitor in MONITORS.items():
        steps = np.rint(values(monitor, "t") / float(dt)).astype(np.int64)
        indices = values(monitor, "i").astype(np.int64)
        new = steps < n_steps
        if new.any():
            kept[name].add(steps[new], indices[new])
    for name, watched in WATCHED.items():
        hash_snapshots(watched, state_digests[name])


def n_samples(begun, every, edges):
    """Return how many of the steps before one are samples: divisible, and within stretches."""
    first, end = np.minimum(edges[::2], begun), np.minimum(edges[1::2], begun)
    return int((-(-end // every) - -(-first // every)).sum())


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
            "relays": kept["relays"].record(),
        },
        "states": [
            samples(
                owns_samples_from_0_to_2_in_windows_0,
                "w",
                width=2,
                rows=n_samples(begun, 1, (0, 50)),
                dtype=np.float64,
            ),
            samples(
                owns_samples,
                "x",
                width=5,
                rows=begun,
                dtype=np.float64,
            ),
            samples(
                relays_samples_from_1_to_3_every_5,
                "V",
                width=2,
                rows=-(-begun // 5),
                dtype=np.float64,
            ),
        ],
        "counts": [
            kept["rain"].counts[0].numbers,
            kept["rain"].counts[1].numbers,
            kept["beats"].counts[0].numbers,
            kept["owns"].counts[0].numbers,
            kept["rain"].counts[2].numbers,
            kept["relays"].counts[0].numbers,
        ],
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
