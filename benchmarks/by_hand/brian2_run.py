"""Running a network that was written for Brian2, and timing its phases."""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from brian2 import (  # type: ignore[import-untyped]
    Network,
    defaultclock,
    device,
    ms,
    prefs,
    second,
    seed,
    set_device,
)

from benchmarks.by_hand.brian2_networks import NETWORKS
from benchmarks.job import Clock, Job, Outcome


def run(job: Job, clock: Clock, target: str) -> Outcome:
    """Run the network on a target of Brian2."""
    is_standalone = target == "cpp_standalone"
    if is_standalone:
        set_device("cpp_standalone", build_on_run=False)
    else:
        prefs.codegen.target = target
    with clock.phase("realise"):
        seed(1)
        defaultclock.dt = 0.1 * ms
        objects, monitors = NETWORKS[job.model](job)
        network = Network(objects, *monitors.values())
    with tempfile.TemporaryDirectory() as folder:
        if is_standalone:
            _standalone(network, job, clock, Path(folder) / "program")
        else:
            _in_this_process(network, job, clock)
        return Outcome({name: int(each.num_spikes) for name, each in monitors.items()})


def _in_this_process(network: Any, job: Job, clock: Clock) -> None:
    """Run; Brian2 compiles what is not compiled yet before the first step."""
    started: list[float] = []

    def report(*_: object) -> None:
        started.append(perf_counter())  # first before the first step

    begin = perf_counter()
    network.run(job.seconds * second, namespace={}, report=report, report_period=1e9 * second)
    clock.add("compile", started[0] - begin)
    clock.add("simulate", perf_counter() - started[0])


def _standalone(network: Any, job: Job, clock: Clock, folder: Path) -> None:
    """Build a program and run it; it makes the synapses, and times its steps itself."""
    with clock.phase("compile"):
        network.run(job.seconds * second, namespace={})
        device.build(directory=str(folder), run=False)
    device.run()
    simulated = float(device._last_run_time)
    clock.add("realise", float(device.timers["run_binary"]) - simulated)
    clock.add("simulate", simulated)
