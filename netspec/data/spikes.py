"""Where data files have spikes: tables of neurons and times, and netspec's own results."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import PurePosixPath

from netspec.data.errors import DataError
from netspec.data.files import FORMATS, DataFile

_HEADER = "netspec"
"""Text in a file of results that says what is in it."""


def spike_columns(name: str, *, steps: bool) -> tuple[str, str]:
    """Return what a file of that name calls the neurons of spikes and their times or steps.

    Raises:
        DataError: Its format is not one for spikes.
    """
    names = FORMATS[PurePosixPath(name).suffix].spikes
    if names is None:
        known = " and ".join(suffix for suffix, each in FORMATS.items() if each.spikes)
        raise DataError("bad-spikes", f"spikes are read from {known}, not from '{name}'")
    return names.neurons, names.steps if steps else names.times


def recorded_columns(file: DataFile, name: str, dt: Fraction) -> tuple[str, str]:
    """Return the arrays that hold recorded spikes of an object in a file of results.

    Args:
        file: Written by `Results.save`.
        name: Of a population, an input or an event.
        dt: Seconds; the steps of the file must be as long.

    Raises:
        DataError: The file holds no results, or of another dt, or the object was not recorded.
    """
    columns = f"spikes/{name}/i", f"spikes/{name}/step"
    try:
        header = json.loads(file.texts[_HEADER])
        own, recorded = float(header["dt"]), list(map(str, header["spikes"]))
    except (LookupError, TypeError, ValueError, RecursionError):
        raise DataError("bad-spikes", f"'{file.name}' holds no results of netspec") from None
    if own != float(dt):
        message = f"the steps of '{file.name}' last {own} s, those of the network {float(dt)} s"
        raise DataError("bad-spikes", message)
    if not file.arrays.keys() >= {*columns}:
        shown = ", ".join(f"'{each[:60]}'" for each in recorded[:20]) or "none"
        message = f"'{file.name}' has no recorded spikes of such an object"
        raise DataError("bad-spikes", message, notes=(f"recorded are {shown}",))
    return columns
