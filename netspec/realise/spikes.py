"""Spikes that a data file lists."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from netspec.data import DataError, place_of_item, read_integers
from netspec.ir.recipe import DataRef, FromFile, SpikeTable
from netspec.limits import MAX_STEPS
from netspec.realise.durations import ROUNDING_HINT, steps_of_doubles
from netspec.realise.network import IntegerArray, RealisedListed
from netspec.realise.values import more_in_list, problem, realise_array


def realise_spikes(
    table: SpikeTable, size: int, dt: Fraction, steps: int, path: str
) -> RealisedListed:
    """Return the spikes of a table that lie within the run, in order.

    Args:
        table: Where they are listed.
        size: Number of neurons.
        dt: Seconds.
        steps: Length of the run.
        path: Place of the input.

    Raises:
        SpecError: A neuron does not exist, a time cannot be, or two spikes of a neuron fall into
            one step.
    """
    path = f"{path}.times.file"
    neurons = _integers(table.neurons, size - 1, "a neuron", path)
    times = _times(table, dt, path)
    order = np.lexsort((neurons, times))
    neurons, times = neurons[order], times[order]
    again = np.flatnonzero((neurons[1:] == neurons[:-1]) & (times[1:] == times[:-1]))
    if again.size:
        first = int(again[0])
        one, two = (
            place_of_item(table.times, int(each)) for each in sorted(order[first : first + 2])
        )
        message = f"two spikes of neuron {neurons[first]} fall into step {times[first]}"
        notes = (f"{one}, and {two}", *more_in_list(again.size - 1))
        raise problem("two-spikes-in-one-step", path, message, notes=notes)
    inside = slice(0, int(np.searchsorted(times, steps)))
    return RealisedListed(times[inside], neurons[inside].astype(np.uint32))


def _times(table: SpikeTable, dt: Fraction, path: str) -> IntegerArray:
    """Return the step of every spike."""
    data = table.times
    if table.power is None:
        return _integers(data, MAX_STEPS, "a step", path)
    seconds = realise_array(FromFile(data, table.power), path)
    return steps_of_doubles(
        seconds,
        dt,
        table.rounding,
        path,
        hints=(ROUNDING_HINT,),
        place=lambda number: place_of_item(data, number),
    )


def _integers(data: DataRef, largest: int, what: str, path: str) -> IntegerArray:
    """Return numbers from 0 to the largest that there may be.

    Raises:
        SpecError: Others are listed, or the file is damaged or has changed.
    """
    try:
        stored = read_integers(data)
    except DataError as error:
        raise error.at(path) from None
    bad = np.flatnonzero((stored < 0) | (stored > largest))
    if bad.size:
        number = int(bad[0])
        message = f"expected {what} from 0 to {largest}, got {stored[number]}"
        notes = (place_of_item(data, number), *more_in_list(bad.size - 1))
        raise problem("index-out-of-range", path, message, notes=notes)
    return stored.astype(np.int64)
