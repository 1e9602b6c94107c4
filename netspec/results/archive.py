"""Results in a file: a zip of plain arrays (`.npz`) and one JSON text, without pickle.

Members are stored uncompressed, so reading never needs more memory than the file is long, whatever
a hostile file claims. `numpy.load` reads the file too: `spikes/exc/step`, `spikes/exc/i`,
`spikes/exc/neurons`, `states/exc/V/values`, `states/exc/V/i`, `states/exc/V/step` if it was not
sampled all the time, `counts/0` and the text `netspec`.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any, BinaryIO

import numpy as np
import numpy.lib.format as npy_format
import numpy.typing as npt
from pydantic import ValidationError

from netspec.errors import NetspecError
from netspec.files import atomic_writer, open_file
from netspec.limits import EXACT_INTEGERS
from netspec.results.counts import Counted
from netspec.results.digest import spike_digest
from netspec.results.header import HEADER, Header, WeightEntry, header_of
from netspec.results.record import SpikeRecord
from netspec.results.results import Recorded, Results
from netspec.results.spikes import Spikes
from netspec.results.traces import Trace
from netspec.results.weights import WeightTrace

_Array = npt.NDArray[Any]

REFUSALS = (
    *(ValueError, LookupError, ArithmeticError, EOFError, SyntaxError, TypeError, AttributeError),
    *(zipfile.BadZipFile, zlib.error, struct.error, TokenError, RuntimeError, MemoryError),
)
"""Every way in which parsers of zip, npy and JSON refuse bytes that are not what they say."""


class ResultsFileError(NetspecError, ValueError):
    """A file holds no results of netspec, or damaged ones."""


def save(results: Results, path: Path) -> None:
    """Write results; the file takes its name only when it is whole.

    Raises:
        OSError: The file cannot be written.
    """
    arrays: dict[str, _Array] = {HEADER: np.array(header_of(results).model_dump_json())}
    for name, spikes in results.spikes.items():
        arrays[f"spikes/{name}/step"] = _narrow(spikes.step)
        arrays[f"spikes/{name}/i"] = _narrow(spikes.i)
        arrays[f"spikes/{name}/neurons"] = _narrow(spikes.neurons)
    for population, traces in results.states.items():
        for variable, trace in traces.items():
            arrays[f"states/{population}/{variable}/values"] = trace.values
            arrays[f"states/{population}/{variable}/i"] = _narrow(trace.i)
            if trace.steps is not None:
                arrays[f"states/{population}/{variable}/step"] = _narrow(trace.steps)
    for projection, weights in results.weights.items():
        prefix = f"weights/{projection}"
        arrays[f"{prefix}/values"] = weights.values
        for field in ("i", "source", "target"):
            arrays[f"{prefix}/{field}"] = _narrow(getattr(weights, field))
        if weights.steps is not None:
            arrays[f"{prefix}/step"] = _narrow(weights.steps)
    for number, counted in enumerate(results.counted):
        arrays[f"counts/{number}"] = _narrow(counted.values)
    with atomic_writer(path) as stream:
        write: Callable[..., None] = np.savez  # its stubs mistake named arrays for options
        write(stream, **arrays)


def _narrow(numbers: npt.NDArray[np.int64]) -> _Array:
    """Return non-negative integers in the smallest unsigned type that holds them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def load(path: Path) -> Results:
    """Read results.

    Raises:
        ResultsFileError: The file is no results file, is damaged or was made to deceive.
        OSError: The file cannot be read.
    """
    try:
        arrays = _read_arrays(path)
        return _results(_header(arrays), arrays)
    except OSError:
        raise
    except REFUSALS as error:
        raise _refusal(path, error) from error


def _refusal(path: Path, error: Exception) -> ResultsFileError:
    reason = str(error).strip() or type(error).__name__
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = f"{first['msg']} ({place})" if place else first["msg"]
    first_line = reason.splitlines()[0][:200]
    return ResultsFileError(f"'{path}' is not a results file of netspec: {first_line}")


def _read_arrays(path: Path) -> dict[str, _Array]:
    arrays: dict[str, _Array] = {}
    with open_file(path) as file, zipfile.ZipFile(file) as archive:
        for member in members_of(file, most=1):
            if member.compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"its member '{member.filename}' is compressed")
            with archive.open(member) as stream:
                name = member.filename.removesuffix(".npy")
                arrays[name] = _read_array(stream)
                if stream.read(1):
                    raise ValueError(f"its member '{name}' is longer than it says")
    return arrays


def members_of(file: BinaryIO, *, most: int) -> list[zipfile.ZipInfo]:
    """Return what a zip holds; nobody who reads it gets more than the sizes that it states.

    Args:
        file: The zip.
        most: How many times as long as the file all that it holds may be.

    Raises:
        ValueError: It is longer, as members that overlap or are mostly zeros are.
    """
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    length = os.fstat(file.fileno()).st_size
    if sum(member.file_size for member in members) > most * length:
        how = f"would take more than {most} times as much memory as the file is long"
        raise ValueError(f"its members {how}" if most > 1 else "its members overlap")
    return members


def _read_array(stream: IO[bytes]) -> _Array:
    read: Callable[..., _Array] = npy_format.read_array
    return read(stream, allow_pickle=False)


def _header(arrays: Mapping[str, _Array]) -> Header:
    text = arrays.get(HEADER)
    if text is None or text.shape != () or text.dtype.kind != "U":
        raise ValueError(f"its text '{HEADER}' is missing")
    return Header.model_validate_json(str(text))


