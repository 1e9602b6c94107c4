"""Running a network that was written for NEST, and timing its phases."""

from __future__ import annotations

import nest

from benchmarks.by_hand.nest_networks import NETWORKS
from benchmarks.job import Clock, Job, Outcome


def run(job: Job, clock: Clock, threads: int) -> Outcome:
    """Run the network on some threads."""
    with clock.phase("realise"):
        nest.verbosity = nest.VerbosityLevel.ERROR
        nest.set(resolution=0.1, local_num_threads=threads, rng_seed=1)
        recorders = NETWORKS[job.model](job)
        nest.Prepare()
    with clock.phase("simulate"):
        nest.Run(1000 * job.seconds)
    nest.Cleanup()
    return Outcome({name: int(each.n_events) for name, each in recorders.items()})
