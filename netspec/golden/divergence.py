"""Where a backend leaves the way that another one goes: the report that failures show."""

from __future__ import annotations

from dataclasses import replace

from netspec.backend.compiled import Compiled
from netspec.compare import differences, with_everything

MAX_SAMPLES = 50_000_000
"""Recorded to find a difference: 400 MB for each of two runs."""


def first_divergence(reference: Compiled, other: Compiled, steps: int) -> tuple[str, ...]:
    """Run a network on both backends again, and return what differs first.

    Args:
        reference: The network on a backend that is right.
        other: The same network on a backend that is not.
        steps: After which they differ.
    """
    network = with_everything(reference.network, steps)
    samples = sum(len(each.view) for each in network.ir.state_recordings) * network.ir.steps
    notes: tuple[str, ...] = ()
    if samples > MAX_SAMPLES:
        network = replace(network, ir=replace(network.ir, state_recordings=()))
        notes = ("all state is too much to record; add monitors and use `netspec compare`",)
    expected, _ = reference.of(network).simulate()
    got, _ = other.of(network).simulate()
    found = differences(expected, got, network)
    if not found:
        return ("run once more, the two agree: what differs comes and goes",)
    return (*found[:1], *notes)