def _results(header: Header, arrays: Mapping[str, _Array]) -> Results:
    spikes = Recorded({name: _spikes(header, arrays, name) for name in header.spikes})
    states: Recorded[Recorded[Trace]] = Recorded()
    for entry in header.traces:
        prefix = f"states/{entry.population}/{entry.variable}"
        values = arrays[f"{prefix}/values"]
        size = header.objects[entry.population].size
        neurons = _integers(arrays[f"{prefix}/i"], f"{prefix}/i", size)
        if values.dtype not in (np.float64, np.int64) or values.shape[1:] != neurons.shape:
            raise ValueError(f"'{prefix}/values' has an unexpected type or shape")
        sampled = _sampled(header, arrays, prefix, len(values))
        trace = Trace(values, neurons, entry.every, entry.unit, header.dt, sampled)
        states.setdefault(entry.population, Recorded())[entry.variable] = trace
    return Results(
        header.dt,
        header.steps,
        {name: each.as_object() for name, each in header.objects.items()},
        spikes,
        states,
        Recorded({each.projection: _weights(header, arrays, each) for each in header.weights}),
        tuple(_counted(header, arrays, number) for number in range(len(header.counts))),
        header.phases,
        header.state_digests,
        header.outcome.as_outcome() if header.outcome else None,
        header.metadata,
    )


def _spikes(header: Header, arrays: Mapping[str, _Array], name: str) -> Spikes:
    known, prefix = header.objects[name], f"spikes/{name}"
    steps = _integers(arrays[f"{prefix}/step"], f"{prefix}/step", max(header.steps, 1))
    indices = _integers(arrays[f"{prefix}/i"], f"{prefix}/i", known.size)
    neurons = _integers(arrays[f"{prefix}/neurons"], f"{prefix}/neurons", known.size)
    if len(steps) != len(indices):
        raise ValueError(f"'{prefix}' has steps and indices of different length")
    if not _ascends(steps, indices):
        raise ValueError(f"'{prefix}' has spikes twice or out of order")
    if (np.diff(neurons) <= 0).any():
        raise ValueError(f"'{prefix}/neurons' has neurons twice or out of order")
    windows = header.spike_windows.get(name)
    whole = len(neurons) == known.size and windows is None
    if whole and spike_digest(SpikeRecord(steps, indices)) != known.digest:
        raise ValueError(f"the spikes of '{name}' do not have the digest that the file states")
    if len(steps) > known.count or (whole and len(steps) < known.count):
        raise ValueError(f"'{name}' has {len(steps)} spikes, and the file states {known.count}")
    return Spikes(steps, indices, neurons, known.size, header.dt, windows)


def _ascends(steps: npt.NDArray[np.int64], indices: npt.NDArray[np.int64]) -> bool:
    """Tell whether each spike comes after the one before it: first by step, then by index."""
    later = np.diff(steps)
    return bool(((later > 0) | ((later == 0) & (np.diff(indices) > 0))).all())


def _sampled(
    header: Header, arrays: Mapping[str, _Array], prefix: str, count: int
) -> npt.NDArray[np.int64] | None:
    """Return the steps of samples that were taken in windows, else `None`."""
    name = f"{prefix}/step"
    if name not in arrays:
        return None
    steps = _integers(arrays[name], name, max(header.steps, 1))
    if len(steps) != count or (np.diff(steps) <= 0).any():
        raise ValueError(f"'{name}' does not fit the samples")
    return steps


def _weights(header: Header, arrays: Mapping[str, _Array], entry: WeightEntry) -> WeightTrace:
    prefix = f"weights/{entry.projection}"
    values = arrays[f"{prefix}/values"]
    edges = {
        field: _integers(arrays[f"{prefix}/{field}"], f"{prefix}/{field}", EXACT_INTEGERS)
        for field in ("i", "source", "target")
    }
    if values.dtype != np.float64 or any(values.shape[1:] != each.shape for each in edges.values()):
        raise ValueError(f"'{prefix}/values' has an unexpected type or shape")
    steps = _sampled(header, arrays, prefix, len(values))
    return WeightTrace(
        values=values,
        every=entry.every,
        unit=entry.unit,
        dt=header.dt,
        steps=steps,
        **edges,
    )


def _counted(header: Header, arrays: Mapping[str, _Array], number: int) -> Counted:
    entry, name = header.counts[number], f"counts/{number}"
    recording, values = entry.as_recording(), arrays[name]
    size = header.objects[recording.name].size
    in_order = all(first <= end for first, end in (entry.neurons, *entry.windows))
    if not in_order or entry.neurons[1] > size:
        raise ValueError(f"'{name}' counts what does not exist")
    if values.dtype.kind not in "ui" or values.shape != recording.shape:
        raise ValueError(f"'{name}' has an unexpected type or shape")
    return Counted(recording, values.astype(np.int64))


def _integers(array: _Array, name: str, stop: int) -> npt.NDArray[np.int64]:
    """Check that an array is a list of integers from 0 to below `stop`."""
    if array.ndim != 1 or array.dtype.kind not in "ui":
        raise ValueError(f"'{name}' is not a list of integers")
    if array.size and not (int(array.min()) >= 0 and int(array.max()) < stop):
        raise ValueError(f"'{name}' has values out of range")
    return array.astype(np.int64)
