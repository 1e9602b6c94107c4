"""tour: a spiking network as a C program, and what runs it; emitted by netspec.

fingerprint  5874e5b5b527d90f4570131f1ac33c2a672b8c2545c5554f60935223a9ba3887
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
THREADS = 1  # that were asked for; None: one for each core, if that pays
PAYS_THREADS = False  # whether a step is long enough for several threads
COMPILER = "cc"  # where CC names none
FLAGS = (
    "-std=gnu11",
    "-O0",
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
CHANGES = (10, 30, 40, 50,)  # steps that begin with entries of the timeline


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
    library.netspec_set_weights_0.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    library.netspec_set_weights_0.restype = None
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
    owns_s_S = aligned(np.full(5, 0.0))
    owns_w = aligned(np.full(5, 0.5))
    owns_x = aligned(arrays["state.owns.x"])
    owns_refractory = aligned(np.full(5, 0, np.int64))
    owns_gain = aligned(np.full(1, 0.8))
    owns_level = aligned(arrays["parameters.owns.level"])
    owns_period = aligned(arrays["parameters.owns._period"])  # steps
    relays_I_I = aligned(np.full(4, 0.0))  # A
    relays_V = aligned(np.full(4, -0.0706))  # V
    relays_refractory = aligned(np.full(4, 0, np.int64))
    relays_propagator_0_0 = aligned(np.full(1, 0.951229424500714))
    relays_propagator_1_0 = aligned(np.full(1, 345259.79007745016))  # ohm
    relays_propagator_1_1 = aligned(np.full(1, 0.9893806313042722))
    relays_propagator_1 = aligned(np.full(1, -0.0006789316386135273))  # V
    beats_listed_steps = arrays["inputs.beats.steps"]  # and one that never comes
    beats_listed_indices = arrays["inputs.beats.indices"]
    rain_high = aligned(np.full(6, 171798691, np.uint64))  # fires if a draw is below high * 2**32 + low
    rain_low = aligned(np.full(6, 3607772544, np.uint32))
    rain_key = np.array([493852390, 937539346], np.uint32)  # of its stream
    back_firsts = arrays["edges.back.firsts"]  # by source
    back_targets = arrays["edges.back.targets"]
    back_delays = arrays["edges.back.delays"]  # steps
    back_weights = arrays["edges.back.weights"]
    gated_firsts = arrays["edges.gated.firsts"]  # by source
    gated_targets = arrays["edges.gated.targets"]
    gated_delays = arrays["edges.gated.delays"]  # steps
    gated_connected = aligned(np.full(1, 0, np.int64))
    wet_firsts = arrays["edges.wet.firsts"]  # by source
    wet_targets = arrays["edges.wet.targets"]
    wet_delays = arrays["edges.wet.delays"]  # steps
    owns_w_samples = np.empty((50, 2))
    owns_w_samples_sample_steps = arrays["sampled.0.steps"]
    owns_x_samples = np.empty((200, 5))
    relays_V_samples = np.empty((40, 2))
    beats_steps = np.empty(16390, np.int64)
    beats_indices = np.empty(16390, np.int64)
    owns_steps = np.empty(16399, np.int64)
    owns_indices = np.empty(16399, np.int64)
    rain_steps = np.empty(16402, np.int64)
    rain_indices = np.empty(16402, np.int64)
    relays_steps = np.empty(16396, np.int64)
    relays_indices = np.empty(16396, np.int64)
    n_noted = np.zeros(4, np.int64)  # spikes of each object that were noted and not yet taken
    status = np.zeros(4, np.int64)  # how a run went
    shared = (
        owns_s_S,
        owns_w,
        owns_x,
        owns_refractory,
        owns_gain,
        owns_level,
        owns_period,
        relays_I_I,
        relays_V,
        relays_refractory,
        relays_propagator_0_0,
        relays_propagator_1_0,
        relays_propagator_1_1,
        relays_propagator_1,
        beats_listed_steps,
        beats_listed_indices,
        rain_high,
        rain_low,
        rain_key,
        back_firsts,
        back_targets,
        back_delays,
        back_weights,
        gated_firsts,
        gated_targets,
        gated_delays,
        gated_connected,
        wet_firsts,
        wet_targets,
        wet_delays,
        owns_w_samples,
        owns_w_samples_sample_steps,
        owns_x_samples,
        relays_V_samples,
        beats_steps,
        beats_indices,
        owns_steps,
        owns_indices,
        rain_steps,
        rain_indices,
        relays_steps,
        relays_indices,
        n_noted,
        status,
    )

    # what is looked at and kept
    state = {
        "owns": {
            "s_S": owns_s_S,
            "w": owns_w,
            "x": owns_x,
        },
        "relays": {
            "I_I": relays_I_I,
            "V": relays_V,
        },
    }
    hashed = {
        "owns": (
            owns_s_S,
            owns_w,
            owns_x,
            owns_refractory,
        ),
        "relays": (
            relays_I_I,
            relays_V,
            relays_refractory,
        ),
    }
    state_digests = {name: hashlib.sha256() for name in hashed}
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
    logs = (
        (kept["beats"], beats_steps, beats_indices),
        (kept["owns"], owns_steps, owns_indices),
        (kept["rain"], rain_steps, rain_indices),
        (kept["relays"], relays_steps, relays_indices),
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
                    case 10:
                        gated_connected[0] = 1
                    case 30:
                        gated_connected[0] = 0
                    case 40:
                        library.netspec_set_weights_0(simulation, arrays["timeline.2"].ctypes.data)
                        rain_high[2:5] = 429496729
                        rain_low[2:5] = 2576980480
                    case 50:
                        owns_gain[:] = 0.9
                        owns_x[1:3] = arrays["timeline.5"]
                        relays_propagator_0_0[:] = 0.951229424500714
                        relays_propagator_1_0[:] = 345259.79007745016
                        relays_propagator_1_1[:] = 0.9893806313042722
                        relays_propagator_1[:] = -0.0006612326907873144
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
            "relays": kept["relays"].record(),
        },
        "states": [
            owns_w_samples[:np.searchsorted(owns_w_samples_sample_steps, begun)],
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
