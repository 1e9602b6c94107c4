"""language_tour: a spiking network as a NumPy program, emitted by netspec.

fingerprint  90ea40060a5491b56c2e506d66ffd2b51f31c59985ec27741abe5c9bca17f728
semantics    1
seed         7
dt           0.0001 s
steps        200

Start it with `python simulate.py`; arrays.npz must lie beside it. It prints the number of spikes of
every object, and digests: two programs with the same digests did the same to the last bit.
All numbers are in SI units.
"""

import hashlib
import math
import sys
from pathlib import Path

import numpy as np

dt = 0.0001  # s
STEPS = 200
# steps that begin with entries of the timeline
CHANGES = frozenset({20})
NOTHING = np.zeros(0, np.int64)  # no indices

# population gated: equations
#   dV/dt = (-0.054[V] - V + 120.0 * (n * n * (n * n)) * (-0.077[V] - V)) / 0.003[s]
#   dn/dt = alpha * (1.0 - n) - beta * n
#   alpha = 100.0[Hz] / exprel(-(V + 0.055[V]) / 0.01[V])
#   beta = 125.0[Hz] * exp(-(V + 0.065[V]) / 0.08[V])
gated_size = 3  # neurons

# population owns: equations
#   dI_bath/dt = (mu_bath - I_bath) / tau_bath + sigma_bath * sqrt(2.0 / tau_bath) * xi_bath
#   dV/dt = pull + I_syn / 2e-10[F] + sigma * sqrt(2.0 / tau) * xi
#   ds_gating/dt = alpha_gating * x_gating * (1.0 - s_gating) - s_gating / tau_decay_gating
#   dtide/dt = (1.0 - tide) / tau
#   dx_gating/dt = -x_gating / tau_rise_gating
#   current_listed = amplitude_listed
#   current_bath = I_bath
#   current_gap = gathered_gap
#   pull = (-0.06[V] + 0.005[V] * tide - V) / tau
#   unblocked_pool = 1.0 / (1.0 + Mg_pool / beta_pool * exp(-alpha_pool * (V + gamma_pool)))
#   current_pool = g_pool * gathered_pool * unblocked_pool * (E_rev_pool - V)
#   I_syn = current_bath + current_gap + current_listed + current_pool
#   spike when V > -0.06[V] and _draw_0 < 0.3 and not _held: _refractory = integer(where(floor((0.0005[s] + 0.0001[s] * real(count)) / dt + 0.5) > 0.0, min(floor((0.0005[s] + 0.0001[s] * real(count)) / dt + 0.5), 2147483647.0), 0.0)), V = -0.07[V] + 0.001[V] * _draw_1, count = count + 1, lot = 6364136223846793005 * lot + 1442695040888963407
#   rise when V + 0.065[V] > 0.0[V] and _previous_V + 0.065[V] <= 0.0[V]
owns_size = 5  # neurons
owns_E_rev_pool = 0.0  # V
owns_Mg_pool = 1.0  # mol/m**3
owns_alpha_gating = 500.0  # Hz
owns_alpha_pool = 62.0  # 1/V
owns_beta_pool = 3.57  # mol/m**3
owns_g_pool = 1e-10  # S
owns_gamma_pool = 0.0  # V
owns_mu_bath = 0.0  # A
owns_rate_least_drive = 0.0  # Hz
owns_rate_mean_drive = 2000.0  # Hz
owns_rate_sd_drive = 1000.0  # Hz
owns_sigma = 0.001  # V
owns_sigma_bath = 2e-11  # A
owns_tau = 0.005  # s
owns_tau_bath = 0.005  # s
owns_tau_decay_gating = 0.1  # s
owns_tau_rise_gating = 0.002  # s
owns_weight_drive = 0.0003  # V
owns_weight_drive_on_grid = 0.0003000000142492354  # V

# population pair: correlated_poisson, common_source
#   spike when _common > 0.5 or _own > 0.5
pair_size = 2  # neurons
pair_correlation = 0.4


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


def normal_numbers(key, first_step, n_steps, size):
    """Return standard normal numbers, for each of some consecutive steps and neurons."""
    words = words_of_steps(key, first_step, n_steps, size, 0)
    return _normal_quantile((words.astype(np.float64) + 0.5) * 2.0**-32)


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


