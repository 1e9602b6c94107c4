"""Runs one network on one engine; started by `runner`, never imported.

    python -m benchmarks.worker JOB

The last line on standard output is what came out, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from benchmarks.engines import ENGINES
from benchmarks.job import Clock, Job


def peak_memory() -> int:
    """Return the most bytes that this process or one that it started had in memory.

    Not `ru_maxrss` of this process: that begins with what its parent had.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    (own,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return 1024 * max(int(own), children)


def refuse_to_fill_the_machine() -> None:
    """Let this process fail, and not the system, if there is not enough memory."""
    text = Path("/proc/meminfo").read_text(encoding="ascii")
    (free,) = (line.split()[1] for line in text.splitlines() if line.startswith("MemAvailable:"))
    resource.setrlimit(resource.RLIMIT_DATA, (1024 * int(free),) * 2)


def main() -> None:
    refuse_to_fill_the_machine()
    job, clock = Job(**json.loads(sys.argv[1])), Clock()
    outcome = ENGINES[job.engine].run(job, clock)
    answer = {
        "phases": clock.phases,
        "memory": peak_memory(),
        "spikes": dict(outcome.spikes),
        "digest": outcome.digest,
    }
    sys.stdout.write("\n" + json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
