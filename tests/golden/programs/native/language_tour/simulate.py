"""language_tour: a spiking network as a C program, and what runs it; emitted by netspec.

fingerprint  90ea40060a5491b56c2e506d66ffd2b51f31c59985ec27741abe5c9bca17f728
semantics    1
seed         7
dt           0.0001 s
steps        200

Start it with `python simulate.py`; arrays.npz must lie beside it. It prints the number of spikes of
every object, and digests: two programs with the same digests did the same to the last bit.

It compiles simulate.c, which lies beside it. All numbers are in SI units.
"""

import ctypes
import hashlib
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

STEPS = 200
SLICE = 1000  # steps that are run without a look at anything else
THREADS = None  # that were asked for; None: one for each core, if that pays
PAYS_THREADS = False  # whether a step is long enough for several threads
COMPILER = "cc"  # where CC names none
FLAGS = (
    "-std=gnu11",
    "-O3",
    "-march=native",
    "-fno-fast-math",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fwrapv",
    "-fPIC",
    "-shared",
    "-pthread",
)
DONE, NOT_FINITE, NO_MEMORY, FLUSHES, NO_THREADS = range(5)  # how steps went, as in C
CHANGES = (20,)  # steps that begin with entries of the timeline


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


def compiled(source):
    """Compile a C file with what CC names, or COMPILER; return the library."""
    named = os.environ.get("CC", "").strip() or COMPILER
    try:
        compiler = shlex.split(named)
    except ValueError as error:
        sys.exit(f"{named} is no C compiler: {error}; name one in CC")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "simulate.so"
        command = [*compiler, *FLAGS, "-o", str(target), str(source), "-lm"]
        try:
            subprocess.run(command, check=True)
        except OSError as error:
            why = error.strerror
            sys.exit(f"cannot start the C compiler '{compiler[0]}': {why}; name one in CC")
        except subprocess.CalledProcessError as error:
            sys.exit(f"the C compiler '{compiler[0]}' failed with status {error.returncode}")
        try:
            return ctypes.CDLL(str(target))
        except OSError as error:
            sys.exit(f"cannot load what the C compiler '{compiler[0]}' made: {error}")


def first_non_finite(step, state):
    """Return the first NaN or infinity as (step, population, index, variable), or None."""
    for population, variables in state.items():
        finite = {name: np.isfinite(values) for name, values in variables.items()}
        wrong = [(int(each.argmin()), name) for name, each in finite.items() if not each.all()]
        if wrong:
            return step, population, *min(wrong)
    return None


def ways_to_run(library):
    """Say what the functions of the library take and return."""
    library.netspec_start.argtypes = (ctypes.POINTER(ctypes.c_void_p), ctypes.c_int)
    library.netspec_start.restype = ctypes.c_void_p
    library.netspec_run.argtypes = (ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)
    library.netspec_run.restype = ctypes.c_int64
    library.netspec_finish.argtypes = (ctypes.c_void_p,)
    library.netspec_finish.restype = None


def aligned(values):
    """Return a copy that begins at a cache line, so that no vector of neurons crosses one."""
    raw = np.empty(values.nbytes + 64, np.uint8)
    start = -raw.ctypes.data % 64
    copy = raw[start : start + values.nbytes].view(values.dtype)
    copy[:] = values
    return copy