def uniform_numbers(key, first_step, n_steps, size):
    """Return numbers of 53 bits in [0, 1), for each of some consecutive steps and neurons."""
    high, low = (words_of_steps(key, first_step, n_steps, size, lane) for lane in (0, 1))
    return ((high << 21) | (low >> 11)).astype(np.float64) * 2.0**-53


def sum_in_lanes(values):
    """Return the sum of values: sixteen lanes (index modulo 16), each in order, then pairs."""
    lanes = np.bincount(np.arange(values.size) % 16, values, 16)
    for half in (8, 4, 2, 1):
        lanes = lanes[:half] + lanes[half:]
    return lanes[0]


def leaving(sources, first):
    """Return the edges of some neurons as slices; those of neuron i begin at first[i]."""
    return [slice(first[i], first[i + 1]) for i in sources.tolist()]


def joined(values, edges):
    """Return the values of all edges in some slices."""
    return np.concatenate([values[each] for each in edges])


def require_subnormals():
    """Refuse to run where subnormal numbers are flushed to zero: results would differ."""
    numbers = np.array([5e-324, 2.2250738585072014e-308]) * np.array([1.0, 0.5])
    if not numbers.all():
        raise FloatingPointError(
            "subnormal numbers are switched off in this process, by a library that was built with "
            "-Ofast or -ffast-math; run the program in a process that does not load it"
        )


def first_non_finite(step, state):
    """Return the first NaN or infinity as (step, population, index, variable), or None."""
    for population, variables in state.items():
        finite = {name: np.isfinite(values) for name, values in variables.items()}
        wrong = [(int(each.argmin()), name) for name, each in finite.items() if not each.all()]
        if wrong:
            return step, population, *min(wrong)
    return None


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


def hand_over(spikes, kept):
    """Give what was fired to those who keep some of it, from pairs of step and indices."""
    for name, pairs in spikes.items():
        if pairs:
            sizes = [indices.size for _, indices in pairs]
            steps = np.repeat(np.array([step for step, _ in pairs], np.int64), sizes)
            kept[name].add(steps, np.concatenate([indices for _, indices in pairs]))
            pairs.clear()


