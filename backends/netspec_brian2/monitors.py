"""Monitors: spikes of everything, the recordings asked for, and the state for its digest."""

from __future__ import annotations

import json
from collections.abc import Iterator

from netspec.ir import nodes as ir
from netspec.ir.contract import DIGEST_PERIOD
from netspec_brian2 import models
from netspec_brian2.cells import CellPrinter
from netspec_brian2.names import NOT_FINITE, SNAPSHOT, Names


def snapshot(names: Names, population: str) -> models.Event:
    """Return the event at which the state of a population is kept for its digest."""
    condition = f"t_in_timesteps % {DIGEST_PERIOD} == 0"
    return models.Event(names.variable(population, "own", SNAPSHOT), condition, "start")


def samplings(network: ir.Network, population: str, names: Names) -> Iterator[models.Event]:
    """Yield the event of every recording that samples a population now and then.

    An event that looks at the number of the step does so exactly. A slower clock would not: C++
    standalone compares the times of clocks with a tolerance that is too small for long runs.
    """
    size = next(each.size for each in network.populations if each.name == population)
    for number, recording in enumerate(network.state_recordings):
        if recording.population == population and _is_event(recording):
            condition = f"t_in_timesteps % {recording.every} == 0"
            view = recording.view
            condition += f" and i >= {view.start}" if view.start > 0 else ""
            condition += f" and i < {view.stop}" if view.stop < size else ""
            name = names.variable(population, "sampling", str(number))
            yield models.Event(name, condition, "start")


def _is_event(recording: ir.StateRecording) -> bool:
    return recording.every > 1 and len(recording.view) > 0


def samples(
    network: ir.Network, cells: dict[str, CellPrinter], names: Names
) -> list[models.Samples]:
    """Return what the templates need for state recordings.

    A recorded definition is one of the equations, which Brian2 evaluates when it samples.
    """
    found = []
    for number, recording in enumerate(network.state_recordings):
        cell, view = cells[recording.population], recording.view
        one_for_all = recording.variable in cell.one_for_all
        event = ""
        if _is_event(recording):
            event = names.variable(recording.population, "sampling", str(number))
        found.append(
            models.Samples(
                name=names.object("samples", str(number)) if len(view) else "",
                group=cell.group,
                variable=cell.name(recording.variable),
                event=event,
                start=view.start,
                stop=view.start + 1 if one_for_all else view.stop,
                width=len(view),
                every=recording.every,
                dtype="np.int64" if recording.kind == "integer" else "np.float64",
            )
        )
    return found


def watched(cell: CellPrinter, *, takes_digests: bool) -> models.Watched:
    """Return what the templates need to look at the state of a population."""
    declared = [each.name for each in cell.cell.declared_state]
    state = json.dumps({name: cell.name(name) for name in declared})
    countdown = cell.name(ir.COUNTDOWN) if cell.cell.has_countdown else ""
    recorded = [cell.name(name) for name in declared] + ([countdown] if countdown else [])
    names, population = cell.names, cell.population.name
    return models.Watched(
        population=population,
        group=cell.group,
        snapshots=names.object("snapshots", population) if recorded and takes_digests else "",
        event=cell.snapshot,
        state=state,
        shared=json.dumps([each.name for each in cell.cell.declared_state if each.shared]),
        countdown=f'"{countdown}"' if countdown else "None",
        recorded=json.dumps(recorded),
        not_finite=f'"{cell.name(NOT_FINITE, "own")}"' if cell.watched else "None",
    )