def simulate(arrays, library, threads, keep_going=lambda completed: True):
    """Run the network.

    Args:
        arrays: What arrays.npz holds, by name.
        library: The compiled C file.
        threads: How many threads share the work.
        keep_going: Called with 0 when the edges are packed, and now and then with the number of
            completed steps; false ends the run.

    Returns:
        A dictionary: the number of completed `steps`; `tallies`, number and digest of all spikes by
        object; `spikes`, steps and indices of those that are recorded; `states`, the samples of
        each recording; `counts`, the numbers of spikes that are asked for; `state_digests` by
        population; `non_finite`, None or the first step, population, index and variable where
        state was not finite.
    """
    # arrays that C sees; those of state stay the same objects all the time
    gated_V = aligned(arrays["state.gated.V"])  # V
    gated_n = aligned(np.full(3, 0.3))
    owns_draw_0_key = np.array([3265214937, 1321467930], np.uint32)  # of its stream
    owns_draw_1_key = np.array([1627740023, 410026029], np.uint32)  # of its stream
    owns_rate_drive_noise_key = np.array([2805690277, 2297689447], np.uint32)  # of its stream
    owns_events_drive_key = np.array([4019585842, 231707561], np.uint32)  # of its stream
    owns_xi_key = np.array([298051120, 822478043], np.uint32)  # of its stream
    owns_xi_bath_key = np.array([81140608, 1727285222], np.uint32)  # of its stream
    owns_I_bath = aligned(np.full(5, 0.0))  # A
    owns_V = aligned(arrays["state.owns.V"])  # V
    owns_count = aligned(np.full(5, 0, np.int64))
    owns_lot = aligned(arrays["state.owns.lot"])
    owns_s_gating = aligned(np.full(5, 0.0))
    owns_tide = aligned(np.full(1, 0.0))
    owns_x_gating = aligned(np.full(5, 0.0))
    owns_refractory = aligned(np.full(5, 0, np.int64))
    owns_previous_V = aligned(arrays["state.owns._previous_V"])  # V
    owns_tested_V = aligned(arrays["state.owns._tested_V"])  # V
    owns_on_drive = aligned(np.full(5, 0.0))
    owns_amplitude_listed_table = arrays["tables.owns.amplitude_listed"]
    owns_gathered_gap = np.zeros(5)
    owns_gathered_pool = np.zeros(5)
    pair_common_key = np.array([2624475267, 3047370943], np.uint32)  # of its stream
    pair_own_key = np.array([403201041, 3892678633], np.uint32)  # of its stream
    rises_firsts = arrays["edges.rises.firsts"]  # by source
    rises_targets = arrays["edges.rises.targets"]
    rises_delays = arrays["edges.rises.delays"]  # steps
    gates_firsts = arrays["edges.gates.firsts"]  # by source
    gates_targets = arrays["edges.gates.targets"]
    gates_delays = arrays["edges.gates.delays"]  # steps
    owns_later_spike_0_firsts = arrays["edges._owns_later_spike_0.firsts"]  # by source
    owns_later_spike_0_targets = arrays["edges._owns_later_spike_0.targets"]
    owns_later_spike_0_delays = arrays["edges._owns_later_spike_0.delays"]  # steps
    gaps_first = arrays["edges.gaps.first"]  # by target
    gaps_sources = arrays["edges.gaps.sources"]
    gaps_weight = aligned(np.full(1, 9.999999717180685e-10))
    pools_first = arrays["edges.pools.first"]  # by target
    pools_weight = aligned(np.full(1, 1.0))
    owns_V_samples = np.empty((100, 2))
    owns_count_samples = np.empty((100, 2), np.int64)
    owns_current_bath_samples = np.empty((100, 2))
    owns_current_listed_samples = np.empty((100, 2))
    owns_pull_samples = np.empty((100, 2))
    owns_tide_samples = np.empty((100, 1))
    owns_steps = np.empty(16399, np.int64)
    owns_indices = np.empty(16399, np.int64)
    owns_rise_steps = np.empty(16399, np.int64)
    owns_rise_indices = np.empty(16399, np.int64)
    pair_steps = np.empty(16390, np.int64)
    pair_indices = np.empty(16390, np.int64)
    n_noted = np.zeros(3, np.int64)  # spikes of each object that were noted and not yet taken
    status = np.zeros(4, np.int64)  # how a run went
    shared = (
        gated_V,
        gated_n,
        owns_draw_0_key,
        owns_draw_1_key,
        owns_rate_drive_noise_key,
        owns_events_drive_key,
        owns_xi_key,
        owns_xi_bath_key,
        owns_I_bath,
        owns_V,
        owns_count,
        owns_lot,
        owns_s_gating,
        owns_tide,
        owns_x_gating,
        owns_refractory,
        owns_previous_V,
        owns_tested_V,
        owns_on_drive,
        owns_amplitude_listed_table,
        owns_gathered_gap,
        owns_gathered_pool,
        pair_common_key,
        pair_own_key,
        rises_firsts,
        rises_targets,
        rises_delays,
        gates_firsts,
        gates_targets,
        gates_delays,
        owns_later_spike_0_firsts,
        owns_later_spike_0_targets,
        owns_later_spike_0_delays,
        gaps_first,
        gaps_sources,
        gaps_weight,
        pools_first,
        pools_weight,
        owns_V_samples,
        owns_count_samples,
        owns_current_bath_samples,
        owns_current_listed_samples,
        owns_pull_samples,
        owns_tide_samples,
        owns_steps,
        owns_indices,
        owns_rise_steps,
        owns_rise_indices,
        pair_steps,
        pair_indices,
        n_noted,
        status,
    )

    # what is looked at and kept
    state = {
        "gated": {
            "V": gated_V,
            "n": gated_n,
        },
        "owns": {
            "I_bath": owns_I_bath,
            "V": owns_V,
            "count": owns_count,
            "lot": owns_lot,
            "s_gating": owns_s_gating,
            "tide": owns_tide,
            "x_gating": owns_x_gating,
        },
        "pair": {
        },
    }
    hashed = {
        "gated": (
            gated_V,
            gated_n,
            np.zeros(3, np.int64),
        ),
        "owns": (
            owns_I_bath,
            owns_V,
            owns_count,
            owns_lot,
            owns_s_gating,
            owns_tide,
            owns_x_gating,
            owns_refractory,
        ),
        "pair": (
            np.zeros(2, np.int64),
        ),
    }
    state_digests = {name: hashlib.sha256() for name in hashed}
    kept = {
        "gated": Spikes(),
        "owns": Spikes(views=(0, 5)),
        "owns.rise": Spikes(views=(0, 5)),
        "pair": Spikes(views=(0, 2)),
    }
    logs = (
        (kept["owns"], owns_steps, owns_indices),
        (kept["owns.rise"], owns_rise_steps, owns_rise_indices),
        (kept["pair"], pair_steps, pair_indices),
    )

    ways_to_run(library)
    pointers = (ctypes.c_void_p * len(shared))(*(each.ctypes.data for each in shared))
    simulation = library.netspec_start(pointers, threads)
    if not simulation:
        raise MemoryError("there is no memory for the edges")
    try:
        k = 0
        begun = 0  # steps in which samples were taken
        changes = iter(sorted({*CHANGES, STEPS}))
        change = next(changes)
        non_finite = first_non_finite(0, state)
        is_wanted = keep_going(0)
        while is_wanted and k < STEPS and non_finite is None:
            # timeline
            if k == change:
                change = next(changes)
                match k:
                    case 20:
                        owns_on_drive[1:4] = 1.0
            if k % 1000 == 0:
                for name, values in hashed.items():
                    for each in values:
                        state_digests[name].update(each)
            until_digest = k - k % 1000 + 1000
            k = library.netspec_run(simulation, k, min(change, until_digest, k + SLICE))
            begun = k
            for number, (spikes, steps, indices) in enumerate(logs):
                if n_noted[number]:
                    spikes.add(steps[: n_noted[number]], indices[: n_noted[number]])
            n_noted[:] = 0
            outcome, *wrong = status.tolist()
            if outcome == NOT_FINITE:
                begun = k + 1
                population, variables = list(state.items())[wrong[0]]
                non_finite = k, population, wrong[1], list(variables)[wrong[2]]
            elif outcome == NO_MEMORY:
                raise MemoryError("there is no memory for events on their way")
            elif outcome == FLUSHES:
                raise FloatingPointError(
                    "subnormal numbers are switched off in this process, by a library that was "
                    "built with -Ofast or -ffast-math; run the program in a process that does not "
                    "load it"
                )
            elif outcome == NO_THREADS:
                raise RuntimeError(f"the system refused {threads} threads")
            else:
                is_wanted = keep_going(k)
    finally:
        library.netspec_finish(simulation)

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


def cores():
    """Cores that may be used, and for which a container has the time."""
    allowed = len(os.sched_getaffinity(0))
    try:
        time, period = map(int, Path("/sys/fs/cgroup/cpu.max").read_text().split())
    except (OSError, ValueError):  # "max"
        return allowed
    return min(allowed, max(time // period, 1))


if __name__ == "__main__":
    program = Path(__file__).with_name("simulate.c")
    n_threads = THREADS or (cores() if PAYS_THREADS else 1)
    with np.load(Path(__file__).with_name("arrays.npz"), allow_pickle=False) as stored:
        print_result(simulate(dict(stored), compiled(program), n_threads))
