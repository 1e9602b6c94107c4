"""lif_inhibition: a network of spiking neurons as a Brian2 script, made by netspec.

fingerprint  9bff18e0463537c267704631e261ea8e3aff2dd0dbb62c2a27fae49f821301a0
semantics    1
seed         123
dt           0.0001 s
steps        5000

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
    amp,
    defaultclock,
    farad,
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
STEPS = 5000
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
    "poisson_spikes": function(
        poisson_spikes,
        [1, 1, 1, 1, 1],
        ["integer", "integer", "integer", "integer", "integer"],
        bool,
        "boolean",
    ),
    "remember": function(
        remember,
        [1, None, 1],
        ["integer", "float", "integer"],
        1,
        "integer",
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
FUNCTIONS["where_integer"].sympy_func = sympy.Function("where_integer", commutative=True)
DEFAULT_FUNCTIONS["where_integer"] = FUNCTIONS["where_integer"]


def as_written(code):
    """Return an integration method that runs `code`, whatever the equations."""

    def method(equations, variables, method_options=None):
        return code

    return method


# population exc: 700 x leaky_if
exc_equations = """
dV/dt = (g_L * (E_L - V) + I_syn + I_e) / C_m : volt
dg_AMPA/dt = -g_AMPA / tau_decay_AMPA : siemens
dg_GABA/dt = -g_GABA / tau_decay_GABA : siemens
current_AMPA = g_AMPA * (E_rev_AMPA - V) : amp
current_GABA = g_GABA * (E_rev_GABA - V) : amp
I_syn = current_AMPA + current_GABA : amp
C_m : farad (constant, shared)
E_L : volt (constant, shared)
E_rev_AMPA : volt (constant, shared)
E_rev_GABA : volt (constant, shared)
I_e : amp (constant, shared)
V_reset : volt (constant, shared)
V_th : volt (constant, shared)
g_L : siemens (constant, shared)
t_ref : second (constant, shared)
tau_decay_AMPA : second (constant, shared)
tau_decay_GABA : second (constant, shared)
acc_AMPA : siemens
acc_GABA : siemens
not_finite : integer
"""
# the update by dt, integrator euler
exc_update = """
V_next = V + dt * ((g_L * (E_L - V) + (g_AMPA * (E_rev_AMPA - V) + g_GABA * (E_rev_GABA - V)) + I_e) / C_m)
V = V_next
g_AMPA_next = g_AMPA + dt * (-g_AMPA / tau_decay_AMPA)
g_AMPA = g_AMPA_next
g_GABA_next = g_GABA + dt * (-g_GABA / tau_decay_GABA)
g_GABA = g_GABA_next
not_finite = remember(not_finite, V, 3*t_in_timesteps + 0)
not_finite = remember(not_finite, g_AMPA, 3*t_in_timesteps + 1)
not_finite = remember(not_finite, g_GABA, 3*t_in_timesteps + 2)
"""
exc_reset = """
V = V_reset
"""
exc = NeuronGroup(
    700,
    exc_equations,
    method=as_written(exc_update),
    threshold="V > V_th",
    reset=exc_reset,
    events={
        "snapshot": "t_in_timesteps % 1000 == 0",
    },
    dtype={
        "not_finite": np.int64,
    },
    name="exc",
)
exc.set_event_schedule("snapshot", when="start", order=0)
exc_ports = """
g_AMPA = g_AMPA + acc_AMPA
g_GABA = g_GABA + acc_GABA
acc_AMPA = 0.0 * siemens
acc_GABA = 0.0 * siemens
"""
exc.run_regularly(
    exc_ports,
    when="after_synapses",
    name="exc_ports",
)
exc.V = -0.0706 * volt
exc.g_AMPA = 0.0 * siemens
exc.g_GABA = 0.0 * siemens
exc.C_m = 2.81e-10 * farad
exc.E_L = -0.0706 * volt
exc.E_rev_AMPA = 0.0 * volt
exc.E_rev_GABA = -0.08 * volt
exc.I_e = 0.0 * amp
exc.V_reset = -0.0656 * volt
exc.V_th = -0.0404 * volt
exc.g_L = 3e-08 * siemens
exc.t_ref = 0.0 * second
exc.tau_decay_AMPA = 0.0025 * second
exc.tau_decay_GABA = 0.0075 * second
exc.not_finite = -1


# population inh: 300 x leaky_if
inh_equations = """
dV/dt = (g_L * (E_L - V) + I_syn + I_e) / C_m : volt
dg_AMPA/dt = -g_AMPA / tau_decay_AMPA : siemens
dg_GABA/dt = -g_GABA / tau_decay_GABA : siemens
current_AMPA = g_AMPA * (E_rev_AMPA - V) : amp
current_GABA = g_GABA * (E_rev_GABA - V) : amp
I_syn = current_AMPA + current_GABA : amp
C_m : farad (constant, shared)
E_L : volt (constant, shared)
E_rev_AMPA : volt (constant, shared)
E_rev_GABA : volt (constant, shared)
I_e : amp (constant, shared)
V_reset : volt (constant, shared)
V_th : volt (constant, shared)
g_L : siemens (constant, shared)
t_ref : second (constant, shared)
tau_decay_AMPA : second (constant, shared)
tau_decay_GABA : second (constant, shared)
acc_AMPA : siemens
acc_GABA : siemens
not_finite : integer
"""
# the update by dt, integrator euler
inh_update = """
V_next = V + dt * ((g_L * (E_L - V) + (g_AMPA * (E_rev_AMPA - V) + g_GABA * (E_rev_GABA - V)) + I_e) / C_m)
V = V_next
g_AMPA_next = g_AMPA + dt * (-g_AMPA / tau_decay_AMPA)
g_AMPA = g_AMPA_next
g_GABA_next = g_GABA + dt * (-g_GABA / tau_decay_GABA)
g_GABA = g_GABA_next
not_finite = remember(not_finite, V, 3*t_in_timesteps + 0)
not_finite = remember(not_finite, g_AMPA, 3*t_in_timesteps + 1)
not_finite = remember(not_finite, g_GABA, 3*t_in_timesteps + 2)
"""
inh_reset = """
V = V_reset
"""
inh = NeuronGroup(
    300,
    inh_equations,
    method=as_written(inh_update),
    threshold="V > V_th",
    reset=inh_reset,
    events={
        "snapshot": "t_in_timesteps % 1000 == 0",
    },
    dtype={
        "not_finite": np.int64,
    },
    name="inh",
)
inh.set_event_schedule("snapshot", when="start", order=0)
inh_ports = """
g_AMPA = g_AMPA + acc_AMPA
g_GABA = g_GABA + acc_GABA
acc_AMPA = 0.0 * siemens
"""
inh.run_regularly(
    inh_ports,
    when="after_synapses",
    name="inh_ports",
)
inh.V = -0.0706 * volt
inh.g_AMPA = 0.0 * siemens
inh.g_GABA = 0.0 * siemens
inh.C_m = 2.81e-10 * farad
inh.E_L = -0.0706 * volt
inh.E_rev_AMPA = 0.0 * volt
inh.E_rev_GABA = -0.08 * volt
inh.I_e = 0.0 * amp
inh.V_reset = -0.0656 * volt
inh.V_th = -0.0404 * volt
inh.g_L = 3e-08 * siemens
inh.t_ref = 0.0 * second
inh.tau_decay_AMPA = 0.0025 * second
inh.tau_decay_GABA = 0.0075 * second
inh.not_finite = -1


# source ext: fires where a 64-bit draw is below high*2**32 + low
ext_equations = """
high : integer (constant)
low : integer (constant)
"""
ext_keys = {
    "key": -6681815784668878875,  # spikes
}
ext = NeuronGroup(
    200,
    ext_equations,
    threshold="poisson_spikes(i, t_in_timesteps, key, high, low)",
    reset="",
    dtype={
        "high": np.int64,
        "low": np.int64,
    },
    namespace=ext_keys,
    name="ext",
)
ext.high = 38654705
ext.low = 2851858304


# projection ext_exc: ext -> port AMPA of exc, 28053 edges
ext_exc_model = """
w : siemens (constant, shared)
"""
ext_exc_arrival = """
acc_AMPA_post += w
"""
ext_exc = Synapses(
    ext,
    exc,
    ext_exc_model,
    on_pre=ext_exc_arrival,
    delay=0 * dt,
    name="ext_exc",
)
ext_exc.connect(i=arrays["ext_exc.sources"], j=arrays["ext_exc.targets"])
ext_exc.w = 1.999999943436137e-09 * siemens


# projection ext_inh: ext -> port AMPA of inh, 12103 edges
ext_inh_model = """
w : siemens (constant, shared)
connected : integer (shared)
"""
ext_inh_arrival = """
acc_AMPA_post += w * connected
"""
ext_inh = Synapses(
    ext,
    inh,
    ext_inh_model,
    on_pre=ext_inh_arrival,
    delay=0 * dt,
    dtype={
        "connected": np.int64,
    },
    name="ext_inh",
)
ext_inh.connect(i=arrays["ext_inh.sources"], j=arrays["ext_inh.targets"])
ext_inh_connection = """
connected = where_integer(t_in_timesteps == 2500, 1, connected)
"""
ext_inh.run_regularly(
    ext_inh_connection,
    when="before_start",
    name="ext_inh_connection",
)
ext_inh.w = 1.999999943436137e-09 * siemens
ext_inh.connected = 0


# projection inh_exc: inh -> port GABA of exc, 31626 edges
inh_exc_model = """
w : siemens (constant, shared)
"""
inh_exc_arrival = """
acc_GABA_post += w
"""
inh_exc = Synapses(
    inh,
    exc,
    inh_exc_model,
    on_pre=inh_exc_arrival,
    delay=0 * dt,
    name="inh_exc",
)
inh_exc.connect(i=arrays["inh_exc.sources"], j=arrays["inh_exc.targets"])
inh_exc.w = 1.999999943436137e-09 * siemens


# what is kept: all spikes, the recordings, and the whole state every 1000 steps for its digest
exc_spikes = SpikeMonitor(exc, name="exc_spikes")
ext_spikes = SpikeMonitor(ext, name="ext_spikes")
inh_spikes = SpikeMonitor(inh, name="inh_spikes")
exc_snapshots = EventMonitor(
    exc,
    "snapshot",
    variables=["V", "g_AMPA", "g_GABA"],
    when="start",
    order=1,
    name="exc_snapshots",
)
inh_snapshots = EventMonitor(
    inh,
    "snapshot",
    variables=["V", "g_AMPA", "g_GABA"],
    when="start",
    order=1,
    name="inh_snapshots",
)

MONITORS = {
    "exc": exc_spikes,
    "ext": ext_spikes,
    "inh": inh_spikes,
}

network = Network(
    exc,
    inh,
    ext,
    ext_exc,
    ext_inh,
    inh_exc,
    exc_spikes,
    ext_spikes,
    inh_spikes,
    exc_snapshots,
    inh_snapshots,
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
    "exc": Watched(
        exc,
        exc_snapshots,
        {"V": "V", "g_AMPA": "g_AMPA", "g_GABA": "g_GABA"},
        [],
        None,
        "not_finite",
    ),
    "inh": Watched(
        inh,
        inh_snapshots,
        {"V": "V", "g_AMPA": "g_AMPA", "g_GABA": "g_GABA"},
        [],
        None,
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
    "exc": Spikes(views=(0, 700)),
    "ext": Spikes(),
    "inh": Spikes(views=(0, 300)),
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
            "exc": kept["exc"].record(),
            "inh": kept["inh"].record(),
        },
        "states": [
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
