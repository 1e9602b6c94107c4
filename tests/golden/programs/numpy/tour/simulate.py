"""tour: a spiking network as a NumPy program, emitted by netspec.

fingerprint  5874e5b5b527d90f4570131f1ac33c2a672b8c2545c5554f60935223a9ba3887
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
CHANGES = frozenset({10, 30, 40, 50})
NOTHING = np.zeros(0, np.int64)  # no indices

# population owns: equations
#   ds_S/dt = -s_S / tau_S
#   dw/dt = (where(x > level / 2.0 and not w > 1.0, x * x, log1p(abs(x))) - w) / tau
#   dx/dt = (gain * exp(min(x, level)) - w + sqrt(t / tau)) / tau
#   spike when x > level and not _held: _refractory = _period, x = x / 4.0, w = w + 0.1
owns_size = 5  # neurons
owns_tau = 0.01  # s
owns_tau_S = 0.005  # s

# population relays: leaky_if
#   dI_I/dt = -I_I / tau_decay_I
#   dV/dt = (g_L * (E_L - V) + I_syn + I_e) / C_m
#   current_I = I_I
#   I_syn = current_I
#   spike when V > V_th and not _held: _refractory = _period, V = V_reset
relays_size = 4  # neurons
relays_C_m = 2.81e-10  # F
relays_E_L = -0.0706  # V
relays_V_reset = -0.0656  # V
relays_V_th = -0.0504  # V
relays_g_L = 3e-08  # S
relays_t_ref = 0.002  # s
relays_tau_decay_I = 0.002  # s
relays_period = 20  # steps


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


def poisson_spikes(key, first_step, n_steps, high, low):
    """Return who fires in each of some consecutive steps.

    Neuron i fires if its 64-bit draw is below its threshold, high[i] * 2**32 + low[i]. The low
    half of a draw is needed, and made, only where the high half is as large as the threshold's.
    """
    draws = words_of_steps(key, first_step, n_steps, high.size, 0)
    fires = draws < high
    rows, neurons = (draws == high).nonzero()
    if rows.size:
        blocks = (neurons // 4).astype(np.uint64)
        steps = (first_step + rows).astype(np.uint64)
        low_words = np.choose(neurons % 4, random_words(key, steps, blocks, 1))
        fires[rows, neurons] = low_words < low[neurons]
    return [row.nonzero()[0] for row in fires]


def by_step(arrays, name):
    """Return the indices of each step in which a source with listed events has some."""
    steps, indices = arrays[f"{name}.steps"], arrays[f"{name}.indices"].astype(np.int64)
    found, first = np.unique(steps, return_index=True)
    return dict(zip(found.tolist(), np.split(indices, first[1:]), strict=False))


def leaving(sources, first):
    """Return the edges of some neurons as slices; those of neuron i begin at first[i]."""
    return [slice(first[i], first[i + 1]) for i in sources.tolist()]


def joined(values, edges):
    """Return the values of all edges in some slices."""
    return np.concatenate([values[each] for each in edges])


def schedule(ring, k, sources, first, stretches):
    """Put the edges of neurons that fired in step k where their events arrive.

    The edges of neuron i are stretches first[i] ... first[i + 1] - 1; a row of `stretches` is a
    delay in steps and the numbers of the first edge and of the one after the last.
    """
    for i in sources.tolist():
        for delay, start, stop in stretches[first[i] : first[i + 1]].tolist():
            ring[(k + delay) % len(ring)].append(slice(start, stop))


def due(ring, k):
    """Take out what arrives in step k."""
    slot = k % len(ring)
    edges, ring[slot] = ring[slot], []
    return edges


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

    # population owns
    owns_s_S = np.full(owns_size, 0.0)
    owns_w = np.full(owns_size, 0.5)
    owns_x = arrays["state.owns.x"].copy()
    owns_refractory = np.full(owns_size, 0)
    owns_gain = 0.8  # until the timeline changes it
    owns_level = arrays["parameters.owns.level"].copy()
    owns_period = arrays["parameters.owns._period"].copy()  # steps
    owns_P_acc = np.zeros(owns_size)  # weights that arrive in a step
    owns_S_acc = np.zeros(owns_size)  # weights that arrive in a step
    owns_S_n_events = np.zeros(owns_size, np.int64)  # events that arrive in a step

    # population relays
    relays_I_I = np.full(relays_size, 0.0)  # A
    relays_V = np.full(relays_size, -0.0706)  # V
    relays_refractory = np.full(relays_size, 0)
    relays_propagator_0_0 = 0.951229424500714  # until the timeline changes it
    relays_propagator_1_0 = 345259.79007745016  # ohm, until the timeline changes it
    relays_propagator_1_1 = 0.9893806313042722  # until the timeline changes it
    relays_propagator_1 = -0.0006789316386135273  # V, until the timeline changes it
    relays_I_acc = np.zeros(relays_size)  # A, weights that arrive in a step

    # listed events of beats, 2 neurons
    beats_listed = by_step(arrays, "inputs.beats")

    # Poisson source rain, 6 neurons, each fires in 0.04 of all steps
    rain_high = arrays["inputs.rain.high"].copy()  # fires if a draw is below high * 2**32 + low
    rain_low = arrays["inputs.rain.low"].copy()
    rain_batch_end = 0  # drawn up to this step

    # projection back: owns to relays.I, several delays
    back_targets = arrays["edges.back.targets"].astype(np.intp)
    back_first = arrays["edges.back.first"].tolist()  # first stretch of each source
    back_stretches = arrays["edges.back.stretches"]  # delay, first edge, end
    back_ring = [[] for _ in range(8)]  # edges whose events are on their way
    back_weights = arrays["edges.back.weights"]  # A

    # projection gated: beats to owns.P, delay 0
    gated_targets = arrays["edges.gated.targets"].astype(np.intp)
    gated_first = arrays["edges.gated.first"].tolist()  # first edge of each source
    gated_weight = 0.25
    gated_connected = False

    # projection wet: rain to owns.S, delay 3
    wet_targets = arrays["edges.wet.targets"].astype(np.intp)
    wet_first = arrays["edges.wet.first"].tolist()  # first edge of each source
    wet_weight = 1.0

    # what rain fired in the last 4 steps
    rain_recent = [NOTHING] * 4

    # recording of owns, w
    owns_w_samples = np.empty((50, 2))

    # recording of owns, x
    owns_x_samples = np.empty((200, 5))

    # recording of relays, V
    relays_V_samples = np.empty((40, 2))

    # what is looked at and kept; the arrays of state stay the same objects all the time
    state = {
        "owns": {"s_S": owns_s_S, "w": owns_w, "x": owns_x},
        "relays": {"I_I": relays_I_I, "V": relays_V},
    }
    hashed = {
        "owns": [owns_s_S, owns_w, owns_x, owns_refractory],
        "relays": [relays_I_I, relays_V, relays_refractory],
    }
    state_digests = {name: hashlib.sha256() for name in hashed}
    beats_spikes = []
    owns_spikes = []
    rain_spikes = []
    relays_spikes = []
    spikes = {
        "beats": beats_spikes,
        "owns": owns_spikes,
        "rain": rain_spikes,
        "relays": relays_spikes,
    }
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

    k = 0
    begun = 0  # steps in which samples were taken
    n_owns_w_samples = 0  # samples that were taken
    non_finite = first_non_finite(0, state)
    while k < STEPS and non_finite is None:
        t = k * dt  # s

        # timeline
        if k in CHANGES:
            match k:
                case 10:
                    gated_connected = True
                case 30:
                    gated_connected = False
                case 40:
                    back_weights = arrays["timeline.2"]
                    rain_high[2:5] = 429496729
                    rain_low[2:5] = 2576980480
                    rain_batch_end = k  # the same draws, against new thresholds
                case 50:
                    owns_gain = 0.9
                    owns_x[1:3] = arrays["timeline.5"]
                    relays_propagator_0_0 = 0.951229424500714
                    relays_propagator_1_0 = 345259.79007745016
                    relays_propagator_1_1 = 0.9893806313042722
                    relays_propagator_1 = -0.0006612326907873144

        # record
        if k % 1000 == 0:
            for name, values in hashed.items():
                for each in values:
                    state_digests[name].update(each)
        begun = k + 1
        if 0 <= k < 50:
            owns_w_samples[n_owns_w_samples] = owns_w[0:2]
            n_owns_w_samples += 1
        owns_x_samples[k] = owns_x[0:5]
        if k % 5 == 0:
            row = k // 5
            relays_V_samples[row] = relays_V[1:3]

        # update owns, integrator euler
        owns_held = owns_refractory > 0
        owns_refractory[:] = np.where(owns_refractory > 0, owns_refractory - 1, owns_refractory)
        owns_s_S[:] = owns_s_S + dt * (-owns_s_S / owns_tau_S)
        owns_w_next = (
            owns_w + dt * ((np.where((owns_x > owns_level / 2.0) & np.logical_not(owns_w > 1.0),
            owns_x * owns_x, log1p(np.abs(owns_x))) - owns_w) / owns_tau)
        )
        owns_x[:] = (
            owns_x + dt * ((owns_gain * exp(minimum(owns_x, owns_level)) - owns_w
            + np.sqrt(np.float64(t) / owns_tau)) / owns_tau)
        )
        owns_w[:] = owns_w_next

        # update relays, integrator exact
        relays_held = relays_refractory > 0
        relays_refractory[:] = (
            np.where(relays_refractory > 0, relays_refractory - 1, relays_refractory)
        )
        relays_I_I_next = relays_propagator_0_0 * relays_I_I
        relays_V[:] = (
            np.where(relays_held, relays_V,
            relays_propagator_1_0 * relays_I_I + relays_propagator_1_1 * relays_V
            + relays_propagator_1)
        )
        relays_I_I[:] = relays_I_I_next

        # A sum of squares is finite unless a number is not, or is huge; only then look closely.
        squares = 0.0
        squares += owns_s_S.dot(owns_s_S)
        squares += owns_w.dot(owns_w)
        squares += owns_x.dot(owns_x)
        squares += relays_I_I.dot(relays_I_I)
        squares += relays_V.dot(relays_V)
        if not math.isfinite(squares):
            non_finite = first_non_finite(k, state)
            if non_finite is not None:
                break

        # events: what fires in this step is fixed here
        owns_fired = ((owns_x > owns_level) & np.logical_not(owns_held)).nonzero()[0]
        relays_fired = ((relays_V > relays_V_th) & np.logical_not(relays_held)).nonzero()[0]
        if owns_fired.size:
            owns_refractory[owns_fired] = owns_period[owns_fired]
        if relays_fired.size:
            relays_refractory[relays_fired] = relays_period
        if k == rain_batch_end:
            rain_batch_start, rain_batch_end = k, min(k + 2048, STEPS)
            rain_batch = poisson_spikes(
                (493852390, 937539346), k, rain_batch_end - k, rain_high, rain_low
            )
        rain_fired = rain_batch[k - rain_batch_start]
        beats_fired = beats_listed.get(k, NOTHING)
        if beats_fired.size:
            beats_spikes.append((k, beats_fired))
        if owns_fired.size:
            owns_spikes.append((k, owns_fired))
        if rain_fired.size:
            rain_spikes.append((k, rain_fired))
        if relays_fired.size:
            relays_spikes.append((k, relays_fired))
        rain_recent[k % 4] = rain_fired
        schedule(back_ring, k, owns_fired, back_first, back_stretches)

        # deliver: weights are summed exactly, so the order does not matter
        owns_P_acc.fill(0)
        owns_S_acc.fill(0)
        owns_S_n_events.fill(0)
        relays_I_acc.fill(0)
        # projection back: owns to relays.I, several delays
        edges = due(back_ring, k)
        if edges:
            targets = joined(back_targets, edges)
            weights = joined(back_weights, edges)
            relays_I_acc += np.bincount(targets, weights, relays_size)
        # projection gated: beats to owns.P, delay 0
        edges = leaving(beats_fired, gated_first)
        if edges and gated_connected:
            targets = joined(gated_targets, edges)
            counts = np.bincount(targets, minlength=owns_size)
            owns_P_acc += counts * gated_weight
        # projection wet: rain to owns.S, delay 3
        edges = leaving(rain_recent[(k - 3) % 4], wet_first)
        if edges:
            targets = joined(wet_targets, edges)
            counts = np.bincount(targets, minlength=owns_size)
            owns_S_n_events += counts
            owns_S_acc += counts * wet_weight
        # ports of owns
        owns_x[:] = owns_x + owns_P_acc
        owns_s_S[:] = (
            owns_s_S + owns_S_n_events.astype(np.float64) * 0.05 * (1.0 - owns_s_S)
            + 0.0 * owns_S_acc
        )
        # ports of relays
        relays_I_I[:] = relays_I_I + relays_I_acc

        # reset
        if owns_fired.size:
            owns_x[owns_fired] = owns_x[owns_fired] / 4.0
            owns_w[owns_fired] = owns_w[owns_fired] + 0.1
        if relays_fired.size:
            relays_V[relays_fired] = relays_V_reset

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
            "relays": kept["relays"].record(),
        },
        "states": [
            owns_w_samples[:n_owns_w_samples],
            owns_x_samples[:begun],
            relays_V_samples[: -(-begun // 5)],
        ],
        "counts": [
            kept["rain"].counts[0].numbers,
            kept["rain"].counts[1].numbers,
            kept["beats"].counts[0].numbers,
            kept["owns"].counts[0].numbers,
            kept["rain"].counts[2].numbers,
            kept["relays"].counts[0].numbers,
        ],
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
