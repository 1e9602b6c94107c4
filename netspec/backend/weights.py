"""Weight recordings, which need no backend: weights change by the timeline alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netspec.ir import nodes as ir
from netspec.realise.network import FloatArray, RealisedNetwork
from netspec.results.traces import sample_steps, unit_text
from netspec.results.weights import WeightTrace
from netspec.units import Dimension


def recorded_weights(network: RealisedNetwork, begun: int) -> dict[str, WeightTrace]:
    """Return the weight recordings of a run by projection.

    Weights change by the timeline alone. So what was sampled is known without the run.

    Args:
        network: What was run.
        begun: Steps of the run that were begun.
    """
    return {each.projection: _trace(each, network, begun) for each in network.ir.weight_recordings}


def _trace(recording: ir.WeightRecording, network: RealisedNetwork, begun: int) -> WeightTrace:
    edges = [network.projections[name] for name in recording.parts]
    ends = np.cumsum([0, *(len(each) for each in edges)])
    seen = recording.edges or ir.View(0, int(ends[-1]))
    part = slice(seen.start, seen.stop)
    numbers = np.arange(ends[-1], dtype=np.int64)[part]
    steps = sample_steps(ir.sampled(recording.every, recording.windows, begun))
    values = np.empty((len(steps), len(numbers)))
    for name, first, end in zip(recording.parts, ends[:-1], ends[1:], strict=True):
        own = (first <= numbers) & (numbers < end)
        for start, weights in _stretches(name, network):
            held = weights[numbers[own] - first] if weights.ndim else weights
            values[np.searchsorted(steps, start) :, own] = held
    return WeightTrace(
        values=values,
        i=numbers,
        every=recording.every,
        unit=unit_text(_dimension(recording.projection, network.ir)),
        dt=network.ir.dt,
        steps=None if recording.windows is None else steps,
        source=np.concatenate([each.sources for each in edges])[part].astype(np.int64),
        target=np.concatenate([each.targets for each in edges])[part].astype(np.int64),
    )


def _stretches(name: str, network: RealisedNetwork) -> Iterator[tuple[int, FloatArray]]:
    """Yield weights and the step from which on they hold, in order."""
    yield 0, network.projections[name].weights
    for entry in network.timeline:
        if entry.action == ir.SetWeight(name):
            assert isinstance(entry.values, np.ndarray)
            yield entry.step, entry.values.astype(np.float64)


def _dimension(name: str, network: ir.Network) -> Dimension:
    link = next(each for each in network.links if each.name == name)
    if isinstance(link, ir.Gather):
        return link.weight_dimension
    target = next(each for each in network.populations if each.name == link.target)
    return next(each for each in target.cell.ports if each.name == link.port).weight_dimension