@np.errstate(all="ignore")  # what is not finite is found by looking
def simulate(arrays, keep_going=lambda completed: True):
    """Run the network.

    Args:
        arrays: What arrays.npz holds, by name.
        keep_going: Called after every step with the number of completed steps; false ends the run.

    Returns:
        A dictionary: the number of completed `steps`; `tallies`, number and digest of all spikes by
        object; `spikes`, steps and indices of those that are recorded; `states`, the samples of
        each recording; `counts`, the numbers of spikes that are asked for; `state_digests` by
        population; `non_finite`, None or the first step, population, index and variable where
        state was not finite.
    """
    require_subnormals()

    # population gated
    gated_V = arrays["state.gated.V"].copy()  # V
    gated_n = np.full(gated_size, 0.3)

    # population owns
    owns_I_bath = np.full(owns_size, 0.0)  # A
    owns_V = arrays["state.owns.V"].copy()  # V
    owns_count = np.full(owns_size, 0)
    owns_lot = arrays["state.owns.lot"].copy()
    owns_s_gating = np.full(owns_size, 0.0)
    owns_tide = np.full(1, 0.0)  # one value for all
    owns_x_gating = np.full(owns_size, 0.0)
    owns_refractory = np.full(owns_size, 0)
    owns_previous_V = arrays["state.owns._previous_V"].copy()  # V
    owns_tested_V = arrays["state.owns._tested_V"].copy()  # V
    owns_on_drive = np.full(owns_size, 0.0)  # until the timeline changes it
    owns_K_acc = np.zeros(owns_size)  # V, weights that arrive in a step
    owns_gating_acc = np.zeros(owns_size)  # weights that arrive in a step
    owns_later_spike_0_n_events = np.zeros(owns_size, np.int64)  # events that arrive in a step

    # population pair

    # numbers of owns for each step
    owns_amplitude_listed_table = arrays["tables.owns.amplitude_listed"]  # A, a row for 30 steps

    # random numbers of owns
    owns_draw_0_batch_end = 0  # drawn up to this step
    owns_draw_1_batch_end = 0  # drawn up to this step
    owns_rate_drive_noise_batch_end = 0  # drawn up to this step
    owns_events_drive_batch_end = 0  # drawn up to this step
    owns_xi_batch_end = 0  # drawn up to this step
    owns_xi_bath_batch_end = 0  # drawn up to this step

    # random numbers of pair
    pair_common_batch_end = 0  # drawn up to this step
    pair_own_batch_end = 0  # drawn up to this step

    # projection gates: owns to owns.gating, delay 5
    gates_targets = arrays["edges.gates.targets"].astype(np.intp)
    gates_first = arrays["edges.gates.first"].tolist()  # first edge of each source
    gates_weight = 1.0

    # projection rises: owns.rise to owns.K, delay 3
    rises_targets = arrays["edges.rises.targets"].astype(np.intp)
    rises_first = arrays["edges.rises.first"].tolist()  # first edge of each source
    rises_weight = 0.0005000000237487257  # V

    # projection _owns_later_spike_0: owns to owns._later_spike_0, delay 10
    owns_later_spike_0_targets = arrays["edges._owns_later_spike_0.targets"].astype(np.intp)
    owns_later_spike_0_first = arrays["edges._owns_later_spike_0.first"].tolist()  # first edge of each source

    # gather gaps: over edges from owns to owns.gathered_gap
    gaps_sources = arrays["edges.gaps.sources"].astype(np.intp)
    gaps_targets = arrays["edges.gaps.targets"].astype(np.intp)
    gaps_weight = 9.999999717180685e-10  # S

    # gather pools: over all neurons from owns to owns.gathered_pool
    pools_targets = arrays["edges.pools.targets"].astype(np.intp)
    pools_weight = 1.0

    # what owns.rise fired in the last 4 steps
    owns_rise_recent = [NOTHING] * 4

    # what owns fired in the last 11 steps
    owns_recent = [NOTHING] * 11

    # recording of owns, V
    owns_V_samples = np.empty((100, 2))

    # recording of owns, count
    owns_count_samples = np.empty((100, 2), np.int64)

    # recording of owns, current_bath
    owns_current_bath_samples = np.empty((100, 2))

    # recording of owns, current_listed
    owns_current_listed_samples = np.empty((100, 2))

    # recording of owns, pull
    owns_pull_samples = np.empty((100, 2))

    # recording of owns, tide
    owns_tide_samples = np.empty((100, 1))

    # what is looked at and kept; the arrays of state stay the same objects all the time
    state = {
        "gated": {"V": gated_V, "n": gated_n},
        "owns": {
            "I_bath": owns_I_bath, "V": owns_V, "count": owns_count, "lot": owns_lot,
            "s_gating": owns_s_gating, "tide": owns_tide, "x_gating": owns_x_gating
        },
        "pair": {},
    }
    hashed = {
        "gated": [gated_V, gated_n, np.zeros(gated_size, np.int64)],
        "owns": [
            owns_I_bath, owns_V, owns_count, owns_lot, owns_s_gating, owns_tide, owns_x_gating,
            owns_refractory
        ],
        "pair": [np.zeros(pair_size, np.int64)],
    }
    state_digests = {name: hashlib.sha256() for name in hashed}
    owns_spikes = []
    owns_rise_spikes = []
    pair_spikes = []
    spikes = {
        "owns": owns_spikes,
        "owns.rise": owns_rise_spikes,
        "pair": pair_spikes,
    }
    kept = {
        "gated": Spikes(),
        "owns": Spikes(views=(0, 5)),
        "owns.rise": Spikes(views=(0, 5)),
        "pair": Spikes(views=(0, 2)),
    }

    k = 0
    begun = 0  # steps in which samples were taken
    non_finite = first_non_finite(0, state)
    while k < STEPS and non_finite is None:
        t = k * dt  # s

        # what is listed for this step
        owns_amplitude_listed = owns_amplitude_listed_table[min(k // 30, 2)]

        # timeline
        if k in CHANGES:
            match k:
                case 20:
                    owns_on_drive[1:4] = 1.0

        # gather: sums of what the state is now
        owns_gathered_gap = np.zeros(owns_size)
        owns_gathered_pool = np.zeros(owns_size)
        # gaps: over edges from owns to owns.gathered_gap
        terms = gaps_weight * (owns_V[gaps_sources] - owns_V[gaps_targets])
        owns_gathered_gap += np.bincount(gaps_targets, terms, owns_size)
        # pools: over all neurons from owns to owns.gathered_pool
        terms = owns_s_gating[0:5]
        owns_gathered_pool[pools_targets] += pools_weight * sum_in_lanes(terms)

        # record
        if k % 1000 == 0:
            for name, values in hashed.items():
                for each in values:
                    state_digests[name].update(each)
        begun = k + 1
        if k % 2 == 0:
            row = k // 2
            owns_V_samples[row] = owns_V[1:3]
            owns_count_samples[row] = owns_count[1:3]
            owns_current_bath_samples[row] = owns_I_bath[1:3]
            owns_current_listed_samples[row] = owns_amplitude_listed[1:3]
            owns_pull_samples[row] = (-0.06 + 0.005 * owns_tide - owns_V[1:3]) / owns_tau
            owns_tide_samples[row] = owns_tide

        # random numbers of this step, drawn for several at a time
        if k == owns_draw_0_batch_end:
            owns_draw_0_batch_start, owns_draw_0_batch_end = k, min(k + 2048, STEPS)
            owns_draw_0_batch = uniform_numbers((3265214937, 1321467930), k, owns_draw_0_batch_end - k, owns_size)
        owns_draw_0 = owns_draw_0_batch[k - owns_draw_0_batch_start]
        if k == owns_draw_1_batch_end:
            owns_draw_1_batch_start, owns_draw_1_batch_end = k, min(k + 2048, STEPS)
            owns_draw_1_batch = normal_numbers((1627740023, 410026029), k, owns_draw_1_batch_end - k, owns_size)
        owns_draw_1 = owns_draw_1_batch[k - owns_draw_1_batch_start]
        if k == owns_rate_drive_noise_batch_end:
            owns_rate_drive_noise_batch_start, owns_rate_drive_noise_batch_end = k, min(k + 10240, STEPS)
            rows = -(-(owns_rate_drive_noise_batch_end - k) // 5)  # a number holds for 5 steps
            owns_rate_drive_noise_batch = normal_numbers((2805690277, 2297689447), k // 5, rows, owns_size)
        owns_rate_drive_noise = (
            owns_rate_drive_noise_batch[(k - owns_rate_drive_noise_batch_start) // 5]
        )
        if k == owns_events_drive_batch_end:
            owns_events_drive_batch_start, owns_events_drive_batch_end = k, min(k + 2048, STEPS)
            owns_events_drive_batch = integers_of_steps((4019585842, 231707561), k, owns_events_drive_batch_end - k, owns_size)
        owns_events_drive = (
            poisson_numbers(owns_events_drive_batch[k - owns_events_drive_batch_start],
            np.where(owns_on_drive > 0.5,
            maximum(owns_rate_mean_drive + owns_rate_sd_drive * owns_rate_drive_noise,
            owns_rate_least_drive), 0.0) * dt)
        )
        if k == owns_xi_batch_end:
            owns_xi_batch_start, owns_xi_batch_end = k, min(k + 2048, STEPS)
            owns_xi_batch = normal_numbers((298051120, 822478043), k, owns_xi_batch_end - k, owns_size)
        owns_xi = owns_xi_batch[k - owns_xi_batch_start]
        if k == owns_xi_bath_batch_end:
            owns_xi_bath_batch_start, owns_xi_bath_batch_end = k, min(k + 2048, STEPS)
            owns_xi_bath_batch = normal_numbers((81140608, 1727285222), k, owns_xi_bath_batch_end - k, owns_size)
        owns_xi_bath = owns_xi_bath_batch[k - owns_xi_bath_batch_start]
        if k == pair_common_batch_end:
            pair_common_batch_start, pair_common_batch_end = k, min(k + 4096, STEPS)
            pair_common_batch = integers_of_steps((2624475267, 3047370943), k, pair_common_batch_end - k, 1)
        pair_common = (
            bernoulli_numbers(pair_common_batch[k - pair_common_batch_start],
            pair_correlation * (500.0 * (1.0 + sin(np.float64(np.float64(t) / 0.001))) * dt))
        )
        if k == pair_own_batch_end:
            pair_own_batch_start, pair_own_batch_end = k, min(k + 4096, STEPS)
            pair_own_batch = integers_of_steps((403201041, 3892678633), k, pair_own_batch_end - k, pair_size)
        pair_own = (
            bernoulli_numbers(pair_own_batch[k - pair_own_batch_start],
            np.float64(500.0 * (1.0 + sin(np.float64(np.float64(t) / 0.001))) * dt
            - pair_correlation * (500.0 * (1.0 + sin(np.float64(np.float64(t) / 0.001))) * dt))
            / (1.0 - pair_correlation
            * (500.0 * (1.0 + sin(np.float64(np.float64(t) / 0.001))) * dt)))
        )

        # update gated, integrator exponential_euler
        gated_growth_V = (
            exprel(np.float64(dt) / 0.003 *
            -(1.0 + 120.0 * (gated_n * gated_n * (gated_n * gated_n))))
        )
        gated_shift_V = (
            np.float64(dt) / 0.003
            * (-0.054 - gated_V
            + 120.0 * (gated_n * gated_n * (gated_n * gated_n)) * (-0.077 - gated_V))
        )
        gated_growth_n = (
            exprel(dt * -(100.0 / exprel(-(gated_V + 0.055) / 0.01)
            + 125.0 * exp(-(gated_V + 0.065) / 0.08)))
        )
        gated_shift_n = (
            dt * (100.0 / exprel(-(gated_V + 0.055) / 0.01) * (1.0 - gated_n)
            - 125.0 * exp(-(gated_V + 0.065) / 0.08) * gated_n)
        )
        gated_V[:] = gated_V + gated_growth_V * gated_shift_V
        gated_n[:] = gated_n + gated_growth_n * gated_shift_n

        # update owns, integrator euler_maruyama
        owns_sampled_current_listed = owns_amplitude_listed.copy()
        owns_held = owns_refractory > 0
        owns_refractory[:] = np.where(owns_refractory > 0, owns_refractory - 1, owns_refractory)
        owns_I_bath_next = (
            owns_I_bath + dt * ((owns_mu_bath - owns_I_bath) / owns_tau_bath)
            + owns_sigma_bath * np.sqrt(np.float64(2.0) / owns_tau_bath) * np.sqrt(dt)
            * owns_xi_bath
        )
        owns_V[:] = (
            np.where(owns_held, owns_V,
            owns_V + dt * ((-0.06 + 0.005 * owns_tide - owns_V) / owns_tau
            + (owns_I_bath + owns_gathered_gap + owns_sampled_current_listed
            + owns_g_pool * owns_gathered_pool
            * (1.0 / (1.0 + np.float64(owns_Mg_pool) / owns_beta_pool
            * exp(-owns_alpha_pool * (owns_V + owns_gamma_pool)))) * (owns_E_rev_pool - owns_V))
            / 2e-10) + owns_sigma * np.sqrt(np.float64(2.0) / owns_tau) * np.sqrt(dt) * owns_xi)
        )
        owns_s_gating[:] = (
            owns_s_gating + dt
            * (owns_alpha_gating * owns_x_gating * (1.0 - owns_s_gating)
            - owns_s_gating / owns_tau_decay_gating)
        )
        owns_tide[:] = owns_tide + dt * ((1.0 - owns_tide) / owns_tau)
        owns_x_gating[:] = owns_x_gating + dt * (-owns_x_gating / owns_tau_rise_gating)
        owns_I_bath[:] = owns_I_bath_next
        owns_previous_V[:] = owns_tested_V
        owns_tested_V[:] = owns_V

        # update pair

        # A sum of squares is finite unless a number is not, or is huge; only then look closely.
        squares = 0.0
        squares += gated_V.dot(gated_V)
        squares += gated_n.dot(gated_n)
        squares += owns_I_bath.dot(owns_I_bath)
        squares += owns_V.dot(owns_V)
        squares += owns_s_gating.dot(owns_s_gating)
        squares += owns_tide.dot(owns_tide)
        squares += owns_x_gating.dot(owns_x_gating)
        if not math.isfinite(squares):
            non_finite = first_non_finite(k, state)
            if non_finite is not None:
                break

        # events: what fires in this step is fixed here
        owns_fired = (
            (((owns_V > -0.06) & (owns_draw_0 < 0.3)) & np.logical_not(owns_held)).nonzero()[0]
        )
        owns_rise_fired = ((owns_V + 0.065 > 0.0) & (owns_previous_V + 0.065 <= 0.0)).nonzero()[0]
        pair_fired = ((pair_common > 0.5) | (pair_own > 0.5)).nonzero()[0]
        if owns_fired.size:
            owns_refractory[owns_fired] = (
                np.where(np.floor((0.0005 + 0.0001 * owns_count[owns_fired].astype(np.float64)) / dt
                + 0.5) > 0.0, minimum(np.floor((0.0005
                + 0.0001 * owns_count[owns_fired].astype(np.float64)) / dt + 0.5), 2147483647.0),
                0.0).astype(np.int64)
            )
        if owns_fired.size:
            owns_spikes.append((k, owns_fired))
        if owns_rise_fired.size:
            owns_rise_spikes.append((k, owns_rise_fired))
        if pair_fired.size:
            pair_spikes.append((k, pair_fired))
        owns_rise_recent[k % 4] = owns_rise_fired
        owns_recent[k % 11] = owns_fired

        # deliver: weights are summed exactly, so the order does not matter
        owns_K_acc.fill(0)
        owns_gating_acc.fill(0)
        owns_later_spike_0_n_events.fill(0)
        # projection gates: owns to owns.gating, delay 5
        edges = leaving(owns_recent[(k - 5) % 11], gates_first)
        if edges:
            targets = joined(gates_targets, edges)
            counts = np.bincount(targets, minlength=owns_size)
            owns_gating_acc += counts * gates_weight
        # projection rises: owns.rise to owns.K, delay 3
        edges = leaving(owns_rise_recent[(k - 3) % 4], rises_first)
        if edges:
            targets = joined(rises_targets, edges)
            counts = np.bincount(targets, minlength=owns_size)
            owns_K_acc += counts * rises_weight
        # projection _owns_later_spike_0: owns to owns._later_spike_0, delay 10
        edges = leaving(owns_recent[(k - 10) % 11], owns_later_spike_0_first)
        if edges:
            targets = joined(owns_later_spike_0_targets, edges)
            counts = np.bincount(targets, minlength=owns_size)
            owns_later_spike_0_n_events += counts
        # ports of owns
        owns_V[:] = (
            np.where(owns_refractory > 0, owns_V,
            owns_V + (owns_K_acc + owns_weight_drive_on_grid * owns_events_drive))
        )
        owns_x_gating[:] = owns_x_gating + owns_gating_acc
        owns_V[:] = np.where(owns_later_spike_0_n_events > 0, owns_V - 0.001, owns_V)

        # reset
        if owns_fired.size:
            owns_V[owns_fired] = -0.07 + 0.001 * owns_draw_1[owns_fired]
            owns_count[owns_fired] = owns_count[owns_fired] + 1
            owns_lot[owns_fired] = 6364136223846793005 * owns_lot[owns_fired] + 1442695040888963407

        k += 1
        if k % 1000 == 0:
            hand_over(spikes, kept)
        if not keep_going(k):
            break

    hand_over(spikes, kept)
    if k == STEPS and non_finite is None:
        non_finite = first_non_finite(k, state)
    if non_finite is not None:
        state_digests = {}
    for name in state_digests:
        for each in hashed[name]:
            state_digests[name].update(each)
    return {
        "steps": k,
        "tallies": {name: each.tally() for name, each in kept.items()},
        "spikes": {
            "owns": kept["owns"].record(),
            "owns.rise": kept["owns.rise"].record(),
            "pair": kept["pair"].record(),
        },
        "states": [
            owns_V_samples[: -(-begun // 2)],
            owns_count_samples[: -(-begun // 2)],
            owns_current_bath_samples[: -(-begun // 2)],
            owns_current_listed_samples[: -(-begun // 2)],
            owns_pull_samples[: -(-begun // 2)],
            owns_tide_samples[: -(-begun // 2)],
        ],
        "counts": [],
        "state_digests": {name: digest.hexdigest() for name, digest in state_digests.items()},
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
    with np.load(Path(__file__).with_name("arrays.npz"), allow_pickle=False) as stored:
        print_result(simulate(dict(stored)))
