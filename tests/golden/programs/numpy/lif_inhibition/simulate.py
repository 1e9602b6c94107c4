"""lif_inhibition: a spiking network as a NumPy program, emitted by netspec.

fingerprint  9bff18e0463537c267704631e261ea8e3aff2dd0dbb62c2a27fae49f821301a0
semantics    1
seed         123
dt           0.0001 s
steps        5000

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
STEPS = 5000
# steps that begin with entries of the timeline
CHANGES = frozenset({2500})
NOTHING = np.zeros(0, np.int64)  # no indices

# population exc: leaky_if
#   dV/dt = (g_L * (E_L - V) + I_syn + I_e) / C_m
#   dg_AMPA/dt = -g_AMPA / tau_decay_AMPA
#   dg_GABA/dt = -g_GABA / tau_decay_GABA
#   current_AMPA = g_AMPA * (E_rev_AMPA - V)
#   current_GABA = g_GABA * (E_rev_GABA - V)
#   I_syn = current_AMPA + current_GABA
#   spike when V > V_th: V = V_reset
exc_size = 700  # neurons
exc_C_m = 2.81e-10  # F
exc_E_L = -0.0706  # V
exc_E_rev_AMPA = 0.0  # V
exc_E_rev_GABA = -0.08  # V
exc_I_e = 0.0  # A
exc_V_reset = -0.0656  # V
exc_V_th = -0.0404  # V
exc_g_L = 3e-08  # S
exc_t_ref = 0.0  # s
exc_tau_decay_AMPA = 0.0025  # s
exc_tau_decay_GABA = 0.0075  # s

# population inh: leaky_if
#   dV/dt = (g_L * (E_L - V) + I_syn + I_e) / C_m
#   dg_AMPA/dt = -g_AMPA / tau_decay_AMPA
#   dg_GABA/dt = -g_GABA / tau_decay_GABA
#   current_AMPA = g_AMPA * (E_rev_AMPA - V)
#   current_GABA = g_GABA * (E_rev_GABA - V)
#   I_syn = current_AMPA + current_GABA
#   spike when V > V_th: V = V_reset
inh_size = 300  # neurons
inh_C_m = 2.81e-10  # F
inh_E_L = -0.0706  # V
inh_E_rev_AMPA = 0.0  # V
inh_E_rev_GABA = -0.08  # V
inh_I_e = 0.0  # A
inh_V_reset = -0.0656  # V
inh_V_th = -0.0404  # V
inh_g_L = 3e-08  # S
inh_t_ref = 0.0  # s
inh_tau_decay_AMPA = 0.0025  # s
inh_tau_decay_GABA = 0.0075  # s


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

    # population exc
    exc_V = np.full(exc_size, -0.0706)  # V
    exc_g_AMPA = np.full(exc_size, 0.0)  # S
    exc_g_GABA = np.full(exc_size, 0.0)  # S
    exc_AMPA_acc = np.zeros(exc_size)  # S, weights that arrive in a step
    exc_GABA_acc = np.zeros(exc_size)  # S, weights that arrive in a step

    # population inh
    inh_V = np.full(inh_size, -0.0706)  # V
    inh_g_AMPA = np.full(inh_size, 0.0)  # S
    inh_g_GABA = np.full(inh_size, 0.0)  # S
    inh_AMPA_acc = np.zeros(inh_size)  # S, weights that arrive in a step

    # Poisson source ext, 200 neurons, each fires in 0.009 of all steps
    ext_high = arrays["inputs.ext.high"].copy()  # fires if a draw is below high * 2**32 + low
    ext_low = arrays["inputs.ext.low"].copy()
    ext_batch_end = 0  # drawn up to this step

    # projection ext_exc: ext to exc.AMPA, delay 0
    ext_exc_targets = arrays["edges.ext_exc.targets"].astype(np.intp)
    ext_exc_first = arrays["edges.ext_exc.first"].tolist()  # first edge of each source
    ext_exc_weight = 1.999999943436137e-09  # S

    # projection ext_inh: ext to inh.AMPA, delay 0
    ext_inh_targets = arrays["edges.ext_inh.targets"].astype(np.intp)
    ext_inh_first = arrays["edges.ext_inh.first"].tolist()  # first edge of each source
    ext_inh_weight = 1.999999943436137e-09  # S
    ext_inh_connected = False

    # projection inh_exc: inh to exc.GABA, delay 0
    inh_exc_targets = arrays["edges.inh_exc.targets"].astype(np.intp)
    inh_exc_first = arrays["edges.inh_exc.first"].tolist()  # first edge of each source
    inh_exc_weight = 1.999999943436137e-09  # S

    # what is looked at and kept; the arrays of state stay the same objects all the time
    state = {
        "exc": {"V": exc_V, "g_AMPA": exc_g_AMPA, "g_GABA": exc_g_GABA},
        "inh": {"V": inh_V, "g_AMPA": inh_g_AMPA, "g_GABA": inh_g_GABA},
    }
    hashed = {
        "exc": [exc_V, exc_g_AMPA, exc_g_GABA, np.zeros(exc_size, np.int64)],
        "inh": [inh_V, inh_g_AMPA, inh_g_GABA, np.zeros(inh_size, np.int64)],
    }
    state_digests = {name: hashlib.sha256() for name in hashed}
    exc_spikes = []
    ext_spikes = []
    inh_spikes = []
    spikes = {
        "exc": exc_spikes,
        "ext": ext_spikes,
        "inh": inh_spikes,
    }
    kept = {
        "exc": Spikes(views=(0, 700)),
        "ext": Spikes(),
        "inh": Spikes(views=(0, 300)),
    }

    k = 0
    non_finite = first_non_finite(0, state)
    while k < STEPS and non_finite is None:

        # timeline
        if k in CHANGES:
            match k:
                case 2500:
                    ext_inh_connected = True

        # record
        if k % 1000 == 0:
            for name, values in hashed.items():
                for each in values:
                    state_digests[name].update(each)

        # update exc, integrator euler
        exc_V[:] = (
            exc_V + dt * ((exc_g_L * (exc_E_L - exc_V)
            + (exc_g_AMPA * (exc_E_rev_AMPA - exc_V) + exc_g_GABA * (exc_E_rev_GABA - exc_V))
            + exc_I_e) / exc_C_m)
        )
        exc_g_AMPA[:] = exc_g_AMPA + dt * (-exc_g_AMPA / exc_tau_decay_AMPA)
        exc_g_GABA[:] = exc_g_GABA + dt * (-exc_g_GABA / exc_tau_decay_GABA)

        # update inh, integrator euler
        inh_V[:] = (
            inh_V + dt * ((inh_g_L * (inh_E_L - inh_V)
            + (inh_g_AMPA * (inh_E_rev_AMPA - inh_V) + inh_g_GABA * (inh_E_rev_GABA - inh_V))
            + inh_I_e) / inh_C_m)
        )
        inh_g_AMPA[:] = inh_g_AMPA + dt * (-inh_g_AMPA / inh_tau_decay_AMPA)
        inh_g_GABA[:] = inh_g_GABA + dt * (-inh_g_GABA / inh_tau_decay_GABA)

        # A sum of squares is finite unless a number is not, or is huge; only then look closely.
        squares = 0.0
        squares += exc_V.dot(exc_V)
        squares += exc_g_AMPA.dot(exc_g_AMPA)
        squares += exc_g_GABA.dot(exc_g_GABA)
        squares += inh_V.dot(inh_V)
        squares += inh_g_AMPA.dot(inh_g_AMPA)
        squares += inh_g_GABA.dot(inh_g_GABA)
        if not math.isfinite(squares):
            non_finite = first_non_finite(k, state)
            if non_finite is not None:
                break

        # events: what fires in this step is fixed here
        exc_fired = (exc_V > exc_V_th).nonzero()[0]
        inh_fired = (inh_V > inh_V_th).nonzero()[0]
        if k == ext_batch_end:
            ext_batch_start, ext_batch_end = k, min(k + 81, STEPS)
            ext_batch = poisson_spikes(
                (339126245, 2739235826), k, ext_batch_end - k, ext_high, ext_low
            )
        ext_fired = ext_batch[k - ext_batch_start]
        if exc_fired.size:
            exc_spikes.append((k, exc_fired))
        if ext_fired.size:
            ext_spikes.append((k, ext_fired))
        if inh_fired.size:
            inh_spikes.append((k, inh_fired))

        # deliver: weights are summed exactly, so the order does not matter
        exc_AMPA_acc.fill(0)
        exc_GABA_acc.fill(0)
        inh_AMPA_acc.fill(0)
        # projection ext_exc: ext to exc.AMPA, delay 0
        edges = leaving(ext_fired, ext_exc_first)
        if edges:
            targets = joined(ext_exc_targets, edges)
            counts = np.bincount(targets, minlength=exc_size)
            exc_AMPA_acc += counts * ext_exc_weight
        # projection ext_inh: ext to inh.AMPA, delay 0
        edges = leaving(ext_fired, ext_inh_first)
        if edges and ext_inh_connected:
            targets = joined(ext_inh_targets, edges)
            counts = np.bincount(targets, minlength=inh_size)
            inh_AMPA_acc += counts * ext_inh_weight
        # projection inh_exc: inh to exc.GABA, delay 0
        edges = leaving(inh_fired, inh_exc_first)
        if edges:
            targets = joined(inh_exc_targets, edges)
            counts = np.bincount(targets, minlength=exc_size)
            exc_GABA_acc += counts * inh_exc_weight
        # ports of exc
        exc_g_AMPA[:] = exc_g_AMPA + exc_AMPA_acc
        exc_g_GABA[:] = exc_g_GABA + exc_GABA_acc
        # ports of inh
        inh_g_AMPA[:] = inh_g_AMPA + inh_AMPA_acc
        # no edge ends at GABA; adding 0.0 turns -0.0 into 0.0
        inh_g_GABA[:] = inh_g_GABA + 0.0

        # reset
        if exc_fired.size:
            exc_V[exc_fired] = exc_V_reset
        if inh_fired.size:
            inh_V[inh_fired] = inh_V_reset

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
            "exc": kept["exc"].record(),
            "inh": kept["inh"].record(),
        },
        "states": [],
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
