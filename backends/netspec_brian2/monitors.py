"""Monitors: spikes of everything, the recordings asked for, and the state for its digest."""

from __future__ import annotations

import json
from collections.abc import Iterator

from netspec.codegen.arrays import Arrays
from netspec.codegen.kept import edges_text
from netspec.codegen.steps import series
from netspec.ir import nodes as ir
from netspec.ir.contract import DIGEST_PERIOD
from netspec_brian2 import models
from netspec_brian2.cells import CellPrinter
from netspec_brian2.names import NOT_FINITE, SNAPSHOT, Names
from netspec_brian2.samplings import Sampling, sampling_of, samplings


def snapshot(names: Names, population: str) -> models.Event:
    """Return the event at which the state of a population is kept for its digest."""
    condition = f"t_in_timesteps % {DIGEST_PERIOD} == 0"
    return models.Event(names.variable(population, "own", SNAPSHOT), condition, "start")


def sampling_events(network: ir.Network, population: str, names: Names) -> Iterator[models.Event]:
    """Yield the events at which a population is sampled now and then."""
    for number, sampling in enumerate(samplings(network)):
        if sampling.population == population and sampling.is_event:
            condition = sampling_condition(sampling)
            view = sampling.view
            condition += f" and i >= {view.start}" if view.start > 0 else ""
            condition += f" and i < {view.stop}" if view.stop < sampling.size else ""
            name = names.variable(population, "sampling", str(number))
            yield models.Event(name, condition, "start")


def sampling_condition(sampling: Sampling) -> str:
    """Return the condition that samples are taken in a step."""
    parts = [f"t_in_timesteps % {sampling.every} == 0"] if sampling.every > 1 else []
    if sampling.windows is not None:
        lengths: dict[int, list[int]] = {}
        for each in sampling.windows:
            lengths.setdefault(each.stop - each.start, []).append(each.start)
        # A step is in a window of some length if it is not longer than that after its beginning.
        tests = [
            test for length, starts in lengths.items() for test in _begun_lately(starts, length)
        ]
        parts += tests if len(tests) == 1 else [f"({' or '.join(tests) or 't_in_timesteps < 0'})"]
    return " and ".join(parts)


def _begun_lately(starts: list[int], length: int) -> Iterator[str]:
    for each in series(starts):
        start, last = each.start, each[-1]
        test = f"t_in_timesteps >= {start} and t_in_timesteps < {last + length}"
        if len(each) > 1:
            test += f" and (t_in_timesteps - {start}) % {each.step} < {length}"
        yield f"({test})"


def sampling_monitors(
    network: ir.Network, cells: dict[str, CellPrinter], names: Names
) -> Iterator[models.SamplingMonitor]:
    """Yield the monitors of state recordings.

    A recorded definition is one of the equations, which Brian2 evaluates when it samples.
    """
    for number, sampling in enumerate(samplings(network)):
        cell, view = cells[sampling.population], sampling.view
        event = ""
        if sampling.is_event:
            event = names.variable(sampling.population, "sampling", str(number))
        recorded = [
            cell.name(each.variable)
            for each in network.state_recordings
            if sampling_of(network, each) == sampling
        ]
        yield models.SamplingMonitor(
            name=names.object("samples", str(number)),
            group=cell.group,
            variables=json.dumps(recorded),
            event=event,
            start=view.start,
            stop=view.stop,
        )


def samples(
    network: ir.Network, cells: dict[str, CellPrinter], names: Names, arrays: Arrays
) -> Iterator[models.Samples]:
    """Yield where the samples of every state recording are found."""
    numbers = {sampling: str(number) for number, sampling in enumerate(samplings(network))}
    for number, recording in enumerate(network.state_recordings):
        monitor = numbers.get(sampling_of(network, recording))
        yield models.Samples(
            monitor="None" if monitor is None else names.object("samples", monitor),
            variable=cells[recording.population].name(recording.variable),
            width=len(recording.view),
            rows=_rows(recording, number, arrays),
            dtype="np.int64" if recording.kind == "integer" else "np.float64",
        )


def _rows(recording: ir.StateRecording, number: int, arrays: Arrays) -> str:
    """Return the text of the number of samples in the steps that were begun."""
    if recording.windows is None:
        return "begun" if recording.every == 1 else f"-(-begun // {recording.every})"
    windows = edges_text(f"sampled.{number}.steps", recording.windows, arrays)
    return f"n_samples(begun, {recording.every}, {windows})"


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
        snapshots=names.object("snapshots", population) if takes_digests else "",
        event=cell.snapshot,
        state=state,
        shared=json.dumps([each.name for each in cell.cell.declared_state if each.shared]),
        countdown=f'"{countdown}"' if countdown else "None",
        recorded=json.dumps(recorded),
        not_finite=f'"{cell.name(NOT_FINITE, "own")}"' if cell.watched else "None",
    )
