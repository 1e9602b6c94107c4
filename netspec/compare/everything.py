"""Networks that record more than was asked for, to see what differs."""

from __future__ import annotations

from dataclasses import replace

from netspec.ir import nodes as ir
from netspec.realise.network import RealisedNetwork


def with_all_spikes(network: RealisedNetwork) -> RealisedNetwork:
    """Return the network with all spikes recorded of whatever has no recording of its own."""
    own = network.ir.spike_recordings
    known = {each.name for each in own}
    others = tuple(
        ir.SpikeRecording(each.owner, each.event, (ir.View(0, each.size),))
        for each in network.ir.emitters
        if each.name not in known
    )
    return replace(network, ir=replace(network.ir, spike_recordings=(*own, *others)))


def with_everything(
    network: RealisedNetwork, steps: int | None = None, window: ir.Window | None = None
) -> RealisedNetwork:
    """Return the network with all spikes and every state variable recorded in every step.

    The compiler's own variables, such as refractory countdowns, are recorded too: they differ
    before anything else does that they have an effect on.

    Args:
        network: What was run.
        steps: Length of the run instead of its own.
        window: When state is recorded; all the time if left out.
    """
    windows = None if window is None else (window,)
    recordings = tuple(
        ir.StateRecording.of_state(
            population.name, variable, ir.View(0, population.size), 1, windows
        )
        for population in network.ir.populations
        for variable in population.cell.state
    )
    schedule = replace(
        network.ir,
        spike_recordings=(),
        state_recordings=recordings,
        count_recordings=(),
        weight_recordings=(),
        steps=network.ir.steps if steps is None else steps,
    )
    return with_all_spikes(replace(network, ir=schedule))
