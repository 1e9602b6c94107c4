"""lif_inhibition: a spiking network as a C program, and what runs it; emitted by netspec.

fingerprint  9bff18e0463537c267704631e261ea8e3aff2dd0dbb62c2a27fae49f821301a0
semantics    1
seed         123
dt           0.0001 s
steps        5000

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

STEPS = 5000
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
CHANGES = (2500,)  # steps that begin with entries of the timeline


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
    exc_V = aligned(np.full(700, -0.0706))  # V
    exc_g_AMPA = aligned(np.full(700, 0.0))  # S
    exc_g_GABA = aligned(np.full(700, 0.0))  # S
    inh_V = aligned(np.full(300, -0.0706))  # V
    inh_g_AMPA = aligned(np.full(300, 0.0))  # S
    inh_g_GABA = aligned(np.full(300, 0.0))  # S
    ext_high = aligned(np.full(200, 38654705, np.uint64))  # fires if a draw is below high * 2**32 + low
    ext_low = aligned(np.full(200, 2851858304, np.uint32))
    ext_key = np.array([339126245, 2739235826], np.uint32)  # of its stream
    ext_exc_firsts = arrays["edges.ext_exc.firsts"]  # by source
    ext_exc_targets = arrays["edges.ext_exc.targets"]
    ext_exc_delays = arrays["edges.ext_exc.delays"]  # steps
    inh_exc_firsts = arrays["edges.inh_exc.firsts"]  # by source
    inh_exc_targets = arrays["edges.inh_exc.targets"]
    inh_exc_delays = arrays["edges.inh_exc.delays"]  # steps
    ext_inh_firsts = arrays["edges.ext_inh.firsts"]  # by source
    ext_inh_targets = arrays["edges.ext_inh.targets"]
    ext_inh_delays = arrays["edges.ext_inh.delays"]  # steps
    ext_inh_connected = aligned(np.full(1, 0, np.int64))
    exc_steps = np.empty(18484, np.int64)
    exc_indices = np.empty(18484, np.int64)
    ext_steps = np.empty(16984, np.int64)
    ext_indices = np.empty(16984, np.int64)
    inh_steps = np.empty(17284, np.int64)
    inh_indices = np.empty(17284, np.int64)
    n_noted = np.zeros(3, np.int64)  # spikes of each object that were noted and not yet taken
    status = np.zeros(4, np.int64)  # how a run went
    shared = (
        exc_V,
        exc_g_AMPA,
        exc_g_GABA,
        inh_V,
        inh_g_AMPA,
        inh_g_GABA,
        ext_high,
        ext_low,
        ext_key,
        ext_exc_firsts,
        ext_exc_targets,
        ext_exc_delays,
        inh_exc_firsts,
        inh_exc_targets,
        inh_exc_delays,
        ext_inh_firsts,
        ext_inh_targets,
        ext_inh_delays,
        ext_inh_connected,
        exc_steps,
        exc_indices,
        ext_steps,
        ext_indices,
        inh_steps,
        inh_indices,
        n_noted,
        status,
    )

    # what is looked at and kept
    state = {
        "exc": {
            "V": exc_V,
            "g_AMPA": exc_g_AMPA,
            "g_GABA": exc_g_GABA,
        },
        "inh": {
            "V": inh_V,
            "g_AMPA": inh_g_AMPA,
            "g_GABA": inh_g_GABA,
        },
    }
    hashed = {
        "exc": (
            exc_V,
            exc_g_AMPA,
            exc_g_GABA,
            np.zeros(700, np.int64),
        ),
        "inh": (
            inh_V,
            inh_g_AMPA,
            inh_g_GABA,
            np.zeros(300, np.int64),
        ),
    }
    state_digests = {name: hashlib.sha256() for name in hashed}
    kept = {
        "exc": Spikes(views=(0, 700)),
        "ext": Spikes(),
        "inh": Spikes(views=(0, 300)),
    }
    logs = (
        (kept["exc"], exc_steps, exc_indices),
        (kept["ext"], ext_steps, ext_indices),
        (kept["inh"], inh_steps, inh_indices),
    )

    ways_to_run(library)
    pointers = (ctypes.c_void_p * len(shared))(*(each.ctypes.data for each in shared))
    simulation = library.netspec_start(pointers, threads)
    if not simulation:
        raise MemoryError("there is no memory for the edges")
    try:
        k = 0
        changes = iter(sorted({*CHANGES, STEPS}))
        change = next(changes)
        non_finite = first_non_finite(0, state)
        is_wanted = keep_going(0)
        while is_wanted and k < STEPS and non_finite is None:
            # timeline
            if k == change:
                change = next(changes)
                match k:
                    case 2500:
                        ext_inh_connected[0] = 1
            if k % 1000 == 0:
                for name, values in hashed.items():
                    for each in values:
                        state_digests[name].update(each)
            until_digest = k - k % 1000 + 1000
            k = library.netspec_run(simulation, k, min(change, until_digest, k + SLICE))
            for number, (spikes, steps, indices) in enumerate(logs):
                if n_noted[number]:
                    spikes.add(steps[: n_noted[number]], indices[: n_noted[number]])
            n_noted[:] = 0
            outcome, *wrong = status.tolist()
            if outcome == NOT_FINITE:
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
