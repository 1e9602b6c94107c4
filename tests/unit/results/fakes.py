"""A small made-up network and made-up records of its runs."""

from __future__ import annotations

import numpy as np

from netspec.backend.observed import observed
from netspec.ir import nodes as ir
from netspec.results.record import NonFinite, RunRecord, SpikeRecord
from netspec.results.results import Results
from netspec.units import DIMENSIONLESS, TIME, VOLTAGE

CELL = ir.Cell(
    model="fake",
    state=(
        ir.Variable("V", VOLTAGE),
        ir.Variable("n", DIMENSIONLESS, "integer"),
        ir.Variable("u", VOLTAGE / TIME),
    ),
    locals=(),
    draws=(),
    parameters=(),
    derived=(),
    stages=(),
    events=(),
    ports=(),
    equations=(),
)
EXC, INH, EXT = 70, 30, 20


def sampled(variable: str, view: ir.View, every: int) -> ir.StateRecording:
    """Return a recording of `exc`."""
    declared = next(each for each in CELL.state if each.name == variable)
    return ir.StateRecording.of_state("exc", declared, view, every)


def network(
    *,
    steps: int = 5000,
    spikes: tuple[ir.SpikeRecording, ...] = (
        ir.SpikeRecording("exc", "spike", (ir.View(0, EXC),)),
        ir.SpikeRecording("inh", "spike", (ir.View(0, INH),)),
    ),
    states: tuple[ir.StateRecording, ...] = (
        sampled("V", ir.View(0, 3), 10),
        sampled("u", ir.View(0, 3), 10),
    ),
    sizes: tuple[int, int, int] = (EXC, INH, EXT),
) -> ir.Network:
    return ir.Network(
        name="fake",
        seed=2**64 - 1,
        dt=0.0001,
        steps=steps,
        populations=(ir.Population("exc", sizes[0], CELL), ir.Population("inh", sizes[1], CELL)),
        sources=(ir.PoissonSource("ext", sizes[2]),),
        projections=(),
        timeline=(),
        spike_recordings=spikes,
        state_recordings=states,
    )


def spike_record(steps: list[int], indices: list[int]) -> SpikeRecord:
    return SpikeRecord(np.array(steps, dtype=np.int64), np.array(indices, dtype=np.int64))


def random_spikes(rng: np.random.Generator, size: int, steps: int, p: float) -> SpikeRecord:
    found = np.flatnonzero(rng.random(size * steps) < p)
    return SpikeRecord(found // size, found % size)


def record(
    net: ir.Network, *, steps: int | None = None, p: float = 5e-4, end: NonFinite | None = None
) -> RunRecord:
    done = net.steps if steps is None else steps
    rng = np.random.default_rng(1)
    objects = (*net.populations, *net.sources)
    spikes = {each.name: random_spikes(rng, each.size, done, p) for each in objects}
    states = tuple(
        rng.normal(-0.06, 0.005, (len(range(0, done, each.every)), len(each.view)))
        for each in net.state_recordings
    )
    digests = {each.name: f"{number:064x}" for number, each in enumerate(net.populations)}
    return RunRecord(
        steps=done, states=states, state_digests=digests, outcome=end, **observed(net, spikes)
    )


def metadata(net: ir.Network, steps: int) -> dict[str, object]:
    return {
        "name": net.name,
        "seed": net.seed,
        "backend": "fake",
        "steps_asked": net.steps,
        "steps_completed": steps,
        "complete": steps == net.steps,
        "wall_times": {"simulate": 0.5},
    }


def results(net: ir.Network | None = None, **options: object) -> Results:
    net = net or network()
    raw = record(net, **options)  # type: ignore[arg-type]
    return Results.from_record(raw, net, metadata(net, raw.steps))
